"""Pages say messages in both languages, and mark what is in the other one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recount.declare.text import Text
from recount.errors import CatalogError
from recount.site import words
from recount.site.shell import Shell
from recount.site.words import SiteWords


def test_a_message_is_said_in_spanish_and_filled_in() -> None:
    assert SiteWords("es").gettext("Exhibit %(number)s", number=3) == "Anexo 3"
    assert SiteWords("en").gettext("Exhibit %(number)s", number=3) == "Exhibit 3"


@pytest.mark.parametrize(("count", "said"), [(1, "1 publicación"), (1234, "1,234 publicaciones")])
def test_a_count_takes_its_form_and_is_written_as_the_language_writes_it(count: int, said: str) -> None:
    assert Shell("es", server=False).ngettext("%(num)s release", "%(num)s releases", count) == said


def test_a_text_without_spanish_stays_english_and_is_marked_as_english() -> None:
    said = Shell("es", server=False).said("Nobody <translated> this.")
    assert said == '<span lang="en">Nobody &lt;translated&gt; this.</span>'


def test_a_text_of_both_languages_is_said_and_escaped() -> None:
    text = Text(en="a < b", es="a < c")
    assert Shell("es", server=False).said(text) == "a &lt; c"


@pytest.fixture
def two_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "locales" / "es"
    folder.mkdir(parents=True)
    monkeypatch.setattr(words.resources, "files", lambda _: tmp_path)
    words._messages.cache_clear()
    yield folder
    words._messages.cache_clear()


def test_two_files_that_say_a_message_otherwise_are_refused(two_files: Path) -> None:
    (two_files / "one.po").write_text('msgid "Claims"\nmsgstr "Afirmaciones"\n', encoding="utf-8")
    (two_files / "two.po").write_text('msgid "Claims"\nmsgstr "Reclamos"\n', encoding="utf-8")
    with pytest.raises(CatalogError, match=r"one\.po and two\.po"):
        words._messages()


def test_two_files_may_say_a_message_alike(two_files: Path) -> None:
    for name in ("one.po", "two.po"):
        (two_files / name).write_text('msgid "Claims"\nmsgstr "Afirmaciones"\n', encoding="utf-8")
    assert words._messages().get("Claims").string == "Afirmaciones"


def test_an_address_within_a_text_is_linked_and_the_rest_escaped() -> None:
    shell = Shell("en", server=False)
    template = shell._environment.from_string("{{ text | replace_with_link('ab12', 'r.html') }}")
    assert template.render(text="<b> receipt ab12.") == '&lt;b&gt; receipt <a href="r.html">ab12</a>.'
