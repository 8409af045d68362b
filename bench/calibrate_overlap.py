"""Fit the weights of the same-language score of the local analyst, and write the curve.

    python -m bench.calibrate_overlap FILE.jsonl... [--limit N] [--false 0.1] [--beside 0.15] [--write]

A file holds pairs as `factcheck eval verdict` reads them (`claim`, `evidence`, `lang`, `label`); only
pairs of one language count. A pair's score is that of its best evidence sentence. The weights are
fitted by logistic regression on four fifths of the pairs; the thresholds come from the other fifth:
`enough` is the lowest one above which at most `--false` of what is not supported scores in any of the
files; `least`, which the score of the elements needs beside it, the same with `--beside`. With --write
weights, curve and the hash of the data go to factcheck/lexicon/overlap.json. The data itself is not part of
this repository.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from factcheck.analysts.local.aligned import aligned
from factcheck.analysts.local.overlap import Overlap, overlap
from factcheck.embed import Embedder, default
from factcheck.reading import read
from factcheck.settings import Settings
from factcheck.text.split import sentences

TARGET = Path(__file__).parent.parent / "factcheck" / "lexicon" / "overlap.json"
STEPS, RATE, RIDGE = 4000, 0.5, 0.002
MOST = 12  # sentences of a row


@dataclass(frozen=True, slots=True)
class Row:
    """A claim with the sentences of its evidence, all in one language."""

    file: str
    claim: str
    language: str
    sentences: tuple[str, ...]
    supported: bool


def rows(files: list[Path], limit: int | None) -> Iterator[Row]:
    """The rows of all files, shuffled within each file, at most `limit` of each."""
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines()
        random.Random(0).shuffle(lines)  # noqa: S311
        for raw in map(json.loads, lines[:limit]):
            language = str(raw["lang"])
            told = tuple(
                e["text"][s.start : s.end]
                for e in raw["evidence"]
                for s in sentences(e["text"], language)
            )
            if told:
                yield Row(
                    file.stem, raw["claim"], language, told[:MOST], raw["label"] == "supported"
                )


def pairs(found: list[Row], embedder: Embedder) -> Iterator[tuple[str, Overlap, bool]]:
    """The file, the overlap of each row's best sentence, and whether it is labelled supported."""
    claims = dict(zip(
        [r.claim for r in found], embedder.queries([r.claim for r in found]), strict=True
    ))  # fmt: skip
    texts = [t for r in found for t in r.sentences]
    vectors = dict(zip(texts, embedder.passages(texts), strict=True))
    for row in found:
        claim = read(row.claim, row.language)
        beside = [
            (o, t)
            for t in row.sentences
            if (o := overlap(claim, read(t, row.language), float(claims[row.claim] @ vectors[t])))
        ]
        if beside:
            best, told = max(beside, key=lambda x: x[0].similarity / 3 + x[0].covered + x[0].order)
            if units := embedder.units([row.claim, told]):
                best = replace(best, met=0.0, unmet=1.0)
                if side := aligned(*units):
                    best = replace(best, met=side.met, unmet=side.unmet)
            yield row.file, best, row.supported


def fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Weights with the bias last."""
    x = np.hstack([x, np.ones((len(x), 1))])
    w = np.zeros(x.shape[1])
    for _ in range(STEPS):
        ridge = RIDGE * w
        ridge[-1] = 0
        w = w - RATE * (x.T @ (_logistic(x @ w) - y) / len(y) + ridge)
    return w


def _logistic(z: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-z)))


def _above(scores: np.ndarray, threshold: float) -> float:
    return round(float((scores >= threshold).mean()), 4) if len(scores) else 0.0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--false", type=float, default=0.1)
    parser.add_argument("--beside", type=float, default=0.15)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    made = list(pairs(list(rows(args.files, args.limit)), default(Settings.load().cache)))
    random.Random(1).shuffle(made)  # noqa: S311
    written: dict[str, object] = {"pairs": len(made)}
    for name, by_word in (("weights", False), ("by_word", True)):
        data = [
            (file, (o if by_word else replace(o, met=None, unmet=None)).numbers, supported)
            for file, o, supported in made
        ]
        table, curve = _fitted(data, args.false, args.beside)
        print(name, len(data), "pairs,", sum(s for *_, s in data), "supported;", table)
        written |= {name: table, f"{name} curve": curve}
    if args.write:
        digest = hashlib.sha256(b"".join(f.read_bytes() for f in args.files)).hexdigest()
        TARGET.write_text(json.dumps(written | {"data": digest}, indent=1) + "\n")


def _fitted(
    data: list[tuple[str, dict[str, float], bool]], most: float, beside: float
) -> tuple[dict[str, float], list[dict[str, float]]]:
    """Weights with the thresholds, and the curve on the fifth that was kept back."""
    names = list(data[0][1])
    x = np.array([list(n.values()) for _, n, _ in data], float)
    y = np.array([s for *_, s in data], float)
    cut = len(data) * 4 // 5
    w = fit(x[:cut], y[:cut])
    held, gold = _logistic(x[cut:] @ w[:-1] + w[-1]), y[cut:] == 1
    files = np.array([f for f, *_ in data[cut:]])
    groups = {
        n: (held[(files == n) & gold], held[(files == n) & ~gold]) for n in sorted(set(files))
    }
    curve = [
        {
            "threshold": round(float(t), 2),
            **{f"{n} recall": _above(yes, t) for n, (yes, _) in groups.items()},
            **{f"{n} false": _above(no, t) for n, (_, no) in groups.items()},
            "recall": _above(held[gold], t),
            "false": max(_above(no, t) for _, no in groups.values()),
        }
        for t in np.arange(0.1, 0.9, 0.02)
    ]
    for row in curve[::2]:
        print(row)
    enough, least = (
        next(c["threshold"] for c in curve if c["false"] <= share) for share in (most, beside)
    )
    table = {n: round(float(v), 4) for n, v in zip(names, w, strict=False)}
    return table | {"bias": round(float(w[-1]), 4), "enough": enough, "least": least}, curve


if __name__ == "__main__":
    main()
