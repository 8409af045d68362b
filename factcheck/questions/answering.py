"""An editor's question answered from the collection and the note, and from nothing else.

The question is searched for by meaning, and by names, places, figures and dates. It may narrow the
search: a month or a day, a language, a source. A checker that looks at some reports alone answers
out of these. A follow-up that does not stand alone is searched together with the question before it. A
claim that it names by number ("why is 12 contested?") is answered from the note. A model may put the
answer into words, every sentence of which is checked (`phrasing`). Without a model, or where none of
its sentences holds, the answer is the best passages, quoted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from factcheck.analysts.local import write as rules
from factcheck.models import Assessment, Citation, Evidence, Note, Sentence, Stance
from factcheck.origins import origins_of
from factcheck.pipeline import Checker
from factcheck.questions.asking import condensed, language_of, meant
from factcheck.questions.phrasing import phrased, told
from factcheck.questions.records import Answer, Turn
from factcheck.questions.searching import Query, Search, search
from factcheck.settings import NOTE_LANGUAGES
from factcheck.sources import Register
from factcheck.text.scrub import one_line
from factcheck.wording import day, say, verdicts

_SHOWN = 3  # passages quoted where no model answers
_CITED = 4  # quotations of a claim that is asked about


def answer(question: str, before: Sequence[Turn], note: Note | None, checker: Checker) -> Answer:
    """Answer `question`; `before` are the turns so far."""
    checker.get_ready()
    article = note.article if note else None
    language = language_of(question, before, note)
    asked = condensed(question, before, language, article.published if article else None)
    about = meant(question, before, note)
    ui = _interface(language)
    text = " ".join([asked, *(a.claim.statement for a in about)])
    query = Query(text, question, language, article)
    found = search(query, checker.store, within=checker.within())
    citations = [_citation(e, n, note) for n, e in enumerate(found.evidence, 1)]
    sentences: list[Sentence] = []
    by, fault = "passages", ""
    if found.evidence and checker.analyst.model is not None:
        sentences, fault = phrased(told(asked, about), asked, found.evidence, citations, article,
                                   checker.analyst, language)  # fmt: skip
        by = "model" if sentences else by
    if not sentences and not about:
        sentences = _quoted(citations[:_SHOWN], ui)
    house = checker.settings.newsroom.labels
    sentences = [*(s for a in about for s in _on_claim(a, note, ui, house)), *sentences]
    used = {i for s in sentences for i in s.citations}
    own = [c for a in about for c in a.citations]
    missing = ""
    if not sentences:
        missing = say(ui, "chat", "nothing", searched=found.looked_at, asked=one_line(asked))
    return Answer(
        sentences=tuple(sentences),
        citations=tuple(c for c in (*own, *citations) if c.id in used),
        missing=missing,
        asked=asked,
        searched=found.looked_at,
        narrowed=_narrowed(checker, found),
        claims=tuple(a.claim.id for a in about),
        language=language,
        by=by,
        fault=fault,
    )


def passages(text: str, note: Note | None, checker: Checker) -> Answer:
    """The best passages for a text, quoted; no model is asked."""
    language = language_of(text, (), note)
    ui = _interface(language)
    query = Query(text, text, language, note.article if note else None)
    found = search(query, checker.store, least=0.0, within=checker.within())
    citations = [_citation(e, n, note) for n, e in enumerate(found.evidence, 1)]
    missing = say(ui, "chat", "nothing", searched=found.looked_at, asked=one_line(text))
    return Answer(
        sentences=tuple(_quoted(citations, ui)),
        citations=tuple(citations),
        missing="" if citations else missing,
        asked=text,
        searched=found.looked_at,
        narrowed=_narrowed(checker, found),
        language=language,
        by="passages",
    )


def _narrowed(checker: Checker, found: Search) -> tuple[str, ...]:
    """What was searched: the reports that the checker looks at, and what the question names."""
    return (checker.only.told(), *found.narrowed) if checker.only else found.narrowed


def _interface(language: str) -> str:
    return language if language in NOTE_LANGUAGES else "en"


def _quoted(citations: Sequence[Citation], language: str) -> list[Sentence]:
    return [
        Sentence(
            text=say(language, "chat", "quoted", publisher=c.publisher,
                     date=day(c.published, language), quote=one_line(c.quote)),
            citations=(c.id,),
        )
        for c in citations
    ]  # fmt: skip


def _on_claim(
    a: Assessment, note: Note | None, language: str, house: Mapping[str, str]
) -> list[Sentence]:
    """What the note says of a claim that was asked about: its verdict, then why. In a language that is
    not the note's the reasons are put into words anew, by the rules."""
    name = verdicts(language, house)[str(a.verdict or "failed")]
    ids = tuple(c.id for c in a.citations if c.stance is not Stance.CONTEXT)[:_CITED]
    text = say(language, "chat", "verdict", claim=a.claim.id, verdict=name)
    lead = Sentence(text=text, citations=ids, status="cited" if ids else "uncited")
    reasons: Sequence[Sentence] = a.rationale
    if note is not None and note.language != language:
        reasons = rules.write(note.article, [a], language).rationales[a.claim.id]
    return [lead, *(s for s in reasons if s.status != "struck")]


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
