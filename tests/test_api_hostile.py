"""Whatever is sent, the status is the right one, nothing of the machine is told, and the headers stand."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

import recount
from recount.api.app import create_app
from recount.api.headers import _FEATURES
from serving import Client

INJECTIONS = (
    "' OR '1'='1",
    "'; DROP TABLE arrests; --",
    "\" UNION SELECT * FROM read_csv('/etc/passwd') --",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "{{7*7}}${7*7}#{7*7}",
    "<script>alert(1)</script>",
    "\r\nset-cookie: a=b",
    "%00",
    "\x00",
    "%n%s%d",
    "self",
    "__class__.__mro__",
    "NaN",
    "-1",
    "9" * 400,
    "💣" * 50,
    "ﷺ",
    "a=b=c&d;e",
    "=",
    "==",
    ",,,,",
    "aor=",
    "aor=Boston' OR 1=1 --",
    "county=x' UNION SELECT 1 --",
    "age>=9999999999999999999999",
    "date=0000-00-00..9999-99-99",
    "fiscal_year=99999999999999999999..1",
    "month=2018-13",
)
QUESTION = (
    "where",
    "by",
    "period",
    "per",
    "reading",
    "readings",
    "release",
    "as_known_on",
    "compare_with",
    "language",
)
LISTS = ("offset", "limit", "record", "format", "theme")
INSIDE = (str(Path(recount.__file__).parent), "/usr/", "Traceback", "site-packages", ".parquet")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    found = Client(create_app(tmp_path_factory.mktemp("home")))
    yield found
    found.close()


@pytest.mark.parametrize("measure", ["arrests", "detained_population", "share_without_conviction"])
@pytest.mark.parametrize("name", (*QUESTION, "format"))
def test_no_parameter_of_a_question_lets_anything_in(client: Client, measure: str, name: str):
    for each in INJECTIONS:
        response = client.get(f"/api/v1/measures/{measure}/answer?{name}={quote(each)}")
        assert response.status_code in (200, 422), (each, response.text)
        assert not any(one in response.text for one in INSIDE), (each, response.text)
        assert "set-cookie" not in response.headers


@pytest.mark.parametrize(
    ("path", "name"),
    [
        *itertools.product(["/api/v1/tables/bond_figures/rows", "/api/v1/measures"], LISTS),
        ("/api/v1/measures/book_ins/chart", "theme"),
        ("/api/v1/claims/boston-no-convictions/verdict", "as_known_on"),
    ],
)
def test_no_parameter_of_a_list_lets_anything_in(client: Client, path: str, name: str):
    for each in INJECTIONS:
        response = client.get(f"{path}?{name}={quote(each)}")
        assert response.status_code in (200, 409, 422), (each, response.text)
        assert not any(one in response.text for one in INSIDE), (each, response.text)


@pytest.mark.parametrize("kind", ["measures", "tables", "claims", "releases", "receipts"])
def test_no_name_in_an_address_lets_anything_in(client: Client, kind: str):
    for each in INJECTIONS:
        response = client.get(f"/api/v1/{kind}/{quote(each, safe='')}")
        assert response.status_code in (404, 422), (each, response.text)
        assert not any(one in response.text for one in INSIDE), (each, response.text)


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/..%2f..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/%252e%252e%252fetc%252fpasswd",
        "/..%5c..%5cwindows",
        "/assets/../../record/embedded/manifest.json",
        "/assets/%2e%2e/site.py",
        "/assets/..%2f..%2fapi%2fapp.py",
        "/data/..%2f..%2fmanifest.json",
        "/receipts/..%2f..%2fserving.json",
        "//etc/passwd",
        "/es/../../etc/passwd",
        "/api/v1/../../../etc/passwd",
        "/%00",
        "/a%00.html",
        "/%ff%fe",
        "/" + "a/" * 2000,
        "/.env",
        "/.git/config",
    ],
)
def test_no_path_leads_out_of_the_site(client: Client, path: str):
    response = client.get(path)
    assert response.status_code == 404, response.text
    assert "root:" not in response.text
    assert not any(one in response.text for one in INSIDE)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "GETT"])
def test_nothing_is_written(client: Client, method: str):
    response = client.get("/api/v1/measures", method=method)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"
    assert response.json()["type"].endswith("#problem-wrong-method")


def test_a_long_address_is_refused(client: Client):
    told = client.problem(f"/api/v1/measures/arrests/answer?where=aor%3D{'a' * 9000}", 414)
    assert "8,192" in told["detail"]


def test_a_fault_within_is_told_without_what_it_was(client: Client, monkeypatch, capsys):
    from recount.api import measures

    def fail(*_: object) -> None:
        raise RuntimeError("secret of the machine")

    monkeypatch.setattr(measures, "measures_of", fail)
    told = client.problem("/api/v1/measures?limit=7", 500)
    assert "secret" not in str(told)
    assert "secret of the machine" in capsys.readouterr().err


PAGE, FILE, ANSWER = "/index.html", "/assets/site.css", "/api/v1/measures"
EVERYWHERE = (PAGE, FILE, ANSWER, "/nothing", "/api/v1/measures/nothing", "/healthz")


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
    ],
)
def test_every_answer_is_neither_sniffed_nor_framed_nor_tells_where_one_came_from(
    client: Client, path: str, name: str, value: str
):
    assert client.get(path).headers[name] == value


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_asks_for_no_feature_of_the_device(client: Client, path: str):
    policy = client.get(path).headers["permissions-policy"]
    assert [each.partition("=")[0] for each in policy.split(", ")] == list(_FEATURES)
    assert all(each.endswith("=()") for each in policy.split(", "))


def policy_of(client: Client, path: str) -> dict[str, str]:
    parts = client.get(path).headers["content-security-policy"].split("; ")
    return {name: values for name, _, values in (each.partition(" ") for each in parts)}


def test_a_page_loads_from_its_own_host_alone_and_runs_nothing_inline(client: Client):
    policy = policy_of(client, PAGE)
    assert policy["default-src"] == "'none'"
    assert (policy["script-src"], policy["style-src"], policy["connect-src"]) == ("'self'",) * 3
    assert (policy["base-uri"], policy["frame-ancestors"]) == ("'none'",) * 2
    assert policy["form-action"] == "'self'"
    assert not any("unsafe" in each for each in policy.values())


@pytest.mark.parametrize("path", [FILE, ANSWER, "/nothing"])
def test_what_is_no_page_runs_nothing_at_all(client: Client, path: str):
    policy = policy_of(client, path)
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert "sandbox" in policy
    assert "script-src" not in policy


def test_anyone_reads_the_api_and_nobody_else_embeds_the_pages(client: Client):
    assert client.get(ANSWER).headers["access-control-allow-origin"] == "*"
    assert client.get(ANSWER).headers["cross-origin-resource-policy"] == "cross-origin"
    assert "access-control-allow-origin" not in client.get(PAGE).headers
    assert client.get(PAGE).headers["cross-origin-resource-policy"] == "same-origin"


def test_another_origin_may_get_and_nothing_more(client: Client):
    response = client.get(
        ANSWER, method="OPTIONS", origin="https://example.org", access_control_request_method="GET"
    )
    assert response.status_code == 204
    assert response.headers["access-control-allow-methods"] == "GET, HEAD"
    assert "access-control-allow-credentials" not in response.headers


def test_kept_answers_have_the_headers_too(client: Client):
    first, second = client.get(ANSWER), client.get(ANSWER)
    known = client.get(ANSWER, if_none_match=first.headers["etag"])
    assert second.headers == first.headers
    assert known.headers["content-security-policy"] == first.headers["content-security-policy"]
