"""The draft of a claim: what was answered, what is still asked, and the verdict so far."""

from __future__ import annotations

import functools
import re
import tempfile
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recount.ask.drafting.parts import CHECKS, asserts_of, read_pairs_of, read_readings, read_said
from recount.ask.drafting.proposals import Proposal, offer_measures, propose_measures
from recount.ask.drafting.records import is_of_records, refuse_days, refuse_reading, suggest_where
from recount.ask.drafting.sentence import Sentence, read_sentence
from recount.ask.drafting.steps import KEYS, STEPS, TURNING, TYPES, Answers, Step, next_step
from recount.ask.drafting.yaml_out import claim_as_yaml
from recount.claim.files import refuse_unknown_names
from recount.declare.claims import Claim
from recount.declare.crosscheck_claims import find_measure
from recount.declare.drafting import Drafting, load_drafting
from recount.declare.fiscal_years import fiscal_year_end
from recount.declare.text import Language
from recount.declare.yaml_text import build_model, parse_yaml
from recount.errors import ClaimFileError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from recount.ask.record import OpenRecord
    from recount.claim.verdict import Verdict
    from recount.declare.event_measures import EventFork
    from recount.declare.measures import Fork

_TITLE_LENGTH = 90
_PROBE = "draft"
_STAND_IN = "-"


