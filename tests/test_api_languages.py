"""Problems over HTTP speak the language that is asked for, where their sentence is written in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import recount
from recount.api.app import create_app
from recount.api.languages import KINDS, in_language, language_of_bytes
from recount.api.problems import Problem
from recount.errors import Worded
from serving import Client

TWO_PLACES = "/api/v1/measures/ident_matches/answer?by=state,jurisdiction"
SOURCE = Path(recount.__file__).parent
UNKNOWN = "/api/v1/measures/nothing/answer"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    found = Client(create_app(tmp_path_factory.mktemp("home")))
    yield found
    found.close()


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", None, "en"),
        ("&language=es", None, "es"),
        ("", "es-MX,es;q=0.9,en;q=0.5", "es"),
        ("", "en-US,es;q=0.4", "en"),
        ("", "es;q=nonsense", "en"),
        ("&language=en", "es", "en"),
    ],
)
def test_a_problem_is_said_in_the_language_that_is_asked_for(
    client: Client, query: str, accepted: str | None, language: str
) -> None:
    headers = {} if accepted is None else {"accept_language": accepted}
    found = client.get(TWO_PLACES + query, **headers)
    said = {
        "en": ("The question cannot be asked so.", "Split by one kind of place."),
        "es": ("La pregunta no puede hacerse así.", "Divida por un solo tipo de lugar."),
    }
    assert found.status_code == 422
    assert found.headers["content-language"] == language
    assert "Accept-Language" in found.headers["vary"]
    assert (found.json()["title"], found.json()["detail"]) == said[language]


def test_a_problem_without_a_spanish_sentence_is_english_throughout_and_says_so() -> None:
    problem = Problem(422, "wrong-question", "Nobody wrote this in Spanish.", [("fix", Worded("keep one"))])
    said = in_language(problem, "es")
    assert said.headers["content-language"] == "en"
    assert (said.title, said.as_json()["facts"]) == (
        "The question cannot be asked so.",
        [{"label": "fix", "text": "keep one"}],
    )


@pytest.mark.parametrize(
    ("address", "detail", "fact"),
    [
        (
            UNKNOWN,
            "'nothing' no es el nombre de nada aquí (medida).",
            {"label": "list", "text": "/api/v1/measures"},
        ),
        (
            "/api/v1/measures/removals/answer?by=aor,aor",
            "Una dimensión se da dos veces.",
            {"label": "given", "text": "aor, aor"},
        ),
        (
            "/api/v1/measures/removals/answer?where=fiscal_year%3D20x",
            "'20x' no tiene la forma debida (año fiscal).",
            None,
        ),
        (
            "/api/v1/claims?limit=0",
            "limit no puede ser '0'.",
            {"label": "because", "text": "limit es como mínimo 1"},
        ),
        ("/api/v1/claims?format=csv", "format no puede ser 'csv'.", None),
        ("/api/v1/claims?colour=red", "Aquí no hay ningún parámetro 'colour'.", None),
        ("/api/v1/nothing", "En esta dirección no hay ninguna página ni parte de la API.", None),
    ],
)
def test_what_is_filled_in_stays_and_the_sentence_around_it_is_spanish(
    client: Client, address: str, detail: str, fact: dict[str, str] | None
) -> None:
    found = client.get(address, accept_language="es")
    assert found.headers["content-language"] == "es"
    assert found.json()["detail"] == detail
    assert fact is None or fact in found.json()["facts"]


def test_what_is_refused_before_a_question_is_read_is_said_in_the_language_that_is_asked_for(
    client: Client,
) -> None:
    found = client.get("/api/v1/claims?colour=" + "x" * 20_000, accept_language="es")
    assert (found.status_code, found.headers["content-language"]) == (414, "es")
    assert found.json()["facts"] == [
        {"label": "fix", "text": "pida menos, o nombre códigos en lugar de cada texto"}
    ]


@pytest.mark.parametrize(
    ("arrived", "language"),
    [
        (b"GET /api/v1/claims?language=es&where=", "es"),
        (b"GET / HTTP/1.1\r\nAccept-Language: es-PR\r\nX-Late: ", "es"),
        (b"GET / HTTP/1.1\r\nAccept-Language: en, es;q=0.2\r\n", "en"),
        (b"\x16\x03\x01 accept-language: es", "en"),
        (b"", "en"),
    ],
)
def test_of_a_request_that_cannot_be_read_what_has_arrived_says_the_language(
    arrived: bytes, language: str
) -> None:
    assert language_of_bytes(arrived) == language


def raised_in(path: Path) -> Iterator[tuple[str, ast.expr]]:
    """Yields the name of every error that a module makes, with the sentence that it makes it of."""
    for each in ast.walk(ast.parse(path.read_text())):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.args:
            yield each.func.id, each.args[2 if each.func.id == "Problem" and len(each.args) > 2 else 0]


@pytest.mark.parametrize("room", ["measure", "chart", "ask/question.py", "api"])
def test_every_sentence_of_an_error_that_a_question_can_meet_is_worded_by_its_message(room: str) -> None:
    errors = ("UsageError", "ContradictionError", "NoSpanError", "Problem", "too_much")
    elsewhere = ("chart/files.py", "measure/event_engine.py", "api/server.py")
    paths = sorted((SOURCE / room).glob("*.py")) if (SOURCE / room).is_dir() else [SOURCE / room]
    whole = [
        f"{path.name}:{sentence.lineno}"
        for path in paths
        if path.relative_to(SOURCE).as_posix() not in elsewhere
        for name, sentence in raised_in(path)
        if name in errors and isinstance(sentence, ast.Constant | ast.JoinedStr)
    ]
    assert not whole, "write Worded(message, name=value), and its Spanish in site/locales/es/errors.po"


@pytest.mark.parametrize("room", ["measure", "ask", "api", "declare"])
def test_every_kind_of_thing_that_can_be_unknown_has_its_spanish(room: str) -> None:
    kinds = {
        kind.value
        for path in sorted((SOURCE / room).glob("*.py"))
        for name, kind in raised_in(path)
        if name == "UnknownNameError" and isinstance(kind, ast.Constant)
    }
    unreached = {
        "section",
        "end",
        "step",
        "area with counties",
        "state with counties",
        "county",
        "event table",
    }
    assert kinds - unreached - {"duplicate rule", "match"} <= set(KINDS)
