"""Claims with their evidence given: how often the verdict is right when nothing is searched for.

A row has `id`, `lang`, `claim`, `evidence` (a list of `text`, and where known `source` and `date`)
and `label`: supported, contradicted, mixed or nei. A row may give the day of the claim as
`published`. The evidence becomes reports in memory, cut into sentences as the store cuts them; of
many sentences the twelve nearest in meaning are judged, as in a check. Then the analyst judges and
`verify` decides, by the same code as for an article.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from factcheck import index
from factcheck.analysts.base import Analyst
from factcheck.embed import Embedder, Units, Vectors
from factcheck.evaluate import measures
from factcheck.evaluate.baselines import baselines
from factcheck.evaluate.rows import Data, day_of, text_of, wrong
from factcheck.models import (
    Article,
    Assessment,
    Claim,
    ClaimKind,
    Evidence,
    Passage,
    Proposal,
    Reference,
    Stance,
    Verdict,
    content_id,
)
from factcheck.sources import Register
from factcheck.steps import judge as judge_
from factcheck.steps import verify as verify_
from factcheck.steps.acquire import article as make_article
from factcheck.steps.find import EVIDENCE
from factcheck.text.words import tokens

LABELS = ("supported", "contradicted", "mixed", "nei")
ABSTAINS = "nei"
MAPPED = {
    Verdict.SUPPORTED: "supported",
    Verdict.CONTRADICTED: "contradicted",
    Verdict.PARTLY: "mixed",
    Verdict.DISPUTED: "mixed",
    Verdict.NOT_ENOUGH: "nei",
    Verdict.NOT_CHECKABLE: "nei",
}
_EMBEDDED = 40  # sentences of one claim that are embedded; of more, those that share most words
_DECIDES = {"supported": Stance.SUPPORTS, "contradicted": Stance.CONTRADICTS}


@dataclass(frozen=True, slots=True)
class Given:
    """A row made ready: the claim alone in an article of its own, and its evidence sentences."""

    id: str
    label: str
    article: Article
    claim: Claim
    passages: tuple[tuple[Passage, Reference], ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """What was made of a row. `similarity` is the best cosine; `confidence` the analyst's own."""

    given: Given
    said: str
    verdict: str
    rule: str
    confidence: float | None
    similarity: float

    def row(self) -> dict[str, Any]:
        return {
            "id": self.given.id,
            "lang": self.given.article.language,
            "claim": self.given.claim.statement,
            "label": self.given.label,
            "said": self.said,
            "verdict": self.verdict,
            "rule": self.rule,
            "confidence": self.confidence,
            "similarity": round(self.similarity, 4),
        }


