"""What a verdict is worth beside answers that cost no thought.

Three of them, each with its threshold chosen on one half of the rows (by the seed) and measured on
the other, where our own answers are measured too:

- majority: always the commonest label;
- e5: supported where the best sentence is near enough in meaning, else the commonest other label;
- bm25_figures: supported where the best sentence holds enough of the claim's words and all its
  figures, contradicted where it holds enough of the words and another figure instead, else nei.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from factcheck.evaluate import measures
from factcheck.text.words import tokens

SUPPORTED, CONTRADICTED, ABSTAINS = "supported", "contradicted", "nei"
_STEPS = 40
_FIGURE = re.compile(r"\d+(?:[.,\u066b\u066c]\d+)*")


def baselines(
    gold: Sequence[str],
    ours: Sequence[str],
    claims: Sequence[str],
    evidence: Sequence[Sequence[str]],
    similarity: Sequence[float],
    *,
    seed: int,
) -> dict[str, Any]:
    """Accuracy, macro-F1, false-support rate and n of each on the half that chose nothing."""
    order = list(range(len(gold)))
    random.Random(seed).shuffle(order)  # noqa: S311 - no secret
    half = len(order) // 2
    chooses, measured = sorted(order[:half]), sorted(order[half:])
    truth = [gold[i] for i in chooses]
    common = _commonest(truth)
    other = _commonest([g for g in truth if g != SUPPORTED]) or ABSTAINS

    def by_meaning(i: int, threshold: float) -> str:
        return SUPPORTED if similarity[i] >= threshold else other

    best = _best_sentences(claims, evidence)

    def by_words(i: int, threshold: float) -> str:
        score, agree, differ = best[i]
        if score < threshold:
            return ABSTAINS
        return SUPPORTED if agree else CONTRADICTED if differ else ABSTAINS

    low, high = min(similarity, default=0.0), max(similarity, default=1.0)
    t_e5 = _chosen(by_meaning, chooses, gold, np.linspace(low, high, _STEPS))
    t_bm25 = _chosen(by_words, chooses, gold, np.linspace(0.0, 1.5, _STEPS))
    answers = {
        "ours": [ours[i] for i in measured],
        "majority": [common or ABSTAINS for _ in measured],
        "e5": [by_meaning(i, t_e5) for i in measured],
        "bm25_figures": [by_words(i, t_bm25) for i in measured],
    }
    thresholds = {"e5": t_e5, "bm25_figures": t_bm25}
    held = [gold[i] for i in measured]
    return {
        name: {
            "n": len(held),
            "accuracy": measures.accuracy(held, said),
            "macro_f1": measures.macro_f1(held, said),
            "false_support_rate": measures.false_support(held, said),
            "threshold": round(thresholds[name], 4) if name in thresholds else None,
        }
        for name, said in answers.items()
    }


def _commonest(labels: Sequence[str]) -> str:
    return min(Counter(labels).items(), key=lambda x: (-x[1], x[0]))[0] if labels else ""


def _chosen(
    answer: Callable[[int, float], str], rows: Sequence[int], gold: Sequence[str], tried: Any
) -> float:
    """The threshold with the best macro-F1; the lowest of equals."""
    truth = [gold[i] for i in rows]

    def reached(threshold: float) -> float:
        return measures.macro_f1(truth, [answer(i, threshold) for i in rows])

    return float(max(tried, key=lambda t: (reached(float(t)), -t)))


def _best_sentences(
    claims: Sequence[str], evidence: Sequence[Sequence[str]]
) -> list[tuple[float, bool, bool]]:
    """For each claim its best sentence's BM25 score, whether that holds all the claim's figures,
    and whether it holds others instead."""
    bags = [[_words(s) for s in sentences] for sentences in evidence]
    ranking = measures.Bm25([bag for row in bags for bag in row])
    out = []
    for claim, sentences, row in zip(claims, evidence, bags, strict=True):
        words, wanted = _words(claim), set(_FIGURE.findall(claim))
        scored = [(ranking.score(words, bag), -i) for i, bag in enumerate(row)]
        if not scored:
            out.append((0.0, False, False))
            continue
        score, at = max(scored)
        told = set(_FIGURE.findall(sentences[-at]))
        out.append((score, wanted <= told, bool(wanted - told and told - wanted)))
    return out


def _words(text: str) -> list[str]:
    return [w.casefold() for w, _, _ in tokens(text)]
