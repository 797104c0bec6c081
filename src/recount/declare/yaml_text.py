"""YAML read so that a mistake can be answered with its line.

Differs from plain YAML 1.1 where that would surprise: only `true` and `false` are
booleans (`no` stays a word), a number with a point is exact (`Decimal`), and a key
given twice is an error instead of a silent loss.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from recount.errors import CatalogError, RecountError, nearest_names

Model = TypeVar("Model", bound=BaseModel)
Location = tuple[str | int, ...]

_TAG = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"-?(0|[1-9][0-9_]*)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class YamlDocument:
    """One YAML file: its values, and the line on which each stands (from 1)."""

    name: str
    data: Any
    lines: dict[Location, int]

    def line_of(self, location: Location) -> int:
        """Returns the line of the nearest value at or above `location`."""
        walked: Location = ()
        for step in location:
            if (*walked, step) in self.lines:
                walked = (*walked, step)
        return self.lines.get(walked, 1)


def read_yaml(path: Path, name: str, error: type[RecountError] = CatalogError) -> YamlDocument:
    """Returns the document at `path`; `name` is what messages call it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as missing:
        raise error(f"{name} does not exist.", [("fix", "check the path")]) from missing
    except UnicodeDecodeError as undecodable:
        raise error(
            f"{name} is not UTF-8 text.",
            [("byte", f"{undecodable.start:,}"), ("fix", "save it as UTF-8")],
        ) from undecodable
    except OSError as unreadable:
        raise error(f"{name} cannot be read: {unreadable.strerror}.") from unreadable
    return parse_yaml(text, name, error)


def parse_yaml(text: str, name: str, error: type[RecountError] = CatalogError) -> YamlDocument:
    """Returns the document in `text`.

    Raises:
        CatalogError: (or `error`) where it is not YAML, is empty, repeats a key, or holds a malformed date.
    """
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as malformed:
        mark = malformed.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "somewhere"
        raise error(f"{name} is not YAML.", [(where, malformed.problem or "malformed")]) from malformed
    except yaml.YAMLError as malformed:
        raise error(f"{name} is not YAML.", [("because", str(malformed).splitlines()[0])]) from malformed
    if root is None:
        raise error(f"{name} is empty.", [("fix", "write at least one key")])
    lines: dict[Location, int] = {}
    problems: list[tuple[int, str]] = []
    try:
        data = _construct(root, (), lines, problems)
    except RecursionError as endless:
        raise error(f"{name} cannot be read.", [("because", "an alias refers to what holds it")]) from endless
    if problems:
        raise error(f"{name} cannot be read.", [(f"line {line}", what) for line, what in problems])
    return YamlDocument(name, data, lines)


def _construct(
    node: yaml.Node, location: Location, lines: dict[Location, int], problems: list[tuple[int, str]]
) -> Any:
    lines.setdefault(location, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in mapping:
                problems.append((line, f"the key {key!r} is given twice"))
            lines[(*location, key)] = line
            mapping[key] = _construct(value_node, (*location, key), lines, problems)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [
            _construct(each, (*location, index), lines, problems) for index, each in enumerate(node.value)
        ]
    return _scalar(node, problems)


def _scalar(node: yaml.Node, problems: list[tuple[int, str]]) -> Any:
    text = str(node.value)
    tag = node.tag.removeprefix(_TAG)
    if tag == "null":
        return None
    if tag == "bool" and text in ("true", "false"):
        return text == "true"
    if tag == "int" and _INTEGER.fullmatch(text):
        return int(text.replace("_", ""))
    if tag == "float" and re.fullmatch(r"-?\d+\.\d+", text):
        return Decimal(text)
    if tag == "timestamp" and _DATE.fullmatch(text):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            problems.append((node.start_mark.line + 1, f"{text} is not a date"))
            return None
    return text


def build_model(
    model: type[Model], document: YamlDocument, error: type[RecountError] = CatalogError
) -> Model:
    """Returns `document` as a `model`.

    Raises:
        CatalogError: (or `error`) with one fact for each problem, naming its line and, where the
            choices are few, the choices.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as invalid:
        problems = sorted(
            (document.line_of(where), _problem_text(each, where, model))
            for each in invalid.errors()
            for where in (_location(each, document),)
        )
        facts = [(f"line {line}", text) for line, text in dict.fromkeys(problems)]
        raise error(f"{document.name} does not fit its schema.", facts) from invalid


def _location(problem: Any, document: YamlDocument) -> Location:
    """Where a problem stands, without the steps that name which of several forms a value was read as."""
    given = [step for step in problem["loc"] if not (isinstance(step, str) and "[" in step)]
    walked: Location = ()
    for number, step in enumerate(given, start=1):
        is_missing = number == len(given) and problem["type"] == "missing"
        if is_missing or (*walked, step) in document.lines:
            walked = (*walked, step)
    if problem["type"] in ("union_tag_invalid", "union_tag_not_found"):
        walked = (*walked, str(problem["ctx"]["discriminator"]).strip("'"))
    return walked


def _problem_text(problem: Any, where: Location, model: type[BaseModel]) -> str:
    path = ".".join(str(step) for step in where) or "the whole file"
    kind = problem["type"]
    if kind == "union_tag_not_found":
        return f"{path}: is missing"
    if kind == "union_tag_invalid":
        return f"{path}: choose from: {problem['ctx']['expected_tags']} (given: {problem['ctx']['tag']!r})"
    if kind == "missing":
        return f"{path}: is missing"
    if kind == "extra_forbidden":
        key = str(problem["loc"][-1])
        near = nearest_names(key, _all_field_names(model) - {key})
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"{path}: is not a known key{hint}"
    message = str(problem["msg"]).removeprefix("Value error, ")
    given = problem.get("input")
    shown = f" (given: {given!r})" if isinstance(given, str | int | bool | Decimal) else ""
    return f"{path}: {message[:1].lower()}{message[1:]}{shown}"


def _all_field_names(model: type[BaseModel]) -> set[str]:
    schema = model.model_json_schema(by_alias=True)
    names = set(schema.get("properties", {}))
    for definition in schema.get("$defs", {}).values():
        names |= set(definition.get("properties", {}))
    return names
