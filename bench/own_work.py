"""Where our own time goes: a check of the reference case by a model that answers at once.

Timers stand around the steps and the door to the model; what a step spends behind that door (HTTP,
streaming, parsing) is shown apart. The functions are of a second run under cProfile, with the
answers of a first one replayed and nothing read ahead: their shares matter.
"""

from __future__ import annotations

import cProfile
import pstats
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from operator import itemgetter
from pathlib import Path
from typing import Any
from unittest import mock

from bench import articles
from bench.ground import Ground
from bench.served import Served, served
from bench.tables import show
from factcheck import pipeline
from factcheck.analysts.llm import LlmAnalyst
from factcheck.analysts.llm.parts import Asker
from factcheck.embed import CachedEmbedder
from factcheck.pipeline import Checker
from factcheck.provider import Provider
from factcheck.steps import extract, find, judge, verify, write

RUNS, TOP = 5, 14
TARGET = 15  # milliseconds of our own for a claim
_ORDER = ("extract", "model: extract", "read ahead", "embedding", "find", "judge", "model: judge",
          "verify", "write", "model: write", "the rest")  # fmt: skip
_OWN = tuple(n for n in _ORDER if n != "embedding" and not n.startswith("model: "))
_PACKAGE = str(Path(pipeline.__file__).parent)
_WAITS = re.compile(r"'(recv|recv_into|acquire|poll|select)'")
_WRAPPERS = ("pipeline.py", "provider", "embed.py", "analysts/llm/__init__.py")


