"""Standing notes, measured: 1,000 notes against 50 new reports, beside checking everything again.

    python -m bench.standing [--case worst] [--notes 1000] [--reports 50] [--sample 60] [--fit]
                             [--again] --work DIR

The notes are made of the example articles (`bench.standing_notes`): other countries and towns in their
place, other figures, a part of the article each, in its own language. A story is an
article moved to a country; the reports are news of a few stories: the starter collection's, moved to the
same country with the same figures, every other one with figures of its own. A sample of the
notes is truly checked before the reports come in; what is told of it afterwards is held against a
search for all of its claims. The other notes have claims, and no verdicts yet: they are only to be found.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from bench.standing_notes import article_of, news_of, plans, unchecked
from factcheck import Checker, desk, news, standing
from factcheck.files import shipped
from factcheck.models import Reference
from factcheck.noteindex import NoteIndex
from factcheck.settings import Settings
from factcheck.steps import acquire


def against_the_full(checker: Checker, folder: Path, sample: set[int], found: news.ByNote) -> None:
    """Hold what new reports were found to change against a search for every claim of some notes."""
    tally: Counter[str] = Counter()
    times = {"full": 0.0, "news": 0.0}  # of the processor
    checked = 0
    for n in sorted(sample):
        name = f"note{n:04}.json"
        note = desk.read(folder / name, checker.store.reference).note
        mine = found.get(name, {})
        began = time.process_time()
        full = standing.recheck(checker, note)
        times["full"] += time.process_time() - began
        began = time.process_time()
        short = standing.recheck(checker, note, set(mine), mine)
        times["news"] += time.process_time() - began
        checked += full.checked
        tally["claims looked at"] += len(mine)
        told = {c.claim: c for c in short.changes}
        for change in full.changes:
            kind = "verdict" if change.before != change.now else "figure, flag or origin"
            tally[kind] += 1
            tally[f"{kind}: looked at"] += change.claim in mine
            if change.claim in told:
                tally[f"{kind}: told"] += 1
                tally[f"{kind}: told alike"] += told[change.claim].now == change.now
        known = {c.claim for c in full.changes if c.before != c.now}
        tally["verdicts told that the search does not bring"] += sum(
            c.before != c.now and c.claim not in known for c in short.changes
        )
        for result, name in ((full, "the search"), (short, "news")):
            verdicts = sum(c.before != c.now for c in result.unfounded)
            tally[f"read otherwise with no report behind it, by {name}"] += len(result.unfounded)
            tally[f"read otherwise with no report behind it, by {name}: verdict"] += verdicts
    print(f"sample: {len(sample)} notes with {checked} claims; all searched for again"
          f" {times['full']:.1f} s, what news concerns {times['news']:.1f} s")  # fmt: skip
    for name, n in sorted(tally.items()):
        print(f"  {name}: {n}")


def fit(notes: NoteIndex, checker: Checker, new: list[Reference]) -> None:
    """The weights by which the index proposes: a logistic fit to where the rules find something, on
    every fifth claim; and what each score costs and misses."""
    claims = notes.kept()[::5]
    read = notes.read([c.n for c in claims])
    passages = [(p, r) for r in new for p in checker.store.passages_of(r)]
    rows, says, of = [], [], []
    for (passage, report), cosines, values, counts in news.scores(
        notes, checker.store, claims, passages
    ):
        rough = sum(news.WEIGHTS[name] * values[name] for name in news.WEIGHTS)
        for i in np.flatnonzero(rough > news.PROPOSED - 2):
            margin = float(values["margin"][i])
            one = news.News(passage, report, float(cosines[i]), margin, True, bool(counts[i]))
            rows.append([float(values[name][i]) for name in news.WEIGHTS] + [1.0])
            says.append(any(x.told for x in news.read_beside(claims[i], read[claims[i].n], [one])))
            of.append(int(i))
    x, y, owner = np.array(rows), np.array(says, float), np.array(of)
    w = np.zeros(x.shape[1])
    for _ in range(80):
        p = 1 / (1 + np.exp(-x @ w))
        slope = (x * (p * (1 - p))[:, None]).T @ x + 0.01 * np.eye(len(w))
        w += np.linalg.solve(slope, x.T @ (y - p) - 0.01 * w)
    print("weights:", {n: round(float(v), 1) for n, v in zip(news.WEIGHTS, w, strict=False)})
    score = x[:, :-1] @ w[:-1]
    best: dict[int, float] = {}
    for i, s in zip(owner[y > 0], score[y > 0], strict=True):
        best[i] = max(best.get(i, -99.0), float(s))
    for share in (0.8, 0.85, 0.9, 0.95, 0.98):
        least = float(np.quantile(list(best.values()), 1 - share))
        over = score >= least
        print(f"  score {least:.2f}: {share:.0%} of the claims that the rules find something for;"
              f" {over.sum() / len(claims):.2f} pairs and"
              f" {len(set(owner[over])) / len(claims):.2f} readings a claim")  # fmt: skip


class Clock:
    """Time since it was made or last asked, on the wall and of the processor."""

    def __init__(self) -> None:
        self.wall, self.work = time.monotonic(), time.process_time()

    def told(self) -> str:
        wall, work = time.monotonic() - self.wall, time.process_time() - self.work
        self.wall, self.work = time.monotonic(), time.process_time()
        return f"{wall:.1f} s ({work:.1f} s of work)"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--case", choices=("usual", "worst"), default="usual")
    options.add_argument("--notes", type=int, default=1000)
    options.add_argument("--reports", type=int, default=50)
    options.add_argument("--stories", type=int, default=4)
    options.add_argument("--sample", type=int, default=60)
    options.add_argument("--work", type=Path, required=True)
    options.add_argument("--again", action="store_true", help="use the notes that stand in --work")
    options.add_argument("--fit", action="store_true", help="fit the index's weights too")
    o = options.parse_args()
    rng = random.Random(7)  # noqa: S311 - the same notes every time
    came = (date.today() + timedelta(days=1)).isoformat()  # the notes are older than the news
    o.work.mkdir(parents=True, exist_ok=True)
    folder = o.work / "notes"
    if not o.again:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(o.work / "store", ignore_errors=True)
        folder.mkdir()
    settings = replace(Settings.load(), store=o.work / "store")
    began = time.monotonic()
    with Checker(settings) as checker:
        checker.get_ready()
        for n in range(o.reports):
            checker.store.remove(f"NEW{n:02}")
        sources = [acquire.acquire(p) for p in sorted((shipped("seeds") / "articles").glob("*.md"))]
        bases = [checker.check(s) for s in sources]
        planned = plans(o.case, len(sources), o.notes, rng)
        stories = set(rng.sample(sorted({p.story for p in planned}), o.stories))
        of_them = [n for n, p in enumerate(planned) if p.story in stories]
        touched = [rng.choice(of_them) for _ in range(o.reports)]
        sample = set(rng.sample(of_them, min(len(of_them), o.sample // 2)))
        sample |= set(rng.sample(range(o.notes), o.sample // 2))
        claims = 0
        for n, plan in enumerate(planned if not o.again else ()):
            article = article_of(sources[plan.source], plan)
            note = checker.check(article) if n in sample else unchecked(checker, article)
            claims += len(note.assessments)
            (folder / f"note{n:04}.json").write_text(desk.dumped(note.to_json()), encoding="utf-8")
        if not o.again:
            took = time.monotonic() - began
            print(f"{o.notes} notes with {claims} claims made in {took:.0f} s", flush=True)

        clock = Clock()
        with NoteIndex(folder, settings.cache, checker.store.embedder) as notes:
            notes.refresh()
            print(f"indexed in {clock.told()}", flush=True)
            notes.vectors([c.n for c in notes.kept()], "sentence")
            print(f"sentences embedded in {clock.told()} (once)", flush=True)
            chosen = [(bases[planned[n].source], planned[n]) for n in touched]
            new = news_of(checker, chosen, came, rng)
            checker.store.add(new)
            clock = Clock()
            notes.refresh()
            found = news.concerned(notes, checker.store, new)
            took = clock.told()
            of_story = {f"note{n:04}.json" for n in of_them}
            if o.fit:
                fit(notes, checker, new)
        count = sum(len(c) for c in found.values())
        print(f"concerned: {len(found)} notes, {count} claims, found in {took};"
              f" {len(of_story & found.keys())} of the {len(of_story)} notes of the stories",
              flush=True)  # fmt: skip
        against_the_full(checker, folder, sample, found)
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    command = [sys.executable, "-m", "factcheck", "recheck", "--all", str(folder), "--since-refs",
               came, "--store", str(settings.store), "--format", "json"]  # fmt: skip
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    took, work = time.monotonic() - began, os.times()
    data = json.loads(done.stdout)
    moved_ = sum(bool(n["changes"]) for n in data["notes"])
    print(f"factcheck recheck --all --since-refs: {took:.1f} s as a process "
          f"({work.children_user + work.children_system:.1f} s of work), {data['since_refs']}, "
          f"{sum(n['checked'] for n in data['notes'])} claims checked, {moved_} notes changed")  # fmt: skip


if __name__ == "__main__":
    main()
