"""The pipeline: acquire, extract, find, judge, verify, write. The order is written here alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from factcheck._version import __version__
from factcheck.analysts.base import Analyst
from factcheck.analysts.local import LocalAnalyst
from factcheck.collection import ensure_starter, open_store
from factcheck.models import Article, Assessment, Note, Proposal, Provenance, Usage
from factcheck.settings import NOTE_LANGUAGES, Settings
from factcheck.sources import Register
from factcheck.steps import acquire as acquire_
from factcheck.steps import extract as extract_
from factcheck.steps import find as find_
from factcheck.steps import judge as judge_
from factcheck.steps import verify as verify_
from factcheck.steps import write as write_


@dataclass(frozen=True, slots=True)
class Event:
    """Progress of a check.

    step: "starter", "acquire", "extract", "find", "judge", "verify" or "write"; `done` of `total`
    units; `message` for people. An event of "verify" carries the finished `assessment`; the last
    event carries the `note`.
    """

    step: str
    message: str = ""
    done: int = 0
    total: int = 0
    assessment: Assessment | None = None
    note: Note | None = None


class Checker:
    """Checks articles against a collection.

        note = Checker().check("article.txt")

    Settings are read from flags (keyword arguments), the environment and the configuration file;
    see `factcheck.Settings`. A checker may be used for many articles and closed at the end.
    """

    def __init__(self, settings: Settings | None = None, **flags: object) -> None:
        self.settings = settings or Settings.load(**flags)
        self.store = open_store(self.settings)
        self.analyst: Analyst = LocalAnalyst()

    def __enter__(self) -> Checker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store's files."""
        self.store.close()

    # ------------------------------------------------------------ ways to check

    def check(
        self,
        source: str | Path | Article,
        *,
        title: str | None = None,
        outlet: str | None = None,
        published: date | None = None,
        on_event: Callable[[Event], None] = lambda _: None,
    ) -> Note:
        """Check an article: a path, "-" for standard input, or an `Article` in hand.

        Raises a FactcheckError: InputError when the article cannot be read, ServiceError when the
        store fails, ConfigError when settings do not fit.
        """
        started = time.monotonic()
        self._starter(on_event)
        article = (
            source
            if isinstance(source, Article)
            else acquire_.acquire(source, title=title, outlet=outlet, published=published)
        )
        on_event(Event("acquire", _opened(article), 1, 1))
        return self._run(article, started, on_event)

    async def acheck(
        self,
        source: str | Path | Article,
        *,
        title: str | None = None,
        outlet: str | None = None,
        published: date | None = None,
        on_event: Callable[[Event], None] = lambda _: None,
    ) -> Note:
        """`check` for asynchronous programs: the work runs in a thread of its own."""
        return await asyncio.to_thread(
            self.check, source, title=title, outlet=outlet, published=published, on_event=on_event
        )

    def events(
        self,
        source: str | Path | Article,
        *,
        title: str | None = None,
        outlet: str | None = None,
        published: date | None = None,
    ) -> Iterator[Event]:
        """The events of a check as they happen; the last one carries the note."""
        queue: SimpleQueue[Event | BaseException | None] = SimpleQueue()

        def work() -> None:
            try:
                self.check(
                    source, title=title, outlet=outlet, published=published, on_event=queue.put
                )
                queue.put(None)
            except BaseException as error:  # noqa: BLE001 - handed to the caller below
                queue.put(error)

        thread = Thread(target=work, daemon=True)
        thread.start()
        while (item := queue.get()) is not None:
            if isinstance(item, BaseException):
                thread.join()
                raise item
            yield item
        thread.join()

    async def aevents(
        self,
        source: str | Path | Article,
        *,
        title: str | None = None,
        outlet: str | None = None,
        published: date | None = None,
    ) -> AsyncIterator[Event]:
        """`events` for asynchronous programs."""
        stream = self.events(source, title=title, outlet=outlet, published=published)
        nothing = Event("")
        while (event := await asyncio.to_thread(next, stream, nothing)) is not nothing:
            yield event

    # ------------------------------------------------------------ the six steps

    def _starter(self, on_event: Callable[[Event], None]) -> None:
        ensure_starter(
            self.store,
            told=lambda message: on_event(Event("starter", message)),
            progress=lambda done, total: on_event(Event("starter", "", done, total)),
        )

    def _run(self, article: Article, started: float, on_event: Callable[[Event], None]) -> Note:
        claims, ledger = extract_.extract(article, self.analyst)
        on_event(Event("extract", "", len(claims), len(claims)))
        found = find_.find(claims, article, self.store)
        on_event(Event("find", "", len(found), len(claims)))
        judged: list[str] = []

        def told(proposal: Proposal) -> None:
            judged.append(proposal.claim)
            on_event(Event("judge", "", len(judged), len(claims)))

        proposals = judge_.judge(article, claims, [f.evidence for f in found], self.analyst, told)
        register = Register.load()
        assessments = []
        for i, (claim, hits, proposal) in enumerate(zip(claims, found, proposals, strict=True), 1):
            assessment = verify_.verify(
                claim, hits.evidence, hits.timeline, proposal, article, register
            )
            assessments.append(assessment)
            on_event(Event("verify", "", i, len(claims), assessment=assessment))
        references = {
            e.reference.id: e.reference for f in found for e in (*f.evidence, *f.timeline)
        }
        usage = self.analyst.usage()
        note = write_.write(
            article,
            ledger,
            assessments,
            references,
            analyst=self.analyst,
            language=self._language(article),
            collection=len(self.store.references()),
            provenance=self._provenance(),
            usage=Usage(
                calls=usage.calls,
                input_tokens=usage.input_tokens,
                output_tokens=usage.output_tokens,
                seconds=time.monotonic() - started,
            ),
        )
        on_event(Event("write", "", 1, 1, note=note))
        return note

    def _language(self, article: Article) -> str:
        if self.settings.lang:
            return self.settings.lang
        return article.language if article.language in NOTE_LANGUAGES else "en"

    def _provenance(self) -> Provenance:
        return Provenance(
            analyst=self.analyst.name,
            model=self.analyst.model,
            prompts=dict(self.analyst.prompts()),
            embedding=self.store.embedder.name,
            store=self.store.fingerprint(),
            version=__version__,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )


def _opened(article: Article) -> str:
    parts = [article.title or "untitled", article.outlet, article.language]
    if article.published:
        parts.append(("not before " if article.published_inferred else "") + str(article.published))
    return " · ".join(p for p in parts if p)
