"""Problems over HTTP speak the language that is asked for, where their sentence is written in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from recount.api.app import create_app
from serving import Client

TWO_PLACES = "/api/v1/measures/ident_matches/answer?by=state,jurisdiction"
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


def test_a_problem_without_a_spanish_sentence_is_english_throughout_and_says_so(client: Client) -> None:
    spanish, english = client.get(UNKNOWN + "?language=es"), client.get(UNKNOWN)
    assert spanish.headers["content-language"] == "en"
    assert spanish.json() == english.json()
