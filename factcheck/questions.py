"""An editor's question answered from the collection and the note, and from nothing else.

The question is searched for like a claim: by meaning, and by names, places, figures and dates. It may
narrow the search: a claim's number ("why is 12 contested?"), a month or a day, a language, a source. A
follow-up that does not stand alone is searched together with the question before it. A model may put
the answer into words; every sentence of it must cite, and passes the checks of an explanation. Without
a model, or where none of its sentences holds, the answer is the best passages, quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from factcheck import snippets
from factcheck.analysts.base import Passages
from factcheck.evidence import near_countries, read_report
from factcheck.grounds import Ground, unproven
from factcheck.models import (
    Article,
    Assessment,
    Citation,
    Claim,
    ClaimKind,
    Evidence,
    Note,
    Sentence,
    Stance,
)
from factcheck.narrowing import filters, times
from factcheck.origins import origins_of
from factcheck.pipeline import Checker
from factcheck.reading import read
from factcheck.settings import NOTE_LANGUAGES
from factcheck.sources import Register
from factcheck.steps.find import find
from factcheck.text import lexicon
from factcheck.text.dates import dates
from factcheck.text.language import SERVED, identify, identify_among
from factcheck.text.machine import addresses_machine, readable
from factcheck.text.scrub import one_line
from factcheck.text.words import tokens
from factcheck.wording import day, say, table

PASSAGES = 8  # sentences put before a model
_SHOWN = 3  # passages quoted where no model answers
_NEAR = 0.83  # cosine from which a passage may answer
_NARROWED = 0.79  # the same among passages of the source, time or language that was asked for
_LEAD = 700  # characters of an article that say where it plays
_LETTERS = 10  # from which a question's language is guessed
_FEW = 3  # words: of fewer the language is not guessed
_ALONE = 5  # words: a shorter question may lean on the one before
_NUMBER = re.compile(
    r"(?<!\w)(?:c|#|(?:claims?|klaim|no\.?|nomor)\s+)?(\d{1,3})(?![\w.,]\d|\w|%)", re.I
)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: cited sentences, or none and what is `missing`.

    `asked` is the question as it was searched for; `searched` how many passages were looked at;
    `narrowed` what the search was narrowed to; `by` "model" or "passages"; `fault` what a model
    failed at.
    """

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    missing: str
    asked: str
    searched: int
    narrowed: tuple[str, ...]
    language: str
    by: str
    claims: tuple[str, ...] = ()  # the claims that it speaks of
    fault: str = ""

    @property
    def text(self) -> str:
        """The answer as plain text, without its citations."""
        told = " ".join(s.text for s in self.sentences if s.status != "struck")
        return told or self.missing

    def _repr_html_(self) -> str:
        cited = [(c.id, c.quote, c.publisher, c.published or "") for c in self.citations]
        return snippets.paragraph(self.text) + snippets.table(
            ("", "quotation", "publisher", "published"), cited
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer. `asked` is the question complete without what came before."""

    question: str
    asked: str
    answer: Answer | None = None
    said: str = ""  # the answer's text, of a turn that was loaded
    claims: tuple[str, ...] = ()
    language: str = ""

    def to_json(self) -> dict[str, Any]:
        text = self.answer.text if self.answer else self.said
        return {
            "question": self.question,
            "asked": self.asked,
            "answer": text,
            "claims": list(self.claims),
            "language": self.language,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Turn:
        return cls(
            question=str(data["question"]),
            asked=str(data["asked"]),
            said=str(data["answer"]),
            claims=tuple(map(str, data.get("claims", ()))),
            language=str(data.get("language", "")),
        )


@dataclass(frozen=True)
class _Search:
    """What was found for a question, best first."""

    evidence: tuple[Evidence, ...]
    looked_at: int
    narrowed: tuple[str, ...]


def answer(question: str, before: Sequence[Turn], note: Note | None, checker: Checker) -> Answer:
    """Answer `question`; `before` are the turns so far."""
    checker.get_ready()
    language = _language(question, before, note)
    asked = condensed(question, before, language, note.article.published if note else None)
    about = _claims(question, before, note)
    ui = language if language in NOTE_LANGUAGES else "en"
    search = _search(question, asked, about, note, checker, language)
    shown = [e for e in search.evidence if not addresses_machine(e.passage.text)]
    citations = [_citation(e, n, note) for n, e in enumerate(shown, 1)]
    sentences: list[Sentence] = []
    by, fault = "passages", ""
    if shown and checker.analyst.model is not None:
        sentences, fault = _by_model(
            question, asked, about, shown, citations, note, checker, language
        )
        by = "model" if sentences else by
    if not sentences and not about:
        sentences = _quoted(citations[:_SHOWN], ui)
    sentences = [*(s for a in about for s in _on_claim(a, ui)), *sentences]
    used = {i for s in sentences for i in s.citations}
    own = [c for a in about for c in a.citations]
    missing = ""
    if not sentences:
        missing = say(ui, "chat", "nothing", searched=search.looked_at, asked=one_line(asked))
    return Answer(
        sentences=tuple(sentences),
        citations=tuple(c for c in (*own, *citations) if c.id in used),
        missing=missing,
        asked=asked,
        searched=search.looked_at,
        narrowed=search.narrowed,
        claims=tuple(a.claim.id for a in about),
        language=language,
        by=by,
        fault=fault,
    )


def passages(text: str, note: Note | None, checker: Checker) -> Answer:
    """The best passages for a text, quoted; no model is asked."""
    language = _language(text, (), note)
    ui = language if language in NOTE_LANGUAGES else "en"
    search = _search(text, text, (), note, checker, language, near=0.0)
    citations = [_citation(e, n, note) for n, e in enumerate(search.evidence, 1)]
    missing = say(ui, "chat", "nothing", searched=search.looked_at, asked=one_line(text))
    return Answer(
        sentences=tuple(_quoted(citations, ui)),
        citations=tuple(citations),
        missing="" if citations else missing,
        asked=text,
        searched=search.looked_at,
        narrowed=search.narrowed,
        language=language,
        by="passages",
    )


def condensed(
    question: str, before: Sequence[Turn], language: str = "en", base: date | None = None
) -> str:
    """The question complete without what came before: a follow-up takes the last one along.

    A follow-up opens with a joining word ("and in December?", "dan sumber Arab?"), or is too short
    to stand alone. A time of its own takes the place of the earlier one.
    """
    if not before:
        return question
    words = [w.casefold() for w, _, _ in tokens(question)]
    joined = (words[:1] and words[0] in _JOINING) or " ".join(words[:2]) in _LEADING
    if not joined and len(words) >= _ALONE:
        return question
    last = before[-1].asked
    if times(question, language, base):
        for when in reversed(times(last, before[-1].language or language, base)):
            last = last[: when.start] + last[when.end :]
    return f"{' '.join(last.split()).rstrip('?؟ .')} — {question}"


_OPENS = {  # joining words that tell the language of a few words
    **dict.fromkeys(("dan", "atau", "tapi", "juga"), "id"), **dict.fromkeys(("and", "or", "but"), "en"),
    **dict.fromkeys(("et", "mais"), "fr"), **dict.fromkeys(("y", "pero"), "es"),
    **dict.fromkeys(("und", "oder", "aber"), "de"), "ve": "tr",
}  # fmt: skip
_JOINING = frozenset(
    "and or but also dan atau tapi lalu serta juga و et ou mais y pero und oder aber ve".split()
)
_LEADING = frozenset(
    ("what about", "how about", "bagaimana dengan", "qué hay", "et pour", "was ist")
)
_THIS = frozenset(
    "this that it ini itu tersebut هذا ذلك cela ceci ça esto eso das dies bu şu".split()
)


def _language(question: str, before: Sequence[Turn], note: Note | None) -> str:
    """The question's language, out of those that the interface, the rules and the article know; of
    one too short to tell, that of the question before, or of the note."""
    usual = before[-1].language if before and before[-1].language else ""
    usual = usual or (note.language if note else "en")
    known = (*lexicon.LANGUAGES, *((note.article.language,) if note else ()))
    codes = tuple(sorted({c for c in known if c in SERVED}))
    first = question.split(maxsplit=1)[0].casefold()
    if before and first in _OPENS:
        return _OPENS[first]
    if len(question.split()) < _FEW and before:
        return usual
    return identify_among(question, codes, usual)


def _claims(question: str, before: Sequence[Turn], note: Note | None) -> list[Assessment]:
    """The claims that the question speaks of by number, or as "this" after one was spoken of."""
    if note is None:
        return []
    known = {a.claim.id: a for a in note.assessments}
    marked = [m for m in _NUMBER.finditer(question) if not m.group().isdigit()]
    plain = [m for m in _NUMBER.finditer(question) if m.group().isdigit()]
    chosen = marked or [m for m in plain if not _dated(question, m.start())]
    ids = dict.fromkeys(f"c{int(m[1])}" for m in chosen)
    own = read(question, identify(question, "en"))
    spoken_of = _THIS & {w.casefold() for w, _, _ in tokens(question)}
    if not ids and before and spoken_of and not (own.names or own.sources):
        ids = dict.fromkeys(before[-1].claims)
    return [known[i] for i in ids if i in known][:3]


def _dated(question: str, at: int) -> bool:
    """The number at `at` belongs to a date, or counts something ("40 people")."""
    language = identify(question, "en")
    if any(w.start <= at < w.end for w in dates(question, language)):
        return True
    from factcheck.text.figures import figures

    return any(f.start <= at < f.end and (f.counts or f.of) for f in figures(question, language))


# ---------------------------------------------------------------- searching


def _search(
    question: str,
    asked: str,
    about: Sequence[Assessment],
    note: Note | None,
    checker: Checker,
    language: str,
    near: float | None = None,
) -> _Search:
    text = " ".join([asked, *(a.claim.statement for a in about)])
    base = note.article.published if note else None
    article = Article(text=text, sha256="0" * 64, language=language, published=base)
    claim = Claim(id="q", start=0, end=len(text), said=text, statement=text,
                  kind=ClaimKind.EVENT, sentence=0, about=_scene(note, asked, language))  # fmt: skip
    narrowing = filters(question, asked, language, base)
    looked_at = 0

    def fits(evidence: Evidence) -> bool:
        nonlocal looked_at
        looked_at += 1
        return all(fit(evidence) for _, fit in narrowing)

    found = find([claim], article, checker.store, fits=fits)[0].evidence
    if claim.about and note:  # what the article is about comes first
        lands = near_countries(note.article)
        found = tuple(sorted(found, key=lambda e: not lands & read_report(e.reference).countries))
    near = near if near is not None else _NARROWED if narrowing else _NEAR
    best = [e for e in found if e.similarity >= near]
    return _Search(tuple(best[:PASSAGES]), looked_at, tuple(name for name, _ in narrowing))


def _scene(note: Note | None, asked: str, language: str) -> tuple[str, ...]:
    """The places that the article is about, where the question names none of its own."""
    if note is None or read(asked, language).places:
        return ()
    a = note.article
    lead = f"{a.title or ''}. {a.text[:_LEAD]}"
    found = read(lead, a.language, a.published, near_countries(a))
    return tuple(dict.fromkeys(n.text for n in found.names if n.place))[:2]


# ---------------------------------------------------------------- answering


def _by_model(
    question: str,
    asked: str,
    about: Sequence[Assessment],
    shown: Sequence[Evidence],
    citations: Sequence[Citation],
    note: Note | None,
    checker: Checker,
    language: str,
) -> tuple[list[Sentence], str]:
    """The sentences of a model's answer that hold, and what it failed at."""
    article = note.article if note else None
    told = " ".join([asked, *(f"({a.claim.id}: {a.claim.said})" for a in about)])
    words = checker.analyst.answer(
        Passages(article=article, question=readable(told), evidence=tuple(shown),
                 language=language)
    )  # fmt: skip
    if words.fault:
        return [], words.fault
    out = []
    for text, numbers in words.sentences:
        if not numbers or any(not 1 <= n <= len(shown) for n in numbers):
            continue
        grounds: list[Ground] = []
        for n in numbers:
            c = citations[n - 1]
            grounds += [Ground(c.quote, c.published), Ground(c.publisher),
                        Ground(" · ".join(c.origins))]  # fmt: skip
        if unproven(text, language, grounds, named=asked) or addresses_machine(text):
            continue
        ids = tuple(citations[n - 1].id for n in dict.fromkeys(numbers))
        out.append(Sentence(text=one_line(text), citations=ids))
    return out, ""


def _quoted(citations: Sequence[Citation], language: str) -> list[Sentence]:
    return [
        Sentence(
            text=say(language, "chat", "quoted", publisher=c.publisher,
                     date=day(c.published, language), quote=one_line(c.quote)),
            citations=(c.id,),
        )
        for c in citations
    ]  # fmt: skip


def _on_claim(a: Assessment, language: str) -> list[Sentence]:
    """What the note says of a claim that was asked about: its verdict, then why."""
    name = table(language)["verdict"][str(a.verdict or "failed")]
    ids = tuple(c.id for c in a.citations if c.stance is not Stance.CONTEXT)[:4]
    text = say(language, "chat", "verdict", claim=a.claim.id, verdict=name)
    lead = Sentence(text=text, citations=ids, status="cited" if ids else "uncited")
    return [lead, *(s for s in a.rationale if s.status != "struck")]


def _citation(evidence: Evidence, number: int, note: Note | None) -> Citation:
    """The passage as a quotation, cut out of the stored report."""
    reference, passage = evidence.reference, evidence.passage
    published = note.article.published if note else None
    return Citation(
        id=f"q{number}",
        reference=reference.id,
        publisher=reference.publisher,
        published=reference.published,
        stance=Stance.CONTEXT,
        quote=reference.text[passage.start : passage.end],
        start=passage.start,
        end=passage.end,
        url=reference.url,
        origins=origins_of(evidence, Register.load()),
        hindsight=bool(published and reference.published and reference.published > published),
        page=reference.page(passage.start),
    )
