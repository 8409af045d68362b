"""Notes against labelled spans: how much is found, how often the verdict is right, what is cited.

A gold file has one JSON object a line: a span of the article (`start`, `end`, and the words in
`said`), a `verdict`, the ids of the `references` that bear on it, and where wanted the `phenomenon`
that it tests and its `split`. With several articles each line names its `article`. Spans are matched
to the claim with which they share most of their characters (intersection over union); a claim may
answer several spans. A span labelled `not_checkable` that the note sets aside in its ledger without
making a claim of it (an order to a machine, an opinion) is answered too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from factcheck.errors import InputError
from factcheck.evaluate import measures
from factcheck.evaluate.measures import share
from factcheck.files import decode, read_bytes
from factcheck.models import Assessment, LedgerKind, Note, Reference, Span, Verdict
from factcheck.text.quotes import anchor

_COVERED = 0.5  # share of a labelled span that its claim must hold
_BEST = 5  # references counted as "among the best"
_ASIDE = (LedgerKind.BOILERPLATE, LedgerKind.OPINION)
_SHORT = {"partly": Verdict.PARTLY, "nei": Verdict.NOT_ENOUGH}


@dataclass(frozen=True, slots=True)
class Label:
    """A labelled span of an article."""

    id: str
    start: int
    end: int
    said: str
    verdict: Verdict
    references: tuple[str, ...]
    phenomenon: str = ""
    split: str = ""

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled span and what the note says of it (`found` is None where no claim covers it).

    `aside`: the note's ledger sets the span's sentence aside as no claim.
    """

    label: Label
    found: Assessment | None
    language: str = ""
    aside: bool = False

    @property
    def verdict(self) -> str:
        if self.found is None and self.aside and self.label.verdict is Verdict.NOT_CHECKABLE:
            return str(Verdict.NOT_CHECKABLE)
        if self.found is None:
            return "missed"
        return str(self.found.verdict or "failed")

    def cites_gold(self) -> bool:
        return bool(
            self.found and {c.reference for c in self.found.citations} & set(self.label.references)
        )

    def retrieved(self) -> bool:
        """Some gold reference is among the five best found for the claim."""
        if self.found is None:
            return False
        return bool(set(self.found.nearest[:_BEST]) & set(self.label.references))

    def row(self) -> dict[str, Any]:
        return {
            "id": self.label.id,
            "said": self.label.said,
            "phenomenon": self.label.phenomenon,
            "split": self.label.split,
            "language": self.language,
            "gold": str(self.label.verdict),
            "verdict": self.verdict,
            "claim": self.found.claim.said if self.found else None,
            "rule": self.found.rule if self.found else None,
            "flags": list(self.found.flags) if self.found else [],
            "cited": sorted({c.reference for c in self.found.citations}) if self.found else [],
            "nearest": list(self.found.nearest[:_BEST]) if self.found else [],
            "references": list(self.label.references),
        }

    def line(self) -> str:
        mark = "ok " if self.verdict == self.label.verdict else "-- "
        hit = "r" if self.retrieved() else " "
        return f"{mark}{hit} {self.label.id:<5}{self.label.verdict:<20}{self.verdict:<20}{self.label.said[:90]}"


@dataclass
class Score:
    """The cases of one or more articles, and how many citations hold."""

    cases: list[Case] = field(default_factory=list)
    citations: int = 0
    holding: int = 0
    claims: int = 0
    seconds: float = 0.0

    def figures(self) -> dict[str, Any]:
        """The measures, as fractions of 1."""
        cases = self.cases
        covered = [c for c in cases if c.found is not None or c.verdict != "missed"]
        gold, said = [str(c.label.verdict) for c in cases], [c.verdict for c in cases]
        cited = [c for c in covered if c.found and c.found.citations and c.label.references]
        searchable = [c for c in cases if c.label.references]
        return {
            "spans": len(cases),
            "claims": self.claims,
            "coverage": share(len(covered), len(cases)),
            "accuracy": measures.accuracy(gold, said),
            "macro_f1": measures.macro_f1(gold, said),
            "false_support_rate": measures.false_support(gold, said),
            "cites_gold": share(sum(c.cites_gold() for c in cited), len(cited)),
            "retrieved_at_5": share(sum(c.retrieved() for c in searchable), len(searchable)),
            "citations": self.citations,
            "citations_verified": share(self.holding, self.citations),
            "seconds": round(self.seconds, 2),
            "per_label": measures.per_label(gold, said),
            "per_language": measures.by([c.language for c in cases], gold, said),
            "per_phenomenon": measures.by([c.label.phenomenon for c in cases], gold, said),
            "per_split": measures.by([c.label.split for c in cases], gold, said),
            "confusion": measures.confusion(gold, said),
        }

    def table(self) -> str:
        """The measures as lines for people."""
        f = self.figures()
        names = {
            "coverage": "labelled spans covered",
            "accuracy": "verdict accuracy",
            "macro_f1": "macro-F1",
            "false_support_rate": "false-support rate",
            "cites_gold": "cited claims that cite a gold reference",
            "retrieved_at_5": "a gold reference among the five best",
            "citations_verified": "citations verified",
        }
        lines = [f"{f['spans']} labelled spans, {f['claims']} claims, {f['citations']} citations,"
                 f" {f['seconds']} s"]  # fmt: skip
        lines += [f"{name:<42}{f[key]:>8.1%}" for key, name in names.items()]
        for key in ("per_language", "per_phenomenon", "per_split"):
            groups = {k or "-": v for k, v in f[key].items()}
            if len(groups) < 2:
                continue
            head = f"{key.removeprefix('per_'):<22}{'n':>5}{'accuracy':>10}{'macro-F1':>10}"
            lines += ["", head + f"{'false':>10}"]
            lines += [
                f"{name:<22}{v['n']:>5}{v['accuracy']:>10.1%}{v['macro_f1']:>10.1%}"
                f"{v['false_support_rate']:>10.1%}"
                for name, v in groups.items()
            ]
        if len(cases := f["confusion"]) > 1:
            lines += ["", f"{'label -> verdict':<42}{'n':>8}"]
            lines += [f"{pair:<42}{n:>8}" for pair, n in cases.items()]
        return "\n".join(lines)


