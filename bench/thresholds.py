"""What each threshold of the local analyst does that was set by hand, one at a time.

    python -m bench.thresholds [NAME...] [--file NAME=FILE.jsonl ...] [--limit N] [--jobs N] [--write]

Weights and the threshold of the support score are fitted (`make calibrate`); beside them stand rules
that compare one number with one line. Each line is moved two steps down and two up, the others left
as they are, and whole checks of the labelled articles that may be fitted to are measured, and the
first rows of each FILE, claims with their evidence as `factcheck eval verdict` reads them. What a
line is worth is the mean of the macro-F1 of all of them, as long as in none of them more of what is
not supported is called so than MOST, or than with the line in use where that is more already.

A line in use is right where no other is worth more than what two labelled spans move (WITHIN): what
is less is chance. With --write the curves go to docs/figures/thresholds.json, with the line in use
and the best one; a test holds the file against the code. The data of FILE is no part of this
repository.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any

from bench import figures
from bench.calibrate import fitted_to
from bench.floors import ARTICLES, ROOT
from bench.ground import ground
from bench.tables import show
from factcheck import evaluate
from factcheck.analysts.choose import analyst_for
from factcheck.evaluate import measures, rows, verdict
from factcheck.pipeline import Checker

PACKAGE = "factcheck.analysts.local"
MOST, WITHIN = 0.10, 0.006
STEPS = (-2, -1, 0, 1, 2)
MEASURES = ("accuracy", "macro_f1", "false_support_rate")
Measured = dict[str, dict[str, float]]  # articles or a file -> measure -> value


@dataclass(frozen=True, slots=True)
class Threshold:
    """A constant of a module, and the step by which it is moved."""

    module: str
    name: str
    step: float

    @property
    def key(self) -> str:
        return f"{self.module}.{self.name}"

    @property
    def value(self) -> float:
        return float(getattr(import_module(f"{PACKAGE}.{self.module}"), self.name))

    def values(self) -> list[float]:
        """The values tried, the one in use among them."""
        return [round(self.value + n * self.step, 6) for n in STEPS]


THRESHOLDS = (
    Threshold("stance", "_NEAR", 0.005),
    Threshold("stance", "_AHEAD", 0.0025),
    Threshold("stance", "_PLAIN", 0.1),
    Threshold("stance", "_IN_WORDS", 0.1),
    Threshold("stance", "_PART_IN_WORDS", 0.1),
    Threshold("stance", "_VERBATIM", 0.05),
    Threshold("stance", "_DENIED", 0.1),
    Threshold("stance", "_LEAST", 0.1),
    Threshold("stance", "_FORWARD", 0.003),
    Threshold("stance", "_ALL", 0.05),
    Threshold("stance", "_ENOUGH", 0.1),
    Threshold("stance", "_HARDLY", 0.05),
    Threshold("stance", "_LONG", 3),
    Threshold("stance", "_UNTOLD", 0.06),
    Threshold("stance", "_WHOLE", 0.05),
    Threshold("difference", "_ELSE", 0.06),
    Threshold("difference", "_HEAD", 0.06),
    Threshold("difference", "_BRIEF", 4),
    Threshold("difference", "_ALIKE", 0.06),
    Threshold("difference", "_ABOVE", 0.01),
    Threshold("difference", "APART", 0.01),
    Threshold("difference", "_OTHERS", 0.1),
    Threshold("difference", "NEARLY_ALL", 0.08),
    Threshold("difference", "STANDS_OUT", 0.006),
    Threshold("difference", "_MOST", 0.06),
    Threshold("aligned", "SAME", 0.05),
    Threshold("aligned", "NAMED", 0.05),
    Threshold("aligned", "_APART", 0.05),
    Threshold("aligned", "_SURE", 0.05),
    Threshold("aligned", "_MET", 0.06),
    Threshold("aligned", "_UNTOLD", 0.06),
    Threshold("aligned", "MATTER", 0.05),
    Threshold("aligned", "_UNMET", 0.05),
    Threshold("elements", "_IN_REPORT", 0.15),
    Threshold("odd_one", "_REST", 0.05),
    Threshold("odd_one", "_NEARLY", 0.06),
    Threshold("odd_one", "_UNLIKE", 0.05),
    Threshold("judge", "_TELLING", 0.1),
    Threshold("judge", "_AS_LIKELY", 0.15),
    Threshold("judge", "_OFF_TOPIC", 0.005),
    Threshold("retold", "_BESIDE", 150),
    Threshold("stance", "_PINS", 1),
    Threshold("only_wanted", "_LIKE", 0.06),
    Threshold("only_wanted", "_NAMES", 0.06),
    Threshold("only_wanted", "_MOST", 0.1),
    Threshold("odd_one", "_SAME_WORDS", 0.01),
    Threshold("judge", "_SHARED", 1),
)


@contextmanager
def moved(threshold: Threshold, value: float) -> Iterator[None]:
    """The threshold at another value, in its module and in those that took it from there."""
    whole = import_module(f"{PACKAGE}.{threshold.module}")
    before = getattr(whole, threshold.name)
    holders = [m for m in _modules() if getattr(m, threshold.name, None) is before or m is whole]
    if threshold.name.startswith("_"):
        holders = [whole]
    for module in holders:
        setattr(module, threshold.name, type(before)(value))
    try:
        yield
    finally:
        for module in holders:
            setattr(module, threshold.name, before)


def _modules() -> list[ModuleType]:
    return [m for name, m in sys.modules.items() if name.startswith(PACKAGE) and m is not None]


class Desk:
    """Everything that is measured, read and embedded once."""

    def __init__(self, checker: Checker, files: dict[str, Path], limit: int) -> None:
        self._checker = checker
        self._labels = {}
        for path in ARTICLES:
            gold = ROOT / "seeds" / "gold" / f"{path.stem}.jsonl"
            if labels := fitted_to(evaluate.read_gold(gold, [path])[path]):
                self._labels[path] = labels
        self._rows = {n: rows.read(f, limit=limit) for n, f in files.items()}
        self._analyst = analyst_for(checker.settings, None, cache=True)
        self._given: dict[str, Any] = {}

    def measure(self) -> Measured:
        """With the thresholds as they stand now."""
        scores = [
            evaluate.score(self._checker.check(path), labels, self._checker.store.reference)
            for path, labels in self._labels.items()
        ]
        out = {"articles": {m: float(evaluate.total(scores).figures()[m]) for m in MEASURES}}
        for name in self._rows:
            out[name] = self._of_file(name)
        return out

    def _of_file(self, name: str) -> dict[str, float]:
        embedder = self._checker.store.embedder
        if name not in self._given:
            self._given[name] = verdict.prepared(self._rows[name], embedder)
        decided = verdict.decided(self._given[name], self._analyst, embedder.units)
        gold, said = [d.given.label for d in decided], [d.said for d in decided]
        return {
            "accuracy": measures.accuracy(gold, said),
            "macro_f1": measures.macro_f1(gold, said),
            "false_support_rate": measures.false_support(gold, said),
        }


def worth(measured: Measured) -> float:
    """The mean macro-F1."""
    return sum(m["macro_f1"] for m in measured.values()) / len(measured)


def allowed(measured: Measured, base: Measured) -> bool:
    """Nowhere is more called supported that is not than may be."""
    rate = "false_support_rate"
    return all(m[rate] <= max(MOST, base[name][rate]) + 1e-9 for name, m in measured.items())


def chosen(threshold: Threshold, curve: Sequence[dict[str, Any]], base: Measured) -> float:
    """The value in use, unless an allowed one is worth more than chance moves."""
    best = max((p for p in curve if allowed(p["measured"], base)), key=lambda p: p["worth"])
    clear = best["worth"] > worth(base) + WITHIN
    return float(best["value"]) if clear else threshold.value


def _work(files: dict[str, Path], limit: int, keys: list[str]) -> list[dict[str, Any]]:
    """The curves of some thresholds; run in a process of its own."""
    with ground() as made, Checker(made.settings()) as checker:
        desk = Desk(checker, files, limit)
        desk.measure()  # what is read and embedded once is
        base = desk.measure()
        return [_curve(desk, t, base) for t in THRESHOLDS if t.key in keys]


def _curve(desk: Desk, threshold: Threshold, base: Measured) -> dict[str, Any]:
    curve, in_use = [], threshold.value
    for value in threshold.values():
        with moved(threshold, value):
            measured = base if value == in_use else desk.measure()
        curve.append(
            {"value": value, "worth": round(worth(measured), 4), "measured": _short(measured)}
        )
    best = chosen(threshold, curve, base)
    print(f"{threshold.key:<24}" + " ".join(f"{p['value']:g}:{p['worth']:.4f}" for p in curve)
          + ("" if best == threshold.value else f"  better: {best:g}"), flush=True)  # fmt: skip
    return {"name": threshold.key, "in_use": in_use, "best": best, "curve": curve}


def _short(measured: Measured) -> Measured:
    return {name: {k: round(v, 4) for k, v in m.items()} for name, m in measured.items()}


def run(
    names: Sequence[str], files: dict[str, Path], limit: int, jobs: int
) -> list[dict[str, Any]]:
    """The curves of the named thresholds, or of all."""
    keys = [t.key for t in THRESHOLDS if not names or t.key in names or t.name in names]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        parts = [pool.submit(_work, files, limit, keys[n::jobs]) for n in range(jobs)]
        found = {c["name"]: c for part in parts for c in part.result()}
    return [found[key] for key in keys]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--file", action="append", default=[], metavar="NAME=FILE.jsonl")
    parser.add_argument("--limit", type=int, default=150)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    files = {n: Path(f) for n, _, f in (given.partition("=") for given in args.file)}
    curves = run(args.names, files, args.limit, args.jobs)
    show(
        "Thresholds set by hand",
        ("threshold", "in use", "worth", "best", "worth", "least worth"),
        [_row(c) for c in curves],
    )
    if args.write:
        data = [*ARTICLES, *sorted((ROOT / "seeds" / "gold").glob("*.jsonl")), *files.values()]
        settings = {"files": list(files), "limit": args.limit, "most": MOST, "within": WITHIN}
        figures.save("thresholds", {"thresholds": curves}, settings, data)
    return 0


def _row(curve: dict[str, Any]) -> list[object]:
    at = {p["value"]: p["worth"] for p in curve["curve"]}
    return [curve["name"], f"{curve['in_use']:g}", at[curve["in_use"]], f"{curve['best']:g}",
            at[curve["best"]], min(at.values())]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
