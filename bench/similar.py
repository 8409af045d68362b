"""Calibrate `factcheck similar`: claims of our own in seven languages, the same and not the same.

    python -m bench.similar            # the figures of docs/desk.md, and the weights

Each group of tests/data/similar_claims.toml gives pairs: the same assertion in two languages (to be
found), the same event with another figure, day, place or a denial (to be found, and the difference
said), the same in few words (to be found), the same topic with another fact (not to be found), and
few words of one group beside the claims of the others (not to be found). The weights are a logistic
regression; the figures are of groups that were left out of it, one after the other.
"""

from __future__ import annotations

import itertools
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from factcheck import embed, reading, similar
from factcheck.settings import Settings

PAIRS = Path(__file__).parent.parent / "tests" / "data" / "similar_claims.toml"
RIDGE, STEPS = 0.01, 60


@dataclass(frozen=True)
class Pair:
    group: int
    published: date
    a: tuple[str, str]  # language, text
    b: tuple[str, str]
    found: bool  # says the same, or of the same event
    differs: str = ""
    short: bool = False  # `a` is in few words

    def readings(self) -> tuple[reading.Reading, reading.Reading]:
        return tuple(reading.read(t, lang, self.published) for lang, t in (self.a, self.b))  # type: ignore[return-value]


def pairs(path: Path = PAIRS) -> list[Pair]:
    """All pairs of the table."""
    return list(_pairs(tomllib.loads(path.read_text(encoding="utf-8"))["group"]))


def _pairs(groups: Sequence[dict[str, object]]) -> Iterator[Pair]:
    for n, group in enumerate(groups):
        day = group["published"]
        for a, b in itertools.combinations(group["same"], 2):
            yield Pair(n, day, tuple(a), tuple(b), True)
        for lang, text, kind in group["other"]:
            for a in group["same"][:2]:
                yield Pair(n, day, tuple(a), (lang, text), True, kind)
        for b in group["apart"]:
            for a in group["same"]:
                yield Pair(n, day, tuple(b), tuple(a), False)
        for a in group["short"]:
            for b in group["same"]:
                yield Pair(n, day, tuple(a), tuple(b), True, short=True)
            for b in (
                *group["apart"],
                *(b for m, g in enumerate(groups) if m != n for b in g["same"][:2]),
            ):
                yield Pair(n, day, tuple(a), tuple(b), False, short=True)


def signs(table: Sequence[Pair], embedder: embed.CachedEmbedder | None = None) -> np.ndarray:
    """For each pair the cosine, the likeness of names, places, sources and concepts, whether it is of
    one language, and the share of the first's words that the second answers."""
    embedder = embedder or embed.default(Settings.load().cache)
    texts = list(dict.fromkeys(t for p in table for _, t in (p.a, p.b)))
    vectors = dict(zip(texts, embedder.queries(texts), strict=True))
    units = dict(zip(texts, embedder.units(texts) or (), strict=True))
    filed = {t: _keys(p, i) for p in table for i, (_, t) in enumerate((p.a, p.b))}
    counts = Counter(k for keys in filed.values() for k in keys)
    weight = {k: float(np.log(1 + len(filed) / n)) for k, n in counts.items()}
    out = []
    for p in table:
        a, b = filed[p.a[1]], filed[p.b[1]]
        both, either = (sum(weight[k] for k in s) for s in (a & b, a | b))
        met = similar.met(units[p.a[1]], units[p.b[1]])
        out.append((float(vectors[p.a[1]] @ vectors[p.b[1]]), both / (either or 1.0),
                    p.a[0] == p.b[0], met))  # fmt: skip
    return np.array(out, float)


def _keys(pair: Pair, which: int) -> set[str]:
    return {k for k in reading.keys(pair.readings()[which]) if k[0] in "cnps"}


def fit(x: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Weights of a logistic regression (both classes weigh the same), the bias last."""
    middle, spread = x.mean(0), x.std(0) + 1e-9
    z = np.c_[(x - middle) / spread, np.ones(len(x))]
    each = np.where(found, 0.5 / found.mean(), 0.5 / (~found).mean())
    ridge = RIDGE * np.r_[np.ones(x.shape[1]), 0.0]
    w = np.zeros(z.shape[1])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-z @ w))
        gradient = z.T @ ((p - found) * each) / len(found) + ridge * w
        curve = (z * (each * p * (1 - p))[:, None]).T @ z / len(found) + np.diag(ridge)
        w -= np.linalg.solve(curve + 1e-9 * np.eye(len(w)), gradient)
    return np.r_[w[:-1] / spread, w[-1] - (w[:-1] * middle / spread).sum()]


def kinds(table: Sequence[Pair]) -> dict[str, np.ndarray]:
    """Which pairs are of which kind."""
    found, short = (np.array(x) for x in ([p.found for p in table], [p.short for p in table]))
    event = np.array([bool(p.differs) for p in table])
    return {
        "the same, found": found & ~event & ~short,
        "same event, other fact, found": event,
        "few words, found": found & short,
        "same topic, shown all the same": ~found & ~short,
        "few words, another claim shown": ~found & short,
    }


def main() -> None:
    table = pairs()
    found, groups = np.array([p.found for p in table]), np.array([p.group for p in table])
    signals = signs(table)
    languages = {lang for p in table for lang, _ in (p.a, p.b)}
    print(f"{len(table)} pairs ({found.sum()} to be found), {len(languages)} languages")
    of = kinds(table)
    for name, x in (("by words", signals), ("without words", signals[:, :3])):
        print(f"\n{name}, each group left out of the fit:")
        left = np.zeros(len(table))
        for g in set(groups):
            w = fit(x[groups != g], found[groups != g])
            left[groups == g] = 1 / (1 + np.exp(-(x[groups == g] @ w[:-1] + w[-1])))
        for least in (0.5, 0.7, similar.SAME, 0.9):
            told = "  ".join(f"{k}: {(left[i] >= least).mean():.2f}" for k, i in of.items())
            print(f"  from {least:.2f}  {told}")
        print("  weights of all groups:", ", ".join(f"{w:.2f}" for w in fit(x, found)))
    said = similar.score(*signals.T) >= similar.SAME
    print(f"\nas it stands (from {similar.SAME}):")
    for name, i in of.items():
        print(f"  {name:32} {said[i].sum():3d} of {i.sum()}")
    for lang in sorted(languages):
        mine = np.array([lang in (p.a[0], p.b[0]) and not p.short for p in table]) & found
        asked = of["few words, found"] & np.array([p.a[0] == lang for p in table])
        print(f"  {lang}: found {said[mine].sum()} of {mine.sum()},"
              f" asked for in few words {said[asked].sum()} of {asked.sum()}")  # fmt: skip
    told = Counter()
    false = 0
    for p in table:
        if p.short:
            continue
        seen = {d.kind for d in similar.differences(*p.readings())}
        if p.differs:
            told[p.differs, p.differs in seen] += 1
        elif p.found and seen:
            false += 1
            if "-v" in sys.argv:
                print("   false difference:", seen, p.a, p.b)
        if p.differs and p.differs not in seen and "-v" in sys.argv:
            print("   missed:", p.differs, seen, p.a, p.b)
    for kind in sorted({k for k, _ in told}):
        print(
            f"  difference said: {kind} {told[kind, True]} of {told[kind, True] + told[kind, False]}"
        )
    same = sum(p.found and not p.differs and not p.short for p in table)
    print(f"  difference said where there is none: {false} of {same}")


if __name__ == "__main__":
    main()
