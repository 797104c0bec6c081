"""The API answers what the command line answers, in every format, and names what it gives."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from urllib.parse import urlencode

import polars as pl
import pytest
from typer.testing import CliRunner

import recount
from recount.api.app import create_app
from recount.cli.app import app as command
from recount.declare.serving import load_serving
from serving import Client, with_limits

HELD = "/api/v1/measures/detained_population/answer?by=criminality&as_known_on=2026-02-13"
REMOVED = "/api/v1/measures/removals/answer?by=fiscal_year&where=aor%3DBoston&release=ice-2019-icfo-53623"
SUFFOLK = "where=jurisdiction%3DSuffolk%20County%2C%20MA"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    found = Client(create_app(tmp_path_factory.mktemp("home")))
    yield found
    found.close()


def terminal(*arguments: str) -> str:
    result = CliRunner().invoke(command, list(arguments), prog_name="recount")
    assert result.exit_code == 0, result.output
    return result.stdout


QUESTIONS = [
    (HELD, ("detained_population", "--by", "criminality", "--as-known-on", "2026-02-13")),
    (
        REMOVED,
        ("removals", "--by", "fiscal_year", "--where", "aor=Boston", "--release", "ice-2019-icfo-53623"),
    ),
    (
        f"/api/v1/measures/share_without_conviction/answer?{SUFFOLK}&readings=all",
        ("share_without_conviction", "--where", 'jurisdiction="Suffolk County, MA"', "--readings", "all"),
    ),
    (
        "/api/v1/measures/book_ins/answer?where=fiscal_year%3D2024&compare_with=fiscal_year%3D2023",
        ("book_ins", "--where", "fiscal_year=2024", "--compare-with", "fiscal_year=2023"),
    ),
    (
        "/api/v1/measures/arrests/answer?by=aor&period=fiscal_year&per=row&where=aor%3DBoston%2CSeattle",
        (
            "arrests",
            "--by",
            "aor",
            "--period",
            "fiscal_year",
            "--per",
            "row",
            "--where",
            "aor=Boston,Seattle",
        ),
    ),
    (
        f"/api/v1/measures/share_without_conviction/answer?{SUFFOLK}&reading=without_conviction%3Dno_criminality",
        None,
    ),
]


@pytest.mark.parametrize(("address", "arguments"), [each for each in QUESTIONS if each[1]])
def test_the_api_gives_the_integers_and_the_receipt_of_the_command_line(
    client: Client, address: str, arguments: tuple[str, ...]
):
    assert client.get(address).json() == json.loads(terminal("measure", *arguments, "--format", "json"))


@pytest.mark.parametrize(("address", "arguments"), [each for each in QUESTIONS if each[1]])
def test_csv_is_that_of_the_command_line(client: Client, address: str, arguments: tuple[str, ...]):
    assert client.get(f"{address}&format=csv").text == terminal("measure", *arguments, "--format", "csv")


def test_arrow_and_parquet_hold_the_rows_of_the_python_face(client: Client):
    held = (
        recount.open().measure("detained_population").as_known_on("2026-02-13").by("criminality").to_polars()
    )
    parquet = pl.read_parquet(io.BytesIO(client.get(f"{HELD}&format=parquet").content))
    arrow = pl.read_ipc_stream(io.BytesIO(client.get(f"{HELD}&format=arrow").content))
    assert parquet.equals(held)
    assert arrow.equals(held)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("application/vnd.apache.parquet", "application/vnd.apache.parquet"),
        ("application/vnd.apache.arrow.stream", "application/vnd.apache.arrow.stream"),
        ("application/json;q=0.4, text/csv;q=0.9", "text/csv; charset=utf-8"),
        ("text/*, application/json;q=0.1", "text/csv; charset=utf-8"),
        ("text/csv;q=0, */*", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
    ],
)
def test_accept_chooses_the_format(client: Client, accept: str, media_type: str):
    assert client.get(HELD, accept=accept).headers["content-type"] == media_type


def test_the_address_overrides_accept(client: Client):
    response = client.get(f"{HELD}&format=csv", accept="application/json")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"


def test_a_format_that_is_not_there_is_refused_and_the_others_named(client: Client):
    told = client.problem(HELD, 406, accept="application/pdf")
    assert told["facts"][0]["text"].startswith("application/json, text/csv, ")
    assert client.problem(f"{HELD}&format=parket", 422)["nearest"] == ["parquet"]


def test_a_strong_etag_names_the_bytes(client: Client):
    first = client.get(HELD)
    etag = first.headers["etag"]
    assert not etag.startswith("W/")
    assert client.get(HELD).headers["etag"] == etag
    assert client.get(f"{HELD}&format=csv").headers["etag"] != etag
    assert client.get(REMOVED).headers["etag"] != etag


@pytest.mark.parametrize("known", ["{}", "*", '"other", {}', "W/{}"])
def test_what_is_known_is_not_sent_again(client: Client, known: str):
    etag = client.get(HELD).headers["etag"]
    response = client.get(HELD, if_none_match=known.replace("{}", etag))
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["etag"] == etag
    assert client.get(HELD, if_none_match='"other"').status_code == 200


def test_the_receipt_and_the_record_decide_the_etag_and_not_the_spelling_of_the_question(client: Client):
    assert client.get(HELD).headers["recount-receipt"] == client.get(HELD).json()["receipt"]["id"]


def test_packed_content_has_an_etag_of_its_own_and_unpacks_to_the_same(client: Client):
    plain, packed = client.get(HELD), client.get(HELD, accept_encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert packed.headers["etag"] != plain.headers["etag"]
    again = client.get(HELD, accept_encoding="gzip", if_none_match=packed.headers["etag"])
    assert again.status_code == 304
    assert gzip.compress(plain.content, 6, mtime=0) != plain.content


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "br, gzip; q=0.0"])
def test_who_does_not_take_packed_content_gets_it_plain(client: Client, accepted: str):
    assert "content-encoding" not in client.get(HELD, accept_encoding=accepted).headers


def test_head_tells_what_get_would(client: Client):
    got, head = client.get(HELD), client.get(HELD, method="HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(got.headers)


def test_a_measure_that_is_not_there_is_answered_with_the_nearest(client: Client):
    told = client.problem("/api/v1/measures/removalz/answer", 404)
    assert told["nearest"] == ["removals"]
    assert told["detail"] == "No measure is called 'removalz'."


@pytest.mark.parametrize(
    ("query", "detail", "nearest"),
    [
        ("wher=aor%3DBoston", "There is no parameter 'wher' here.", ["where"]),
        ("limit=5", "There is no parameter 'limit' here.", []),
        ("where=aor", "where 'aor' is not name=value, nor another condition.", []),
        ("where=self%3D1", "No dimension of removals is called 'self'.", []),
        ("where=aor%3DBostn", "No aor is called 'Bostn'.", ["Boston"]),
        ("by=agee", "No dimension of removals is called 'agee'.", ["age"]),
        ("release=ice-2019", "No release is called 'ice-2019'.", []),
        ("reading=duplicates", "reading 'duplicates' is not fork=option.", []),
        ("as_known_on=2019-02-30", "'2019-02-30' is not a date.", []),
        ("release=a&release=b", "release is given twice.", []),
        ("where=aor%3DBos%00ton", "'where' holds a control character.", []),
    ],
)
def test_a_wrong_question_is_told_in_the_words_of_the_command_line(
    client: Client, query: str, detail: str, nearest: list[str]
):
    told = client.problem(f"/api/v1/measures/removals/answer?{query}", 422)
    assert told["detail"] == detail
    assert told["nearest"][: len(nearest)] == nearest


def test_where_the_command_line_lists_things_the_api_names_an_address(client: Client):
    told = client.problem("/api/v1/measures/detained_population/answer?release=fy26", 422)
    assert {"label": "list", "text": "/api/v1/releases"} in told["facts"]


@pytest.mark.parametrize(
    ("limit", "query"),
    [
        ({"conditions": 1}, "where=aor%3DBoston&where=fiscal_year%3D2018"),
        ({"dimensions": 1}, "by=aor,fiscal_year"),
        ({"value_characters": 10}, "where=aor%3DBoston,Seattle"),
        ({"answer_rows": 2}, "by=aor,fiscal_year"),
    ],
)
def test_a_question_beyond_a_limit_is_refused_and_the_limit_named(
    client: Client, limit: dict[str, int], query: str, own_home
):
    declared = load_serving(client.app.state.answers.served.catalog)
    small = Client(create_app(own_home, limits=with_limits(declared, **limit)))
    told = small.problem(f"/api/v1/measures/removals/answer?{query}", 422)
    assert told["type"] == "/api/v1/docs#problem-too-much"
    assert str(next(iter(limit.values()))) in told["detail"]
    small.close()


def test_the_same_question_is_worked_out_once_for_all_who_ask_at_the_same_time(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    from recount.api import answers

    made = []
    make = answers._make_answer
    monkeypatch.setattr(answers, "_make_answer", lambda *given: made.append(given) or make(*given))
    query = urlencode({"by": "month", "where": "fiscal_year=2018"})
    replies = client.together([f"/api/v1/measures/removals/answer?{query}"] * 20)
    assert {each.status_code for each in replies} == {200}
    assert len({each.content for each in replies}) == 1
    assert len(made) == 1


def test_a_chart_is_that_of_the_command_line(client: Client, tmp_path):
    query = "by=fiscal_year&where=aor%3DBoston"
    path = tmp_path / "chart.svg"
    terminal("chart", "removals", "--by", "fiscal_year", "--where", "aor=Boston", "-o", str(path))
    assert client.get(f"/api/v1/measures/removals/chart?{query}").content == path.read_bytes()
    spec = client.get(f"/api/v1/measures/removals/chart?{query}&format=vega&language=es&theme=dark").json()
    assert spec["usermeta"]["recount"]["language"] == "es"
    png = client.get(f"/api/v1/measures/removals/chart?{query}", accept="image/png")
    assert png.content.startswith(b"\x89PNG")


def test_what_cannot_be_drawn_is_said(client: Client):
    told = client.problem(
        "/api/v1/measures/book_ins/chart?where=fiscal_year%3D2024&compare_with=fiscal_year%3D2023", 422
    )
    assert told["detail"] == "A difference is not drawn."