def measure(
    data: Data,
    analyst: Analyst,
    embedder: Embedder,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[dict[str, Any], list[Decided]]:
    """Judge every row; the figures and the single results.

    Raises InputError naming the line of a row that is not of the form above.
    """
    found = decided(prepared(data, embedder, progress), analyst, embedder.units, progress)
    gold, said = [d.given.label for d in found], [d.said for d in found]
    figures = {
        "n": len(found),
        "accuracy": measures.accuracy(gold, said),
        "macro_f1": measures.macro_f1(gold, said),
        "false_support_rate": measures.false_support(gold, said),
        "failed": sum(d.verdict == "failed" for d in found),
        "per_label": measures.per_label(gold, said),
        "per_language": measures.by([d.given.article.language for d in found], gold, said),
        "confusion": measures.confusion(gold, said),
        "abstention_curve": measures.abstention(
            gold, said, [d.confidence for d in found], ABSTAINS
        ),
        "baselines": baselines(
            gold,
            said,
            [d.given.claim.statement for d in found],
            [[p.text for p, _ in d.given.passages] for d in found],
            [d.similarity for d in found],
            seed=data.seed,
        ),
    }
    return figures, found


def prepared(
    data: Data,
    embedder: Embedder,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[tuple[Given, dict[str, float]]]:
    """The rows made ready, each with the cosines of its sentences by id."""
    given = [_given(data, row) for row in data.rows]
    return list(zip(given, _embed(given, embedder, progress), strict=True))


def decided(
    rows: Sequence[tuple[Given, dict[str, float]]],
    analyst: Analyst,
    units: Callable[[Sequence[str]], list[Units] | None],
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[Decided]:
    """What the analyst and the verdict rules make of each row."""
    register, out = Register.load(), []
    for done, (given, cosines) in enumerate(rows, 1):
        out.append(_decide(given, cosines, analyst, register, units))
        progress(done, len(rows))
    return out


NAMES = {
    "n": "claims",
    "accuracy": "accuracy",
    "macro_f1": "macro-F1",
    "false_support_rate": "false-support rate",
    "failed": "could not be judged",
}


def table(figures: dict[str, Any]) -> str:
    """The figures for people."""
    out = measures.lines(figures, NAMES)
    out += ["", f"{'label':<16}{'precision':>10}{'recall':>10}{'F1':>10}{'n':>8}"]
    for label, v in figures["per_label"].items():
        out.append(
            f"{label:<16}{v['precision']:>10.1%}{v['recall']:>10.1%}{v['f1']:>10.1%}{v['n']:>8}"
        )
    out += ["", f"{'language':<16}{'accuracy':>10}{'macro-F1':>10}{'false':>10}{'n':>8}"]
    for name, v in figures["per_language"].items():
        out.append(_grouped(name, v))
    out += ["", f"{'on one half':<16}{'accuracy':>10}{'macro-F1':>10}{'false':>10}{'n':>8}"]
    for name, v in figures["baselines"].items():
        out.append(_grouped(name, v))
    out += ["", f"{'confidence from':<16}{'answered':>10}{'right':>10}{'false':>10}"]
    for point in figures["abstention_curve"][::4]:
        out.append(
            f"{point['threshold']:<16.2f}{point['coverage']:>10.1%}{point['accuracy']:>10.1%}"
            f"{point['false_support_rate']:>10.1%}"
        )
    return "\n".join(out)


def _grouped(name: str, v: dict[str, Any]) -> str:
    cells = (v["accuracy"], v["macro_f1"], v["false_support_rate"])
    return f"{name:<16}" + "".join(f"{x:>10.1%}" for x in cells) + f"{v['n']:>8}"


# ---------------------------------------------------------------- rows into claims and reports


def _given(data: Data, row: Any) -> Given:
    text = text_of(data, row, "claim")
    label = row.get("label")
    if label not in LABELS:
        raise wrong(
            data.path, row["_line"], f"`label` is {label!r}, not one of {', '.join(LABELS)}"
        )
    language = str(row.get("lang") or "").split("/")[0] or None
    article = make_article(
        text, published=day_of(data, row, row.get("published")), language=language
    )
    claim = Claim(
        id="c1", start=0, end=len(text), said=text, statement=text,
        kind=ClaimKind.EVENT, sentence=0,
    )  # fmt: skip
    reports = row.get("evidence")
    if not isinstance(reports, list):
        raise wrong(data.path, row["_line"], "`evidence` is no list")
    passages = []
    for number, report in enumerate(reports, 1):
        if not isinstance(report, dict) or not isinstance(report.get("text"), str):
            raise wrong(data.path, row["_line"], "`evidence` holds something without `text`")
        reference = Reference(
            id=f"e{number}",
            publisher=str(report.get("source") or f"evidence {number}"),
            kind="other",
            title="",
            text=report["text"],
            published=day_of(data, row, report.get("date")),
            language=article.language,
        )
        passages += [(p, reference) for p in _cut(reference)]
    return Given(str(row.get("id", row["_line"])), label, article, claim, tuple(passages))


def _cut(reference: Reference) -> list[Passage]:
    out = []
    for span in index.spans(reference) if reference.text.strip() else ():
        text = reference.text[span.start : span.end]
        id = content_id(reference.id, str(span.start), text)
        out.append(
            Passage(id=id, reference=reference.id, start=span.start, end=span.end, text=text)
        )
    return out


# ---------------------------------------------------------------- similarity


def _embed(
    given: Sequence[Given], embedder: Embedder, progress: Callable[[int, int], None]
) -> list[dict[str, float]]:
    """For each claim the cosines of its sentences by id; each text is embedded once."""
    kept = [_nearest_in_words(g) for g in given]
    texts = list(dict.fromkeys(p.text[: index.LONG] for ps in kept for p in ps))
    claims = list(dict.fromkeys(g.claim.statement for g in given))
    queries = dict(zip(claims, _batches(embedder.queries, claims, progress), strict=True))
    vectors = dict(zip(texts, _batches(embedder.passages, texts, progress), strict=True))
    return [
        {p.id: float(np.dot(queries[g.claim.statement], vectors[p.text[: index.LONG]])) for p in ps}
        for g, ps in zip(given, kept, strict=True)
    ]


def _batches(
    call: Callable[[Sequence[str]], Vectors],
    texts: Sequence[str],
    progress: Callable[[int, int], None],
    size: int = 256,
) -> list[Any]:
    out: list[Any] = []
    for i in range(0, len(texts), size):
        out += list(call(texts[i : i + size]))
        progress(len(out), len(texts))
    return out


def _nearest_in_words(given: Given) -> list[Passage]:
    passages = [p for p, _ in given.passages]
    if len(passages) <= _EMBEDDED:
        return passages
    wanted = _bag(given.claim.statement)
    passages.sort(key=lambda p: (-len(wanted & _bag(p.text)), p.reference, p.start))
    return passages[:_EMBEDDED]


def _bag(text: str) -> set[str]:
    return {w.casefold() for w, _, _ in tokens(text)}


# ---------------------------------------------------------------- the decision


def _decide(
    given: Given,
    cosines: dict[str, float],
    analyst: Analyst,
    register: Register,
    units: Callable[[Sequence[str]], Sequence[Units] | None],
) -> Decided:
    evidence = [
        Evidence(
            passage=p,
            reference=r,
            similarity=round(cosines[p.id], 4),
            score=round(cosines[p.id], 4),
        )
        for p, r in given.passages
        if p.id in cosines
    ]
    evidence.sort(key=lambda e: (-e.similarity, e.passage.id))
    shown = tuple(evidence[:EVIDENCE])
    [proposal] = judge_.judge(given.article, [given.claim], [shown], analyst, units=units)
    made = verify_.verify(given.claim, shown, (), proposal, given.article, register)
    said = MAPPED[made.verdict] if made.verdict else ABSTAINS
    return Decided(
        given=given,
        said=said,
        verdict=str(made.verdict or "failed"),
        rule=made.rule,
        confidence=confidence(made, proposal),
        similarity=max((e.similarity for e in evidence), default=0.0),
    )


def confidence(made: Assessment, proposal: Proposal) -> float | None:
    """The analyst's confidence in what decided: its best pointer of the stance that the verdict
    follows, or of any where both sides count. None where it gave none."""
    label = MAPPED[made.verdict] if made.verdict else ABSTAINS
    wanted = _DECIDES.get(label)
    scores = [
        p.confidence
        for p in proposal.pointers
        if p.confidence is not None and (wanted is None or p.stance is wanted)
    ]
    return max(scores, default=None)