@dataclass(frozen=True)
class ClaimDraft:
    """A claim as far as it is written. Every step gives a new draft, and only answers decide.

    Example:
        >>> import recount
        >>> record = recount.open()
        >>> draft = record.draft_claim("so far, the program has deported over 140,000 people")
        >>> draft.proposals()[0].measure.measure, draft.suggestion("asserts")
        ('people_removed', 'over 140,000')
        >>> draft = draft.answer("said_by", "An article").answer("said", "2011-11-30").answer("type", "quantity")
        >>> draft = draft.answer("measure", "people_removed").answer("where", "country=US")
        >>> draft.answer("asserts", "over 140,000").answer("period", "so_far").so_far().headline
        'supported'
    """

    record: OpenRecord
    answers: Answers
    language: Language = "en"

    @functools.cached_property
    def drafting(self) -> Drafting:
        """How sentences are read, and the words of drafting."""
        return load_drafting(self.record.catalog)

    @functools.cached_property
    def sentence(self) -> Sentence:
        """What can be read in the statement."""
        catalog = self.record.catalog
        states = {
            text: code.label.en
            for code in catalog.codes["states"].codes
            for text in (code.label.en, code.label.es)
        }
        text = self.answers.get("statement", "")
        return read_sentence(text, self.drafting, catalog.wording, self.record.book.places.spelled, states)

    @functools.cached_property
    def _proposals(self) -> list[Proposal]:
        catalog = self.record.catalog
        offered = offer_measures(self.sentence, catalog, self.drafting)
        return offered or propose_measures(self.sentence, catalog, self.drafting)[: self.drafting.proposed]

    def proposals(self) -> list[Proposal]:
        """Returns the measures that may speak of the statement, the likeliest first."""
        return list(self._proposals)

    def _with(self, answers: Answers) -> ClaimDraft:
        """The draft with other answers; what was read of the same statement is not read again."""
        draft = replace(self, answers=answers)
        same = answers.get("statement") == self.answers.get("statement")
        for name in ("drafting", *(("sentence", "_proposals") if same else ())):
            if name in self.__dict__:
                draft.__dict__[name] = self.__dict__[name]
        return draft

    def forks(self) -> Sequence[Fork | EventFork]:
        """Returns the choices of the measure that was answered."""
        measure = find_measure(self.answers["measure"], self.record.catalog)
        return [] if measure is None else list(measure.forks)

    @property
    def next_step(self) -> Step | None:
        """What is asked next; `None` where everything is answered."""
        return next_step(self.answers)

    def ask(self, step: Step) -> str:
        """Returns the question of a step."""
        return self.drafting.say(f"ask_{step.key}", self.language, choices=", ".join(TYPES))

    def missing(self) -> list[Step]:
        """Returns what is still to be answered: what must be, and what may be empty but was read in the sentence."""
        answers, found = dict(self.answers), []
        while (step := next_step(answers)) is not None:
            read = self._with(answers).suggestion(step.key)
            if read is not None or not step.may_be_empty:
                found.append(step)
            answers[step.key] = read or ""
        return found

    def suggestion(self, key: str) -> str | None:
        """Returns what the statement, or an earlier answer, suggests for a step: offered, and never taken by itself."""
        given = self.answers
        if key == "name":
            return _slug(given.get("title") or given.get("statement", "")) or None
        if key == "title":
            return given.get("statement", "")[:_TITLE_LENGTH].rstrip(" .").strip() or None
        if key == "appeared":
            return given.get("said", "").rpartition("..")[2].strip() or None
        if key == "where":
            return self._suggest_place()
        if key == "period":
            return self._suggest_period()
        read: Mapping[str, str | None] = {
            "statement_language": self.sentence.language if given.get("statement") else None,
            "type": self.sentence.type,
            "measure": next((each.measure.measure for each in self.proposals()), None),
            "asserts": self.sentence.asserts,
            "asserts_reason": self.sentence.asserts_reason
            if given.get("asserts") == self.sentence.asserts
            else None,
            "end": "highest",
            "top": "1",
            "of": "growth",
        }
        return read.get(key)

    @property
    def asks_records(self) -> bool:
        """Whether the measure answered counts individual records."""
        return is_of_records(self.answers.get("measure"), self.record.catalog)

    def _suggest_place(self) -> str | None:
        if self.asks_records:
            return suggest_where(self.answers, self.sentence, self.record.catalog)
        measure = self.record.catalog.measures.get(self.answers.get("measure", ""))
        if measure is None or measure.statistic is not None:
            return None
        for kind in ("jurisdiction", "state"):
            named = [name for one, name in self.sentence.places if one == kind]
            if len(named) == 1:
                return f"{kind}={named[0]}"
        return None if self.sentence.places else "country=United States"

    def _suggest_period(self) -> str:
        if self.asks_records:
            return "span"
        measure = self.record.catalog.measures.get(self.answers.get("measure", ""))
        years = self.sentence.fiscal_years
        if self.sentence.exact_date is not None:
            return self.sentence.exact_date.isoformat()
        if len(years) == 1 and measure is not None and measure.period == "fiscal_year_to_date":
            return fiscal_year_end(years[0]).isoformat()
        return "so_far"

    def answer(self, key: str, text: str) -> ClaimDraft:
        """Returns the draft with one more answer.

        Raises:
            UsageError: where it is no answer to that, with what would be, or the claim so far cannot be asked.
        """
        if key not in KEYS:
            raise UnknownNameError("step", key, KEYS)
        given = text.strip()
        steps = [each for each in STEPS if each.key == key]
        called_for = [each for each in steps if each.belongs(self.answers)] or steps
        if not given and not any(each.may_be_empty for each in called_for):
            raise UsageError(f"{steps[0].option} needs an answer.")
        if given:
            given = self._read(key, given)
        elif key == "where" and self._is_asked_by_place():
            raise UsageError(
                "That measure is printed by place: name one.",
                [("example", 'country=US, state=MA, or jurisdiction="Suffolk County, MA"')],
            )
        draft = self._with({**self.answers, key: given})
        draft._probe()  # what cannot be asked is answered at its own step
        return draft

    def _is_asked_by_place(self) -> bool:
        measure = self.record.catalog.measures.get(self.answers.get("measure", ""))
        return (
            measure is not None
            and measure.statistic is None
            and self.answers.get("type") in ("quantity", "print")
        )

    def _read(self, key: str, given: str) -> str:
        catalog = self.record.catalog
        if key == "measure":
            proposals = self.proposals()
            if given.isdigit() and 0 < int(given) <= len(proposals):
                return proposals[int(given) - 1].measure.measure
            return given if find_measure(given, catalog) is not None else catalog.measure(given).measure
        if key == "rests_on" and given not in self.record.record.releases:
            known = self.record.record.releases
            raise UnknownNameError("release", given, known, [("list", "recount list releases")])
        if key in CHECKS:
            CHECKS[key](given)
        if key == "where" and "measure" in self.answers and self.answers.get("type") in ("quantity", "print"):
            if self.asks_records:
                refuse_days(self.record, self.answers["measure"], read_pairs_of(given, key))
            else:
                self.record.measure(self.answers["measure"]).where(**read_pairs_of(given, key)).result()
        if key == "reading" and "measure" in self.answers:
            for fork, options in read_readings(given).items():
                for option in options:
                    refuse_reading(self.record, self.answers["measure"], {fork: option})
        return given

    # The claim

    def as_values(self) -> dict[str, Any]:
        """Returns the claim as values of its YAML.

        Raises:
            UsageError: naming each answer that is still missing, by its option.
        """
        return _values(self.whole().answers, self.record.claim)

    def whole(self) -> ClaimDraft:
        """Returns the draft with nothing left to ask: what may be empty, and was neither given nor read, is.

        Raises:
            UsageError: naming each answer that is still missing, or that belongs to another type, by its option.
        """
        if self.missing():
            raise UsageError("The claim is not whole yet: these are missing.", self.missing_facts())
        draft = self
        while (step := draft.next_step) is not None:
            draft = draft._with({**draft.answers, step.key: ""})
        for key, text in draft.answers.items():
            if text and not any(each.key == key and each.belongs(draft.answers) for each in STEPS):
                option = next(each.option for each in STEPS if each.key == key)
                raise UsageError(
                    f"{option} does not belong to this claim.",
                    [("fix", f"leave it out: the claim is a {draft.answers['type']}")],
                )
        return draft

    def missing_facts(self) -> list[tuple[str, str]]:
        """Returns, by option, what is missing and what was read for it."""
        facts = []
        for each in self.missing():
            asked = self.ask(each)
            read = self.suggestion(each.key)
            facts.append((each.option, asked if read is None else f"{asked} [{read}]"))
        return facts

    def claim(self) -> Claim:
        """Returns the claim, every name in it known.

        Raises:
            UsageError: where an answer is missing.
            ClaimFileError: where the answers do not make a claim.
        """
        return self._build(self.as_values())

    def check(self) -> Verdict:
        """Returns the verdict on the claim."""
        return self.record.check(self.claim())

    def so_far(self) -> Verdict | None:
        """Returns the verdict that the answers so far give, `None` where they assert nothing yet that can be held."""
        return self._probe()

    def to_yaml(self, file: str = "claim.yml") -> str:
        """Returns the claim as the text of a YAML file with comments."""
        return claim_as_yaml(self.as_values(), file, self.drafting, self.language)

    def write(self, path: Path | str, *, force: bool = False) -> Path:
        """Writes the claim to a file that `recount check` reads, beside and then swapped in.

        Raises:
            UsageError: where an answer is missing, the place cannot be written, or a file stands there (`force`
                replaces it).
            ClaimFileError: where the answers do not make a claim; nothing is written then.
        """
        target = Path(path)
        refuse_to_overwrite(target, force=force)
        text = self.to_yaml(target.name)
        self._build(self.as_values())
        try:
            with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as beside:
                written = Path(beside) / target.name
                written.write_text(text, encoding="utf-8")
                self.record.claim(written)
                written.replace(target)
        except OSError as unwritable:
            raise UsageError(
                f"{target} cannot be written: {unwritable.strerror}.",
                [("fix", "choose another place (--to)")],
            ) from unwritable
        return target

    def _build(self, values: Mapping[str, Any]) -> Claim:
        text = claim_as_yaml(values, _PROBE, self.drafting, self.language)
        document = parse_yaml(text, _PROBE, ClaimFileError)
        claim = build_model(Claim, document, ClaimFileError)
        refuse_unknown_names(claim, document, self.record.book)
        return claim

    def _probe(self) -> Verdict | None:
        values = self._stand_in()
        if values is None:
            return None
        try:
            return self.record.check(self._build(values))
        except ClaimFileError as wrong:
            facts = [("so far", text) for _, text in wrong.facts]
            raise UsageError("That cannot be asked.", facts) from wrong

    def _stand_in(self) -> dict[str, Any] | None:
        """The claim so far, with stand-ins for what no verdict turns on; `None` where what it turns on is missing."""
        stand_ins = {
            "period": self._suggest_period() if self.asks_records else "so_far",
            "fit": "near",
            "statement_language": self.sentence.language,
            "name": _PROBE,
        }
        answers = dict(self.answers)
        while (step := next_step(answers)) is not None:
            if step.key in TURNING and not (step.key == "rests_on" and step.may_be_empty):
                return None
            stand_in = answers["said"].rpartition("..")[2] if step.key == "appeared" else _STAND_IN
            answers[step.key] = "" if step.may_be_empty else stand_ins.get(step.key, stand_in)
        return _values(answers, self.record.claim)


