"""What holds for a claim once editors have spoken: their verdict wins, what they dropped is left out."""

from __future__ import annotations

from collections.abc import Iterator

from factcheck import history
from factcheck.models import Assessment, Decision, Note, Verdict

FAILED = "failed"
OF_VERDICTS = ("verdict", "correction", "recheck")  # decisions whose value is a verdict
ORDER = (*(v.value for v in Verdict), FAILED)


def signature(note: Note) -> history.Signature | None:
    """Who stands for the note as it is now, and since when. What was decided or changed after a
    signature asks for a new one, and so does a history that does not hold."""
    found = history.signed(note)
    return found if found and found.stands else None


def verdict(note: Note, a: Assessment) -> str:
    """The verdict that holds: an editor's, else the machine's, else "failed"."""
    own = note.decided(a.claim.id, "verdict")
    if own and own.value in ORDER:
        return own.value
    return str(a.verdict) if a.verdict else FAILED


def dropped(note: Note, a: Assessment) -> bool:
    """An editor left the claim out of what is published."""
    return note.decided(a.claim.id, "drop") is not None


def decisions(note: Note, a: Assessment) -> tuple[Decision, ...]:
    """All that editors decided on a claim, oldest first."""
    return tuple(d for d in note.decisions if d.claim == a.claim.id)


def on_note(note: Note) -> tuple[Decision, ...]:
    """What was said or done about the note as a whole, oldest first, without the signatures."""
    return tuple(d for d in note.decisions if not d.claim and d.kind != "sign")


def published(note: Note) -> Iterator[tuple[Assessment, str]]:
    """The claims of the published note with the verdict that holds: neither dropped nor failed."""
    for a in note.assessments:
        if not dropped(note, a) and (v := verdict(note, a)) != FAILED:
            yield a, v


def why(a: Assessment) -> str:
    """The explanation in one piece, without what was struck."""
    return " ".join(s.text for s in a.rationale if s.status != "struck")
