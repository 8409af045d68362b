"""Sentences into claims by rules: what is news, who says it, and one fact a claim."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from factcheck import attribution
from factcheck.analysts.base import ClaimDraft, SentenceDraft
from factcheck.analysts.local import clauses as clauses_
from factcheck.analysts.local.labels import labelled
from factcheck.models import Article, Attribution, ClaimKind, LedgerKind, Span
from factcheck.reading import Reading, read
from factcheck.text import arabic, lexicon
from factcheck.text.dates import day_order
from factcheck.text.scrub import one_line

_BYLINE = re.compile(r"^[(\[][^()\[\]]{2,60}[)\]]\.?$")
_ADDRESS = re.compile(r"^\S*(?:https?://|www\.)\S+$")
_DATELINE = re.compile(
    r"^(?P<place>[^\W\d_][\w .'’\-]{1,40}?)(?:,\s*[^–—\-(]{2,30})?\s*(?:\([^)]{2,40}\))?\s*[–—-]{1,2}\s+"
)
_QUOTED = re.compile(r"[“«\"„]\W*\w+\W+\w+\W+\w+[^“«„]*[”»\"“]")  # three words or more
_UNSPACED = 24  # letters of a sentence in a script that puts no blanks between words
_HEADING_WORDS = 16
_CONTENT = 12  # characters that a clause must keep without its attribution
_WHOLE = 6  # words from which a sentence that names somebody is taken as a claim at least


@dataclass(frozen=True, slots=True)
class _Context:
    """What the article as a whole gives its sentences."""

    near: frozenset[str]
    order: str
    places: tuple[str, ...]


def extract(article: Article, sentences: Sequence[Span]) -> list[SentenceDraft]:
    """One draft a sentence, in order."""
    context = _context(article)
    drafts: list[SentenceDraft] = []
    before: Reading | None = None
    speaker: tuple[Attribution, ...] = ()
    for number, span in enumerate(sentences):
        text = article.text[span.start : span.end]
        reading = read(text, article.language, article.published, context.near, context.order)
        framed = _framed(reading, speaker)
        drafts.append(_sentence(article, number, reading, framed, context, before, span))
        before, speaker = reading, framed.chain or speaker
    return drafts


def _framed(reading: Reading, before: tuple[Attribution, ...]) -> attribution.Frame:
    """The attribution of a sentence; "he said" goes on with whoever spoke before."""
    framed = attribution.frame(reading)
    if framed.verb not in ("", "nobody") and not framed.chain:
        return attribution.Frame(framed.content, before, framed.verb)
    return framed


def _context(article: Article) -> _Context:
    # Countries first, by all text: only then can a town's name be told from a word.
    first = read(article.text[:6000], article.language, article.published)
    lead = article.text[:700]
    near = frozenset(p.country for p in first.places if not p.city) or first.countries
    places = read(lead, article.language, article.published, near)
    return _Context(
        near=near,
        order=day_order(article.text, article.language),
        places=tuple(dict.fromkeys(n.text for n in places.names if n.place))[:3],
    )


def _sentence(
    article: Article,
    number: int,
    reading: Reading,
    framed: attribution.Frame,
    context: _Context,
    before: Reading | None,
    span: Span,
) -> SentenceDraft:
    text = reading.text
    if why := _no_news(article, reading, span):
        return why
    if _opinion(reading):
        draft = ClaimDraft(
            sentence=number, anchor=text, statement=one_line(text), kind=ClaimKind.OPINION
        )
        return SentenceDraft(kind=LedgerKind.OPINION, claims=(draft,), reason="evaluation")
    claims = _claims(number, reading, framed, context, before)
    if not claims:
        return SentenceDraft(kind=LedgerKind.BACKGROUND, reason="nothing that could be checked")
    return SentenceDraft(kind=LedgerKind.CLAIM, claims=tuple(claims))


def _no_news(article: Article, reading: Reading, span: Span) -> SentenceDraft | None:
    text = reading.text.strip()
    low = text.casefold()
    if not any(c.isalpha() for c in text):
        return SentenceDraft(kind=LedgerKind.BOILERPLATE, reason="no words")
    if _BYLINE.match(text) or _ADDRESS.match(text):
        return SentenceDraft(kind=LedgerKind.BOILERPLATE, reason="byline or address")
    if any(low.startswith(b) for b in lexicon.phrases(reading.language, "boilerplate")):
        return SentenceDraft(kind=LedgerKind.BOILERPLATE, reason="page furniture")
    if text.endswith(("?", "؟")):
        return SentenceDraft(kind=LedgerKind.BACKGROUND, reason="a question")
    heading = text[-1:].isalnum() and len(reading.words) <= _HEADING_WORDS
    if heading and (span.start == 0 or low == (article.title or "").casefold() or text[:1] in "#*"):
        return SentenceDraft(kind=LedgerKind.BACKGROUND, reason="a heading")
    if len(reading.words) < 3 and sum(map(str.isalpha, text)) < _UNSPACED:
        return SentenceDraft(kind=LedgerKind.BACKGROUND, reason="a fragment")
    return None


def _opinion(reading: Reading) -> bool:
    """An evaluation by the author: its marks are there and no figure, date or reported speech.

    Hostile wording alone makes one where a sentence names nobody and tells of no event.
    """
    if reading.figures or any(w.grain == "day" for w in reading.dates):
        return False
    acts = [m for m in reading.mentions if m.concept.kind == "action"]
    nobody = not (reading.sources or [n for n in reading.names if n.place is None])
    if nobody and not reading.dates and len(acts) <= 1 and _loaded(reading):
        return True
    marks = [
        i
        for i in range(len(reading.words))
        if attribution.phrase_at(
            reading.words, i, lexicon.phrases(reading.language, "opinion"), reading.text
        )
    ]
    if not marks:
        return False
    attributed = attribution.frame(reading).chain
    return not attributed


def _loaded(reading: Reading) -> bool:
    compound = reading.language == "de"
    for term, _ in loaded_terms(reading.language):
        edge = "" if compound and len(term) > 5 else r"(?<!\w)"
        if re.search(rf"{edge}{re.escape(term)}(?!\w)", reading.text, re.IGNORECASE):
            return True
    return False


def _claims(
    number: int,
    reading: Reading,
    framed: attribution.Frame,
    context: _Context,
    before: Reading | None,
) -> list[ClaimDraft]:
    content = _after_dateline(reading)
    if framed.chain or framed.verb:
        content = Span(max(content.start, framed.content.start), framed.content.end)
        if content.start >= content.end:
            content = framed.content
    drafts: list[ClaimDraft] = []
    found = clauses_.clauses(reading, content)
    for clause in found:
        inner = _inner_frame(reading, clause, context) if not framed.chain else framed
        if framed.verb == "according" and framed.content.start == 0 and clause is not found[-1]:
            inner = attribution.Frame(clause.span, ())  # "Y1, and Y2, according to X" is of Y2
        span = clause.span if inner is framed else inner.content
        part = reading.within(span.start, span.end)
        if not _checkable(part, reading, span):
            continue
        drafts.append(
            ClaimDraft(
                sentence=number,
                anchor=reading.text[span.start : span.end],
                statement=_statement(reading, clauses_.Clause(span, clause.subject)),
                kind=_kind(part, inner, reading),
                near=span.start,
                attribution=inner.chain or _subject_speaks(part),
                about=_about(reading, span, context, before),
            )
        )
    drafts = _with_attribution(drafts, reading, framed)
    long = len(reading.words) >= _WHOLE or sum(map(str.isalpha, reading.text)) >= _UNSPACED
    named = bool(reading.names or reading.sources) or _unlisted(reading.language)
    if not drafts and long and named:
        drafts.append(_whole(number, reading, framed, context, before))
    drafts.extend(_dated(number, reading))
    drafts.extend(_called(number, reading, context, before))
    return drafts


def _with_attribution(
    drafts: list[ClaimDraft], reading: Reading, framed: attribution.Frame
) -> list[ClaimDraft]:
    """Give the words that attribute to the claim next to them: who said it belongs to what is
    said. The statement stays without them."""
    if not drafts or not framed.verb:
        return drafts
    text = reading.text
    marks = ' .,;:”“"„«»’'
    start = _after_dateline(reading).start
    head, tail = (
        text[start : framed.content.start].strip(marks),
        text[framed.content.end :].strip(marks),
    )
    if framed.content.start > 0 and (head or not tail):
        first = drafts[0]
        end = first.near + len(first.anchor)
        drafts[0] = replace(first, anchor=text[start:end].strip(), near=start)
    if tail:
        last = drafts[-1]
        drafts[-1] = replace(last, anchor=text[last.near :].strip())
    return drafts


def _unlisted(language: str) -> bool:
    """No word list tells what a sentence of this language speaks of: it may be a claim."""
    return language not in lexicon.LANGUAGES and language != "ms"


_SPEAKING = frozenset(
    "document_count estimate announce confirm publish find_evidence register admit deny accuse "
    "warn condemn call_urge threaten promise reject inspect_verify".split()
)


_COUNTING = ("un", "monitor", "ngo", "wire", "official")  # kinds that count, and do not act


def _subject_speaks(part: Reading) -> tuple[Attribution, ...]:
    """A known source that opens a clause and counts, confirms or announces is its speaker."""
    if not part.words or not part.sources:
        return ()
    first = part.sources[0]
    acts = [m for m in part.mentions if m.concept.name in _SPEAKING and m.start >= first.end]
    words = [w for w in part.words if w.end <= first.start]
    counts = first.source.kind in _COUNTING and bool(part.figures)
    if not (acts or counts) or len(words) > 4:
        return ()
    who = part.text[first.start : first.end]
    return (Attribution(who=who, role="speaker", source=first.source.short),)


def _inner_frame(reading: Reading, clause: clauses_.Clause, context: _Context) -> attribution.Frame:
    """Attribution inside one clause of a sentence: "..., and MSF said that 450 were treated"."""
    start, end = clause.span.start, clause.span.end
    part = read(reading.text[start:end], reading.language, None, context.near, context.order)
    found = attribution.frame(part)
    if not found.chain or len(found.content) < _CONTENT:
        return attribution.Frame(clause.span, ())
    return attribution.Frame(
        Span(start + found.content.start, start + found.content.end), found.chain, found.verb
    )


def _whole(
    number: int,
    reading: Reading,
    framed: attribution.Frame,
    context: _Context,
    before: Reading | None,
) -> ClaimDraft:
    """The sentence as it is, where no clause of it could be told to carry a fact."""
    return ClaimDraft(
        sentence=number,
        anchor=reading.text,
        statement=one_line(reading.text),
        kind=ClaimKind.STATEMENT if framed.chain else ClaimKind.EVENT,
        attribution=framed.chain,
        about=_about(reading, Span(0, len(reading.text)), context, before),
    )


def _checkable(part: Reading, whole: Reading, span: Span) -> bool:
    if len(part.words) < 2:
        return False
    return bool(
        clauses_.carries_fact(whole, span)
        or part.figures
        or part.sources
        or (part.names and len(part.words) >= 4)
        or any(m.concept.kind in ("thing", "actor", "counted") for m in part.mentions)
    )


def _kind(part: Reading, framed: attribution.Frame, reading: Reading) -> ClaimKind:
    predictions = lexicon.phrases(reading.language, "predictions")
    ahead = any(
        attribution.phrase_at(part.words, i, predictions, part.text)
        for i, word in enumerate(part.words)
        if (i == 0 or not word.text[0].isupper())  # "Irán" is no verb
        and not _on_condition(part, word.start)
    ) or _future(part)
    if framed.verb in ("urged", "denied", "warned", "claimed"):
        return ClaimKind.STATEMENT
    if ahead:
        return ClaimKind.PREDICTION
    if any(f.counts or f.unit != "count" for f in part.figures):
        return ClaimKind.QUANTITY
    if framed.chain and _QUOTED.search(reading.text):
        return ClaimKind.STATEMENT
    return ClaimKind.EVENT


def _on_condition(part: Reading, at: int) -> bool:
    """Russian puts a condition into the future, too: "if its conditions will be met"."""
    before = part.text[part.words[0].start : at]
    return part.language == "ru" and bool(re.search(r"(?:^|[,;]\s)если\s[^,;]*$", before, re.I))


# The future tense where a language forms it without a helper that the lexicon could list.
_FUTURE = {
    "fr": re.compile(r"\b(?!sera\b)[a-zéèêàâîôç]\w{2,}(?:era|eront|ira|iront|dra|dront)\b"),
    "es": re.compile(r"\b[a-zñáéíóú]\w{2,}(?:ará|erá|irá|arán|erán|irán|drá|drán)\b"),
    "pt": re.compile(
        r"\b(?!tubarão|camarão)[a-zà-ú]\w{2,}(?:ará|erá|irá|orá|arão|erão|irão|orão)\b"
        r"|\b[a-zà-ú]\w+-(?:se|me|nos|lhes?|l?[ao]s?)-(?:á|ão)\b"
    ),
    "de": re.compile(
        r"^(?!.*\b(?:\w*ge\w{3,}(?:t|en)|\w+iert|be\w{4,}t|ver\w{3,}t|worden)\b).*\b(?:wird|werden)\b.*\w{3,}e?n\b"
    ),
    "it": re.compile(  # "se le condizioni saranno soddisfatte" announces nothing
        r"(?:^|[,;:])(?:(?!\bse\b)[^,;:])*?\b(?!tiranno)[a-zàèéìòù]+r(?:à|anno)\b"
    ),
    "ar": arabic.FUTURE,
    "tr": re.compile(r"\b\w{2,}(?:ecek|acak)(?:ler|lar|tir|tır)?\b"),
}


def _future(part: Reading) -> bool:
    pattern = _FUTURE.get(part.language)
    if pattern is None or not part.words:
        return False
    return bool(pattern.search(part.text[part.words[0].start : part.words[-1].end]))


def _dated(number: int, reading: Reading) -> list[ClaimDraft]:
    """A weekday beside a full date is a claim of its own: the calendar can check it."""
    return [
        ClaimDraft(
            sentence=number,
            anchor=when.text,
            statement=when.text,
            kind=ClaimKind.DATE,
            near=when.start,
        )
        for when in reading.dates
        if when.weekday is not None and when.explicit and when.first
    ]


def _called(
    number: int, reading: Reading, context: _Context, before: Reading | None
) -> list[ClaimDraft]:
    """A hostile label fastened to a known body is a claim of its own that cannot be checked."""
    return [
        ClaimDraft(
            sentence=number,
            anchor=reading.text[span.start : span.end],
            statement=one_line(reading.text[span.start : span.end]),
            kind=ClaimKind.OPINION,
            near=span.start,
            about=_about(reading, span, context, before),
        )
        for span in labelled(reading)
    ]


def _statement(reading: Reading, clause: clauses_.Clause) -> str:
    """The clause with the subject it takes over, loaded words replaced by neutral ones."""
    said = reading.text[clause.span.start : clause.span.end]
    if (
        clause.subject
        and not clause.span.start <= clause.subject.start < clause.span.end
        and clauses_.opens_with_verb(reading, clause.span)
    ):
        said = f"{reading.text[clause.subject.start : clause.subject.end]} {said}"
    for term, neutral in loaded_terms(reading.language):
        said = re.sub(rf"(?<!\w){re.escape(term)}(?!\w)", neutral, said, flags=re.IGNORECASE)
    return one_line(said)


def loaded_terms(language: str) -> list[tuple[str, str]]:
    """Loaded terms and their neutral counterparts, longest first."""
    listed = [(str(t["term"]), str(t["neutral"])) for t in lexicon.frames(language)["loaded"]]
    return sorted(listed, key=lambda t: -len(t[0]))


def _about(
    reading: Reading, span: Span, context: _Context, before: Reading | None
) -> tuple[str, ...]:
    """Names around a clause that it may rest on: its sentence's, the one before, the article's."""
    inside = {n.text for n in reading.within(span.start, span.end).names}
    around = [n.text for n in reading.names]
    if not around and before is not None:
        around = [n.text for n in before.names]
    return tuple(n for n in dict.fromkeys([*around, *context.places]) if n not in inside)[:6]


def _after_dateline(reading: Reading) -> Span:
    m = _DATELINE.match(reading.text)
    if m and (m["place"].isupper() or len(m["place"].split()) <= 2) and m.end() < 80:
        return Span(m.end(), len(reading.text))
    return Span(0, len(reading.text))
