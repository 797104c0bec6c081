"""Answers of a draft as values of a claim's YAML."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from recount.ask.drafting.steps import TYPES
from recount.declare.claims import Claim
from recount.declare.text import Text
from recount.errors import UnknownNameError, UsageError
from recount.measure.questions import read_date

_ENDS = ("above", "at_least", "below", "at_most", "equals")
_SIDE = ("label", "measure", "through", "as_of")
_DATES = ("through", "as_of", "from")


def read_pairs_of(text: str, key: str) -> dict[str, str]:
    """Returns `name=value; name=value` by name.

    Raises:
        UsageError: where a part is no such pair, or a name is given twice.
    """
    pairs: dict[str, str] = {}
    for each in text.split(";"):
        if not each.strip():
            continue
        name, equals, value = (one.strip() for one in each.partition("="))
        if not (name and equals and value):
            raise UsageError(f"{key}: {each.strip()!r} is not name=value.", [("example", _example(key))])
        if name in pairs:
            raise UsageError(f"{key} gives {name!r} twice.", [("fix", "keep one")])
        pairs[name] = value.strip('"')
    return pairs


def _example(key: str) -> str:
    return {
        "asserts": "more_than 1/2, or at_least=50 %; below=60 %",
        "over": "by=month; from=2024-10-01; through=2025-09-30",
        "reading": "criminal=convicted_or_charged",
        "rivals": "criminality=others",
        "parts": "first=over-70000-held-2026; second=my-other-claim.yml",
    }.get(key, 'jurisdiction="Suffolk County, MA"; as_of=2011-11-30')


def read_asserted(text: str, reason: str | None) -> dict[str, Any]:
    """Returns the assertion: a wording and its number, or ends with a reason."""
    if "=" not in text:
        wording, _, number = text.strip().partition(" ")
        return {"wording": wording, **({"of": number.strip()} if number.strip() else {})}
    ends = read_pairs_of(text, "asserts")
    for name in ends:
        if name not in _ENDS:
            raise UnknownNameError("end", name, _ENDS, [("choose from", ", ".join(_ENDS))])
    return {**ends, **({"reason": reason} if reason else {})}


def read_said(text: str, basis: str | None) -> dict[str, Any]:
    """Returns when it was said: a day, or two days and how they are known; without a first day, it is unknown."""
    if ".." not in text:
        day = read_date(text.strip())
        return {"from": day, "to": day}
    start, _, end = text.partition("..")
    found: dict[str, Any] = {"from": read_date(start.strip())} if start.strip() else {}
    found["to"] = read_date(end.strip())
    return found | ({"basis": basis} if basis else {})


def read_period(text: str) -> dict[str, Any]:
    """Returns the period of a quantity: so far, exactly one day, or a span of days that its conditions name."""
    if text.strip() in ("so_far", "span"):
        return {"period": text.strip()}
    return {"period": "exact", "through": read_date(text.strip())}


def read_side(text: str, key: str) -> dict[str, Any]:
    """Returns one side of a claim: its conditions under `where`, and its day."""
    side: dict[str, Any] = {}
    where: dict[str, str] = {}
    for name, value in read_pairs_of(text, key).items():
        if name not in _SIDE:
            where[name] = value
        else:
            side[name] = _dated(name, value)
    return side | ({"where": where} if where else {})


def read_when(text: str, key: str) -> dict[str, Any]:
    """Returns `through=DATE` or `as_of=DATE`; of individual records days, such as `fiscal_year=2016`."""
    pairs = read_pairs_of(text, key)
    days = {name: value for name, value in pairs.items() if name not in _DATES}
    return {name: _dated(name, pairs[name]) for name in pairs if name in _DATES} | (
        {"days": days} if days else {}
    )


def read_over(text: str) -> dict[str, Any]:
    """Returns a span of points in time; `ever=yes` says that the words reach further back."""
    found: dict[str, Any] = {}
    for name, value in read_pairs_of(text, "over").items():
        if name == "ever":
            if value not in ("yes", "no"):
                raise UsageError(f"over: ever is yes or no, not {value!r}.")
            if value == "yes":
                found["ever"] = True
        else:
            found[name] = _dated(name, value)
    return found


def read_rivals(text: str) -> dict[str, Any]:
    """Returns who a subject is held against: `dimension=others`, or codes with commas."""
    return {
        name: value if value == "others" else [each.strip() for each in value.split(",")]
        for name, value in read_pairs_of(text, "rivals").items()
    }


def read_readings(text: str) -> dict[str, list[str]]:
    """Returns the options that the words allow, by fork."""
    pairs = read_pairs_of(text, "reading").items()
    return {name: [each.strip() for each in value.split(",")] for name, value in pairs}


def read_holds(text: str) -> Any:
    """Returns how parts hold together: `a and b and not c`, `a or b`, `a and (b or not c)`, or `a` alone.

    Raises:
        UsageError: where and stands beside or without brackets, a bracket is left open, or a part has no name.
    """
    words = re.findall(r"[()]|[^\s()]+", text)
    found, left = _read_joined(words)
    if left:
        raise _no_holds(left[0])
    return found


def _read_joined(words: list[str]) -> tuple[Any, list[str]]:
    """Reads parts up to a bracket that closes or the end; returns them and the words that are left."""
    first, words = _read_part(words)
    parts, join = [first], ""
    while words and words[0] in ("and", "or"):
        if join and words[0] != join:
            raise UsageError(
                "holds joins by and or by or; one beside the other can be read in two ways.",
                [("fix", "put brackets: a and (b or c), or (a and b) or c")],
            )
        join = words[0]
        each, words = _read_part(words[1:])
        parts.append(each)
    return ({join: parts} if join else first), words


def _read_part(words: list[str]) -> tuple[Any, list[str]]:
    if not words:
        raise _no_holds("")
    if words[0] == "not":
        found, left = _read_part(words[1:])
        return {"not": found}, left
    if words[0] == "(":
        found, left = _read_joined(words[1:])
        if not left or left[0] != ")":
            raise UsageError("holds leaves a bracket open.", [("example", "a and (b or c)")])
        return found, left[1:]
    if words[0] in ("and", "or") or re.fullmatch(r"[a-z0-9_]+", words[0]) is None:
        raise _no_holds(words[0])
    return words[0], words[1:]


def _no_holds(text: str) -> UsageError:
    return UsageError(f"holds: {text!r} is no name of a part.", [("example", "a and (b or not c)")])


def _dated(name: str, value: str) -> str | datetime.date:
    return read_date(value) if name in _DATES else value


def one_of(choices: Collection[str], key: str) -> Callable[[str], None]:
    """Returns what refuses a text that is none of the choices."""

    def check(text: str) -> None:
        if text not in choices:
            raise UnknownNameError(key, text, choices, [("choose from", ", ".join(choices))])

    return check


def _name(text: str) -> None:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
        raise UsageError(f"{text!r} is no name of a claim.", [("example", "over-140000-deported")])


def _number(text: str) -> None:
    if not text.isdigit() or not int(text):
        raise UsageError(f"{text!r} is not a whole number above none.", [("example", "1")])


CHECKS: Mapping[str, Callable[[str], object]] = {
    "statement_language": one_of(("en", "es"), "language"),
    "said": lambda text: read_said(text, None),
    "appeared": read_date,
    "type": one_of(TYPES, "type"),
    "where": lambda text: read_pairs_of(text, "where"),
    "parts": lambda text: read_pairs_of(text, "parts"),
    "holds": read_holds,
    "asserts": lambda text: read_asserted(text, None),
    "period": read_period,
    "fit": one_of(("exact", "near", "proxy"), "fit"),
    "reading": read_readings,
    "name": _name,
    "a": lambda text: read_side(text, "a"),
    "b": lambda text: read_side(text, "b"),
    "compared_by": one_of(("difference", "ratio", "rise", "fall"), "comparison"),
    "subject": lambda text: read_side(text, "subject"),
    "end": one_of(("highest", "lowest"), "end"),
    "top": _number,
    "rivals": read_rivals,
    "pattern": one_of(
        ("each", "never", "first", "rising", "falling", "never_rising", "never_falling"), "pattern"
    ),
    "over": read_over,
    "of": one_of(("growth", "decline"), "change"),
    "part": lambda text: read_side(text, "part"),
    "start": lambda text: read_when(text, "start"),
    "until": lambda text: read_when(text, "until"),
}
"""What an answer must be, beyond a text, by the key of its step."""


def asserts_of(answers: Mapping[str, str], claim_called: Callable[[str], Claim]) -> dict[str, Any]:
    """Returns `asserts` of a claim's YAML.

    Args:
        answers: of every step that belongs to its type.
        claim_called: returns a claim by name or file, whose assertion becomes a part of a combination.
    """
    kind = answers["type"]
    if kind == "combination":
        return {
            "type": kind,
            "holds": read_holds(answers["holds"]),
            "parts": _parts(answers["parts"], claim_called),
        }
    if kind == "outside":
        return {"type": kind, "why_outside": answers["why_outside"]}
    made: dict[str, Any] = {"type": kind}
    if kind == "quantity":
        made |= read_period(answers["period"])
    elif kind == "compare":
        made |= {"a": read_side(answers["a"], "a"), "b": read_side(answers["b"], "b")}
        made["by"] = answers["compared_by"]
    elif kind == "rank":
        made |= {"end": answers["end"], "top": int(answers["top"])}
        made["subject"] = read_side(answers["subject"], "subject")
        if answers["rivals"]:
            made["rivals"] = read_rivals(answers["rivals"])
        else:
            made["over"] = read_over(answers["over"])
    elif kind == "series":
        made |= {"pattern": answers["pattern"], "over": read_over(answers["over"])}
    elif kind == "contribution":
        made |= {"of": answers["of"], "part": read_side(answers["part"], "part")}
        made |= {"start": read_when(answers["start"], "start"), "end": read_when(answers["until"], "until")}
    if "asserts" in answers:
        made["that"] = read_asserted(answers["asserts"], answers.get("asserts_reason"))
    asked: dict[str, Any] = {"measure": answers["measure"]}
    if answers.get("where"):
        asked["where"] = read_pairs_of(answers["where"], "where")
    if answers.get("reading"):
        asked["readings"] = read_readings(answers["reading"])
    asked |= {"fit": answers["fit"], "why": answers["why"]}
    return made | {"measured_by": [asked]}


def _parts(text: str, claim_called: Callable[[str], Claim]) -> list[dict[str, Any]]:
    made = []
    for name, given in read_pairs_of(text, "parts").items():
        claim = claim_called(given)
        if claim.asserts.type in ("combination", "outside"):
            raise UsageError(
                f"{given} cannot be a part: it is a {claim.asserts.type}.",
                [("fix", "name claims that assert one thing that is measured")],
            )
        asserts = claim.asserts.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        made.append({"part": name, "title": _short(claim.title), "asserts": _short(asserts)})
    return made


def _short(value: Any) -> Any:
    """Writes a text that is the same in both languages once, and dates as dates."""
    if isinstance(value, Text):
        return value.en if value.en == value.es else {"en": value.en, "es": value.es}
    if isinstance(value, Mapping):
        if set(value) == {"en", "es"} and value["en"] == value["es"]:
            return value["en"]
        return {key: read_date(each) if key in _DATES else _short(each) for key, each in value.items()}
    return [_short(each) for each in value] if isinstance(value, list) else value
