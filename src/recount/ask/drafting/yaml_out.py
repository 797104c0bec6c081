"""A claim's YAML as text for people: keys in order, a comment where one helps, the same bytes for the same claim."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from recount.declare.drafting import Drafting
from recount.declare.text import Language

SCHEMA_LINE = "# yaml-language-server: $schema=claim.schema.json"
_INDENT = "  "
_WIDE = 100
_PLAIN = re.compile(r"[A-Za-zÁÉÍÓÚÑáéíóúñü][\w áéíóúñüÁÉÍÓÚÑ.,()/'-]*[\w.)]|[A-Za-z]")
_NOT_TEXT = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_COMMENTS: Mapping[tuple[str, ...], str] = {
    ("said",): "comment_said",
    ("rests_on",): "comment_rests_on",
    ("asserts",): "comment_asserts",
    ("asserts", "that"): "comment_that",
    ("asserts", "measured_by", "fit"): "comment_fit",
}


def claim_as_yaml(claim: Mapping[str, Any], file: str, drafting: Drafting, language: Language) -> str:
    """Returns a claim as YAML text, with the line by which editors find its schema.

    Args:
        claim: values as a claim's file gives them.
        file: what the file will be called, for the command in its first comment.
        drafting: the words of the comments.
        language: of the comments.
    """
    head = [
        SCHEMA_LINE,
        f"# {drafting.say('comment_head', language, file=file)}",
        f"# {drafting.say('comment_texts', language)}",
    ]
    comments = {where: drafting.say(text, language) for where, text in _COMMENTS.items()}
    return "\n".join([*head, *_mapping(claim, (), comments)]) + "\n"


def _mapping(values: Mapping[str, Any], where: tuple[str, ...], comments: Mapping[Any, str]) -> Iterator[str]:
    for key, value in values.items():
        here = (*where, key)
        if here in comments:
            yield f"# {comments[here]}"
        flat = _flow(value)
        if flat is not None and len(key) + len(flat) < _WIDE:
            yield f"{key}: {flat}"
        elif isinstance(value, Mapping):
            yield f"{key}:"
            yield from (_INDENT + line for line in _mapping(value, here, comments))
        elif isinstance(value, list):
            yield f"{key}:"
            for each in value:
                if isinstance(each, Mapping):
                    lines = list(_mapping(each, here, comments))
                    # A comment before the first key would part the dash from it.
                    yield from (
                        _INDENT + "  " * bool(at) + ("- " if not at else "") + line
                        for at, line in enumerate(lines)
                    )
                else:
                    yield f"{_INDENT}- {_scalar(each)}"
        else:
            yield f"{key}: {_scalar(value)}"


def _flow(value: Any) -> str | None:
    """Returns a small mapping or list on one line, `None` for what stands on lines of its own."""
    if isinstance(value, Mapping):
        if any(
            isinstance(each, list) and any(isinstance(one, Mapping) for one in each)
            for each in value.values()
        ):
            return None
        if any(isinstance(each, str) and len(each) > _WIDE // 2 for each in value.values()):
            return None
        if set(value) & {"title", "type", "basis", "release"}:
            return None
        parts = [
            (key, _flow(each) if isinstance(each, Mapping | list) else _scalar(each))
            for key, each in value.items()
        ]
        return "{" + ", ".join(f"{key}: {each}" for key, each in parts) + "}"
    if isinstance(value, list):
        if any(isinstance(each, Mapping) or len(str(each)) > _WIDE // 2 for each in value):
            return None
        return "[" + ", ".join(map(_scalar, value)) + "]"
    return None


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | datetime.date):
        return str(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and text.casefold() not in _NOT_TEXT and "," not in text:
        return text
    return json.dumps(text, ensure_ascii=False)
