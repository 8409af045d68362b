"""What `factcheck recheck` does, note by note: nothing is kept in memory that was printed."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from factcheck.cli.app import one_line


@dataclass(frozen=True, slots=True)
class Work:
    """A note to look at: whole, or only what the `news` for its claims bear on, and, where it is
    `shaken`, what rests on reports that are gone."""

    path: Path
    news: Mapping[str, Sequence[Any]] | None = None
    shaken: bool = False


class Rechecks:
    """One run over many notes. A note that is broken does not stop the rest."""

    def __init__(
        self,
        checker: Any,
        terminal: Any,
        bar: Any,
        *,
        update: bool,
        by: str,
        text: bool,
        anew: bool = False,
    ) -> None:
        self.checker, self.terminal, self.bar = checker, terminal, bar
        self.update, self.by, self.text, self.anew = update, by, text, anew
        self.code, self.changed = 0, 0
        self._stopped = False
        self._claims = self._notes = self._written = self._unfounded = 0
        self._broken: list[tuple[str, str]] = []
        self._rows: list[dict[str, Any]] = []
        self._asked: dict[str, Any] = {}
        self._index: Any = None  # of the folder's notes, with what was read of their claims

    def stop(self) -> None:
        self._stopped = True
        self.checker.stop()

    def folder(self, folder: Path, since: date | None) -> None:
        """All notes of a folder, or those that what came in since then concerns."""
        from factcheck import news
        from factcheck.noteindex import NoteIndex

        store = self.checker.store
        with NoteIndex(folder, self.checker.settings.cache, store.embedder) as notes:
            broken = notes.refresh(lambda a, b: self.bar.update("Reading notes", a, b))
            for path, problem in broken:
                self._failed(str(notes.path(path)), problem, 4)
            every = notes.names()
            if since is None:
                work = [Work(notes.path(p)) for p in every]
            else:
                reports = news.new_reports(store, since)
                found = news.concerned(
                    notes,
                    store,
                    reports,
                    rules=self.checker.analyst.model is None,
                    progress=lambda a, b: self.bar.update("Looking at claims", a, b),
                )
                shaken = news.shaken(notes, store)
                chosen = sorted(shaken | found.keys())
                work = [Work(notes.path(p), found.get(p, {}), p in shaken) for p in chosen]
                self._asked = {"reports": len(reports), "notes": len(every), "looked_at": len(work)}
                if self.text:
                    they = "it concerns" if len(reports) == 1 else "they concern"
                    self.terminal.write(
                        f"{_many(len(reports), 'report')} since {since}; {they}"
                        f" {len(work)} of {_many(len(every), 'note')}."
                    )
            self._index = notes
            self.run(work)

    def run(self, work: Sequence[Work]) -> None:
        from factcheck.errors import FactcheckError
        from factcheck.evidence import kept_at_the_end

        with kept_at_the_end(self.checker.store.shelf):
            for n, one in enumerate(work):
                if self._stopped:
                    self._failed(f"{len(work) - n} notes", "not rechecked: interrupted", 130)
                    return
                try:
                    self._one(one)
                except FactcheckError as error:
                    self._failed(str(one.path), str(error), error.exit_code)
                self.bar.update("Checking notes again", n + 1, len(work))

    def _one(self, work: Work) -> None:
        from factcheck import desk, standing
        from factcheck.report import desk as told

        path, claims = work.path, None
        name = self._index.name(path) if self._index else ""
        known = self._index.sha256(name) if name else ""
        file = desk.read(path, self.checker.store.reference, known)
        if work.news is not None:
            claims = set(work.news)
            if work.shaken:
                claims |= standing.lost(self.checker.store, file.note)
        if known == file.sha256:
            self._index.remember(name, file.note, claims)
        result = standing.recheck(self.checker, file.note, claims, work.news)
        self._notes += 1
        self._claims += result.checked
        written = bool(self.update and (result.changes or (self.anew and result.unfounded)))
        note = file.note
        if written:
            note = standing.updated(self.checker, result, self.by, unfounded=self.anew)
            desk.write(file, note)
            self._written += 1
        self.changed += bool(result.changes)
        self._unfounded += bool(result.unfounded)
        for id, error in result.failed:
            kinds = {f.kind for f in self.checker.analyst.faults()}
            code = 130 if "interrupted" in kinds else 6 if "budget" in kinds else 5
            self._failed(f"{path}, {id}", error, code)
        if not self.text:
            self._rows.append(
                {
                    "note": str(path),
                    "checked": result.checked,
                    "changes": [_plain(c, result.how) for c in result.changes],
                    "read_otherwise": [_plain(c, result.how) for c in result.unfounded],
                    "failed": [{"claim": c, "error": e} for c, e in result.failed],
                    "analysed_then_by": result.otherwise or None,
                    "written": written,
                }
            )
            return
        if not result.changes and not result.unfounded:
            return
        self.terminal.write(one_line(f"{path}: {told.signature(note)}"))
        if result.otherwise:
            self.terminal.write(f"  checked then by {one_line(result.otherwise)}")
        labels = self.checker.settings.newsroom.labels
        for change in result.changes:
            for line in told.moved(change, self.terminal.width, labels):
                self.terminal.write(line)
        if result.unfounded:
            taken = "taken over" if written and self.anew else "it stays as it is"
            self.terminal.write(f"  {standing.UNFOUNDED.capitalize()}; {taken}:")
        for change in result.unfounded:
            for line in told.moved(change, self.terminal.width, labels):
                self.terminal.write(line)

    def _failed(self, where: str, what: str, code: int) -> None:
        self._broken.append((where, what))
        order = (0, 4, 5, 6, 130)
        self.code = max(self.code, code, key=lambda c: order.index(c) if c in order else 2)

    def finish(self) -> None:
        """The totals, and what could not be rechecked."""
        if not self.text:
            data = {
                "notes": self._rows,
                "problems": [{"where": w, "what": p} for w, p in self._broken],
                **({"since_refs": self._asked} if self._asked else {}),
            }
            text = json.dumps(data, ensure_ascii=False, indent=2, default=str)
            self.terminal.data(text.encode("utf-8", "replace").decode())
            return
        from factcheck import standing
        from factcheck.report import desk as told

        line = f"{_many(self._notes, 'note')}, {_many(self._claims, 'claim')} checked again: "
        line += f"{_many(self.changed, 'note')} changed." if self.changed else "nothing changed."
        if self._unfounded:
            kinds = "claims are" if self._claims != 1 else "the claim is"
            line += f" In {_many(self._unfounded, 'note')} {kinds} {standing.UNFOUNDED}"
            line += "." if self.anew else " (--update --anew takes that over)."
        if self.changed and not self.update:
            line += " Nothing was written; --update does."
        elif self._written:
            line += f" Written: {self._written}, each to be signed again."
        for out in told.block("", line, self.terminal.width):
            self.terminal.write(out)
        for where, what in self._broken:
            shown = what if what.startswith(where) else f"{where}: {what}"
            self.terminal.warn(shown)


def _plain(change: Any, how: Mapping[str, str]) -> dict[str, Any]:
    return {**dataclasses.asdict(change), "how": how[change.claim]}


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
