"""What MkDocs is told of the pages that lie outside `docs/`: the project's own, and the list of decisions.

The glossary, the changes and the page for contributors stand at the root, where people look for them first. The site
shows them as pages of its own, and links lead there.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
OF_THE_PROJECT = ("GLOSSARY.md", "CONTRIBUTING.md", "CHANGELOG.md")
DECISIONS = "decisions"
_UPWARDS = re.compile(rf"\]\((?:\.\./)+({'|'.join(map(re.escape, OF_THE_PROJECT))})(#[^)]*)?\)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Returns the configuration with every decision in the navigation, in order."""
    decisions = sorted((Path(config.docs_dir) / DECISIONS).glob("*.md"))
    pages: list[Any] = [{_title(each): f"{DECISIONS}/{each.name}"} for each in decisions]
    nav: list[Any] = list(config.nav or [])
    config.nav = [*nav, {"Decisions": pages}]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Returns the files with the project's own pages among them."""
    for name in OF_THE_PROJECT:
        files.append(File.generated(config, name, content=(ROOT / name).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Returns a page with its links as the site has them."""
    del config, files
    if page.file.src_uri in OF_THE_PROJECT:
        return markdown.replace("](docs/", "](")
    up = "../" * page.file.src_uri.count("/")
    return _UPWARDS.sub(lambda found: f"]({up}{found[1]}{found[2] or ''})", markdown)


def _title(decision: Path) -> str:
    """Returns "0026 Asking" from the heading of a decision, however it writes its number."""
    heading = decision.read_text(encoding="utf-8").split("\n", 1)[0]
    name = re.sub(r"^#\s*(\d+[.:]?\s*)?", "", heading)
    return f"{decision.name[:4]} {name}"
