"""Where the package keeps what it ships, and where a user's own record lies."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).parent
CATALOG = PACKAGE / "catalog"
EMBEDDED_RECORD = PACKAGE / "record" / "embedded"


def user_home() -> Path:
    """Returns the folder of the user's own record and catalog.

    `RECOUNT_HOME` decides; without it, the platform's folder for application data.
    """
    declared = os.environ.get("RECOUNT_HOME")
    if declared:
        return Path(declared)
    import platformdirs  # noqa: PLC0415  only needed where the variable is not set

    return Path(platformdirs.user_data_dir("recount", appauthor=False))


def user_record() -> Path:
    """Returns the folder of the user's own record; it may not exist."""
    return user_home() / "record"


def user_catalog() -> Path:
    """Returns the folder whose files overlay the package's catalog; it may not exist."""
    return user_home() / "catalog"


def writable_catalog_file(relative: str) -> str:
    """Returns the file that a user is told to edit for a catalog file.

    In a checkout that is the package's own file; in an installed package it is the
    overlay in `RECOUNT_HOME/catalog`, since the package's own files are not the user's.
    """
    if (PACKAGE.parent.parent / "pyproject.toml").exists():
        return f"src/recount/catalog/{relative}"
    return str(user_catalog() / relative)