class Timers:
    """Seconds by name, on the wall and of the processor in the caller's thread; a name's time
    excludes that of names entered inside it."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self.busy: dict[str, float] = defaultdict(float)
        self._stack: list[str] = []
        self._since = time.perf_counter(), time.thread_time()
        self._mine = threading.current_thread()

    def enter(self, name: str) -> None:
        self._book()
        self._stack.append(name)

    def leave(self) -> None:
        self._book()
        self._stack.pop()

    def around(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **more: Any) -> Any:
            if threading.current_thread() is not self._mine:
                return call(*args, **more)  # somebody waits for it, and that is timed
            ahead = self._stack[-1:] == ["read ahead"] and name != "embedding"
            self.enter("read ahead" if ahead else name)
            try:
                return call(*args, **more)
            finally:
                self.leave()

        return timed

    def around_each(
        self, name: str, call: Callable[..., Iterator[Any]]
    ) -> Callable[..., Iterator[Any]]:
        """The time that an iterator takes to give each thing; "{}" is the step that waits."""

        def timed(*args: Any, **more: Any) -> Iterator[Any]:
            things = call(*args, **more)
            while True:
                self.enter(name.format(self._stack[-1]))
                try:
                    thing = next(things)
                except StopIteration:
                    return
                finally:
                    self.leave()
                yield thing

        return timed

    def _book(self) -> None:
        now = time.perf_counter(), time.thread_time()
        if self._stack:
            self.spent[self._stack[-1]] += now[0] - self._since[0]
            self.busy[self._stack[-1]] += now[1] - self._since[1]
        self._since = now


def run(ground: Ground) -> None:
    with served() as server:
        _steps(ground, server)
        _functions(ground, server)


def _steps(ground: Ground, server: Served) -> None:
    rows: dict[str, list[float]] = {}
    own: list[float] = []
    count = 1
    for column, forget in enumerate((True, False)):
        found: list[Timers] = []
        with Checker(ground.settings(server.url), cache=False) as checker:
            checker.check(articles.reference())
            list(find.get_ready(articles.reference(), checker.store))
            for _ in range(RUNS):
                if forget:
                    ground.forget()
                spent, count = _timed(checker)
                found.append(spent)
        least = min(found, key=lambda t: sum(t.spent.values()))
        for name in _ORDER:
            rows.setdefault(name, [0.0, 0.0])[column] = least.spent[name]
        own += [
            sum(times[n] for n in _OWN) * 1000 / count
            for times in (least.spent, min(found, key=_own_busy).busy)
        ]
    total = [sum(r[i] for r in rows.values()) for i in (0, 1)]
    show(f"Our own work on the reference case, {count} claims (a model that answers at once)",
         ["work", "ms, new article", "share", "ms a claim", "ms, known article", "share"],
         [[name, f"{a * 1000:.0f}", f"{a / total[0]:.0%}", f"{a * 1000 / count:.1f}",
           f"{b * 1000:.0f}", f"{b / total[1]:.0%}"]
          for name, (a, b) in [*rows.items(), ("all", (total[0], total[1]))]],
         "`model: ...` is what a step spends behind the provider's door although the model answers"
         " at once: HTTP, streaming, parsing, threads. `read ahead` is work of later steps that a"
         " slower model would hide; it is done while other threads still read answers, and its time"
         " holds its waiting for them.")  # fmt: skip
    print(
        f"\nOwn time, neither embedding nor model, a claim: new article {own[0]:.1f} ms on the wall and"
        f" {own[1]:.1f} of the processor, known article {own[2]:.1f} and {own[3]:.1f}; below"
        f" {TARGET} asked for."
    )


def _own_busy(timers: Timers) -> float:
    return sum(timers.busy[n] for n in _OWN)


def _timed(checker: Checker) -> tuple[Timers, int]:
    timers = Timers()
    with ExitStack() as patched:
        for module, name in (
            (extract, "extract"), (find, "find"), (judge, "judge"),
            (verify, "verify"), (write, "write"),
        ):  # fmt: skip
            timed = timers.around(name, getattr(module, name))
            patched.enter_context(mock.patch.object(module, name, timed))
        embed = timers.around("embedding", CachedEmbedder.queries)
        patched.enter_context(mock.patch.object(CachedEmbedder, "queries", embed))
        waits = timers.around("embedding", Future.result)
        patched.enter_context(mock.patch.object(Future, "result", waits))
        each = timers.around_each("model: {}", Asker.ask)
        patched.enter_context(mock.patch.object(Asker, "ask", each))
        for module, name in (
            (find, "get_ready"), (write, "get_ready"),
            (pipeline, "_read_ahead"),
        ):  # fmt: skip
            ahead = timers.around_each("read ahead", getattr(module, name))
            patched.enter_context(mock.patch.object(module, name, ahead))
        note = timers.around("the rest", checker.check)(articles.reference())
    return timers, len(note.assessments)


def _functions(ground: Ground, server: Served) -> None:
    """Profile a check whose answers are replayed, then the asking alone."""
    article = articles.reference()
    answered: dict[str, Any] = {}
    asked: list[Any] = []

    def record(provider: Provider, questions: Sequence[Any], *_: object) -> Iterator[Any]:
        for number, question in enumerate(questions):
            asked.append(question)
            answered[_key(question)] = provider.ask(question)
            yield number, answered[_key(question)]

    def replay(_provider: Provider, questions: Sequence[Any], *_: object) -> Iterator[Any]:
        for number, question in enumerate(questions):
            yield number, answered[_key(question)]

    ours, client = cProfile.Profile(), cProfile.Profile()
    with Checker(ground.settings(server.url), cache=False) as checker:
        with mock.patch.object(Provider, "ask_all", record):
            checker.check(article)
        with mock.patch.object(Provider, "ask_all", replay):
            ours.runcall(checker.check, article)
        assert isinstance(checker.analyst, LlmAnalyst)
        provider = checker.analyst.provider
        client.runcall(lambda: [provider.ask(question) for question in asked])
    entries, total = _entries(ours)
    rows: list[tuple[float, float, int, str]] = [
        (cumulative, own, calls, f"`{file.removeprefix(_PACKAGE).lstrip('/')}:{line} {name}`")
        for (file, line, name), (_, calls, own, cumulative, _) in entries.items()
        if file.startswith(_PACKAGE)
        and not file.removeprefix(_PACKAGE).lstrip("/").startswith(_WRAPPERS)
        and not name.startswith("<")
    ]
    for key, title in ((0, "with what they call"), (1, "alone")):
        rows.sort(key=itemgetter(key), reverse=True)
        show(f"The {TOP} dearest functions of ours {title}, a known article, answers replayed",
             ["function", "calls", "share with what it calls", "share alone"],
             [[n, c, f"{cum / total:.1%}", f"{own / total:.1%}"]
              for cum, own, c, n in rows[:TOP]])  # fmt: skip
    _packages("Our work by package, answers replayed", ours)
    _packages(f"Asking {len(asked)} questions, by package", client)


def _key(question: Any) -> str:
    return repr((question.prompt.name, sorted(question.values.items())))


def _entries(profile: cProfile.Profile) -> tuple[dict[Any, Any], float]:
    entries: dict[Any, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    return entries, sum(own for _, _, own, _, _ in entries.values())


def _packages(title: str, profile: cProfile.Profile) -> None:
    entries, total = _entries(profile)
    spent: dict[str, float] = defaultdict(float)
    for (file, _, name), (_, _, own, _, _) in entries.items():
        spent["waiting" if _WAITS.search(name) else _library(file)] += own
    top = sorted(spent.items(), key=lambda kv: -kv[1])[:TOP]
    show(title, ["package", "share"], [[n, f"{own / total:.1%}"] for n, own in top])


def _library(file: str) -> str:
    if file.startswith(_PACKAGE):
        return "factcheck"
    if "site-packages/" in file:
        return file.split("site-packages/", 1)[1].split("/")[0]
    return "built in" if file == "~" else "standard library"
