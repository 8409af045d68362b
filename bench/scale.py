"""A collection of 100,000 passages: how long finding takes, filters included, and what it weighs.

    python -m bench.scale [--passages N] [--keep DIR]

The reports are written by a generator of ours (news sentences in three languages over a few hundred
places, bodies and subjects, so that some keys stand in most passages and most in few), and their
vectors are made, not embedded: mixtures of the directions of a sentence's words, with noise. The
whole way is the product's own, from `Store.add` to `steps.find.find`; only the model is replaced,
so that the load takes minutes. With --keep a store made before is used again.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from bench.tables import show
from factcheck import reading
from factcheck.embed import CachedEmbedder, Embedder, Vectors
from factcheck.evidence import keep, read_passage, read_report
from factcheck.kept import Shelf
from factcheck.models import Article, Claim, ClaimKind, Evidence, Passage, Reference, content_id
from factcheck.steps import find
from factcheck.store import Entry, Store

SENTENCES = 20  # of one report
DIM = 384
PLACES = (
    "Aleppo Homs Hama Idlib Raqqa Damascus Daraa Latakia Tartus Palmyra Manbij Azaz Jarabulus Afrin"
    " Kobani Tabqa Safira Qusayr Yabroud Zabadani Madaya Douma Mosul Kirkuk Ramadi Fallujah Tikrit"
    " Baghdad Basra Erbil Beirut Tripoli Sidon Tyre Amman Irbid Zarqa Ankara Gaziantep Hatay Kilis"
).split()
BODIES = (
    "UNHCR OCHA UNICEF WFP WHO SOHR SANA AFP Reuters BBC Amnesty MSF ICRC IOM Oxfam UNESCO".split()
)
PEOPLE = (
    "people families children soldiers rebels refugees civilians fighters patients pupils".split()
)
SHAPES = (
    "{body} said on {day} that {n} {people} were displaced from {place} after shelling near {other}.",
    "At least {n} {people} were killed in {place} on {day}, according to {body}.",
    "Rebels seized a base near {place}; {body} counted {n} {people} who fled towards {other}.",
    "Aid for {n} {people} reached {place} through {other} on {day}, {body} reported.",
    "{body} put the number of {people} without water in {place} at {n}, up from {m} in {other}.",
    "Menurut {body}, {n} orang mengungsi dari {place} ke {other} pada {day}.",
    "Sedikitnya {n} warga tewas di {place}, kata {body}, setelah serangan di {other}.",
    "Selon {body}, {n} personnes ont fui {place} pour {other} depuis le {day}.",
    "The army retook villages around {place} and lost {n} {people} at {other}, {body} said.",
    "Prices in {place} rose by {m} percent while {n} {people} waited at the {other} crossing.",
)


def sentence(dice: random.Random, day: date, places: Sequence[str]) -> str:
    return dice.choice(SHAPES).format(
        body=dice.choice(BODIES),
        people=dice.choice(PEOPLE),
        place=dice.choice(places),
        other=dice.choice(PLACES),
        n=dice.choice((dice.randrange(3, 90), dice.randrange(1, 90) * 100)),
        m=dice.randrange(2, 60),
        day=f"{day:%d} {day:%B} {day.year}",
    )


def reports(count: int) -> list[Reference]:
    """Reports of SENTENCES sentences each, in three languages and of eight publishers."""
    dice = random.Random(7)  # noqa: S311
    out = []
    for n in range(count):
        day = date(2012, 1, 1) + timedelta(days=dice.randrange(1500))
        places = dice.sample(PLACES, 4)
        text = "\n".join(sentence(dice, day, places) for _ in range(SENTENCES))
        out.append(
            Reference(
                id=f"G{n:05d}",
                publisher=f"Publisher {n % 8}",
                kind=("un", "wire")[n % 2],
                title=f"Report from {places[0]}",
                text=text,
                published=day,
                language=("en", "en", "id", "fr")[n % 4],
            )
        )
    return out


class Mixtures(Embedder):
    """The mean direction of a text's words, with noise: near what shares its words."""

    name = "mixtures-1"
    dim = DIM
    batch = 1024

    def __init__(self) -> None:
        self._words: dict[str, Vectors] = {}

    def passages(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._one(t) for t in texts]) if texts else np.empty((0, DIM), np.float32)

    queries = passages

    def _one(self, text: str) -> Vectors:
        words = text.lower().split()
        total = np.sum([self._direction(w) for w in words], axis=0)
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
        noise = np.random.default_rng(seed).normal(size=DIM)
        mixed = total / np.linalg.norm(total) + 0.3 * noise / np.linalg.norm(noise)
        return np.asarray(mixed / np.linalg.norm(mixed), np.float32)

    def _direction(self, word: str) -> Vectors:
        if word not in self._words:
            seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
            made = np.random.default_rng(seed).normal(size=DIM)
            self._words[word] = np.asarray(made / np.linalg.norm(made), np.float32)
        return self._words[word]


