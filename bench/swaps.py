"""Swaps: true claims with one figure, day or place exchanged. How many are caught?

    python -m bench swaps        prints the table and puts it into docs/benchmarks.md

True claims in seven languages (`tests/data/true_claims.jsonl`), true spans of our gold (the ones
that are not held out) and sentences of the reports themselves are checked as they are and with one
thing swapped, each as an article of its own. Caught is what comes out contradicted; "not supported"
counts what at least is not called true. Swaps are made on the words alone, by digits and lists of
names, without the program's own reading of figures and dates.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from babel import Locale

from bench import tables
from bench.ground import ROOT, Ground
from factcheck import evaluate, refs
from factcheck.evaluate.notes import best
from factcheck.files import shipped
from factcheck.models import Span, Verdict
from factcheck.pipeline import Checker
from factcheck.steps.acquire import acquire
from factcheck.steps.acquire import article as make_article
from factcheck.text.split import sentences

CLAIMS = ROOT / "tests" / "data" / "true_claims.jsonl"
SEED, OF_REPORTS, OF_GOLD = 7, 60, 60
KINDS = ("number", "date", "place")
_DIGITS = re.compile(r"\d+(?:[.,\u066b\u066c\u00a0\u202f ]\d{3})*(?:[.,\u066b]\d+)?")
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?:er|\.)?\s+(?:de\s+)?(?:MONTHS)(?!\w)"
_DAY_AFTER = r"(?<!\w)(?:MONTHS)\s+(?P<day>\d{1,2})(?!\d)"
_LOCALES = {
    "en": ("en",), "id": ("id",), "ar": ("ar", "ar_SY"), "fr": ("fr",), "es": ("es",),
    "de": ("de",), "tr": ("tr",),
}  # fmt: skip
_NAMED = "Base|Brigade|base|Pangkalan|Stützpunkt|اللواء|الفوج|Geneva|Genève|Ginebra|Genf|Jenewa|Cenevre|جنيف"
# A place and another that takes its place in the sentence as it stands.
PLACES: dict[str, dict[str, str]] = {
    "en": {
        "Aleppo": "Homs", "Deir al-Zor": "Idlib", "Lebanon": "Jordan", "Turkey": "Iraq",
        "Beirut": "Tripoli", "Geneva": "Vienna", "Istanbul": "Ankara", "Kerman": "Isfahan",
        "South Sudan": "Chad", "Damascus": "Latakia", "Syria": "Yemen", "Qamishli": "Raqqa",
    },
    "id": {
        "Aleppo": "Homs", "Deir al-Zor": "Idlib", "Lebanon": "Yordania", "Turki": "Irak",
        "Beirut": "Tripoli", "Jenewa": "Wina", "Istanbul": "Ankara", "Kerman": "Isfahan",
        "Sudan Selatan": "Chad", "Damaskus": "Latakia", "Suriah": "Yaman",
    },
    "ar": {
        "حلب": "حمص", "دير الزور": "إدلب", "لبنان": "الأردن", "تركيا": "العراق",
        "بيروت": "طرابلس", "جنيف": "فيينا", "إسطنبول": "أنقرة", "كرمان": "أصفهان",
        "جنوب السودان": "تشاد", "دمشق": "اللاذقية", "سوريا": "اليمن",
    },
    "fr": {
        "à Alep": "à Homs", "d’Alep": "de Homs", "Deir ez-Zor": "Idlib", "le Liban": "l’Irak",
        "en Turquie": "en Irak", "Beyrouth": "Tripoli", "Genève": "Vienne", "Istanbul": "Ankara",
        "Kerman": "Ispahan", "au Soudan du Sud": "au Tchad", "Damas": "Lattaquié",
        "en Syrie": "au Yémen",
    },
    "es": {
        "Alepo": "Homs", "Deir ez-Zor": "Idlib", "Líbano": "Jordania", "Turquía": "Irak",
        "Beirut": "Trípoli", "Ginebra": "Viena", "Estambul": "Ankara", "Kerman": "Isfahán",
        "Sudán del Sur": "Chad", "Damasco": "Latakia", "Siria": "Yemen",
    },
    "de": {
        "Aleppo": "Homs", "Deir al-Sor": "Idlib", "Libanon": "Jordanien", "der Türkei": "Irak",
        "Beirut": "Tripoli", "Genf": "Wien", "Istanbul": "Ankara", "Kerman": "Isfahan",
        "im Südsudan": "im Tschad", "Damaskus": "Latakia", "Syrien": "Jemen",
    },
    "tr": {
        "Halep'te": "Humus'ta", "Halep'in": "Humus'un", "Halep'e": "Humus'a",
        "Deyrizor'da": "İdlib'de", "Lübnan'ın": "Ürdün'ün", "Türkiye'de": "Irak'ta",
        "Beyrut'taki": "Trablus'taki", "Cenevre'de": "Viyana'da", "İstanbul'da": "Ankara'da",
        "Kirman'da": "İsfahan'da", "Güney Sudan'da": "Çad'da", "Şam": "Lazkiye",
        "Suriye'de": "Yemen'de",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class True_:
    """A claim that the starter collection bears out."""

    source: str  # "claims", "gold" or "reports"
    lang: str
    text: str
    published: date


@dataclass(frozen=True, slots=True)
class Swap:
    """A claim, or one made of it: `kind` is "none" for the untouched; `at` is where it differs."""

    claim: True_
    kind: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Result:
    """A swap and the verdict on the claim that holds it."""

    swap: Swap
    verdict: str


# ---------------------------------------------------------------- making swaps


def swaps(claim: True_) -> Iterator[Swap]:
    """The claim itself, then one swap of each kind that its words allow."""
    yield Swap(claim, "none", claim.text, 0)
    days = [m.span("day") for m in _days(claim)]
    for found in _DIGITS.finditer(claim.text):
        inside = any(start < found.end() and found.start() < end for start, end in days)
        year = re.fullmatch(r"[12]\d{3}|[\u0661\u0662][\u0660-\u0669]{3}", found[0])
        if not inside and not year and _counts(claim.text, found):
            yield _put(claim, "number", found.span(), _other_number(found[0]))
            break
    for day in _days(claim)[:1]:
        yield _put(claim, "date", day.span("day"), _other_day(day["day"]))
    for name, other in PLACES.get(claim.lang, {}).items():
        if found := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", claim.text):
            yield _put(claim, "place", found.span(), other)
            break


def _put(claim: True_, kind: str, span: tuple[int, int], words: str) -> Swap:
    start, end = span
    return Swap(claim, kind, claim.text[:start] + words + claim.text[end:], start)


def _days(claim: True_) -> list[re.Match[str]]:
    months = "|".join(sorted(map(re.escape, _months(claim.lang)), key=len, reverse=True))
    found = list(re.finditer(_DAY.replace("MONTHS", months), claim.text))
    return found or list(re.finditer(_DAY_AFTER.replace("MONTHS", months), claim.text))


def _months(lang: str) -> set[str]:
    names: set[str] = set()
    for name in _LOCALES.get(lang, ()):
        locale = Locale.parse(name)
        for kind in ("format", "stand-alone"):
            names |= set(locale.months[kind]["wide"].values())
    return names


def _counts(text: str, found: re.Match[str]) -> bool:
    """The number is one of something, not part of a name ("Base 80", "Liga 1")."""
    before = text[: found.start()].rstrip().rsplit(" ", 1)[-1]
    name = re.fullmatch(_NAMED, before)
    return not name and not text[found.end() :].startswith((". Üs", "th Brigade"))


def _other_number(number: str) -> str:
    """The first two digits change places; where that changes nothing, the first is another."""
    zero = ord(number[0]) - int(number[0])
    at = [i for i, c in enumerate(number) if c.isdigit()]
    digits = [int(number[i]) for i in at]
    if len(digits) > 1 and digits[0] != digits[1] and digits[1]:
        digits[0], digits[1] = digits[1], digits[0]
    else:
        digits[0] = (digits[0] + 2) % 9 + 1
    out = list(number)
    for i, digit in zip(at, digits, strict=True):
        out[i] = chr(zero + digit)
    return "".join(out)


def _other_day(day: str) -> str:
    zero = ord(day[0]) - int(day[0])
    return "".join(chr(zero + int(c)) for c in str((int(day) + 8) % 28 + 1))


# ---------------------------------------------------------------- true claims


def true_claims() -> list[True_]:
    """The claims of the file, true spans of the gold, sentences of the reports."""
    out = []
    for line in CLAIMS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        day = date.fromisoformat(row["published"])
        out.append(True_("claims", row["lang"], row["text"], day))
    return [*out, *_drawn(_of_gold(), OF_GOLD), *_drawn(_of_reports(), OF_REPORTS)]


def _drawn(claims: Iterable[True_], n: int) -> list[True_]:
    """Those in which something can be swapped, `n` of them by the seed."""
    fit = [c for c in claims if any(s.kind != "none" for s in swaps(c))]
    return random.Random(SEED).sample(fit, min(n, len(fit)))  # noqa: S311 - no secret


def _of_gold() -> Iterator[True_]:
    for path in sorted((ROOT / "seeds" / "articles").glob("*.md")):
        article = acquire(path)
        labels = evaluate.read_gold(ROOT / "seeds" / "gold" / f"{path.stem}.jsonl", [path])[path]
        for label in labels:
            if label.verdict is not Verdict.SUPPORTED or label.split == "test":
                continue
            for span in sentences(article.text, article.language):
                alone = len(label.span) >= 0.8 * len(span)  # nothing false beside it
                if span.start <= label.start < span.end and alone and article.published:
                    yield True_("gold", article.language, label.said, article.published)


def _of_reports() -> Iterator[True_]:
    for reference in refs.read_all([shipped("seeds") / "references"]):
        day = reference.published or reference.event_date
        if day is None:
            continue
        for span in sentences(reference.text, reference.language):
            text = reference.text[span.start : span.end]
            yield True_("reports", reference.language, text, day + timedelta(days=1))


# ---------------------------------------------------------------- checking


def check(claims: Iterable[True_], checker: Checker) -> list[Result]:
    """The verdict on every claim as it is and swapped."""
    return [Result(s, _verdict(s, checker)) for c in claims for s in swaps(c)]


def _verdict(swap: Swap, checker: Checker) -> str:
    article = make_article(swap.text, published=swap.claim.published, language=swap.claim.lang)
    note = checker.check(article)
    if swap.kind == "none":
        verdicts = {str(a.verdict) for a in note.assessments}
        for verdict in ("contradicted", "disputed", "partly_supported", "not_enough_evidence"):
            if verdict in verdicts:
                return verdict
        return "supported" if "supported" in verdicts else "no claim"
    at = Span(swap.at, swap.at + 1)
    covering = [a for a in note.assessments if a.claim.start <= swap.at < a.claim.end]
    if any(a.verdict is Verdict.CONTRADICTED for a in covering):
        return "contradicted"  # also where a weekday beside it is a claim of its own
    found = best(at, note.assessments)
    return str(found.verdict) if found else "no claim"


def rates(results: Iterable[Result]) -> dict[str, float]:
    """Shares of `results` by verdict: "contradicted", "supported", "not_supported"; and "n"."""
    verdicts = [r.verdict for r in results]
    n = len(verdicts)
    return {
        "n": n,
        "contradicted": verdicts.count("contradicted") / n if n else 0.0,
        "supported": verdicts.count("supported") / n if n else 0.0,
        "not_supported": 1 - verdicts.count("supported") / n if n else 0.0,
    }


def run(ground: Ground) -> None:
    with Checker(ground.settings()) as checker:
        results = check(true_claims(), checker)
    tables.show(*shown(results))
    tables.write(*shown(results))


def shown(results: list[Result]) -> tuple[str, list[str], list[tuple[str, ...]], str]:
    """The table: its title, head, rows and note."""
    rows = []
    for source in ("claims", "gold", "reports"):
        own = [r for r in results if r.swap.claim.source == source]
        langs = sorted({r.swap.claim.lang for r in own})
        for lang in [*langs, "all"]:
            kept = [r for r in own if lang in (r.swap.claim.lang, "all")]
            rows.append((f"{source}, {lang}", *_cells(kept)))
    rows.append(("everything", *_cells(results)))
    head = ["true claims", "untouched: contradicted", "untouched: supported"]
    head += [f"{k} swapped: contradicted / not supported" for k in (*KINDS, "all")]
    note = (
        "Of the untouched: the share called contradicted (of how many), and the share called"
        " supported. Of each swap: the share called contradicted, the share not called supported,"
        " and of how many. Drawn with seed"
        f" {SEED}; `claims` are written by hand, `gold` true spans that are not held out, `reports`"
        " sentences of the reports themselves."
    )
    return "Swaps", head, rows, note


def _cells(results: list[Result]) -> Iterator[str]:
    untouched = rates(r for r in results if r.swap.kind == "none")
    yield f"{untouched['contradicted']:.0%} of {untouched['n']}"
    yield f"{untouched['supported']:.0%}"
    for kind in (*KINDS, "all"):
        swapped = rates(
            r for r in results if r.swap.kind != "none" and kind in (r.swap.kind, "all")
        )
        yield (
            f"{swapped['contradicted']:.0%} / {swapped['not_supported']:.0%} of {swapped['n']}"
            if swapped["n"]
            else "-"
        )


def save(results: list[Result], path: Path) -> None:
    """Every swap with its verdict, one JSON object a line."""
    path.write_text(
        "".join(
            json.dumps(
                {
                    "source": r.swap.claim.source,
                    "lang": r.swap.claim.lang,
                    "kind": r.swap.kind,
                    "text": r.swap.text,
                    "verdict": r.verdict,
                },
                ensure_ascii=False,
            )
            + "\n"
            for r in results
        ),
        encoding="utf-8",
    )