def read_gold(path: Path, articles: Sequence[Path]) -> dict[Path, list[Label]]:
    """The labels of each article. Raises InputError naming the line that is wrong."""
    text = decode(read_bytes(path, what="a gold file", limit=50_000_000), name=str(path))
    out: dict[Path, list[Label]] = {a: [] for a in articles}
    names = {a.name: a for a in articles}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            label = _label(raw)
        except (json.JSONDecodeError, KeyError, ValueError, TypeError) as error:
            raise InputError(
                f"{path}, line {number}: not a labelled span: {error}",
                hint="Each line needs id, start, end, said, verdict and references.",
            ) from error
        name = raw.get("article")
        if name is None and len(articles) > 1:
            raise InputError(
                f"{path}, line {number}: names no article", hint="Add `article`, or give only one."
            )
        target = articles[0] if name is None else names.get(str(name))
        if target is not None:
            out[target].append(label)
    if not any(out.values()):
        raise InputError(f"{path} has no label of these articles", hint="Check the file names.")
    return out


def _label(raw: dict[str, Any]) -> Label:
    verdict = raw["verdict"]
    return Label(
        id=str(raw["id"]),
        start=int(raw["start"] if "start" in raw else raw["span_start"]),
        end=int(raw["end"] if "end" in raw else raw["span_end"]),
        said=str(raw["said"] if "said" in raw else raw["span"]),
        verdict=_SHORT.get(verdict) or Verdict(verdict),
        references=tuple(raw["references"] if "references" in raw else raw["facts"]),
        phenomenon=str(raw.get("phenomenon") or ""),
        split=str(raw.get("split") or ""),
    )


def score(note: Note, labels: Sequence[Label], lookup: Callable[[str], Reference | None]) -> Score:
    """Hold one note against its article's labels. Every citation is looked up again in the store."""
    result = Score(claims=len(note.assessments), seconds=note.usage.seconds)
    for label in labels:
        span = _place(label, note.article.text)
        aside = any(e.kind in _ASIDE and not e.claims and e.start < span.end and span.start < e.end
                    for e in note.ledger)  # fmt: skip
        found = best(span, note.assessments)
        result.cases.append(Case(label, found, note.article.language, aside))
    for a in note.assessments:
        for c in a.citations:
            reference = lookup(c.reference)
            result.citations += 1
            result.holding += bool(reference and reference.text[c.start : c.end] == c.quote)
    return result


def _place(label: Label, text: str) -> Span:
    """The label's span; found by its words where the offsets are of another reading."""
    if text[label.start : label.end] == label.said:
        return Span(label.start, label.end)
    hits = anchor(label.said, text)
    if not hits:
        raise InputError(
            f"label {label.id}: its words are not in the article", hint="Label the same text."
        )
    return min((h.span for h in hits), key=lambda s: abs(s.start - label.start))


def best(span: Span, assessments: Sequence[Assessment]) -> Assessment | None:
    """The claim that is most nearly the span; None when none holds half of it."""

    def likeness(a: Assessment) -> float:
        shared = a.claim.span.overlap(span)
        return shared / (len(span) + len(a.claim.span) - shared)

    holding = [a for a in assessments if a.claim.span.overlap(span) >= _COVERED * len(span)]
    return max(holding, key=likeness, default=None)


def total(results: Sequence[Score]) -> Score:
    """Several articles taken together."""
    out = Score()
    for r in results:
        out.cases += r.cases
        out.citations += r.citations
        out.holding += r.holding
        out.claims += r.claims
        out.seconds += r.seconds
    return out
