"""An editor's decisions as a chain: nothing that was decided can be changed or taken out unseen.

Each entry carries the hash of the one before it (`previous`) and of itself (`hash`); a signature
also that of what was signed (`content`): article, ledger, claims with their citations, references
and summary. What is decided after a signature is added to it, and the note counts as signed again
when it is signed again.

The hashes need no key. They show a change by hand or by accident, and who rewrites the whole chain
can only be found out by somebody who kept the last hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from factcheck.errors import UsageError
from factcheck.models import Decision, Note, Verdict
from factcheck.notefile import Problem

_SIGNED = ("article", "ledger", "claims", "summary", "references")
_SEALS = ("sign", "recheck", "change")  # entries that speak for the note's content
BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who stands for a note, since when. `since`: the kinds of what was done after it, or BROKEN where
    the history does not hold; empty while the signature stands."""

    by: str
    at: str
    since: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        return not self.since

    @property
    def changed(self) -> str:
        """What came after, in words; "" while it stands."""
        return " and ".join(dict.fromkeys(_DONE.get(kind, "decided on") for kind in self.since))


def append(note: Note, decision: Decision) -> Note:
    """The note with one more entry, bound to those before it.

    A verdict on a note that was signed before becomes a correction, which keeps what stood. Raises
    UsageError for a decision that cannot stand: a correction without a reason, a signature without
    a name, on claims that have no verdict and were neither decided nor dropped, or on a history
    that was tampered with. A note that was changed by hand after it was sealed gets an entry that
    says so before it is signed again.
    """
    if decision.kind == "verdict" and _last_signature(note) is not None:
        decision = replace(decision, kind="correction")
    if decision.kind == "sign":
        _signable(note, decision)
        if any(_unsealed(note)):
            note = append(note, Decision(at=decision.at, kind="change", reason=_BY_HAND))
    if decision.kind == "correction":
        if not decision.reason.strip():
            raise UsageError("a correction needs a reason", hint="Say what was wrong, and why.")
        decision = replace(decision, before=decision.before or _standing(note, decision.claim))
    bound = replace(
        decision,
        content=content(note) if decision.kind in _SEALS else "",
        previous=_links(note)[-1] if note.decisions else "",
        hash="",
    )
    return replace(note, decisions=(*note.decisions, replace(bound, hash=_hash(bound))))


def changed(note: Note, what: str, claim: str = "") -> Note:
    """A note whose content was changed: with an entry that says so, if it had been signed."""
    if _last_signature(note) is None:
        return note
    return append(note, Decision(at=now(), kind="change", claim=claim, reason=what))


def signed(note: Note) -> Signature | None:
    """The last signature, and whether it still stands for what the note says now."""
    at = _last_signature(note)
    if at is None:
        return None
    entry, later = note.decisions[at], note.decisions[at + 1 :]
    since = (BROKEN,) if problems(note) else tuple(dict.fromkeys(d.kind for d in later))
    return Signature(entry.by, entry.at, since)


def problems(note: Note) -> list[Problem]:
    """All that does not hold in a note's history."""
    return list(_problems(note))


def undecided(note: Note) -> list[str]:
    """The claims that nobody has an answer to: no verdict, not decided, not dropped."""
    return [
        a.claim.id
        for a in note.assessments
        if a.verdict is None
        and not note.decided(a.claim.id, "verdict")
        and not note.decided(a.claim.id, "drop")
    ]


def content(note: Note) -> str:
    """The hash of what a signature stands for."""
    data = note.to_json()
    return _digest({key: data[key] for key in _SIGNED})


def head(note: Note) -> str:
    """The hash of the last entry, which stands for the whole history; "" where there is none."""
    return _links(note)[-1] if note.decisions else ""


def now() -> str:
    """The time of a decision, ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


_DONE = {
    BROKEN: "the history does not hold",
    "correction": "corrected",
    "recheck": "checked again",
    "change": "changed",
    "drop": "shortened",
    "note": "remarked on",
}


_BY_HAND = "the note was changed outside the program"


def _signable(note: Note, decision: Decision) -> None:
    if not decision.by.strip():
        raise UsageError("a signature needs a name", hint="Say who signs.")
    if broken := next(_tampered(note), None):
        raise UsageError(
            f"the history does not hold, and no signature can mend it: {broken.where}: {broken.what}",
            hint="Sign a copy that `factcheck verify` finds whole, or check the article again.",
        )
    if open_ := undecided(note):
        raise UsageError(
            f"claims without a verdict cannot be signed: {', '.join(open_)}",
            hint="Check them again, decide them yourself, or drop them.",
        )


def _standing(note: Note, claim: str) -> dict[str, Any]:
    """What was published of a claim until now: the editor's verdict, else the machine's."""
    if dropped := note.decided(claim, "drop") if claim else None:
        return {"dropped": True, "by": dropped.by, "reason": dropped.reason}
    if decided := note.decided(claim, "verdict"):
        return {"verdict": decided.value, "by": decided.by, "reason": decided.reason}
    found = next((a for a in note.assessments if a.claim.id == claim), None)
    return {"verdict": str(found.verdict) if found and found.verdict else None} if found else {}


def _last_signature(note: Note) -> int | None:
    found = [n for n, d in enumerate(note.decisions) if d.kind == "sign"]
    return found[-1] if found else None


def _links(note: Note) -> list[str]:
    """The hash of each entry. One that an older version made has none; it is made here."""
    out: list[str] = []
    for d in note.decisions:
        bound = d if d.hash else replace(d, previous=out[-1] if out else "")
        out.append(d.hash or _hash(bound))
    return out


def _problems(note: Note) -> Iterator[Problem]:
    yield from _tampered(note)
    if note.decisions and not note.decisions[-1].hash:
        yield Problem(
            f"history, entry {len(note.decisions)} ({note.decisions[-1].kind})",
            "it carries no hash: written by hand, or by an older version",
        )
    yield from _unsealed(note)


def _tampered(note: Note) -> Iterator[Problem]:
    """Entries that were changed, taken out or moved, or that speak of nothing."""
    links = ["", *_links(note)]
    known = {a.claim.id for a in note.assessments}
    verdicts = {str(v) for v in Verdict}
    for n, d in enumerate(note.decisions, 1):
        where = f"history, entry {n} ({d.kind})"
        if d.hash and d.hash != _hash(d):
            yield Problem(where, "it was changed after it was written")
        elif d.hash and d.previous != links[n - 1]:
            yield Problem(where, "it does not follow the entry before it")
        if d.claim and d.claim not in known:
            yield Problem(where, f"the note has no claim {d.claim}")
        if d.kind == "verdict" and d.value not in verdicts:
            yield Problem(where, f"{d.value} is no verdict")


def _unsealed(note: Note) -> Iterator[Problem]:
    """The last entry that speaks for the note's content, where it is another one now."""
    sealed = [(n, d) for n, d in enumerate(note.decisions, 1) if d.content]
    if sealed and sealed[-1][1].content != content(note):
        n, d = sealed[-1]
        yield Problem(f"history, entry {n} ({d.kind})", "the note's content was changed after it")


def _hash(d: Decision) -> str:
    return _digest({f.name: getattr(d, f.name) for f in fields(d) if f.name != "hash"})


def _digest(value: Any) -> str:
    text = json.dumps(_full(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _full(value: Any) -> Any:
    """A value without its empty fields: one that a later version adds empty changes no hash."""
    if isinstance(value, dict):
        return {k: full for k, v in value.items() if (full := _full(v))}
    if isinstance(value, (list, tuple)):
        return [_full(v) for v in value]
    return value
