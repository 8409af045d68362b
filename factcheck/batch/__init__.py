"""Many articles: one note each in a folder, a journal of what is done, and an index of all.

    DIR/NAME.json          the note; other formats beside it
    DIR/journal.jsonl      see `batch.journal`
    DIR/index.json         what `rows` gives

Only the process that was started writes into the folder; hands check and hand over.
"""

from __future__ import annotations

import hashlib
import json
import queue
import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from factcheck import history
from factcheck.batch.hands import Hand, Made
from factcheck.batch.inputs import identity, is_address, names
from factcheck.batch.journal import Journal, Outcome
from factcheck.desk import dumped
from factcheck.errors import FactcheckError, InputError, NoteError, UsageError
from factcheck.files import write_whole
from factcheck.restore import note_from_json

__all__ = ["Batch", "Outcome", "worst"]
_LOOK = 0.2  # seconds between looks at whether to stop
_WORST = (130, 6, 5, 4, 3, 2, 1, 0)
Told = Callable[[Outcome, int, int], None]
Written = Callable[[dict[str, Any], str], str | bytes]


class Batch:
    """The articles of one run, and the folder that their notes go to.

    `written(note, format)` gives a note, as JSON, in another format. Raises UsageError for a folder
    that holds a batch already, unless it is taken up again (`resume`).
    """

    def __init__(
        self,
        folder: Path,
        sources: Sequence[str],
        *,
        resume: bool = False,
        formats: Sequence[str] = ("json",),
        written: Written = lambda note, _: dumped(note),
    ) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"cannot make the folder {folder}: {error.strerror or error}",
                hint="Choose another place with -o.",
            ) from error
        self.folder, self.sources = folder, list(sources)
        self._formats = [f for f in formats if f != "json"]
        self._written = written
        self.journal = Journal(folder)
        if self.journal.outcomes and not resume:
            raise UsageError(
                f"{folder} holds an earlier batch",
                hint="Go on with it with --resume, or choose another folder.",
            )
        self._stopped = False
        there = [p.stem for p in folder.glob("*.json")]
        self._names = names(self.sources, self.journal.names, there)

    def stop(self) -> None:
        """Begin nothing more; what is done is kept."""
        self._stopped = True

    def run(self, hands: Callable[[], Sequence[Hand]], told: Told) -> list[Outcome]:
        """Check what is not done yet; the outcome of every source, in order.

        `hands` are only asked for when there is something to do. `told` hears of each outcome, with
        how many there are by then and in all.
        """
        with self.journal.held():
            self.journal.plan({identity(s): self._names[s] for s in self.sources})
            hashes = {s: _sha256(s) for s in self.sources}
            settled = {s: d for s in self.sources if (d := self._done(s, hashes[s]))}
            first = {hashes[s]: self._names[s] for s in reversed(settled) if hashes[s]}
            todo: deque[str] = deque()
            for source, sha256 in hashes.items():
                if source in settled:
                    continue
                if same := first.get(sha256):
                    settled[source] = self._ended(source, "duplicate", sha256, same_as=same)
                elif self._decided(source):
                    settled[source] = self._ended(source, "kept", sha256, error=_KEPT)
                else:
                    todo.append(source)
                    if sha256:
                        first[sha256] = self._names[source]
            for source in settled:
                told(settled[source], len(settled), len(self.sources))
            if todo:
                self._work(todo, list(hands()), settled, told)
            return [settled[s] for s in self.sources]

    def _work(
        self, todo: deque[str], hands: Sequence[Hand], settled: dict[str, Outcome], told: Told
    ) -> None:
        orders: queue.SimpleQueue[str] = queue.SimpleQueue()
        made: queue.SimpleQueue[tuple[str, Made]] = queue.SimpleQueue()
        running, spent = 0, False

        def work(hand: Hand) -> None:
            while True:
                source = orders.get()
                made.put((source, hand.check(source)))

        for hand in hands:  # daemons: a second Ctrl-C does not wait for them
            threading.Thread(target=work, args=(hand,), daemon=True).start()
        try:
            while True:
                while todo and running < len(hands) and not (self._stopped or spent):
                    orders.put(todo.popleft())
                    running += 1
                if not running:
                    break
                if self._stopped:
                    for hand in hands:  # again and again: one may just have begun
                        hand.stop()
                try:
                    source, result = made.get(timeout=_LOOK)
                except queue.Empty:
                    continue
                running -= 1
                settled[source] = outcome = self._settle(source, result, settled)
                spent = spent or outcome.code == 6
                told(outcome, len(settled), len(self.sources))
        finally:
            for hand in hands:
                hand.close()
        for source in todo:
            why = "interrupted" if self._stopped else "the budget was reached"
            settled[source] = self._ended(
                source, "waiting", code=130 if self._stopped else 6, error=f"not begun: {why}"
            )

    # ------------------------------------------------------------ one article

    def _settle(self, source: str, made: Made, settled: Mapping[str, Outcome]) -> Outcome:
        """Write a note, then its line in the journal."""
        if made.note is None:
            return self._ended(source, "failed", code=made.code, error=made.error, hint=made.hint)
        sha256 = str(made.note["article"]["sha256"])
        if is_address(source):
            for other in settled.values():
                if other.sha256 == sha256 and other.state == "done":
                    return self._ended(source, "duplicate", sha256, same_as=other.name)
        try:
            write_whole(self._file(source), dumped(made.note))
            self._others(source, made.note)
        except FactcheckError as error:
            return self._ended(
                source, "failed", sha256, code=error.exit_code, error=str(error), hint=error.hint
            )
        state = "partial" if made.code else "done"
        return self._ended(source, state, sha256, code=made.code, error=made.error, hint=made.hint)

    def _others(self, source: str, note: dict[str, Any], *, missing: bool = False) -> None:
        """The note in the other formats that were asked for."""
        for format in self._formats:
            path = self.folder / f"{self._names[source]}.{format}"
            if missing and path.exists():
                continue
            data = self._written(note, format)
            if isinstance(data, bytes):
                write_bytes(path, data)
            else:
                write_whole(path, data)

    def _done(self, source: str, sha256: str) -> Outcome | None:
        """The outcome of an earlier run, where it still holds: same article, its note in place."""
        known = self.journal.outcomes.get(identity(source))
        if known is None or known.state != "done" or known.sha256 != (sha256 or known.sha256):
            return None
        note = _json(self._file(source))
        if note is None:
            return None
        self._others(source, note, missing=True)
        return replace(known, source=source)

    def _decided(self, source: str) -> bool:
        """An editor has worked on a note of that name: it is not replaced."""
        note = _json(self._file(source))
        return bool(note and note.get("decisions"))

    def _ended(self, source: str, state: str, sha256: str = "", **more: Any) -> Outcome:
        outcome = Outcome(
            source=source, identity=identity(source), name=self._names[source], state=state,
            sha256=sha256, **more,
        )  # fmt: skip
        self.journal.add(outcome)
        return outcome

    def _file(self, source: str) -> Path:
        return self.folder / f"{self._names[source]}.json"

    # ------------------------------------------------------------ the index

    def rows(self, outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
        """One row an article, of its note as it is now (an editor may have signed it since)."""
        return [_row(o, _json(self.folder / f"{o.same_as or o.name}.json")) for o in outcomes]


_KEPT = "an editor has decided on its note, which was not replaced"


def worst(outcomes: Sequence[Outcome]) -> int:
    """The exit code of a batch: interrupted before budget, service, input, nothing."""
    codes = {o.code for o in outcomes}
    return next((code for code in _WORST if code in codes), 0)


def _row(outcome: Outcome, note: dict[str, Any] | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "source": _text(outcome.source),
        "state": outcome.state,
        "code": outcome.code,
        "error": _text(outcome.error),
        "hint": _text(outcome.hint),
        "same_as": outcome.same_as or None,
        "note": f"{outcome.same_as or outcome.name}.json" if note else None,
    }
    if note is None:
        return row
    article, claims = note["article"], note["claims"]
    verdicts, signed = _standing(note)
    return row | {
        "title": article["title"],
        "outlet": article["outlet"],
        "published": article["published"],
        "language": article["language"],
        "claims": verdicts.total(),
        "verdicts": dict(verdicts),
        "flags": dict(Counter(f for c in claims for f in c["flags"]).most_common()),
        "complete": note["complete"],
        "signed": signed.by if signed else None,
        "since_signed": signed.changed if signed else "",
    }


def _standing(data: dict[str, Any]) -> tuple[Counter[str], history.Signature | None]:
    """The verdicts that hold in a note, an editor's before the machine's and without what was left
    out, and who signed it."""
    counts = Counter(str(c["verdict"] or "failed") for c in data["claims"])
    if not data.get("decisions"):
        return counts, None
    try:
        note = note_from_json(data)
    except NoteError:  # `factcheck verify` says what is wrong with it
        return counts, None
    counts = Counter()
    for a in note.assessments:
        own = note.decided(a.claim.id, "verdict")
        if note.decided(a.claim.id, "drop") is None:
            counts[own.value if own else str(a.verdict or "failed")] += 1
    return counts, history.signed(note)


def _sha256(source: str) -> str:
    """The hash of a file's bytes; "" for an address and for what cannot be read."""
    if is_address(source):
        return ""
    try:
        with Path(source).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _json(path: Path) -> dict[str, Any] | None:
    """A note's JSON, or None where there is none that is whole."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    whole = isinstance(data, dict) and {"article", "claims", "complete"} <= data.keys()
    return data if whole else None


def _text(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def write_bytes(path: Path, data: bytes) -> None:
    """Write bytes by way of a temporary file. Raises InputError."""
    spare = path.with_name(f".{path.name}.part")
    try:
        spare.write_bytes(data)
        spare.replace(path)
    except OSError as error:
        raise InputError(
            f"cannot write {path}: {error.strerror or error}", hint="Choose another folder."
        ) from error
