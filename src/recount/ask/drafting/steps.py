"""The steps from a sentence to a claim: what is asked, in which order, of which type, and by which option."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

TYPES = ("quantity", "print", "compare", "rank", "series", "contribution", "combination", "outside")
"""What a claim can assert. The parts of a combination are claims of their own first."""

Answers = Mapping[str, str]


@dataclass(frozen=True)
class Step:
    """One question of the way.

    `key` names it, as Python does; `option` as the command line does. `may_be_empty` says that nothing is an answer
    too, and `belongs` whether the answers so far call for it.
    """

    key: str
    may_be_empty: bool = False
    belongs: Callable[[Answers], bool] = lambda _: True

    @property
    def option(self) -> str:
        """The option of the command line."""
        return "--" + self.key.replace("_", "-")


def _of(*types: str) -> Callable[[Answers], bool]:
    return lambda answers: answers.get("type") in types


def _measured(answers: Answers) -> bool:
    return answers.get("type") not in (None, "outside", "combination")


def _given(key: str) -> Callable[[Answers], bool]:
    return lambda answers: bool(answers.get(key))


def _asserts_value(answers: Answers) -> bool:
    kind = answers.get("type")
    if kind == "series":
        return answers.get("pattern") in ("each", "never", "first")
    return kind in ("quantity", "print", "compare", "contribution")


STEPS: tuple[Step, ...] = (
    Step("statement"),
    Step("statement_language"),
    Step("said_by"),
    Step("said"),
    Step("said_basis", belongs=lambda answers: ".." in answers.get("said", "")),
    Step("appeared_title"),
    Step("publisher"),
    Step("appeared"),
    Step("url", may_be_empty=True),
    Step("type"),
    Step("why_outside", belongs=_of("outside")),
    Step("parts", belongs=_of("combination")),
    Step("holds", belongs=_of("combination")),
    Step("measure", belongs=_measured),
    Step("where", may_be_empty=True, belongs=_measured),
    Step("a", belongs=_of("compare")),
    Step("b", belongs=_of("compare")),
    Step("compared_by", belongs=_of("compare")),
    Step("subject", may_be_empty=True, belongs=_of("rank")),
    Step("end", belongs=_of("rank")),
    Step("top", belongs=_of("rank")),
    Step("rivals", may_be_empty=True, belongs=_of("rank")),
    Step("pattern", belongs=_of("series")),
    Step(
        "over",
        belongs=lambda answers: (
            answers.get("type") == "series"
            or (answers.get("type") == "rank" and "rivals" in answers and not answers["rivals"])
        ),
    ),
    Step("of", belongs=_of("contribution")),
    Step("part", belongs=_of("contribution")),
    Step("start", belongs=_of("contribution")),
    Step("until", belongs=_of("contribution")),
    Step("asserts", belongs=_asserts_value),
    Step("asserts_reason", belongs=lambda answers: "=" in answers.get("asserts", "")),
    Step("period", belongs=_of("quantity")),
    Step("rests_on", belongs=_of("print")),
    Step(
        "rests_on",
        may_be_empty=True,
        belongs=_of("quantity", "compare", "rank", "series", "contribution", "combination"),
    ),
    Step("rests_on_basis", belongs=_given("rests_on")),
    Step("fit", belongs=_measured),
    Step("why", belongs=_measured),
    Step("reading", may_be_empty=True, belongs=_measured),
    Step("caveat", may_be_empty=True),
    Step("title"),
    Step("name"),
)
TURNING = frozenset(
    [
        *(
            "statement",
            "said",
            "type",
            "parts",
            "holds",
            "measure",
            "where",
            "a",
            "b",
            "compared_by",
            "subject",
        ),
        *("end", "top", "rivals", "pattern", "over", "of", "part", "start", "until", "asserts", "rests_on"),
    ]
)
"""What a verdict turns on, and nothing can stand in for."""
KEYS = tuple(dict.fromkeys(each.key for each in STEPS))


def next_step(answers: Answers) -> Step | None:
    """Returns the first step that the answers so far call for and do not answer, `None` at the end."""
    return next((each for each in STEPS if each.key not in answers and each.belongs(answers)), None)
