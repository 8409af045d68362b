"""Notes in files, as an editor keeps them: read, decided on, and written back whole.

What other programs have added to a note's JSON stays in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from factcheck import history
from factcheck.errors import InputError, NoteError, UsageError
from factcheck.files import read_bytes, write_whole
from factcheck.models import Decision, Note, Reference, Verdict
from factcheck.notefile import LIMIT, json_of
from factcheck.restore import note_from_json

Lookup = Callable[[str], Reference | None]


@dataclass(frozen=True, slots=True)
class NoteFile:
    """A note and the file it came from, byte for byte as it was then."""

    path: Path
    data: bytes
    raw: dict[str, Any]
    note: Note
    sha256: str  # of data


def read(path: Path, lookup: Lookup = lambda _: None, known: str = "") -> NoteFile:
    """Read a note. Raises InputError where there is none, NoteError where it is broken. `known` is
    the hash of the file as it was read before without a fault."""
    data = read_bytes(path, what="a note", limit=LIMIT)
    sha256 = hashlib.sha256(data).hexdigest()
    raw = json_of(data, path)
    try:
        note = note_from_json(raw, lookup)
        if sha256 != known:
            history.content(note)  # what cannot be hashed cannot be signed
    except NoteError as error:
        raise NoteError(f"{path}: {error}", hint=error.hint) from error
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        raise NoteError(
            f"{path}: the note is broken: {error}", hint="Was it changed by hand?"
        ) from error
    return NoteFile(path, data, raw, note, sha256)


def write(file: NoteFile, note: Note) -> None:
    """Write a changed note back. Raises InputError when the file was changed in between."""
    path = file.path.resolve()  # a link stays a link
    if read_bytes(path, what="a note", limit=LIMIT) != file.data:
        raise InputError(
            f"{file.path} was changed by somebody else meanwhile; nothing was written",
            hint="Look at it again, and repeat what you did.",
        )
    write_whole(path, dumped(_merged(file.raw, note.to_json())))


def dumped(raw: Any) -> str:
    """A note's JSON as it stands in a file."""
    text = json.dumps(raw, ensure_ascii=False, indent=2)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # half a letter, that some other program wrote as an escape
        text = json.dumps(raw, indent=2)
    return text + "\n"


def _merged(old: Any, new: Any) -> Any:
    """The new values, with the fields of the old that are not ours."""
    if isinstance(old, dict) and isinstance(new, dict):
        return {k: _merged(old[k], v) if k in old else v for k, v in new.items()} | {
            k: v for k, v in old.items() if k not in new
        }
    if isinstance(old, list) and isinstance(new, list):
        known = {x["id"]: x for x in old if isinstance(x, dict) and "id" in x}
        if known:
            return [_merged(known.get(x["id"], {}), x) if "id" in x else x for x in new]
    return new


# ---------------------------------------------------------------- what an editor types


@dataclass(frozen=True, slots=True)
class Orders:
    """Decisions as they are typed: `3=disputed:reason`, `4:reason`."""

    verdicts: Sequence[str] = ()
    dropped: Sequence[str] = ()
    remarks: Sequence[str] = ()
    corrections: Sequence[str] = ()

    def __bool__(self) -> bool:
        return any((self.verdicts, self.dropped, self.remarks, self.corrections))


def decide(note: Note, orders: Orders, by: str, labels: Mapping[str, str] | None = None) -> Note:
    """The note with the decisions added, all or none. A verdict may be typed as the newsroom calls it
    (`labels`, by verdict). Raises UsageError for what cannot be read."""
    named = _named(labels or {})
    at = history.now()
    made: list[Decision] = []
    for text in orders.verdicts:
        claim, value, reason = _verdict(note, text, "--decision", named)
        made.append(Decision(at=at, kind="verdict", claim=claim, value=value, reason=reason))
    for text in orders.dropped:
        claim, reason = _on_claim(note, text, "--drop")
        made.append(Decision(at=at, kind="drop", claim=claim, reason=reason))
    for text in orders.remarks:
        claim, remark = _on_claim(note, text, "--remark")
        made.append(Decision(at=at, kind="note", claim=claim, value=remark))
    for text in orders.corrections:
        if text.partition(":")[0].strip().lower() == "note":
            told = _clean(text.partition(":")[2])
            made.append(Decision(at=at, kind="correction", reason=told))
            continue
        claim, value, reason = _verdict(note, text, "--correct", named)
        made.append(Decision(at=at, kind="correction", claim=claim, value=value, reason=reason))
    if orders.corrections and history.signed(note) is None:
        raise UsageError(
            "nothing was signed yet that could be corrected", hint="Use --decision instead."
        )
    for decision in made:
        note = history.append(note, replace(decision, by=_clean(by)))
    return note


def sign(note: Note, by: str) -> Note:
    """The note, signed. Raises UsageError where claims are left that nobody answered."""
    return history.append(note, Decision(at=history.now(), kind="sign", by=_clean(by)))


def _named(labels: Mapping[str, str]) -> dict[str, str]:
    """The verdict behind each name that can be typed: its own, or a house label of one verdict only."""
    words = [_typed(word) for word in labels.values()]
    own = {_typed(word): v for v, word in labels.items() if words.count(_typed(word)) == 1}
    return own | {str(v): str(v) for v in Verdict}


def _typed(name: str) -> str:
    return "_".join(name.casefold().split())


def _verdict(note: Note, text: str, option: str, named: Mapping[str, str]) -> tuple[str, str, str]:
    head, colon, reason = text.partition(":")
    which, equals, value = head.partition("=")
    if not (equals and colon and reason.strip()):
        raise UsageError(
            f"{option} `{text}` cannot be read", hint=f"Write {option} 3=disputed:the reason."
        )
    verdict = named.get(_typed(value))
    if verdict is None:
        raise UsageError(
            f"{option} `{text}`: unknown verdict `{value.strip()}`",
            hint=f"One of: {', '.join(sorted(named, key=[*Verdict, *named].index))}.",
        )
    return _claim(note, which, option), verdict, _clean(reason)


def _on_claim(note: Note, text: str, option: str) -> tuple[str, str]:
    which, colon, told = text.partition(":")
    if not (colon and told.strip()):
        raise UsageError(f"{option} `{text}` cannot be read", hint=f"Write {option} 3:the words.")
    return _claim(note, which, option), _clean(told)


def _claim(note: Note, which: str, option: str) -> str:
    id = f"c{which.strip().lower().removeprefix('c')}"
    if all(a.claim.id != id for a in note.assessments):
        raise UsageError(
            f"{option}: the note has no claim `{which.strip()}`",
            hint=f"Its claims are 1 to {len(note.assessments)}.",
        )
    return id


def _clean(text: str) -> str:
    """What was typed, on one line and without halves of letters that a shell may give."""
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
