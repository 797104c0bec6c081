"""The dialogue of `recount claim new`: one step after another, with what was read offered and the answer so far."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from recount.ask.drafting.progress import describe_proposal, describe_reading, describe_so_far
from recount.cli.output import console
from recount.errors import UsageError

if TYPE_CHECKING:
    from recount.ask.drafting.draft import ClaimDraft
    from recount.ask.drafting.steps import Step

_EMPTY = "-"


def ask_all(draft: ClaimDraft) -> ClaimDraft:
    """Asks every step that is still to be answered; what is no answer is said, and asked again.

    Raises:
        UsageError: where the input ends before the steps do, naming what is missing.
    """
    if draft.next_step is not None:
        _say(draft.drafting.say("dialogue_help", draft.language))
    shown = None
    if "statement" in draft.answers:
        _show_reading(draft)
    while (step := draft.next_step) is not None:
        if step.key == "measure":
            console().print()
            _show_proposals(draft)
        if step.key == "reading" and not _show_forks(draft):
            draft = draft.answer("reading", "")
            continue
        draft = _ask(draft, step)
        if step.key == "statement":
            _show_reading(draft)
        so_far = describe_so_far(draft)
        if so_far is not None and so_far != shown:
            console().print(Padding(Text(so_far, style="italic"), (0, 0, 0, 2)))
            shown = so_far
    return draft


def _ask(draft: ClaimDraft, step: Step) -> ClaimDraft:
    suggested = draft.suggestion(step.key)
    while True:
        offered = "" if suggested is None else f" [{suggested}]"
        console().print()
        console().print(Text.assemble((draft.ask(step), "bold"), offered))
        try:
            given = input("> ").strip()
        except EOFError:
            raise UsageError("The input ended before the claim was whole.", draft.missing_facts()) from None
        if not given and suggested is not None:
            given = suggested
        if given == _EMPTY:
            given = ""
        try:
            return draft.answer(step.key, given)
        except UsageError as refused:
            typer.echo(str(refused))


def _say(text: str) -> None:
    console().print(Text(text, style="dim"))


def _show_reading(draft: ClaimDraft) -> None:
    found = describe_reading(draft)
    _say(draft.drafting.say("read_heading", draft.language))
    nothing = draft.drafting.say("read_nothing", draft.language)
    for what, text in found or [("", nothing)]:
        console().print(Padding(Text(f"{what:<12} {text}".strip()), (0, 0, 0, 2)))


def _show_proposals(draft: ClaimDraft) -> None:
    _say(draft.drafting.say("propose_heading", draft.language))
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for number, each in enumerate(draft.proposals(), start=1):
        name, text, why = describe_proposal(each, draft)
        table.add_row(
            str(number), Text(name, style="bold"), Text.assemble(text, (f" ({why})" if why else "", "dim"))
        )
    console().print(Padding(table, (0, 0, 0, 2)))


def _show_forks(draft: ClaimDraft) -> bool:
    """Shows the choices of the measure; returns whether it has any."""
    forks = draft.forks()
    for fork in forks:
        _say(f"{fork.fork}: {fork.question.in_language(draft.language)}")
        width = max(len(each.option) for each in fork.options)
        for option in fork.options:
            label = option.label.in_language(draft.language)
            console().print(Padding(Text(f"{option.option:<{width}}  {label}"), (0, 0, 0, 2)))
    return bool(forks)


def say_written(target: Path, draft: ClaimDraft) -> None:
    """Says where the claim was written, and how it is checked."""
    typer.echo(draft.drafting.say("written", draft.language, file=target))
