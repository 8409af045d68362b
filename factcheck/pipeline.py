"""The pipeline: acquire, extract, find, judge, verify, write. The order is written here alone."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from factcheck._version import __version__
from factcheck.analysts.base import Analyst, JudgeTask
from factcheck.analysts.choose import analyst_for
from factcheck.collection import ensure_starter, fitting, open_store
from factcheck.evidence import keep
from factcheck.filters import Filter
from factcheck.models import (
    Article,
    Assessment,
    Citation,
    Claim,
    Note,
    Proposal,
    Provenance,
    Usage,
)
from factcheck.provider import Limits
from factcheck.settings import NOTE_LANGUAGES, Settings
from factcheck.sources import Register
from factcheck.steps import acquire as acquire_
from factcheck.steps import extract as extract_
from factcheck.steps import find as find_
from factcheck.steps import judge as judge_
from factcheck.steps import verify as verify_
from factcheck.steps import write as write_
from factcheck.store import Store, Within


@dataclass(frozen=True, slots=True)
class Event:
    """Progress of a check.

    step: "starter", "acquire", "extract", "find", "verify" or "write"; `done` of `total`
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
    see `factcheck.Settings`. `limits` hold for all articles together; `cache=False` asks a model
    again what it has answered before. A checker may be used for many articles and closed at the
    end. `analyst` is "local", "llm", or an object of one's own that follows `analysts.base.Analyst`.
    `only` narrows the evidence to some reports; the note says so.

    Raises ConfigError when the settings do not fit, before anything is read.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        limits: Limits | None = None,
        cache: bool = True,
        analyst: str | Analyst | None = None,
        only: Filter | None = None,
        **flags: object,
    ) -> None:
        named = analyst if isinstance(analyst, str) else None
        self.settings = settings or Settings.load(analyst=named, **flags)
        self.analyst: Analyst
        if analyst is None or isinstance(analyst, str):
            self.analyst = analyst_for(self.settings, limits, cache=cache)
        else:
            self.analyst = analyst
        self.store = open_store(self.settings)
        self.only = only or Filter()
        self._within: tuple[tuple[Filter, str], Within] | None = None
        self._stopped = False

    def __enter__(self) -> Checker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store's files and of the model."""
        self.analyst.close()
        self.store.close()

    def stop(self) -> None:
        """End the check that is running: what is done is kept, the rest is `failed`.

        May be called from another thread or a signal handler.
        """
        self.analyst.stop()  # first: who sees that the search was left off knows that this was, too
        self._stopped = True

    # ------------------------------------------------------------ ways to check

    def check(
        self,
        source: str | Path | Article,
        *,
        title: str | None = None,
        outlet: str | None = None,
        published: date | None = None,
        allow_local: bool = False,
        on_event: Callable[[Event], None] = lambda _: None,
    ) -> Note:
        """Check an article: a path, a web address, "-" for standard input, or an `Article` in hand.

        `allow_local` lets an address lead to this machine or its network.

        What a model fails at does not raise: it is in the note's `faults`, and `complete` is False
        where a claim or a sentence was lost to it. Raises a FactcheckError: InputError when the
        article cannot be read, ServiceError when the store fails, ConfigError when settings do not
        fit.
        """
        started = time.monotonic()
        self._stopped = False
        self.analyst.start()
        self._starter(on_event)
        article = (
            source
            if isinstance(source, Article)
            else acquire_.acquire(
                source, title=title, outlet=outlet, published=published, allow_local=allow_local
            )
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
        allow_local: bool = False,
        on_event: Callable[[Event], None] = lambda _: None,
    ) -> Note:
        """`check` for asynchronous programs: the work runs in a thread of its own."""
        return await asyncio.to_thread(
            self.check, source, title=title, outlet=outlet, published=published,
            allow_local=allow_local, on_event=on_event,
        )  # fmt: skip

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

    # ------------------------------------------------------------ parts of a check

    def find(self, claims: Sequence[Claim], article: Article) -> list[find_.Found]:
        """What the collection, or the part of it that `only` leaves, holds for each claim."""
        _settle()
        return find_.find(claims, article, self.store, lambda: self._stopped, within=self.within())

    def within(self) -> Within | None:
        """The reports that `only` leaves; None for all."""
        if not self.only:
            return None
        of = self.only, self.store.fingerprint()
        if self._within is None or self._within[0] != of:
            self._within = of, Within(r.id for r in fitting(self.store, self.only))
        return self._within[1]

    def assess(
        self,
        article: Article,
        claims: Sequence[Claim],
        on_event: Callable[[Event], None] = lambda _: None,
        *,
        cited: Mapping[str, Sequence[Citation]] | None = None,
        found: Mapping[str, find_.Found] | None = None,
    ) -> list[Assessment]:
        """Search, judge and verify claims that are already there: again, or an editor's own.

        `cited`, by claim, are citations of before, whose sentences are looked at again. What stands
        in `found` for a claim is taken for what there is, and not searched for.
        """
        self._stopped = False
        self.analyst.start()
        known = found or {}
        unknown = [c for c in claims if c.id not in known]
        by_claim = {
            **known,
            **{c.id: f for c, f in zip(unknown, self.find(unknown, article), strict=True)},
        }
        hits = [by_claim[c.id] for c in claims]
        if cited:
            hits = find_.keeping(hits, claims, article, self.store, cited)
        return self._assess(article, claims, hits, on_event)

    def noted(self, note: Note) -> Note:
        """The note written again after its assessments changed; decisions are kept."""
        ids = {c.reference for a in note.assessments for c in a.citations}
        stored = {r.id: r for r in note.references}
        references = {i: self.store.reference(i) or stored[i] for i in ids}
        written = write_.write(
            note.article,
            note.ledger,
            note.assessments,
            references,
            analyst=self.analyst,
            language=note.language,
            collection=self.store.count(),
            provenance=self._provenance(),
            usage=lambda: note.usage,
            labels=self.settings.newsroom.labels,
        )
        return replace(
            written,
            decisions=note.decisions,
            provenance=note.provenance,
            faults=tuple(dict.fromkeys((*note.faults, *written.faults))),
        )

    def get_ready(self, told: Callable[[str], None] = lambda _: None) -> None:
        """Load the starter collection where there is none, and make the analyst ready to be asked."""
        self._starter(lambda event: told(event.message) if event.message else None)
        self._stopped = False
        self.analyst.start()

    def nearest(self, article: Article, claims: Sequence[Claim]) -> dict[str, tuple[str, ...]]:
        """The ids of the reports found for each claim, best first; nothing is judged."""
        found = self.find(claims, article)
        return {
            c.id: tuple(dict.fromkeys(e.reference.id for e in f.evidence))
            for c, f in zip(claims, found, strict=True)
        }

    # ------------------------------------------------------------ the six steps

    def _starter(self, on_event: Callable[[Event], None]) -> None:
        ensure_starter(
            self.store,
            told=lambda message: on_event(Event("starter", message)),
            progress=lambda done, total: on_event(Event("starter", "", done, total)),
        )
        if self.store.embedder.name == "none":
            told = "No embedding model: reports are found by words, names and figures alone."
            on_event(Event("starter", told))

    def _run(self, article: Article, started: float, on_event: Callable[[Event], None]) -> Note:
        before = self.analyst.usage()
        self.analyst.meanwhile(_get_ready(article, self.store))
        claims, ledger = extract_.extract(article, self.analyst)
        on_event(Event("extract", "", len(claims), len(claims)))
        found = self.find(claims, article)
        on_event(Event("find", "", len(found), len(claims)))
        assessments = self._assess(article, claims, found, on_event)
        language = self._language(article)
        self.analyst.meanwhile(write_.get_ready(article, assessments, language))
        note = write_.write(
            article,
            ledger,
            assessments,
            {e.reference.id: e.reference for f in found for e in (*f.evidence, *f.timeline)},
            analyst=self.analyst,
            language=language,
            collection=self.store.count(),
            provenance=self._provenance(),
            usage=lambda: _spent(self.analyst.usage(), before, time.monotonic() - started),
            labels=self.settings.newsroom.labels,
        )
        on_event(Event("write", "", 1, 1, note=note))
        return note

    def _assess(
        self,
        article: Article,
        claims: Sequence[Claim],
        found: Sequence[find_.Found],
        on_event: Callable[[Event], None],
    ) -> list[Assessment]:
        """Judge and verify; a claim is verified, and shown, as soon as it is judged."""
        hits = {c.id: (c, f) for c, f in zip(claims, found, strict=True)}
        register = Register.load()
        done: dict[str, Assessment] = {}

        def verified(proposal: Proposal) -> None:
            claim, f = hits[proposal.claim]
            made = verify_.verify(claim, f.evidence, f.timeline, proposal, article, register)
            done[claim.id] = made
            on_event(Event("verify", "", len(done), len(claims), assessment=made))

        second = judge_.SecondReading()
        self.analyst.meanwhile(_read_ahead(article, claims, found, register, second))
        evidence, usual = [f.evidence for f in found], [f.usual for f in found]
        units = self.store.embedder.units
        judge_.judge(article, claims, evidence, self.analyst, verified, usual, units, second)
        keep(self.store.shelf)
        return [done[c.id] for c in claims]

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
            only=self.only.told(),
            version=__version__,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            newest=self.store.stats()["newest"] or "",
        )


