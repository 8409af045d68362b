"""A conversation about an article, its claims and the collection: what `factcheck chat` is a face on.

    with Checker() as checker:
        c = Conversation(checker)
        c.open("article.txt")
        answer = c.ask("What did the UN say about displacement in November?")
        print(answer.text, answer.citations)
        c.override("c3", "disputed", "two ministries differ", by="night desk")
        c.save("session.json")

Nothing is answered from a model's memory: an answer is made of sentences of stored reports, each
cited, or it says that the collection holds nothing and what was searched.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from factcheck import history
from factcheck.collection import add
from factcheck.errors import InputError, UsageError
from factcheck.files import write_whole
from factcheck.gather import gather
from factcheck.models import (
    Article,
    Assessment,
    Claim,
    ClaimKind,
    Decision,
    Note,
    Reference,
    Usage,
    Verdict,
)
from factcheck.notefile import LIMIT, read_json
from factcheck.pipeline import Checker, Event, also
from factcheck.questions import Answer, Turn, answer
from factcheck.refs import Given
from factcheck.restore import note_from_json
from factcheck.settings import NOTE_LANGUAGES
from factcheck.store import Added, Progress
from factcheck.text.language import identify
from factcheck.text.machine import addresses_machine

SCHEMA = "factcheck.session/1"
_UNDONE = 50  # steps that can be taken back


@dataclass(frozen=True, slots=True)
class Change:
    """What a recheck changed in one claim: the verdict before and now, and the reports that are new.

    `now` is "failed" where the claim could not be judged this time; it then keeps what it had, and
    `error` says why.
    """

    claim: str
    before: str
    now: str
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    error: str = ""

    @property
    def same(self) -> bool:
        return self.before == self.now and not (self.gained or self.lost or self.error)


@dataclass(frozen=True, slots=True)
class Addition:
    """What came of adding reports: how many, which are new or changed, and the claims they touch."""

    added: Added
    fresh: tuple[str, ...]
    touched: tuple[str, ...]


@dataclass(frozen=True)
class _State:
    """What `undo` goes back to. `reports` are those of the store that a step added or changed, as
    they were before; None where there was none."""

    what: str
    note: Note | None
    turns: tuple[Turn, ...]
    source: str
    language: str | None
    reports: tuple[tuple[str, Reference | None], ...] = ()


class Conversation:
    """An article's note, the questions asked about it, and what the editor decided.

    `checker` does the work and is not closed here. `note` may be one that was made before.
    """

    def __init__(self, checker: Checker, note: Note | None = None) -> None:
        self.checker = checker
        self.note = note
        self.turns: list[Turn] = []
        self.source: str = ""
        self.language: str | None = None  # that the editor chose for the note
        self.changed = False
        self._past: list[_State] = []

    # ------------------------------------------------------------ the article

    def open(
        self,
        source: str | Path | Article,
        on_event: Callable[[Event], None] = lambda _: None,
        *,
        title: str | None = None,
        outlet: str | None = None,
        published: date | None = None,
        allow_local: bool = False,
    ) -> Note:
        """Check an article and make it the subject. Takes and raises what `Checker.check` does."""
        note = self.checker.check(
            source, title=title, outlet=outlet, published=published, allow_local=allow_local,
            on_event=on_event,
        )  # fmt: skip
        if self.language and note.language != self.language:
            with self._paid() as spent:
                note = self.checker.noted(replace(note, language=self.language))
            note = replace(note, usage=spent(note.usage))
        self._remember("open")
        self.note, self.turns = note, []
        self.source = "" if isinstance(source, Article) else str(source)
        return note

    @property
    def article(self) -> Article | None:
        return self.note.article if self.note else None

    def claim(self, which: str | int) -> Assessment:
        """A claim by its number or id ("12", "c12"). Raises UsageError when there is none."""
        if self.note is None:
            raise UsageError("no article is open", hint="Open one first.")
        id = f"c{str(which).strip().lower().removeprefix('c')}"
        for assessment in self.note.assessments:
            if assessment.claim.id == id:
                return assessment
        count = len(self.note.assessments)
        raise UsageError(f"there is no claim {which}", hint=f"The claims are 1 to {count}.")

    # ------------------------------------------------------------ questions

    def ask(self, question: str) -> Answer:
        """Answer a question about the article, a claim or the collection.

        Follow-ups ("and in December?") keep the context of what was asked before. What a model
        fails at does not raise: the answer then holds the best passages, and says why.
        """
        question = _clean(question)
        if not question:
            raise UsageError("nothing was asked", hint="Type a question.")
        with self._paid() as spent:
            found = answer(question, self.turns, self.note, self.checker)
        self._remember("question")
        self.turns.append(
            Turn(
                question=question,
                asked=found.asked,
                answer=found,
                claims=found.claims,
                language=found.language,
            )
        )
        if self.note is not None and (usage := spent(self.note.usage)) != self.note.usage:
            self.note = replace(self.note, usage=usage)
        return found

    # ------------------------------------------------------------ the editor's part

    def override(self, which: str | int, verdict: str, reason: str, by: str = "") -> Decision:
        """The editor's own verdict on a claim, beside the machine's. Raises UsageError."""
        if verdict not in {str(v) for v in Verdict}:
            raise UsageError(
                f"unknown verdict `{verdict}`",
                hint=f"One of: {', '.join(str(v) for v in Verdict)}.",
            )
        if not reason.strip():
            raise UsageError(
                "a verdict of your own needs a reason", hint="Say why, in a few words."
            )
        return self._decide("verdict", self.claim(which).claim.id, verdict, reason.strip(), by)

    def remark(self, which: str | int, text: str, by: str = "") -> Decision:
        """A remark of the editor's on a claim."""
        if not text.strip():
            raise UsageError("the remark is empty", hint="Write it after the claim's number.")
        return self._decide("note", self.claim(which).claim.id, text.strip(), "", by)

    def drop(self, which: str | int, reason: str = "", by: str = "") -> Decision:
        """Leave a claim out of what is published; it stays in the note."""
        return self._decide("drop", self.claim(which).claim.id, "", reason.strip(), by)

    def sign(self, by: str) -> Decision:
        """Stand for the note by name."""
        return self._decide("sign", "", "", "", by.strip())

    def _decide(self, kind: str, claim: str, value: str, reason: str, by: str) -> Decision:
        if self.note is None:
            raise UsageError("no article is open", hint="Open one first.")
        at = datetime.now(UTC).isoformat(timespec="seconds")
        made = Decision(
            at=at, kind=kind, by=_clean(by), claim=claim, value=_clean(value), reason=_clean(reason)
        )
        note = history.append(self.note, made)
        self._remember(kind)
        self.note = note
        return note.decisions[-1]

    # ------------------------------------------------------------ claims again

    def add_claim(self, text: str) -> Assessment:
        """Check a claim of the editor's own: words of the article, or free."""
        text = " ".join(_clean(text).split())
        if addresses_machine(text):
            raise UsageError(
                "that addresses a machine, and is no claim", hint="Write what is to be checked."
            )
        if not text:
            raise UsageError("the claim is empty", hint="Write it between quotation marks.")
        if self.note is None:
            raise UsageError("no article is open", hint="Open one first.")
        article = self.note.article
        at = article.text.find(text)
        numbers = [int(a.claim.id[1:]) for a in self.note.assessments]
        claim = Claim(
            id=f"c{max(numbers, default=0) + 1}",
            start=max(at, 0),
            end=max(at, 0) + (len(text) if at >= 0 else 0),
            said=text if at >= 0 else "",
            statement=text,
            kind=ClaimKind.EVENT,
            language="" if at >= 0 else identify(text, article.language),
            sentence=next((n for n, e in enumerate(self.note.ledger) if e.start <= at < e.end), -1),
        )
        ledger = tuple(
            replace(e, claims=(*e.claims, claim.id)) if n == claim.sentence else e
            for n, e in enumerate(self.note.ledger)
        )
        with self._paid() as spent:
            made = self.checker.assess(article, [claim])[0]
            note = self.checker.noted(
                replace(self.note, assessments=(*self.note.assessments, made), ledger=ledger)
            )
        self._remember("claim")
        note = replace(note, usage=spent(note.usage))
        self.note = history.changed(note, "a claim of the editor's own was added", claim.id)
        return self.claim(claim.id)

    def recheck(self, which: str | int | None = None) -> list[Change]:
        """Search and judge again, with what the collection holds now: one claim, or all.

        A claim that could not be judged this time keeps what it had, and its change says so.
        """
        if self.note is None:
            raise UsageError("no article is open", hint="Open one first.")
        chosen = [self.claim(which)] if which is not None else list(self.note.assessments)
        with self._paid() as spent:
            again = self.checker.assess(self.note.article, [a.claim for a in chosen])
            kept = {
                new.claim.id: new if new.verdict else old
                for old, new in zip(chosen, again, strict=True)
            }
            note = self.checker.noted(
                replace(
                    self.note,
                    assessments=tuple(kept.get(a.claim.id, a) for a in self.note.assessments),
                )
            )
        self._remember("recheck")
        note = replace(note, usage=spent(note.usage))
        self.note = history.changed(note, "checked again in conversation")
        return [_change(old, new) for old, new in zip(chosen, again, strict=True)]

    def add(
        self,
        sources: Sequence[Path | str],
        progress: Progress | None = None,
        *,
        given: Given | None = None,
        allow_local: bool = False,
    ) -> Addition:
        """Add reports to the collection: files, folders, patterns and addresses, as `gather` takes
        them. `given` is what is said of them by hand.

        All are read before anything is stored. Raises InputError for the first that cannot be read.
        """
        found = gather([str(s) for s in sources], given, allow_local=allow_local)
        if found.errors:
            raise found.errors[0]
        return self.take(found.references, progress)

    def take(self, reports: Sequence[Reference], progress: Progress | None = None) -> Addition:
        """Add reports in hand to the collection. `undo` takes them out again, or puts back what was
        there. Raises StoreError."""
        self.checker.get_ready()
        store = self.checker.store
        before = {r.id: store.reference(r.id) for r in reports}
        added = add(store, reports, progress)
        fresh = sorted(i for i, old in before.items() if store.reference(i) != old)
        self._remember("add", tuple((i, before[i]) for i in fresh))
        touched = self.touched_by(set(fresh)) if fresh else []
        return Addition(added, tuple(fresh), tuple(touched))

    def touched_by(self, references: set[str]) -> list[str]:
        """The claims for which these reports are among the nearest: what a recheck is worth for."""
        if self.note is None:
            return []
        hits = self.checker.nearest(self.note.article, [a.claim for a in self.note.assessments])
        return [id for id, nearest in hits.items() if references & set(nearest)]

    def translate(self, language: str) -> None:
        """Write the note's own words in another language. Raises UsageError."""
        if language not in NOTE_LANGUAGES:
            raise UsageError(
                f"unknown language `{language}`", hint=f"One of: {', '.join(NOTE_LANGUAGES)}."
            )
        self._remember("lang")
        self.language = language
        if self.note is not None:
            self.checker.analyst.start()  # faults of what was done before are not this note's
            with self._paid() as spent:
                note = self.checker.noted(replace(self.note, language=language))
            note = replace(note, usage=spent(note.usage))
            self.note = history.changed(note, f"written in another language: {language}")

    def handed_to(self, checker: Checker) -> Conversation:
        """The same conversation with another checker: its note, questions, steps and language."""
        made = Conversation(checker, self.note)
        made.turns, made.source, made.language = self.turns, self.source, self.language
        made.changed, made._past = self.changed, self._past
        return made

    # ------------------------------------------------------------ undo, save, load

    def _remember(self, what: str, reports: tuple[tuple[str, Reference | None], ...] = ()) -> None:
        state = _State(what, self.note, tuple(self.turns), self.source, self.language, reports)
        self._past.append(state)
        del self._past[:-_UNDONE]
        self.changed = True

    @contextmanager
    def _paid(self) -> Iterator[Callable[[Usage], Usage]]:
        """While it lasts, what the analyst spends is counted; gives what adds it to a note's usage."""
        before = self.checker.analyst.usage()
        yield lambda usage: also(usage, self.checker.analyst.usage(), before)

    def undo(self) -> str:
        """Take the last step back; says which it was ("question" for an answer). What was spent stays
        spent. Raises UsageError when there is none."""
        if not self._past:
            raise UsageError("there is nothing to undo", hint="Nothing was changed yet.")
        state = self._past.pop()
        for id, report in state.reports:
            if report is None:
                self.checker.store.remove(id)
        if before := [report for _, report in state.reports if report]:
            self.checker.store.add(before)
        note, left = state.note, self.note
        if note and left and note.article == left.article and note.usage.calls < left.usage.calls:
            note = replace(note, usage=left.usage)
        self.note, self.source, self.language = note, state.source, state.language
        self.turns = list(state.turns)
        self.changed = True
        return state.what

    def save(self, path: str | Path) -> None:
        """Write the conversation to a file, whole or not at all. Raises InputError."""
        data = {
            "schema": SCHEMA,
            "saved": datetime.now(UTC).isoformat(timespec="seconds"),
            "source": self.source,
            "note": self.note.to_json() if self.note else None,
            "turns": [t.to_json() for t in self.turns],
        }
        write_whole(Path(path), json.dumps(data, ensure_ascii=False, indent=1))
        self.changed = False

    @classmethod
    def load(cls, checker: Checker, path: str | Path) -> Conversation:
        """Read a conversation that was saved. Raises InputError when it is not one."""
        path = Path(path)
        data = read_json(path, what="a conversation", limit=LIMIT)
        if not isinstance(data, dict) or data.get("schema") != SCHEMA:
            raise InputError(
                f"{path} is not a conversation of this program",
                hint="See the saved ones with `factcheck chat --list`.",
            )
        made = cls(checker)
        try:
            if data["note"] is not None:
                made.note = note_from_json(data["note"], checker.store.reference)
            made.turns = [Turn.from_json(t) for t in data["turns"]]
            made.source = str(data.get("source", ""))
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"{path} is broken: {_first_line(error)}", hint="An older save may be whole."
            ) from error
        return made


def _clean(text: str) -> str:
    """What an editor typed, without halves of letters that a pipe may give."""
    return text.encode("utf-8", "replace").decode("utf-8").strip()


def _first_line(error: Exception) -> str:
    lines = str(error).splitlines()
    return (
        " ".join(x.strip() for x in lines[1:3])
        if len(lines) > 2
        else f"{type(error).__name__} {error}"
    )


def _change(old: Assessment, new: Assessment) -> Change:
    if new.verdict is None:
        return Change(
            old.claim.id, str(old.verdict or "failed"), "failed", error=new.error or "failed"
        )
    before = {c.reference for c in old.citations}
    now = {c.reference for c in new.citations}
    return Change(
        claim=old.claim.id,
        before=str(old.verdict or "failed"),
        now=str(new.verdict or "failed"),
        gained=tuple(sorted(now - before)),
        lost=tuple(sorted(before - now)),
    )
