"""The prompt: reads a line, runs it, says what came of it, saves, and reads the next.

What takes long to import is imported behind the first prompt. Ctrl-C stops what is running and keeps
what is done; twice within two seconds it leaves. Ctrl-D leaves, and asks only where something could
not be saved. With `plain`, on a terminal that cannot move its cursor, or where input or output is no
terminal, there are no colours, bars or line editing.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from factcheck.chat import sessions
from factcheck.chat.layout import hung, outside
from factcheck.chat.lines import Lines
from factcheck.errors import FactcheckError, InputError, UsageError
from factcheck.terminal import Terminal, stops
from factcheck.wording import LANGUAGES, say, table, verdicts

if TYPE_CHECKING:
    from factcheck.conversation import Conversation
    from factcheck.models import Note
    from factcheck.pipeline import Checker, Event

_TWICE = 2.0  # seconds within which a second Ctrl-C leaves
_LINES = 4  # a paste of so many lines is an article, not a question
_SPARE = 3  # lines of the screen that are left free before a pager is used


class Chat:
    """One conversation on one terminal. `language` is that of the interface before a note has one;
    `allow_local` lets addresses lead to this machine or its network."""

    def __init__(
        self,
        make: Callable[..., Checker],
        *,
        plain: bool = False,
        resume: Path | None = None,
        language: str | None = None,
        allow_local: bool = False,
    ) -> None:
        poor = os.environ.get("TERM") == "dumb"
        self.fancy = not (plain or poor) and sys.stdin.isatty() and sys.stdout.isatty()
        self.terminal = Terminal(plain=not self.fancy)
        self.lines = Lines(self, self.terminal, lambda: sessions.folder().parent / "history")
        self.allow_local = allow_local
        self.path = resume or sessions.new_path()
        self._resume = resume
        self._make = make
        self._language = language
        self._made: tuple[Checker, Conversation] | FactcheckError | None = None
        self._ready = threading.Thread(target=self._get_ready, daemon=True)
        self._left = 0.0
        self._code = 0
        self._heard = ""  # claims of the article that is being checked

    # ------------------------------------------------------------ the loop

    def run(self, article: str | None = None) -> int:
        """Talk until the editor leaves; the exit code."""
        self._ready.start()
        if self._resume and not self._do(self._welcome_back):
            return self._code
        if article and not self._do(lambda: self.open(article)):
            return self._code
        if not article and not self._resume:
            self.say(Text(self.words("starting"), "dim"))
        while True:
            try:
                line = self.lines.read()
            except KeyboardInterrupt:
                if self._interrupted():
                    break
                continue
            except EOFError:
                if self._may_leave():
                    break
                continue
            if line.strip() and not self._do(lambda line=line: self.handle(line)):  # type: ignore[misc]
                break
        return self._code

    def _do(self, work: Callable[[], None]) -> bool:
        """Run one step and save; errors are said and end nothing. False when it leaves."""
        self._left = 0.0  # a Ctrl-C before this step and one after it are not two in a row
        try:
            work()
        except FactcheckError as error:
            self.terminal.error(error)
            if (
                error is self._made
            ):  # it cannot begin: settings that do not fit, a store that is locked
                self._code = error.exit_code
                return False
        except KeyboardInterrupt:
            return not self._interrupted()
        except EOFError:
            return not self._may_leave()
        except Exception as error:  # noqa: BLE001 - a fault of ours must not end an editor's day
            self.terminal.warn(f"{self.words('fault')}: {type(error).__name__}: {error}")
        self._save()
        return True

    def handle(self, line: str) -> None:
        """Do what a line asks for: a command, a pasted article, or a question."""
        text = line.strip()
        if text.count("\n") >= _LINES:  # first of all: a pasted text must not give orders
            if self.confirm(self.words("pasted"), default=True):
                self.open_text(line)
            return
        from factcheck.chat import commands, show

        if text.startswith("/"):
            word, _, rest = text.partition(" ")
            commands.find(word, self.language).run(self, rest)
            return
        with self.working():
            found = self.conversation.ask(text)
        shown = found.language if found.language in LANGUAGES else self.language
        self.page([*show.answered(found, shown)])

    def _interrupted(self) -> bool:
        """Ctrl-C: True when it is the second within two seconds."""
        now = time.monotonic()
        twice, self._left = now - self._left < _TWICE, now
        if not twice:
            self.say(Text(self.words("leaves"), "dim"))
        return twice

    def _may_leave(self) -> bool:
        if self._made is None or isinstance(self._made, FactcheckError):
            return True
        self._save()
        if not self.conversation.changed:
            return True
        if not self.lines.typed:
            self._code = InputError.exit_code
            return True
        return self.confirm(self.words("leave"), default=False)

    def _save(self) -> None:
        if isinstance(self._made, tuple) and self.conversation.changed:
            try:
                self.conversation.save(self.path)
            except InputError as error:
                self.terminal.warn(f"{self.words('not_saved')}: {error}")

    def close(self) -> None:
        """Let go of the store."""
        if isinstance(self._made, tuple):
            self._made[0].close()

    # ------------------------------------------------------------ what commands use

    @property
    def conversation(self) -> Conversation:
        return self._both()[1]

    @property
    def checker(self) -> Checker:
        return self._both()[0]

    @property
    def width(self) -> int:
        return self.terminal.width

    @property
    def language(self) -> str:
        """The language of the interface: the note's, else the one that was asked for."""
        chosen = self._language
        if isinstance(self._made, tuple):
            checker, talk = self._made
            chosen = talk.note.language if talk.note else talk.language or checker.settings.lang
        return chosen if chosen in LANGUAGES else LANGUAGES[0]

    def words(self, key: str, **values: object) -> str:
        """A phrase of the interface."""
        return say(self.language, "chat", key, **values)

    @property
    def labels(self) -> Mapping[str, str]:
        """The newsroom's own words for verdicts."""
        return self.checker.settings.newsroom.labels

    def verdicts(self) -> dict[str, str]:
        """What each verdict is called here."""
        return verdicts(self.language, self.labels)

    def note(self) -> Note:
        """The note talked about. Raises UsageError when no article is open."""
        if self.conversation.note is None:
            raise UsageError(self.words("no_article"), hint=self.words("no_article_hint"))
        return self.conversation.note

    def open(self, source: str, **given: Any) -> None:
        """Check an article; each claim is shown as soon as it is verified. `given` is as
        `Conversation.open` takes it."""
        with self.working():
            self._opened(source, **given)

    def open_text(self, text: str) -> None:
        """Check an article that was pasted."""
        from factcheck.steps.acquire import article

        if not text.strip():
            raise UsageError(self.words("nothing_pasted"))
        with self.working():
            self._opened(article(text))

    def _opened(self, source: Any, **given: Any) -> None:
        from factcheck.chat import show

        self._heard = ""
        with self.terminal.progress() as bar:
            note = self.conversation.open(
                source,
                on_event=lambda e: self._progress(bar, e),
                allow_local=self.allow_local,
                **given,
            )
        self.say(show.opened(note))
        self.say(Text())
        self.page([*show.claims(note, note.assessments, self.width, self.labels)], short=False)
        for sentence in note.summary:
            if sentence.status != "struck":
                self.say(Text("• " + outside(sentence.text)))
        self.say_faults()

    def say_faults(self) -> None:
        """What went wrong while the note was made."""
        for fault in self.note().faults:
            self.terminal.fault(fault)

    def _progress(self, bar: Any, event: Event) -> None:
        from factcheck.chat import show

        if event.step == "acquire" and event.message:
            name = table(self.language)["page"]["article"]
            self.terminal.tell(hung(Text(f"{name}: {outside(event.message)}"), self.width))
        elif event.message:
            self.terminal.say(event.message)
        if event.step == "starter" and event.total:
            bar.update(self.words("starter"), event.done, event.total)
        if event.assessment is not None:
            bar.update(self.words("judging"), event.done, event.total)
            self._heard = f"{self._heard} {event.assessment.claim.said}".strip()
            line = show.finished(event.assessment, self._coming(), self.labels)
            self.terminal.tell(hung(line, self.terminal.width))

    def _coming(self) -> str:
        """The language of a note that is being made: as chosen, else that of its claims so far."""
        from factcheck.text.language import identify

        chosen = self.conversation.language or self.checker.settings.lang or identify(self._heard)
        return chosen if chosen in LANGUAGES else LANGUAGES[0]

    def use(self, **flags: str) -> None:
        """Go on with another model or analyst; the note and what was said stay."""
        old = self.checker
        made = self._make(**flags)
        self._made = (made, self.conversation.handed_to(made))
        old.close()

    def analyst_line(self) -> str:
        """Who analyses."""
        analyst = self.checker.analyst
        return f"{analyst.name}" + (f" ({analyst.model})" if analyst.model else "")

    def say(self, line: Text) -> None:
        """One line to standard output; its rest stands under an indent where it must be broken."""
        self.terminal.show(hung(line, self.width))

    def page(self, lines: Sequence[Text], *, short: bool = True) -> None:
        """Lines; through a pager where they do not fit on the screen."""
        broken = [hung(line, self.width) for line in lines]
        height = sum(line.plain.count("\n") + 1 for line in broken)
        if self.fancy and short and height > self.terminal.height - _SPARE:
            self.terminal.page(broken)
            return
        for line in broken:
            self.terminal.show(line)

    @contextmanager
    def working(self) -> Iterator[None]:
        """While work runs, Ctrl-C stops it and keeps what is done."""
        checker = self.checker

        def stop() -> None:
            self._left = time.monotonic()
            checker.stop()

        with stops(stop):
            yield

    def confirm(self, question: str, *, default: bool) -> bool:
        """Ask yes or no."""
        return self.lines.confirm(question, default=default)

    def names(self, kind: str) -> list[str]:
        """What there is to complete of a kind; nothing before it is loaded."""
        if not isinstance(self._made, tuple):
            return []
        note = self.conversation.note
        if kind == "claim" and note:
            return [a.claim.id.removeprefix("c") for a in note.assessments]
        if kind == "quote" and note:
            return [
                c.id.removeprefix("c").replace(".k", ".")
                for a in note.assessments
                for c in a.citations
            ]
        if kind == "reference":
            return [r.id for r in self.checker.store.headers()]
        return []

    # ------------------------------------------------------------ behind the first prompt

    def _get_ready(self) -> None:
        try:
            from factcheck.conversation import Conversation

            checker = self._make()
            checker.get_ready(lambda message: self.terminal.say(message))
            if self._resume:
                self._made = (checker, Conversation.load(checker, self._resume))
            else:
                self._made = (checker, Conversation(checker))
        except FactcheckError as error:
            self._made = error

    def _both(self) -> tuple[Checker, Conversation]:
        self._ready.join()
        if isinstance(self._made, FactcheckError):
            raise self._made
        assert self._made is not None
        return self._made

    def _welcome_back(self) -> None:
        from factcheck.chat import show

        note = self.conversation.note
        if note is None:
            self.say(Text(self.words("resumed")))
            return
        self.say(show.opened(note))
        self.page([*show.claims(note, note.assessments, self.width, self.labels)], short=False)
        if self.conversation.turns:
            last = outside(self.conversation.turns[-1].question)
            self.say(Text(self.words("last_asked", question=last), "dim"))
