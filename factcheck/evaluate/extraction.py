"""What is taken for a claim, against what people took for one. Four shapes, known by their fields:

- `text`, `check_worthy`: is a claim worth checking made of the sentence? F1 of "yes".
- `text`, `factual`: is the sentence kept as fact, or set aside as opinion? Macro-F1.
- `text`, `claims`: a post, and the claim that a fact-checker wrote of it: chrF of our statement.
- `text`, `sentences` with their `claims`: coverage and precision of the claims of a document, by the
  words they share.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from factcheck.analysts.base import Analyst
from factcheck.errors import InputError
from factcheck.evaluate import measures
from factcheck.evaluate.rows import Data, Row, text_of, wrong
from factcheck.models import Claim, ClaimKind, LedgerEntry, LedgerKind
from factcheck.steps.acquire import article as make_article
from factcheck.steps.extract import extract
from factcheck.text.words import words

_ALIKE = 0.5  # share of one claim's words in the other from which the two are the same
_ASIDE = (ClaimKind.OPINION, ClaimKind.PREDICTION)
Progress = Callable[[int, int], None]


def shape(data: Data) -> str:
    """checkworthy, subjectivity, normalisation or documents. Raises InputError for none of them."""
    first = data.rows[0]
    if isinstance(first.get("check_worthy"), bool):
        return "checkworthy"
    if isinstance(first.get("factual"), bool):
        return "subjectivity"
    if isinstance(first.get("sentences"), list):
        return "documents"
    if isinstance(first.get("claims"), list):
        return "normalisation"
    raise InputError(
        f"{data.path}: no shape of data that is known",
        hint="Rows need `text` and one of check_worthy, factual, claims or sentences.",
    )


def measure(
    data: Data, analyst: Analyst, progress: Progress = lambda _done, _total: None
) -> dict[str, Any]:
    """The figures of the file's shape; `shape` says which."""
    kind = shape(data)
    run = {
        "checkworthy": _checkworthy,
        "subjectivity": _subjectivity,
        "normalisation": _normalisation,
        "documents": _documents,
    }[kind]
    return {"shape": kind, "n": len(data.rows), **run(data, analyst, progress)}


NAMES = {
    "n": "texts",
    "f1": "F1 of claims worth checking",
    "precision": "precision",
    "recall": "recall",
    "accuracy": "accuracy",
    "macro_f1": "macro-F1",
    "chrf": "chrF of the first statement",
    "chrf_best": "chrF of the best statement",
    "chrf_whole": "chrF of the whole text",
    "chrf_first_sentence": "chrF of the first sentence",
    "without_claim": "texts without a claim",
    "coverage": "gold claims covered",
    "claims": "our claims",
    "gold_claims": "gold claims",
}


def table(figures: dict[str, Any]) -> str:
    """The figures for people."""
    names = {k: v for k, v in NAMES.items() if k in figures}
    out = [f"shape: {figures['shape']}", *measures.lines(figures, names)]
    for language, values in figures.get("per_language", {}).items():
        told = ", ".join(f"{k} {v:.1%}" for k, v in values.items() if isinstance(v, float))
        out.append(f"  {language}: {told}")
    return "\n".join(out)


# ---------------------------------------------------------------- the shapes


def _checkworthy(data: Data, analyst: Analyst, progress: Progress) -> dict[str, Any]:
    gold, said = [], []
    for row in _told(data, progress):
        claims, _, _ = _extracted(data, row, analyst)
        gold.append(_flag(data, row, "check_worthy"))
        said.append("yes" if any(c.kind not in _ASIDE for c in claims) else "no")
    yes = measures.per_label(gold, said).get("yes", {"precision": 0.0, "recall": 0.0, "f1": 0.0})
    return {
        "f1": yes["f1"],
        "precision": yes["precision"],
        "recall": yes["recall"],
        **_answered(data, gold, said),
        "f1_of_always_yes": round(measures.f1(gold.count("yes"), len(gold), gold.count("yes")), 4),
    }


def _subjectivity(data: Data, analyst: Analyst, progress: Progress) -> dict[str, Any]:
    gold, said = [], []
    for row in _told(data, progress):
        claims, ledger, _ = _extracted(data, row, analyst)
        gold.append(_flag(data, row, "factual"))
        opinion = any(c.kind is ClaimKind.OPINION for c in claims)
        aside = any(e.kind is LedgerKind.OPINION for e in ledger)
        said.append("no" if opinion or aside else "yes")
    return _answered(data, gold, said)