@lru_cache(maxsize=100_000)
def keys_of(word: str, language: str) -> tuple[str, ...]:
    return reading.keys(reading.read(word, language))


def entries(reference: Reference, shelf: Shelf) -> list[Entry]:
    """One passage a line, filed under the keys of its words read one by one: as many keys as the
    product's own construction files, and in a fraction of the time. Each is read as a whole for the
    shelf, as filing a report does."""
    made, start = [], 0
    for line in reference.text.split("\n"):
        passage = Passage(
            id=content_id(reference.id, str(start), line),
            reference=reference.id,
            start=start,
            end=start + len(line),
            text=line,
        )
        words = [w.strip(".,;") for w in line.split()]
        keys = [k for w in words for k in keys_of(w, reference.language)]
        made.append(Entry(passage, line, tuple(dict.fromkeys(keys))))
        start += len(line) + 1
        read_passage(passage, reference)
    read_report(reference)
    keep(shelf, whole=True)
    return made


def opened(folder: Path) -> Store:
    embedder = CachedEmbedder(Mixtures(), folder / "cache" / "vectors.sqlite3")
    shelf = Shelf(folder / "cache", reading.rules)
    return Store(folder / "store", embedder, partial(entries, shelf=shelf), shelf=shelf)


def load(folder: Path, passages: int) -> None:
    wanted = reports(passages // SENTENCES)
    started = time.perf_counter()
    shown = [0.0]

    def told(done: int, total: int) -> None:
        if time.perf_counter() - shown[0] > 20:
            shown[0] = time.perf_counter()
            print(f"  {done:,} of {total:,} passages", file=sys.stderr)

    with opened(folder) as store:
        added = store.add(wanted, progress=told)
    took = time.perf_counter() - started
    rate = added.passages / took if added.passages else 0
    print(f"\nLoaded {added.passages:,} passages in {took:.0f} s ({rate:.0f} a second).")


def articles(count: int) -> list[tuple[Article, list[Claim]]]:
    """Articles of ten claims each."""
    dice = random.Random(11)  # noqa: S311
    out = []
    for n in range(count):
        day = date(2013, 11, 1) + timedelta(days=n)
        lines = [sentence(dice, day, dice.sample(PLACES, 3)) for _ in range(10)]
        text = "\n".join(lines)
        article = Article(
            text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            language="en",
            title=f"Article {n}",
            published=day,
        )
        claims, start = [], 0
        for i, line in enumerate(lines):
            claims.append(
                Claim(
                    id=f"c{i}",
                    start=start,
                    end=start + len(line),
                    said=line,
                    statement=line,
                    kind=next(iter(ClaimKind)),
                    sentence=i,
                )
            )
            start += len(line) + 1
        out.append((article, claims))
    return out


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds that a piece of work took on the wall; of these, those for which its thread was ready
    and other programs had the processors; and those of all its threads on a processor."""

    wall: float
    waited: float
    cpu: float

    @property
    def quiet(self) -> float:
        """On the wall of a machine that does nothing else. What a thread of ours waited for another
        one that waited itself is in it: it is an upper bound."""
        return self.wall - self.waited


def spread(times: Sequence[Took]) -> list[float]:
    """Median and 95th percentile of each of the three, in milliseconds."""
    out = []
    for part in ([t.quiet for t in times], [t.wall for t in times], [t.cpu for t in times]):
        ms = sorted(1000 * t for t in part)
        out += [ms[len(ms) // 2], ms[min(len(ms) - 1, int(0.95 * len(ms)))]]
    return out


def timed(count: int, work: Callable[[int], object], each: int = 1) -> list[Took]:
    """`each` units of work a turn."""
    out = []
    for i in range(count):
        wall, waited, cpu = time.perf_counter(), waiting(), time.process_time()
        work(i)
        wall, waited = time.perf_counter() - wall, waiting() - waited
        out.append(Took(wall / each, waited / each, (time.process_time() - cpu) / each))
    return out


def waiting() -> float:
    """Seconds for which this thread has been ready and had no processor so far (Linux; else 0)."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


def resident() -> float:
    """Memory of this process in MB, files mapped into it left out."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return float("nan")


def measure(folder: Path) -> None:
    before = resident()
    with opened(folder) as store:
        started = time.perf_counter()
        count = store.stats()["passages"]
        store.dense(store.embedder.queries(["first"]), 5)
        store.lexical(["cready"], 1)
        first = time.perf_counter() - started
        rows = []
        filters = {
            "none": None,
            "an eighth (one publisher)": store.within(lambda r: r.publisher == "Publisher 3"),
            "a fiftieth (thirty days)": store.within(
                lambda r: (
                    bool(r.published) and date(2013, 10, 1) <= r.published <= date(2013, 10, 30)
                )
            ),
            "half (one kind)": store.within(lambda r: r.kind == "un"),
        }
        work = [(a, c) for a, claims in articles(12) for c in claims]
        vectors = store.embedder.queries([c.said for _, c in work])
        keys = [
            find._keys(find.read_claim(c, a, find.near_countries(a)), c, a, find.near_countries(a))
            for a, c in work
        ]
        for name, within in filters.items():
            legs = {
                "dense, 60": timed(
                    len(work), lambda i, w=within: store.dense(vectors[i : i + 1], 60, w)
                ),
                "lexical, 60": timed(len(work), lambda i, w=within: store.lexical(keys[i], 60, w)),
            }
            for leg, times in legs.items():
                rows.append([f"{leg}; filter: {name}", *spread(times)])
        ids = [i for i, _ in store.dense(vectors[:1], 60)[0]]
        rows.append(["vectors of 60", *spread(timed(50, lambda _: store.vectors(ids)))])
        rows.append(["passages of 60", *spread(timed(50, lambda _: store.passages(ids)))])
        rss = resident() - before  # of the store: finding fills caches of its own with readings
        of = {r.id: r for r in store.headers()}

        def fits(evidence: Evidence) -> bool:
            return of[evidence.reference.id].publisher == "Publisher 3"

        for name, more in (
            *((n, {"within": w}) for n, w in filters.items()),
            ("as a predicate: an eighth", {"fits": fits}),
        ):
            made = [(a, [c]) for a, claims in articles(12) for c in claims]
            for article, _ in made[::10]:  # what a check does while it waits for the claims
                list(find.get_ready(article, store))
            find.find(made[0][1], made[0][0], store, **more)
            gc.freeze()  # as a check does once all is loaded
            times = timed(
                len(made), lambda i, m=more, a=made: find.find(a[i][1], a[i][0], store, **m)
            )
            rows.append([f"steps.find.find, one claim; filter: {name}", *spread(times)])
        longer = articles(24)[12:]  # not met before
        for article, _ in longer:
            list(find.get_ready(article, store))
        times = timed(len(longer), lambda i: find.find(longer[i][1], longer[i][0], store), 10)
        rows.append(["steps.find.find, each of ten claims of an article", *spread(times)])
        for name in ("headers", "fingerprint", "stats"):
            method = getattr(store, name)
            rows.append(
                [f"{name}, first", *spread(timed(1, lambda _, m=method: (store._forget(), m())))]
            )
            rows.append([f"{name}, again", *spread(timed(20, lambda _, m=method: m()))])
    show(
        f"Finding among {count:,} passages, ms",
        ("", "quiet median", "quiet 95th", "wall median", "wall 95th", "CPU median", "CPU 95th"),
        rows,
    )
    sizes = {
        "catalogue (reports, passages, keys)": "store/catalog.sqlite3*",
        "Chroma": "store/chroma/**/*",
        "flat vectors": "store/vectors-*.f32",
        "readings, in the cache folder": "cache/readings-*.sqlite3*",
    }
    per = 100_000 / count
    weights = [
        [n, sum(p.stat().st_size for p in folder.glob(g) if p.is_file()) / 1e6 * per]
        for n, g in sizes.items()
    ]
    weights += [
        ["on disk together", sum(w for _, w in weights)],
        ["in memory, files apart", rss * per],
    ]
    show("Weight of 100,000 passages, MB", ("", "MB"), weights)
    show("Ready to find, in a new process", ("", "seconds"), [["open, first search", first]])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.scale")
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--measure", action="store_true", help="Only measure what --keep names.")
    args = parser.parse_args()
    if args.measure:
        measure(args.keep)
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = args.keep or Path(scratch)
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        load(folder, args.passages)
        command = [sys.executable, "-m", "bench.scale", "--measure", "--keep", str(folder)]
        return subprocess.run(command, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
