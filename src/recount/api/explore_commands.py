"""The same question elsewhere: as a command of the terminal, in Python, and over HTTP."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from urllib.parse import urlencode

from recount.api.explore_address import ExploreAddress
from recount.api.questions import PublicQuestion

API = "api/v1"
_ONCE = ("period", "per", "release", "as_known_on")


@dataclass(frozen=True)
class Elsewhere:
    """How to ask the same question elsewhere."""

    terminal: str
    python: str
    curl: str


def ask_elsewhere(address: ExploreAddress, question: PublicQuestion, base: str) -> Elsewhere:
    """Returns the question as a command, as Python and as a request.

    Args:
        address: of Explore.
        question: that it asks.
        base: where the server is, `http://127.0.0.1:8000/`.
    """
    return Elsewhere(
        _terminal(question),
        _python(address, question),
        f"curl {shlex.quote(base + answer_path(question, 'json'))}",
    )


def answer_path(question: PublicQuestion, form: str, what: str = "answer", **more: str) -> str:
    """Returns the API's address of an answer or a chart, from the server's top."""
    parameters = [*question.parameters(), ("format", form), *more.items()]
    return f"{API}/measures/{question.measure}/{what}?{urlencode(parameters)}"


def _terminal(question: PublicQuestion) -> str:
    parts = ["recount", "measure", question.measure]
    for each in question.where:
        parts += ["--where", each]
    if question.by:
        parts += ["--by", ",".join(question.by)]
    for name in _ONCE:
        value = getattr(question, name)
        if value is not None:
            parts += [f"--{name.replace('_', '-')}", value]
    for each in question.reading:
        parts += ["--reading", each]
    if question.all_readings:
        parts += ["--readings", "all"]
    for each in question.compare_with:
        parts += ["--compare-with", each]
    return " ".join(shlex.quote(each) for each in parts)


def _python(address: ExploreAddress, question: PublicQuestion) -> str:
    steps = [f"recount.open().measure({question.measure!r})"]
    for parameter in ("where", "compare_with"):
        given: dict[str, str] = {}
        for each in address.limits(parameter):
            text = each.text.strip('"') if len(each.items) == 1 else each.text
            given[each.name] = f"{given[each.name]} & {text}" if each.name in given else text
        if given:
            steps.append(f"{parameter}({_arguments(given)})")
    if question.by:
        steps.append(f"by({', '.join(repr(each) for each in question.by)})")
    for name in _ONCE:
        value = getattr(question, name)
        if value is not None:
            steps.append(f"{name}({value!r})")
    if question.reading:
        steps.append(f"reading({_arguments(address.readings())})")
    if question.all_readings:
        steps.append('readings("all")')
    return "import recount\n\nanswer = (\n    " + "\n    .".join(steps) + "\n)\nprint(answer)"


def _arguments(given: dict[str, str]) -> str:
    if all(each.isidentifier() for each in given):
        return ", ".join(f"{name}={text!r}" for name, text in given.items())
    return "**" + repr(given)