def _answered(data: Data, gold: Sequence[str], said: Sequence[str]) -> dict[str, Any]:
    languages = [_language(row) or "-" for row in data.rows]
    return {
        "accuracy": measures.accuracy(gold, said),
        "macro_f1": measures.macro_f1(gold, said),
        "per_label": measures.per_label(gold, said),
        "per_language": {
            k: {"accuracy": v["accuracy"], "macro_f1": v["macro_f1"], "n": v["n"]}
            for k, v in measures.by(languages, gold, said).items()
        },
        "confusion": measures.confusion(gold, said),
    }


def _normalisation(data: Data, analyst: Analyst, progress: Progress) -> dict[str, Any]:
    first, best, whole, opening = [], [], [], []
    without = 0
    for row in _told(data, progress):
        text = text_of(data, row, "text")
        wanted = [str(c) for c in row["claims"] if str(c).strip()]
        if not wanted:
            raise wrong(data.path, row["_line"], "`claims` is empty")
        claims, ledger, _ = _extracted(data, row, analyst)
        told = [c.statement for c in claims]
        without += not told
        first.append(_nearest(told[:1], wanted))
        best.append(_nearest(told, wanted))
        whole.append(_nearest([text], wanted))
        head = text[ledger[0].start : ledger[0].end] if ledger else text
        opening.append(_nearest([head], wanted))
    n = len(data.rows)
    return {
        "chrf": round(sum(first) / n, 4),
        "chrf_best": round(sum(best) / n, 4),
        "chrf_whole": round(sum(whole) / n, 4),
        "chrf_first_sentence": round(sum(opening) / n, 4),
        "without_claim": without,
    }


def _nearest(told: Sequence[str], wanted: Sequence[str]) -> float:
    return max((measures.chrf(t, w) for t in told for w in wanted), default=0.0)


def _documents(data: Data, analyst: Analyst, progress: Progress) -> dict[str, Any]:
    covered = matched = ours = theirs = 0
    gold, said = [], []
    for row in _told(data, progress):
        claims, ledger, text = _extracted(data, row, analyst)
        told = [_stems(c.statement, _language(row)) for c in claims if c.kind not in _ASIDE]
        wanted = [
            _stems(str(c), _language(row))
            for sentence in row["sentences"]
            for c, kind in zip(sentence["claims"], sentence["claim_kinds"], strict=False)
            if kind == "factual"
        ]
        ours, theirs = ours + len(told), theirs + len(wanted)
        covered += sum(any(_alike(w, t) for t in told) for w in wanted)
        matched += sum(any(_alike(t, w) for w in wanted) for t in told)
        for sentence in row["sentences"]:
            at = text.find(str(sentence["text"]))
            if at < 0 or sentence.get("check_worthy") not in ("yes", "no"):
                continue
            end = at + len(str(sentence["text"]))
            gold.append(str(sentence["check_worthy"]))
            worth = any(e.kind is LedgerKind.CLAIM and e.start < end and at < e.end for e in ledger)
            said.append("yes" if worth else "no")
    yes = measures.per_label(gold, said).get("yes", {"f1": 0.0})
    return {
        "coverage": measures.share(covered, theirs, empty=0.0),
        "precision": measures.share(matched, ours, empty=0.0),
        "claims": ours,
        "gold_claims": theirs,
        "f1": yes["f1"],
        "sentences": len(gold),
    }


# ---------------------------------------------------------------- reading


def _extracted(
    data: Data, row: Row, analyst: Analyst
) -> tuple[tuple[Claim, ...], tuple[LedgerEntry, ...], str]:
    """The claims and the ledger of a row's text; none where it has no words."""
    text = row.get("text")
    if not isinstance(text, str):
        raise wrong(data.path, row["_line"], "no `text`")
    try:
        article = make_article(text, language=_language(row))
    except InputError:
        return (), (), text
    return (*extract(article, analyst), article.text)


def _told(data: Data, progress: Progress) -> Any:
    for done, row in enumerate(data.rows, 1):
        yield row
        progress(done, len(data.rows))


def _language(row: Row) -> str | None:
    return str(row.get("lang") or "").split("/")[0] or None


def _flag(data: Data, row: Row, field: str) -> str:
    if not isinstance(row.get(field), bool):
        raise wrong(data.path, row["_line"], f"`{field}` is neither true nor false")
    return "yes" if row[field] else "no"


def _stems(text: str, language: str | None) -> frozenset[str]:
    return frozenset(w.stem for w in words(text, language or "en"))


def _alike(inner: frozenset[str], outer: frozenset[str]) -> bool:
    """Enough of one claim's words stand in the other."""
    return bool(inner) and len(inner & outer) >= _ALIKE * len(inner)
