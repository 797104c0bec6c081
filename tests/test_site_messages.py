"""Pages speak English and Spanish: every message that a page, the explorer or the API says has its Spanish."""

from __future__ import annotations

import datetime
import importlib
import io
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po
from pydantic import BaseModel

import recount
from recount import declare
from recount.declare.catalog import Catalog
from recount.declare.text import Declared, Language
from recount.site.catalog_texts import SHOWN, catalog_texts, renewed
from recount.site.shell import Shell

SOURCE = Path(recount.__file__).parent
LOCALES = SOURCE / "site" / "locales" / "es"
CATALOG_PO = LOCALES / "catalog.po"
ROOMS = ("errors.py", "api", "ask", "chart", "declare", "measure")
"""Rooms whose errors a question that is asked of a face can meet."""
TOLD = (
    "validate",
    *(f"clean/{each}.py" for each in ("table_checks", "workbooks", "workbook_dates")),
    *(f"extract/{each}.py" for each in ("event_files", "headers")),
    *(f"record/{each}.py" for each in ("workbooks", "build_events")),
)
"""Where what a record says of its files and figures is worded."""
FACES = (SOURCE / "site", SOURCE / "api")
RENEW = f"python -m recount.site.catalog_texts {CATALOG_PO.relative_to(SOURCE.parents[1])}"
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")
_NUMBER = re.compile(r"\d[\d,.:/-]*\d|\d")
_REASONED = re.compile(r".*(reason|basis|notes|description|source|rights|evidence|one_row_is|known_from)")

NOT_SHOWN = {
    "answer_columns": "what columns of answers mean; pages have heads of their own",
    "administrations": "where the dates of administrations come from",
    "charting": "how many lines and bars a chart has",
    "tiles": "how a tile map is laid out",
    "comparing": "what two releases are compared by",
    "drafting": "how a claim is drafted from a sentence",
    "exports": "names and limits of exported files",
    "panels": "what panels for researchers hold",
    "release_lag": "when a figure is recent enough to lack what comes late",
    "serving": "the server's limits",
    "site_pages": "which pages there are",
    "synthetic": "what synthetic releases are made by",
    "triangles": "which delays are counted, and from how many periods estimates are made",
    "tables.IgnoredSpelling": "a spelling",
    "sources.KnownRelease": "a record's copy of what the catalog says",
}
"""Modules and models of `declare` whose reasons and sources stand on no page, and what they speak of."""


def messages_said() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Yields (file, message) for every message in templates and modules of the faces."""
    for folder in FACES:
        for path in sorted(folder.rglob("*")):
            method = {".py": "python", ".j2": "jinja2.ext.babel_extract"}.get(path.suffix)
            if method is None:
                continue
            found = extract(
                method,
                io.BytesIO(path.read_bytes()),
                keywords=DEFAULT_KEYWORDS,
                options={"trimmed": "true", "newstyle_gettext": "true", "silent": "false"},
            )
            for _line, message, _comments, _context in found:
                yield path.relative_to(SOURCE).as_posix(), message
    yield from sentences_of(*(SOURCE / each for each in (*ROOMS, *TOLD)))


def sentences_of(*places: Path) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Yields (file, message) for every sentence that is worded by message and values in files and folders."""
    files = {one for each in places for one in (each.rglob("*.py") if each.is_dir() else [each])}
    for path in sorted(files):
        content = path.read_bytes()
        if b"Worded(" in content:
            for _line, message, _comments, _context in extract(
                "python", io.BytesIO(content), {"Worded": None}
            ):
                yield path.relative_to(SOURCE).as_posix(), message


def spanish() -> Iterator[tuple[str, Message]]:
    """Yields (file, message) for every Spanish message."""
    for path in sorted(LOCALES.glob("*.po")):
        for message in read_po(io.BytesIO(path.read_bytes()), locale="es"):
            if message.id:
                yield path.name, message


def in_pairs(message: Message) -> Iterator[tuple[str, str]]:
    """Yields each English form of a message with each Spanish one."""
    english = [message.id] if isinstance(message.id, str) else list(message.id)
    said = [message.string] if isinstance(message.string, str) else list(message.string)
    yield from zip(english, said, strict=True)


def declared_models() -> Iterator[type[BaseModel]]:
    """Yields every model of the catalog."""
    for each in pkgutil.iter_modules(declare.__path__):
        importlib.import_module(f"recount.declare.{each.name}")
    todo: list[type[BaseModel]] = [Declared]
    while todo:
        model = todo.pop()
        todo += model.__subclasses__()
        if model.__module__.startswith("recount.declare."):
            yield model


