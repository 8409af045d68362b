"""Fit the weights of the local analyst's support score, and write the curve that chose the line.

    python bench/calibrate.py GOLD:ARTICLE... [--write] [--store DIR]

Each labelled span is one case. A case's score is that of its best evidence sentence; the weights
are fitted by logistic regression with that sentence chosen again after each round. Articles are
left out in turn to see what holds for an article that was not seen; spans of the split `test` are
left out altogether, so that they can tell what holds for articles nobody fitted to. The threshold is the lowest
one at which, over the left-out articles, at most `--false-support` of the spans that are not
supported score above it. That share is of the score alone: verification (figures, attribution,
parties, parts) takes most of those away again, and `factcheck eval notes` tells what is left. With
--write the weights fitted on all articles, the threshold and the
curve go to factcheck/lexicon/stance.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from factcheck import evaluate
from factcheck.analysts.base import JudgeTask
from factcheck.analysts.local import judge, stance
from factcheck.analysts.local.elements import elements_of
from factcheck.models import ClaimKind, Stance, Verdict
from factcheck.pipeline import Checker
from factcheck.steps import find

TARGET = Path(__file__).parent.parent / "factcheck" / "lexicon" / "stance.json"
ROUNDS, STEPS, RATE, RIDGE = 8, 1500, 0.3, 0.005


@dataclass
class Case:
    """One labelled span: the features of its evidence sentences that contradict nothing."""

    article: str
    supported: bool
    rows: np.ndarray  # (sentences, features)


def cases(pairs: list[tuple[Path, Path]], store: Path | None, *, by_word: bool) -> list[Case]:
    out = []
    with Checker(store=store) as checker:
        for gold, article in pairs:
            labels = fitted_to(evaluate.read_gold(gold, [article])[article])
            if not labels:
                continue
            note = checker.check(article)
            scored = evaluate.score(note, labels, checker.store.reference)
            claims = {c.found.claim.id: c.found.claim for c in scored.cases if c.found}
            found = find.find(list(claims.values()), note.article, checker.store)
            evidence = dict(zip(claims, found, strict=True))
            for case in scored.cases:
                if case.found is None or case.found.claim.kind in (
                    ClaimKind.DATE, ClaimKind.OPINION
                ):  # fmt: skip
                    continue
                claim = case.found.claim
                task = JudgeTask(
                    article=note.article, claim=claim, evidence=evidence[claim.id].evidence,
                    units=checker.store.embedder.units if by_word else None,
                )  # fmt: skip
                rows = [
                    stance.features(p, elements_of(p))
                    for p in judge.pairs(task)
                    if stance.judge(p).stance is not Stance.CONTRADICTS
                    and bool(p.aligned) == by_word
                ]
                if rows:
                    supported = case.label.verdict is Verdict.SUPPORTED
                    out.append(Case(article.name, supported, np.array(rows)))
    return out


def fitted_to(labels: list[evaluate.Label]) -> list[evaluate.Label]:
    """The labels that weights may be fitted to: none that are held out."""
    return [label for label in labels if label.split != "test"]


def fit(train: list[Case]) -> np.ndarray:
    """Weights with the bias last."""
    w = np.zeros(train[0].rows.shape[1] + 1)
    w[0] = w[3] = w[6] = 1.0
    y = np.array([c.supported for c in train], float)
    for _ in range(ROUNDS):
        x = np.array([best(c.rows, w) for c in train])
        x = np.hstack([x, np.ones((len(x), 1))])
        for _ in range(STEPS):
            p = 1 / (1 + np.exp(-x @ w))
            ridge = RIDGE * w
            ridge[-1] = 0
            w = w - RATE * (x.T @ (p - y) / len(y) + ridge)
    return w


def best(rows: np.ndarray, w: np.ndarray) -> np.ndarray:
    return rows[np.argmax(rows @ w[:-1])]


def score(case: Case, w: np.ndarray) -> float:
    z = float(best(case.rows, w) @ w[:-1] + w[-1])
    return 1 / (1 + np.exp(-z))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("pairs", nargs="+", help="GOLD:ARTICLE")
    parser.add_argument("--store", type=Path)
    parser.add_argument("--false-support", type=float, default=0.37)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    pairs = [(Path(g), Path(a)) for g, a in (p.split(":") for p in args.pairs)]
    pairs = [(g, a) for g, a in pairs if fitted_to(evaluate.read_gold(g, [a])[a])]
    written: dict[str, object] = {}
    for table, names, by_word in (
        ("weights", stance.FEATURES, False),
        ("by_word", stance.BY_WORD, True),
    ):
        data = cases(pairs, args.store, by_word=by_word)
        w, threshold, curve = _fitted(data, args.false_support)
        found = {n: round(float(v), 4) for n, v in zip(names, w, strict=False)}
        found |= {"bias": round(float(w[-1]), 4), "threshold": threshold}
        print(table, len(data), "cases,", sum(c.supported for c in data), "supported;", found)
        written |= {table: found, f"{table} cases": len(data), f"{table} curve": curve}
    if args.write:
        digest = hashlib.sha256(b"".join(g.read_bytes() + a.read_bytes() for g, a in pairs))
        written["data"] = digest.hexdigest()
        TARGET.write_text(json.dumps(written, indent=1) + "\n")


def _fitted(
    data: list[Case], false_support: float
) -> tuple[np.ndarray, float, list[dict[str, float]]]:
    """The weights fitted on all, and the threshold and the curve of articles left out in turn."""
    held_out: list[tuple[float, bool]] = []
    for name in sorted({c.article for c in data}):
        w = fit([c for c in data if c.article != name])
        held_out += [(score(c, w), c.supported) for c in data if c.article == name]
    curve = []
    positives = sum(s for _, s in held_out)
    for t in np.arange(0.2, 0.96, 0.02):
        above = [s for p, s in held_out if p >= t]
        false = sum(not s for s in above) / max(1, len(held_out) - positives)
        recall = sum(above) / max(1, positives)
        curve.append(
            {"threshold": round(float(t), 2), "recall": round(recall, 4), "false": round(false, 4)}
        )
    fitting = [c for c in curve if c["false"] <= false_support]
    threshold = fitting[0]["threshold"] if fitting else 0.9
    for row in curve[::2]:
        print(row, "<-" if row["threshold"] == threshold else "")
    return fit(data), threshold, curve


if __name__ == "__main__":
    main()
