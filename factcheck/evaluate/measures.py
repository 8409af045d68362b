"""Measures that several evaluations share. All rates are fractions of 1, rounded to four places."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from factcheck.text.fold import folded


def share(part: float, whole: float, *, empty: float = 1.0) -> float:
    """`part / whole`; `empty` where there was nothing to count."""
    return round(part / whole, 4) if whole else empty


def f1(hit: int, said: int, gold: int) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * hit / (said + gold) if said + gold else 0.0


def per_label(gold: Sequence[str], said: Sequence[str]) -> dict[str, dict[str, float]]:
    """Precision, recall, F1 and number of each label that occurs among the gold."""
    out = {}
    for label in sorted(set(gold)):
        hit = sum(g == s == label for g, s in zip(gold, said, strict=True))
        told, n = said.count(label), gold.count(label)
        out[label] = {
            "precision": share(hit, told, empty=0.0),
            "recall": share(hit, n, empty=0.0),
            "f1": round(f1(hit, told, n), 4),
            "n": n,
        }
    return out


def macro_f1(gold: Sequence[str], said: Sequence[str]) -> float:
    """F1 averaged over the labels that occur among the gold."""
    labels = per_label(gold, said).values()
    return round(sum(v["f1"] for v in labels) / len(labels), 4) if labels else 0.0


def accuracy(gold: Sequence[str], said: Sequence[str]) -> float:
    return share(sum(g == s for g, s in zip(gold, said, strict=True)), len(gold))


def false_support(gold: Sequence[str], said: Sequence[str], label: str = "supported") -> float:
    """The share of what is not supported that was called so."""
    other = [s for g, s in zip(gold, said, strict=True) if g != label]
    return share(other.count(label), len(other), empty=0.0)


def confusion(gold: Iterable[str], said: Iterable[str]) -> dict[str, int]:
    """Counts of each pair, "gold -> said"."""
    pairs = Counter(zip(gold, said, strict=True))
    return {f"{g} -> {s}": n for (g, s), n in sorted(pairs.items())}


def kappa(first: Sequence[str], second: Sequence[str]) -> float:
    """Cohen's kappa: agreement of two labellers beyond what their habits alone would give.

    J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological
    Measurement 20 (1960).
    """
    n = len(first)
    if not n:
        return 0.0
    seen = sum(a == b for a, b in zip(first, second, strict=True)) / n
    one, two = Counter(first), Counter(second)
    chance = sum(one[label] * two[label] for label in one) / n**2
    return round((seen - chance) / (1 - chance), 4) if chance < 1 else 1.0


def abstention(
    gold: Sequence[str],
    said: Sequence[str],
    confidence: Sequence[float | None],
    abstains: str,
    steps: int = 20,
) -> list[dict[str, float]]:
    """What is gained by answering less: for each threshold, the share of claims that still get an
    answer other than `abstains`, how often that answer is right, and the share of what is not
    supported that is still called so.

    An answer without a confidence (a model that gives none) counts as 1.
    """
    out = []
    for i in range(steps + 1):
        threshold = i / steps
        kept = [
            g == s
            for g, s, c in zip(gold, said, confidence, strict=True)
            if s != abstains and (1.0 if c is None else c) >= threshold
        ]
        right = share(sum(kept), len(kept))
        out.append(
            {
                "threshold": round(threshold, 4),
                "coverage": share(len(kept), len(gold), empty=0.0),
                "accuracy": right,
                "risk": round(1 - right, 4),
                "false_support_rate": false_support(
                    gold,
                    [
                        s if (1.0 if c is None else c) >= threshold else abstains
                        for s, c in zip(said, confidence, strict=True)
                    ],
                ),
            }
        )
    return out


def chrf(said: str, wanted: str, *, order: int = 6, beta: float = 2.0) -> float:
    """chrF of one text, 0 to 1: the F-score of shared runs of 1 to `order` letters, spaces left
    out, recall counting `beta` times as much.

    M. Popovic, "chrF: character n-gram F-score for automatic MT evaluation", WMT 2015; averaged
    over the orders that both texts are long enough for, as its authors' script does.
    """
    one, two = ("".join(folded(t).split()) for t in (said, wanted))
    scores = []
    for n in range(1, order + 1):
        a, b = _runs(one, n), _runs(two, n)
        if not a or not b:
            continue
        shared = sum((a & b).values())
        precision, recall = shared / a.total(), shared / b.total()
        if not shared:
            scores.append(0.0)
            continue
        scores.append((1 + beta**2) * precision * recall / (beta**2 * precision + recall))
    return sum(scores) / len(scores) if scores else 0.0


def _runs(text: str, n: int) -> Counter[str]:
    return Counter(text[i : i + n] for i in range(len(text) - n + 1))


class Bm25:
    """BM25 over a list of token lists (k1 .9, b .4)."""

    def __init__(
        self, documents: Sequence[Sequence[str]], *, k1: float = 0.9, b: float = 0.4
    ) -> None:
        self._k1, self._b = k1, b
        self._n = len(documents)
        self._average = sum(map(len, documents)) / max(1, self._n) or 1.0
        self._known = Counter(t for d in documents for t in set(d))

    def weight(self, token: str) -> float:
        df = self._known.get(token, 0)
        return math.log(1 + (self._n - df + 0.5) / (df + 0.5))

    def part(self, token: str, count: int, length: int) -> float:
        """What a token that a document of `length` tokens holds `count` times adds to its score."""
        longer = self._k1 * (1 - self._b + self._b * length / self._average)
        return self.weight(token) * count * (1 + longer) / (count + longer)

    def score(self, query: Sequence[str], document: Sequence[str]) -> float:
        """How much of the query the document holds; 1 is the query's own words at usual length."""
        counts = Counter(document)
        terms = set(query)
        got = sum(self.part(t, counts[t], len(document)) for t in terms if counts[t])
        most = sum(map(self.weight, terms))
        return got / most if most else 0.0


def by(key: Sequence[str], gold: Sequence[str], said: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Accuracy, macro-F1, false support and number within each group."""
    groups: dict[str, tuple[list[str], list[str]]] = {}
    for k, g, s in zip(key, gold, said, strict=True):
        one, two = groups.setdefault(k, ([], []))
        one.append(g)
        two.append(s)
    return {
        k: {
            "n": len(g),
            "accuracy": accuracy(g, s),
            "macro_f1": macro_f1(g, s),
            "false_support_rate": false_support(g, s),
        }
        for k, (g, s) in sorted(groups.items())
    }


def lines(record: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """A table for people: one line a measure, shares as percentages, None as not measured."""
    out = []
    for key, name in names.items():
        value = record[key]
        if value is None:
            told = "not measured"
        elif isinstance(value, float):
            told = f"{value:.1%}"
        else:
            told = str(value)
        out.append(f"{name:<46}{told:>12}")
    return out
