"""Where exports are written: beside what is there, and swapped in once they are whole."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from recount.declare.exports import FormatName
from recount.errors import UsageError
from recount.export.tables import ExportTable

SYNTHETIC = "SYNTHETIC"
_SUFFIXES: dict[str, FormatName] = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".dta": "stata",
    ".sav": "spss",
    ".sqlite": "sqlite",
    ".db": "sqlite",
    ".duckdb": "duckdb",
}
SUFFIX_OF: dict[FormatName, str] = {
    "parquet": ".parquet",
    "csv": ".csv",
    "xlsx": ".xlsx",
    "stata": ".dta",
    "spss": ".sav",
    "sqlite": ".sqlite",
    "duckdb": ".duckdb",
    "datapackage": "",
}
FILE_A_TABLE: tuple[FormatName, ...] = ("parquet", "csv", "stata", "spss")
FORMATS: tuple[FormatName, ...] = get_args(FormatName)


class NotWrittenError(Exception):
    """A writer could not write, in its own words; `staged` says it to the user."""


@dataclass(frozen=True)
class Place:
    """Where an export goes: `folder`, which may have to be made, and the name of each file in it.

    `files` gives one name a table where the format has one file a table, and else one name.
    """

    format: FormatName
    folder: Path
    files: tuple[str, ...]
    makes_folder: bool


def read_format(to: Path, as_format: FormatName | None) -> FormatName:
    """Returns the format that is asked for by name, or by the suffix of the path.

    Raises:
        UsageError: where neither says one, or they say two.
    """
    told = _SUFFIXES.get(to.suffix.casefold())
    if as_format is None:
        if told is None:
            known = ", ".join(_SUFFIXES)
            raise UsageError(
                f"{to} names no format of exports.",
                [("choose from", f"{known}, or a folder with --as {', '.join(FORMATS)}")],
            )
        return told
    if told is not None and told != as_format:
        raise UsageError(
            f"{to} is the name of a file for {told}, and --as says {as_format}.",
            [("fix", f"leave --as out, or give a name that ends in {SUFFIX_OF[as_format] or 'no suffix'}")],
        )
    return as_format


def find_place(to: Path, format_name: FormatName, what: str, tables: Sequence[ExportTable]) -> Place:
    """Returns where an export goes. What is made up says so in the name of its file.

    Raises:
        UsageError: where several tables should go into one file that holds one, or the folder is not there.
    """
    suffix = SUFFIX_OF[format_name]
    is_synthetic = any(each.is_synthetic for each in tables)
    if format_name == "datapackage":
        folder = to.with_name(_marked(to.name)) if is_synthetic else to
        names: tuple[str, ...] = ("datapackage.json",)
    elif _SUFFIXES.get(to.suffix.casefold()) == format_name:
        if format_name in FILE_A_TABLE and len(tables) > 1:
            raise UsageError(
                f"{to} would hold {len(tables)} tables, and a file of {format_name} holds one.",
                [("fix", f"give a folder: --to {to.stem} --as {format_name}")],
            )
        names = (_marked(to.name) if is_synthetic else to.name,)
        return Place(format_name, _existing(to.parent, to), names, makes_folder=False)
    elif format_name in FILE_A_TABLE:
        folder = to
        names = tuple((_marked(each.name) if each.is_synthetic else each.name) + suffix for each in tables)
    else:
        folder = to
        name = f"recount-{what}" if len(tables) > 1 else tables[0].name
        names = ((_marked(name) if is_synthetic else name) + suffix,)
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file, and a folder is needed.", [("fix", "choose another place")])
    _existing(folder.parent, folder)
    return Place(format_name, folder, names, makes_folder=not folder.exists())


def _marked(name: str) -> str:
    return name if SYNTHETIC.casefold() in name.casefold() else f"{SYNTHETIC}-{name}"


def _existing(folder: Path, wanted: Path) -> Path:
    if not folder.is_dir():
        raise UsageError(
            f"{wanted} cannot be written: there is no folder {folder}.",
            [("fix", "make the folder, or choose another place")],
        )
    return folder


@contextlib.contextmanager
def staged(folder: Path, shown: Path, *, makes_folder: bool, force: bool) -> Iterator[Path]:
    """Gives an empty folder beside; what is written into it is swapped in at the end, or goes without a trace.

    Args:
        folder: where the files go; it is made where `makes_folder`.
        shown: the place as the user gave it, to name where it cannot be written.
        makes_folder: whether it is still to be made.
        force: whether files that are there are replaced.

    Raises:
        UsageError: where the place cannot be written, or holds a file of the same name without `force`.
    """
    parent = folder.parent if makes_folder else folder
    stage: Path | None = None
    try:
        stage = Path(tempfile.mkdtemp(prefix=".recount-writing-", dir=parent))
        content = stage / "content"
        content.mkdir()
        (stage / "work").mkdir()
        yield content
        written = sorted(each.relative_to(content) for each in content.rglob("*") if each.is_file())
        refuse_existing(folder, written, force=force)
        if makes_folder and not folder.exists():
            content.replace(folder)
        else:
            for each in written:
                (folder / each).parent.mkdir(parents=True, exist_ok=True)
                (content / each).replace(folder / each)
    except (OSError, NotWrittenError) as unwritable:
        told = unwritable.strerror if isinstance(unwritable, OSError) else None
        raise _cannot_write(shown, told or str(unwritable)) from unwritable
    finally:
        if stage is not None:
            shutil.rmtree(stage, ignore_errors=True)


def work_folder(content: Path) -> Path:
    """Returns a folder for what a writer needs on the way, which goes when it is done."""
    return content.parent / "work"


def refuse_existing(folder: Path, files: Sequence[Path], *, force: bool) -> None:
    """Raises `UsageError` where files of these names are there, or folders are, which nothing replaces."""
    there = [each for each in files if os.path.lexists(folder / each)]
    if not there:
        return
    folders = [each for each in there if (folder / each).is_dir()]
    if folders:
        raise UsageError(
            f"{folder / folders[0]} is a folder, and a file should be written there.",
            [("fix", "choose another place")],
        )
    if not force:
        names = ", ".join(str(folder / each) for each in there[:3])
        more = f" and {len(there) - 3} more" if len(there) > 3 else ""  # noqa: PLR2004  as many as are named
        verb = "is" if len(there) == 1 else "are"
        raise UsageError(
            f"{names}{more} {verb} there already.",
            [("fix", "add --force to replace it, or choose another place")],
        )


def _cannot_write(where: Path, because: str) -> UsageError:
    reason = " ".join(because.split()).rstrip(".")
    return UsageError(
        f"{where} cannot be written: {reason}.",
        [("kept", "whatever was there before"), ("fix", "make room or choose another place")],
    )
