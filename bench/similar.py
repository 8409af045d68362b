"""Calibrate `factcheck similar`: claims of our own in seven languages, the same and not the same.

    python -m bench.similar            # the figures of docs/desk.md

Each group of tests/data/similar_claims.toml gives pairs: the same assertion in two languages (to be
found), the same event with another figure, day, place or a denial (to be found, and the difference
said), and the same topic with another fact (not to be found). The weight of shared names is chosen
and the threshold set on every other group; the figures are of the groups left out.
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
WEIGHTS = (0.0, 0.05, 0.10, 0.20)
LESS = (0.0, 0.02, 0.03, 0.04)


@dataclass(frozen=True)
class Pair:
    group: int
    published: date
    a: tuple[str, str]  # language, text
    b: tuple[str, str]
    found: bool  # says the same, or of the same event
    differs: str = ""

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
                yield Pair(n, day, tuple(a), tuple(b), False)


def signs(table: Sequence[Pair], embedder: embed.CachedEmbedder | None = None) -> np.ndarray:
    """For each pair the cosine and the likeness of names, places, sources and concepts."""
    embedder = embedder or embed.default(Settings.load().cache)
    texts = list(dict.fromkeys(t for p in table for _, t in (p.a, p.b)))
    vectors = dict(zip(texts, embedder.queries(texts), strict=True))
    filed = {t: _keys(p, i) for p in table for i, (_, t) in enumerate((p.a, p.b))}
    counts = Counter(k for keys in filed.values() for k in keys)
    weight = {k: float(np.log(1 + len(filed) / n)) for k, n in counts.items()}
    out = []
    for p in table:
        a, b = filed[p.a[1]], filed[p.b[1]]
        both, either = (sum(weight[k] for k in s) for s in (a & b, a | b))
        out.append((float(vectors[p.a[1]] @ vectors[p.b[1]]), both / (either or 1.0)))
    return np.array(out)


def _keys(pair: Pair, which: int) -> set[str]:
    return {k for k in reading.keys(pair.readings()[which]) if k[0] in "cnps"}


def best(scores: np.ndarray, found: np.ndarray) -> tuple[float, float]:
    """The threshold with the best F1, and that F1."""
    return max(
        ((t, f1(scores >= t, found)) for t in np.arange(0.80, 1.06, 0.005)), key=lambda x: x[1]
    )


def f1(said: np.ndarray, found: np.ndarray) -> float:
    hits = (said & found).sum()
    return float(2 * hits / max(1, said.sum() + found.sum()))


def main() -> None:
    table = pairs()
    found = np.array([p.found for p in table])
    signals = signs(table)
    odd = np.array([p.group % 2 == 1 for p in table])
    languages = {lang for p in table for lang, _ in (p.a, p.b)}
    print(f"{len(table)} pairs ({found.sum()} to be found), {len(languages)} languages")
    print("names  one language  threshold  F1 on the groups left out (both halves)")
    one = np.array([p.a[0] == p.b[0] for p in table])
    for w, less in itertools.product(WEIGHTS, LESS):
        scores = signals[:, 0] + w * signals[:, 1] - less * one
        out = []
        for half in (odd, ~odd):
            threshold, _ = best(scores[half], found[half])
            out.append(f1(scores[~half] >= threshold, found[~half]))
        threshold, _ = best(scores, found)
        print(f"{w:5.2f}  {less:12.2f}  {threshold:9.3f}  {out[0]:.3f} {out[1]:.3f}")
    scores = similar.score(signals[:, 0], signals[:, 1], one)
    said = scores >= similar.SAME
    print(f"\nas it stands ({similar.SHARED}, {similar.ONE_LANGUAGE}, {similar.SAME}):")
    for name, of in (
        ("the same, found", found & np.array([not p.differs for p in table])),
        ("same event, other fact, found", np.array([bool(p.differs) for p in table])),
        ("same topic, shown all the same", ~found),
    ):
        print(f"  {name:32} {said[of].sum():3d} of {of.sum()}")
    for lang in sorted(languages):
        mine = np.array([lang in (p.a[0], p.b[0]) for p in table]) & found
        print(f"  {lang}: found {said[mine].sum()} of {mine.sum()}")
    told = Counter()
    false = 0
    for p in table:
        kinds = {d.kind for d in similar.differences(*p.readings())}
        if p.differs:
            told[p.differs, p.differs in kinds] += 1
        elif p.found and kinds:
            false += 1
            if "-v" in sys.argv:
                print("   false difference:", kinds, p.a, p.b)
        if p.differs and p.differs not in kinds and "-v" in sys.argv:
            print("   missed:", p.differs, kinds, p.a, p.b)
    for kind in sorted({k for k, _ in told}):
        print(
            f"  difference said: {kind} {told[kind, True]} of {told[kind, True] + told[kind, False]}"
        )
    same = sum(p.found and not p.differs for p in table)
    print(f"  difference said where there is none: {false} of {same}")


if __name__ == "__main__":
    main()