def test_every_message_of_the_faces_has_its_spanish() -> None:
    known = {message.id for _file, message in spanish() if any(said for _, said in in_pairs(message))}
    missing = sorted({(file, str(each)) for file, each in messages_said() if each not in known})
    assert not missing, "give these their Spanish in site/locales/es"


def test_no_spanish_message_is_without_use(catalog: Catalog) -> None:
    said = {each for _file, each in messages_said()} | set(catalog_texts(catalog))
    unused = [(file, message.id) for file, message in spanish() if message.id not in said]
    assert not unused, "no page says these any more"


def test_no_spanish_message_is_empty_or_doubtful() -> None:
    for file, message in spanish():
        assert all(said.strip() for _, said in in_pairs(message)), (file, message.id)
        assert not message.fuzzy, (file, message.id)


def test_placeholders_are_the_same_in_both_languages() -> None:
    for file, message in spanish():
        for english, said in in_pairs(message):
            assert Counter(_PLACEHOLDER.findall(english)) == Counter(_PLACEHOLDER.findall(said)), (
                file,
                english,
            )


def test_no_message_is_said_twice_in_spanish() -> None:
    said: dict[object, set[str]] = {}
    for _file, message in spanish():
        said.setdefault(message.id, set()).add(str(message.string))
    assert not {each: forms for each, forms in said.items() if len(forms) > 1}


def test_the_catalogs_texts_are_those_that_it_declares(catalog: Catalog) -> None:
    assert CATALOG_PO.read_bytes() == renewed(CATALOG_PO.read_bytes(), catalog), RENEW


def test_a_number_in_a_text_of_the_catalog_is_the_same_in_spanish() -> None:
    for file, message in spanish():
        for english, said in in_pairs(message) if file == CATALOG_PO.name else ():
            assert Counter(_NUMBER.findall(english)) == Counter(_NUMBER.findall(said)), english


def test_a_new_text_is_added_without_spanish_and_one_that_is_gone_goes(catalog: Catalog) -> None:
    before = b'msgid "Nobody says this."\nmsgstr "Nadie dice esto."\n\nmsgid "days"\nmsgstr "jornadas"\n'
    after = {each.id: each.string for each in read_po(io.BytesIO(renewed(before, catalog)), locale="es")}
    assert "Nobody says this." not in after
    assert after["days"] == "jornadas"
    assert after["beds"] == ""


def test_the_renewed_file_holds_no_date_and_names_no_tool(catalog: Catalog) -> None:
    assert not re.search(rb"POT-|Babel|Project-Id|#:", renewed(b"", catalog))


def test_what_pages_show_is_declared() -> None:
    for model, fields in SHOWN.items():
        for each in fields:
            assert any(one.endswith(each) if each[0] == "_" else one == each for one in model.model_fields), (
                model
            )


def test_every_reason_in_the_catalog_is_shown_in_spanish_or_said_to_be_on_no_page() -> None:
    undecided = []
    for model in declared_models():
        module = model.__module__.rpartition(".")[2]
        if NOT_SHOWN.keys() & {module, f"{module}.{model.__name__}"}:
            continue
        own = [each for one in model.__mro__ for each in SHOWN.get(one, ())]
        names_a_source = {"folder", "files", "layout", "sheet", "release", "reconciliation"} & {
            *model.model_fields
        }
        for field, info in model.model_fields.items():
            if info.annotation not in (str, str | None) or not _REASONED.fullmatch(field):
                continue
            shown = field in own or any(each[0] == "_" and field.endswith(each) for each in own)
            if not shown and not (field == "source" and names_a_source):
                undecided.append(f"{module}.{model.__name__}.{field}")
    assert not sorted(undecided), "name them in SHOWN of site/catalog_texts.py, or in NOT_SHOWN here"


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("en", "1,234,567 48.0\N{NO-BREAK SPACE}% 30 November 2011"),
        ("es", "1,234,567 48.0\N{NO-BREAK SPACE}% 30 de noviembre de 2011"),
    ],
)
def test_numbers_shares_and_dates_are_written_as_the_language_writes_them(
    language: Language, wanted: str, catalog: Catalog
) -> None:
    filters = Shell(language, server=False, catalog=catalog)._environment.filters
    shown = (
        filters["number"](1234567),
        filters["share"](Fraction(48, 100)),
        filters["date"](datetime.date(2011, 11, 30)),
    )
    assert " ".join(shown) == wanted
