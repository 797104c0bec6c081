"""A room imports itself, rooms before it, and the four modules that belong to none. Read from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import recount

ROOMS = (
    "declare",
    "acquire",
    "extract",
    "clean",
    "synthesize",
    "link",
    "validate",
    "record",
    "measure",
    "revise",
    "claim",
    "chart",
    "export",
    "report",
    "ask",
    "site",
    "api",
    "cli",
)
OF_NO_ROOM = ("errors", "paths", "settings", "progress")
# `recount.open()` is the Python face; `python -m recount` is the command.
FACES = {"__init__": "ask", "__main__": "cli"}
PACKAGE = Path(recount.__file__).parent


def room_of(module: str) -> str:
    """Returns the room of a module, given below the package ("clean.values"); the package is its own face."""
    first = module.partition(".")[0]
    return FACES.get(first, first) if first else FACES["__init__"]


def imported_modules(path: Path, package: Path) -> Iterator[tuple[int, str]]:
    """Yields (line, module below the package) of every import of the package, wherever it stands."""
    inside = path.relative_to(package).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for name in node.names:
                first, _, rest = name.name.partition(".")
                if first == package.name:
                    yield node.lineno, rest
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                above = inside[: len(inside) - node.level]
                base = ".".join((*above, *([node.module] if node.module else [])))
            else:
                first, _, base = (node.module or "").partition(".")
                if first != package.name:
                    continue
            for name in node.names:
                below = package / base.replace(".", "/") / name.name
                is_module = below.is_dir() or below.with_suffix(".py").is_file()
                yield node.lineno, f"{base}.{name.name}".strip(".") if is_module else base


def violations(package: Path) -> list[str]:
    """Returns each import that breaks the order, as "clean/values.py, line 3: clean imports record"."""
    found = []
    for path in sorted(package.rglob("*.py")):
        relative = path.relative_to(package)
        room = room_of(relative.with_suffix("").parts[0])
        if room not in ROOMS and room not in OF_NO_ROOM:
            found.append(f"{relative.as_posix()}: {room} is no room")
            continue
        for line, module in imported_modules(path, package):
            target = room_of(module)
            if target in OF_NO_ROOM or target == room:
                continue
            if room in OF_NO_ROOM or target not in ROOMS or ROOMS.index(target) > ROOMS.index(room):
                found.append(f"{relative.as_posix()}, line {line}: {room} imports {target}")
    return found


def test_a_room_imports_only_itself_and_rooms_before_it():
    assert violations(PACKAGE) == []


def test_the_catalog_holds_declarations_and_no_code():
    assert [
        path.name for path in (PACKAGE / "catalog").rglob("*") if path.is_file() if path.suffix != ".yml"
    ] == []


def test_the_rooms_that_the_order_speaks_of_are_there():
    assert {"declare", "acquire", "extract", "clean", "link", "validate", "record"} <= {
        path.name for path in PACKAGE.iterdir() if path.is_dir()
    }


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with the rooms clean and record, and with errors."""
    package = tmp_path / "recount"
    for room in ("clean", "record"):
        (package / room).mkdir(parents=True)
        (package / room / "__init__.py").touch()
        (package / room / "values.py").touch()
    (package / "errors.py").touch()
    (package / "__init__.py").touch()
    return package


@pytest.mark.parametrize(
    "source",
    [
        "import recount.record.values",
        "from recount.record.values import anything",
        "from recount.record import values",
        "from recount import record",
        "from ..record import values",
        "from .. import record",
        "def later():\n    from recount.record import values",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from recount.record import values",
    ],
)
def test_an_import_of_a_later_room_is_found_however_it_is_written(package: Path, source: str):
    (package / "clean" / "values.py").write_text(source)
    line = source.count("\n") + 1
    assert violations(package) == [f"clean/values.py, line {line}: clean imports record"]


@pytest.mark.parametrize(
    "source",
    [
        "from recount.clean.values import anything",
        "from recount import clean, errors",
        "from . import values",
        "import os",
    ],
)
def test_an_import_of_an_earlier_room_is_allowed(package: Path, source: str):
    (package / "record" / "values.py").write_text(source)
    assert violations(package) == []


def test_a_module_of_no_room_imports_no_room(package: Path):
    (package / "errors.py").write_text("from recount.clean import values")
    assert violations(package) == ["errors.py, line 1: errors imports clean"]


def test_a_room_before_the_python_face_does_not_import_it(package: Path):
    (package / "clean" / "values.py").write_text("import recount\nfrom recount import open")
    assert violations(package) == [
        "clean/values.py, line 1: clean imports ask",
        "clean/values.py, line 2: clean imports ask",
    ]


def test_a_folder_that_is_no_room_is_found(package: Path):
    (package / "utils").mkdir()
    (package / "utils" / "text.py").touch()
    assert violations(package) == ["utils/text.py: utils is no room"]
