"""Wall time of a check over the latency of the calls it must wait for.

The scripted model takes half a second to begin each answer. The round trips that follow each other
are read from the server's log. Every case is run several times and the fastest counts: the machine
may have other work.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench import articles
from bench.baseline import Baseline
from bench.ground import ROOT, Ground
from bench.served import Call, Served, served, waves
from bench.tables import show
from factcheck import embed
from factcheck.models import Article
from factcheck.pipeline import Checker

LATENCY, SLOWER = 0.5, 2.0  # seconds; a real model takes longer still for answers of this length
RUNS, TARGET, TRIPS = 5, 1.25, 3


@dataclass(frozen=True, slots=True)
class Run:
    """One check: how long, and its calls in waves."""

    wall: float
    began: float
    trips: list[list[Call]]
    latency: float

    @property
    def ratio(self) -> float:
        return self.wall / (self.latency * len(self.trips))

    @property
    def gaps(self) -> list[float]:
        """Our own time, in latencies: before the first wave, between waves, after the last."""
        marks = [self.began]
        for wave in self.trips:
            marks += [wave[0].at, max(c.at for c in wave) + self.latency]
        marks.append(self.began + self.wall)
        return [(b - a) / self.latency for a, b in zip(marks[::2], marks[1::2], strict=True)]


def run(ground: Ground) -> None:
    article = articles.reference()
    with served(spread=True) as server, served(stream=False) as whole, served() as late:
        for s in (server, whole, late):
            s.wait(LATENCY)
        _known(ground, server, article, runs=1)  # imports and tables are loaded once
        rows = [
            _row("new checker, new article", _new(ground, server, article)),
            _row("new checker, known article", _new(ground, server, article, forget=False)),
            _row("known checker, new article", _known(ground, server, article)),
            _row("known checker, known article", _known(ground, server, article, forget=False)),
            _row(
                "known checker, known article, answers in one piece",
                _known(ground, whole, article, forget=False),
            ),
            _row(
                "known checker, new article, answers all at their end",
                _known(ground, late, article),
            ),
            _row(
                "known checker, known article, answers all at their end",
                _known(ground, late, article, forget=False),
            ),
        ]
        for count in (60, 120):
            longer = articles.longer(count)
            found = _known(ground, server, longer, runs=2)
            rows.append(_row(f"known checker, new article, {count} sentences", found))
            rows.append(
                _row(f"known checker, known article, {count} sentences",
                     _known(ground, server, longer, runs=2, forget=False))
            )  # fmt: skip
            assert count > 60 or len(found.trips) <= TRIPS, f"{len(found.trips)} round trips"
        rows.append(_row("a whole process, new article", _process(ground, server)))
        server.wait(SLOWER)
        rows += [
            _row(f"known checker, new article, {SLOWER} s a call",
                 _known(ground, server, article, runs=2)),
            _row(f"new checker, new article, {SLOWER} s a call",
                 _new(ground, server, article, runs=2)),
        ]  # fmt: skip
        server.wait(LATENCY)
        show(f"Wall time over model latency ({LATENCY} s a call, fastest of {RUNS} or 2 runs)",
             ["case", "calls", "round trips", "wall / latency", f"<= {TARGET}",
              "before", "extract to judge", "judge to write", "after"], rows, _NOTE)  # fmt: skip
        _compared(ground, server)


_NOTE = (
    "The last four columns are our own time in units of one latency: before the first call, between"
    " the last answer's beginning of one step and the next step's first call, and after the last."
    " Answers stream evenly over the latency, as a real model's do, where nothing else is said. A"
    " new article's vectors are computed, a known one's are kept. A known checker has done an"
    " article before; a new one opens the store and, for a new article, loads the embedding model."
)


def _new(
    ground: Ground, server: Served, article: Article, *, runs: int = RUNS, forget: bool = True
) -> Run:
    """A new checker each time; with `forget` an article that was never met."""

    def once() -> Run:
        if forget:
            ground.forget()
        began = time.monotonic()
        with Checker(ground.settings(server.url), cache=False) as checker:
            checker.check(article)
            wall = time.monotonic() - began
        return _run(began, wall, server)

    return _best(once, runs)


def _known(
    ground: Ground, server: Served, article: Article, *, runs: int = RUNS, forget: bool = True
) -> Run:
    """One checker that has done an article before."""
    with Checker(ground.settings(server.url), cache=False) as checker:

        def once() -> Run:
            if forget:
                ground.forget()
            began = time.monotonic()
            checker.check(article)
            return _run(began, time.monotonic() - began, server)

        with _hurried(server):
            once()
        return _best(once, runs)


def _process(ground: Ground, server: Served) -> Run:
    """The command, from its start to its end, with its own imports."""
    path = ground.folder / "article.txt"
    path.write_text(articles.reference().text, encoding="utf-8")

    def once() -> Run:
        ground.forget()
        began = time.monotonic()
        subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "factcheck", "check", str(path), "--published",
             articles.PUBLISHED.isoformat(), "--no-cache", "--quiet", "--model", "scripted"],
            check=True, cwd=ROOT, stdout=subprocess.DEVNULL,
            env={**os.environ, "FACTCHECK_STORE": str(ground.store), "FACTCHECK_CACHE":
                 str(ground.cache), "OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "none"},
        )  # fmt: skip
        return _run(began, time.monotonic() - began, server)

    return _best(once)


def _run(began: float, wall: float, server: Served) -> Run:
    return Run(wall, began, waves(server.take(), server.latency), server.latency)


def _best(once: Callable[[], Run], runs: int = RUNS) -> Run:
    return min((once() for _ in range(runs)), key=lambda r: r.wall)


def _row(name: str, r: Run) -> list[object]:
    gaps = r.gaps
    between = [sum(gaps[1:-2]), gaps[-2]] if len(gaps) >= 4 else [0.0, 0.0]
    held = "yes" if r.ratio <= TARGET else "no"
    calls = sum(map(len, r.trips))
    return [name, calls, len(r.trips), r.ratio, held, gaps[0], *between, gaps[-1]]


def _compared(ground: Ground, server: Served) -> None:
    """The retrieval-QA script in the same run, its reports embedded before."""
    article = articles.reference()
    ours = _known(ground, server, article)
    baseline = Baseline(ROOT / "seeds" / "references", embed.default(ground.cache))

    def once() -> Run:
        ground.forget()
        began = time.monotonic()
        baseline.check(article.text, server.url)
        return _run(began, time.monotonic() - began, server)

    theirs = _best(once)
    print(
        f"\nThe retrieval-QA script on the reference case, eight calls at once:"
        f" {len(theirs.trips)} round trips against {len(ours.trips)},"
        f" wall time {theirs.wall / ours.wall:.2f} times ours."
    )


@contextmanager
def _hurried(server: Served) -> Iterator[None]:
    """Answers at once; what was asked meanwhile is not in the log afterwards."""
    usual = server.latency
    server.wait(0.0)
    yield
    server.take()
    server.wait(usual)
