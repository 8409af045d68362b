"""`factcheck batch --jobs N`, measured: threads and processes, with rules and with a slow model.

    python -m bench.batch [--articles 12] [--latency 1.0]

Each case checks the same number of articles that were never met before. Processes pay for their own
start and loading, which is in the time (a thread's was loaded before). "work" is the processor time of
this process and its children.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import articles
from bench.ground import Ground, ground
from bench.served import served
from factcheck.analysts.choose import analyst_for, meter_for
from factcheck.batch import Batch, worst
from factcheck.batch.hands import Hand, Process, Thread
from factcheck.pipeline import Checker
from factcheck.settings import Settings


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--articles", type=int, default=12)
    options.add_argument("--latency", type=float, default=1.0)
    options.add_argument("--only", default="", help="rules or model")
    o = options.parse_args()
    with ground() as made, served() as server, tempfile.TemporaryDirectory() as folder:
        server.wait(o.latency)
        print(f"{o.articles} articles of {len(articles.reference().text)} characters; "
              f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")  # fmt: skip
        local, slow = made.settings(), made.settings(server.url)
        cases: list[tuple[str, Callable[[], Sequence[Hand]]]] = [
            ("rules, 1 thread", lambda: _threads(local, 1)),
            ("rules, 2 threads", lambda: _threads(local, 2)),
            ("rules, 1 process", lambda: _processes(made, 1)),
            ("rules, 2 processes", lambda: _processes(made, 2)),
            (f"model of {o.latency} s, 1 thread", lambda: _threads(slow, 1)),
            (f"model of {o.latency} s, 2 threads", lambda: _threads(slow, 2)),
            (f"model of {o.latency} s, 4 threads", lambda: _threads(slow, 4)),
        ]
        for n, (name, hands) in enumerate(c for c in cases if c[0].startswith(o.only)):
            made.forget()
            sources = _written(Path(folder) / f"in{n}", o.articles, n)
            batch = Batch(Path(folder) / f"out{n}", sources)
            began, work = time.monotonic(), _work()
            outcomes = batch.run(hands, lambda *_: None)
            took = time.monotonic() - began
            assert worst(outcomes) == 0, outcomes
            print(f"{name:26} {took:6.1f} s   {took / o.articles:5.2f} s an article"
                  f"   work {_work() - work:5.1f} s", flush=True)  # fmt: skip


def _work() -> float:
    t = os.times()
    return t.user + t.system + t.children_user + t.children_system


def _written(folder: Path, count: int, case: int) -> list[str]:
    folder.mkdir()
    text = articles.reference().text
    out = []
    for n in range(count):
        path = folder / f"a{n}.txt"
        path.write_text(
            text.replace("killed", f"killed {case * 100 + n + 33} people and"), encoding="utf-8"
        )
        out.append(str(path))
    return out


def _threads(settings: Settings, count: int) -> list[Hand]:
    meter = meter_for(settings, None)
    return [
        Thread(lambda: Checker(settings, analyst=analyst_for(settings, meter=meter.part())))
        for _ in range(count)
    ]


def _processes(made: Ground, count: int) -> list[Hand]:
    os.environ["FACTCHECK_CACHE"] = str(made.cache)
    return [Process({"store": made.store, "analyst": "local"}) for _ in range(count)]


if __name__ == "__main__":
    main()
