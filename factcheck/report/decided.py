"""What editors signed and decided, told in the note's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from factcheck import history
from factcheck.models import Assessment, Decision, Note
from factcheck.report import ruling, told
from factcheck.text.scrub import one_line
from factcheck.wording import table


@dataclass(frozen=True, slots=True)
class Ruled:
    """A decision in words; `value` is a verdict's name, a remark, or empty."""

    kind: str
    value: str
    by: str
    at: str
    reason: str

    def line(self, clean: Callable[[str], str] = str) -> str:
        """The whole decision on one line: "correction: Disputed — why (who, day)"."""
        head = clean(f"{self.kind}: {self.value}" if self.value else self.kind)
        why = f" — {clean(self.reason)}" if self.reason else ""
        return f"{head}{why} ({clean(', '.join(x for x in (self.by, self.at) if x))})"


def banner(note: Note, clean: Callable[[str], str] = one_line) -> str:
    """Who stands for the note; or that it is a draft, and what was done to it since it was signed."""
    page, since = table(note.language)["page"], table(note.language, "page")["since"]
    found = history.signed(note)
    if found is None:
        return str(page["draft"])
    by, at = clean(found.by), clean(told.moment(found.at, note.language))
    if found.stands:
        return str(page["signed"].format(by=by, at=at))
    done = ", ".join(dict.fromkeys(since.get(kind, since["change"]) for kind in found.since))
    return str(since["draft"].format(by=by, at=at, changed=done))


def on_claim(note: Note, a: Assessment, names: Mapping[str, str]) -> tuple[Ruled, ...]:
    """All that was decided on a claim, oldest first; `names` are the verdicts' names."""
    return tuple(_ruled(note, ruling.decisions(note, a), names))


def on_note(note: Note) -> tuple[Ruled, ...]:
    """What was corrected or changed in the note as a whole, oldest first."""
    return tuple(_ruled(note, ruling.on_note(note), {}))


def beside_summary(note: Note) -> str:
    """Where the summary, which is the program's, says something else than the editors; else ""."""
    words = table(note.language, "page")["html"]
    other, dropped = [], []
    for a in note.assessments:
        if ruling.dropped(note, a):
            dropped.append(a.claim.id)
        elif ruling.verdict(note, a) != (a.verdict or ruling.FAILED):
            other.append(a.claim.id)
    told_ = [
        words[key].format(claims=one_line(", ".join(ids)))
        for key, ids in (("summary_decided", other), ("summary_dropped", dropped))
        if ids
    ]
    return " ".join([words["summary_machine"], *told_]) if told_ else ""


def _ruled(note: Note, decisions: Sequence[Decision], names: Mapping[str, str]) -> Iterator[Ruled]:
    kinds = table(note.language, "page")["decision"]
    for d in decisions:
        value = names.get(d.value, d.value) if d.kind in ruling.OF_VERDICTS else d.value
        yield Ruled(
            kind=kinds.get(d.kind, one_line(d.kind)),
            value=one_line(value),
            by=one_line(d.by),
            at=told.written(d.at, note.language),
            reason=one_line(d.reason),
        )