@cache
def _settle() -> None:
    """Word lists, tables of places and the collection's index are loaded by now and stay: the garbage
    collector, which stops a search for 150 ms to look through them, is told to leave them alone."""
    gc.freeze()


def _get_ready(article: Article, store: Store) -> Iterator[None]:
    """What the article alone allows while a model extracts; its sentences are embedded all the time."""
    embedding = find_.get_ready(article, store)
    yield next(embedding, None)
    yield from extract_.get_ready(article)
    yield from embedding


def _read_ahead(
    article: Article,
    claims: Sequence[Claim],
    found: Sequence[find_.Found],
    register: Register,
    second: judge_.SecondReading,
) -> Iterator[None]:
    """Read each claim beside its evidence while a model judges: verifying then finds it read."""
    for claim, f in zip(claims, found, strict=True):
        second.of(JudgeTask(article=article, claim=claim, evidence=f.evidence, usual=f.usual))
        yield None
        nothing = Proposal(claim=claim.id)
        verify_.verify(claim, f.evidence, f.timeline, nothing, article, register)
        yield None


def _spent(now: Usage, before: Usage, seconds: float) -> Usage:
    """What one article cost, of what the analyst has spent in all."""
    return Usage(
        calls=now.calls - before.calls,
        input_tokens=now.input_tokens - before.input_tokens,
        cached_tokens=now.cached_tokens - before.cached_tokens,
        output_tokens=now.output_tokens - before.output_tokens,
        replayed=now.replayed - before.replayed,
        seconds=seconds,
        usd=None if now.usd is None else now.usd - (before.usd or 0.0),
        estimated=now.estimated,
    )


def also(usage: Usage, now: Usage, before: Usage) -> Usage:
    """A note's usage with what the analyst spent since, added to it; seconds stay those of the check."""
    more = _spent(now, before, 0.0)
    if not (more.calls or more.replayed):
        return usage
    return Usage(
        calls=usage.calls + more.calls,
        input_tokens=usage.input_tokens + more.input_tokens,
        cached_tokens=usage.cached_tokens + more.cached_tokens,
        output_tokens=usage.output_tokens + more.output_tokens,
        replayed=usage.replayed + more.replayed,
        seconds=usage.seconds,
        usd=None if more.usd is None else (usage.usd or 0.0) + more.usd,
        estimated=usage.estimated or more.estimated,
    )


def _opened(article: Article) -> str:
    parts = [
        f"“{article.title}”" if article.title else "untitled",
        article.outlet,
        article.language,
    ]
    if article.published:
        parts.append(("not before " if article.published_inferred else "") + str(article.published))
    return " · ".join(p for p in parts if p)
