"""The labelled articles, by our rules and by what costs no thought, over the same collection.

Two model-free baselines, each with its threshold chosen on one half of the labelled spans and measured on
the other: the nearest sentence by e5 similarity, and the best one by BM25 with its figures compared. Then
one scripted model that calls everything supported, asked by the plain retrieval-QA script and by our
pipeline: what either lets through of it. Nothing is said of a capable model; none was at hand.

The figures go to `docs/figures/gold.json` too, from which `bench.pictures` draws the abstention curve.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bench import figures
from bench.baseline import Baseline
from bench.ground import ROOT, Ground
from bench.second_reader import YesSayer
from bench.served import served
from bench.tables import write
from factcheck import embed, evaluate
from factcheck.analysts.base import JudgeTask
from factcheck.analysts.local import LocalAnalyst
from factcheck.evaluate import measures
from factcheck.evaluate.baselines import baselines
from factcheck.evaluate.verdict import confidence
from factcheck.models import Proposal, Verdict
from factcheck.pipeline import Checker

SEED = 7
ABSTAINS = "nei"  # as the baselines call it
HEAD = ["of the spans", "n", "accuracy", "macro-F1", "false support"]


class Recording(LocalAnalyst):
    """The rules, with what they proposed kept by claim."""

    def __init__(self) -> None:
        super().__init__()
        self.proposals: dict[str, Proposal] = {}

    def judge(
        self, tasks: Sequence[JudgeTask], done: Callable[[Proposal], None]
    ) -> Sequence[Proposal]:
        made = super().judge(tasks, done)
        self.proposals = {p.claim: p for p in made}
        return made


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled span with what our note says of it."""

    gold: str
    said: str
    words: str
    split: str
    confidence: float | None


def run(ground: Ground) -> None:
    articles = sorted((ROOT / "seeds" / "articles").glob("*.md"))
    gold = [ROOT / "seeds" / "gold" / f"{a.stem}.jsonl" for a in articles]
    rules, fakes = Recording(), YesSayer()
    ours, yes = _judged(ground, rules), _judged(ground, fakes)
    with Checker(ground.settings()) as checker:
        sentences = [
            p.text for r in checker.store.references() for p in checker.store.passages_of(r)
        ]
        vectors = checker.store.embedder.queries([j.words for j in ours])
        near = [hits[0][1] for hits in checker.store.dense(vectors, 1)]
        run_with = {"analyst": "local", "embedding": checker.store.embedder.name,
                    "store": checker.store.fingerprint(), "seed": SEED}  # fmt: skip
    labels = [j.gold for j in ours]
    halves = baselines(
        labels, [j.said for j in ours], [j.words for j in ours], [sentences] * len(ours), near,
        seed=SEED,
    )  # fmt: skip
    plain = _plain_script(ground, [j.words for j in ours])
    table = [
        ["our rules, all spans", *_figures(labels, [j.said for j in ours])],
        *(["our rules, " + name, *_figures([j.gold for j in part], [j.said for j in part])]
          for name, part in _splits(ours)),
        *([f"{NAMES[name]}, the half that chose nothing",
           *(f[k] for k in ("n", "accuracy", "macro_f1", "false_support_rate"))]
          for name, f in halves.items()),
        ["a model that says yes to all, plain script, all spans", *_figures(labels, plain)],
        ["the same model in our pipeline, all spans", *_figures(labels, [j.said for j in yes])],
    ]  # fmt: skip
    curve = measures.abstention(
        labels, [j.said for j in ours], [j.confidence for j in ours], ABSTAINS
    )
    figures.save(
        "gold",
        {"measure": "gold", "rows": [dict(zip(KEYS, row, strict=True)) for row in table],
         "abstention_curve": curve},
        run_with,
        [*articles, *gold, *sorted((ROOT / "seeds" / "references").glob("*.md"))],
    )  # fmt: skip
    write(TITLE, HEAD, [[name, n, *(f"{x:.0%}" if i != 1 else f"{x:.2f}" for i, x in enumerate(rest))]
                        for name, n, *rest in table], NOTE)  # fmt: skip
    for row in table:
        print(*row)


TITLE = "The labelled articles: our rules beside baselines"
KEYS = ("name", "n", "accuracy", "macro_f1", "false_support_rate")
NAMES = {
    "ours": "our rules",
    "majority": "always the commonest label",
    "e5": "nearest sentence by e5 similarity",
    "bm25_figures": "best sentence by BM25, figures compared",
}
NOTE = (
    "`python -m bench gold`: the spans of `seeds/gold` over the starter collection, six verdicts, what no"
    " claim covers counted as wrong. A threshold is chosen for macro-F1 on one half of the spans, drawn"
    f" with seed {SEED}, and all four of that kind are measured on the other. The baselines know three"
    " answers (supported, contradicted, not enough evidence) and are given the span as it was labelled;"
    " our rules find it in the article. The model is scripted: it says only what happens to an answer"
    " that is always yes. The eleven articles that the weights were fitted on flatter us; two are held out."
)


def _judged(ground: Ground, analyst: LocalAnalyst) -> list[Judged]:
    out = []
    with Checker(ground.settings(), analyst=analyst) as checker:
        for article in sorted((ROOT / "seeds" / "articles").glob("*.md")):
            gold = ROOT / "seeds" / "gold" / f"{article.stem}.jsonl"
            labels = evaluate.read_gold(gold, [article])[article]
            score = evaluate.score(checker.check(article), labels, checker.store.reference)
            proposals = getattr(analyst, "proposals", {})
            for case in score.cases:
                found = case.found
                proposal = proposals.get(found.claim.id) if found else None
                out.append(
                    Judged(
                        gold=_short(str(case.label.verdict)),
                        said=_short(case.verdict),
                        words=case.label.said,
                        split=case.label.split,
                        confidence=confidence(found, proposal) if found and proposal else None,
                    )
                )
    return out


def _short(verdict: str) -> str:
    return ABSTAINS if verdict == Verdict.NOT_ENOUGH else verdict


def _splits(ours: Sequence[Judged]) -> list[tuple[str, list[Judged]]]:
    names = {"dev": "fitted on", "test": "held out"}
    return [(names[s], [j for j in ours if j.split == s]) for s in names]


def _figures(gold: Sequence[str], said: Sequence[str]) -> list[Any]:
    return [len(gold), measures.accuracy(gold, said), measures.macro_f1(gold, said),
            measures.false_support(gold, said)]  # fmt: skip


def _plain_script(ground: Ground, claims: Sequence[str]) -> list[str]:
    """What the retrieval-QA script says of each claim, asking the scripted model."""
    embedder = embed.default(ground.cache)
    script = Baseline(ROOT / "seeds" / "references", embedder)
    with served() as server:
        checked = script.judge(claims, server.url)
        server.take()
    return [_short(c.verdict) for c in checked]