def refuse_to_overwrite(target: Path, *, force: bool) -> None:
    """Refuses a place where a file stands, unless it is to be replaced.

    Raises:
        UsageError: where something stands there.
    """
    if target.exists() and not force:
        raise UsageError(
            f"{target} is there already.", [("fix", "choose another place (--to), or --force replaces it")]
        )


def _values(answers: Answers, claim_called: Callable[[str], Claim]) -> dict[str, Any]:
    appeared = {"title": answers["appeared_title"], "publisher": answers["publisher"]}
    dated = read_said(answers["appeared"], None)["to"]
    values: dict[str, Any] = {
        "claim": answers["name"],
        "title": answers["title"],
        "statement": answers["statement"],
        "statement_language": answers["statement_language"],
        "said_by": answers["said_by"],
        "said": read_said(answers["said"], answers.get("said_basis")),
        "appeared": {**appeared, "date": dated, **({"url": answers["url"]} if answers["url"] else {})},
    }
    if answers.get("rests_on"):
        values["rests_on"] = {"release": answers["rests_on"], "basis": answers["rests_on_basis"]}
    values["asserts"] = asserts_of(answers, claim_called)
    if answers["caveat"]:
        values["caveats"] = [each.strip() for each in answers["caveat"].split("\n") if each.strip()]
    return values


def _slug(text: str) -> str:
    plain = "".join(
        each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each)
    )
    words = re.findall(r"[a-z0-9]+", plain.replace(",", ""))
    return "-".join(words[:6])
