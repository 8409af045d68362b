"""Who says it: attribution frames in a sentence, by the reporting words of its language.

Four shapes cover news prose in the languages served: "According to X, Y" and "X said that Y" in
front, "Y, X said" and "Y, according to X" behind. What is left is the content. Verbs that carry
meaning of their own (urge, deny, warn, claim) stay with the content.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from factcheck.models import Attribution, Span
from factcheck.reading import Reading
from factcheck.sources import Register
from factcheck.text import lexicon
from factcheck.text.italian import ordinal
from factcheck.text.words import Word

_QUOTES = "\"“”„«»‘’'"
_HEAD = 16  # words into a sentence that a reporting verb in front may stand
_NAMELESS = 6  # words before a reporting verb that are taken as a speaker without a name
_BRIEF = 4  # words that "volgens" and a speaker without a name take
_SPEAKER = 14  # words that a speaker's name and office may take


@dataclass(frozen=True, slots=True)
class Frame:
    """The content of a sentence (offsets into it) and the chain of who says it."""

    content: Span
    chain: tuple[Attribution, ...]
    verb: str = ""  # said, claimed, denied, urged, warned, according, or nobody ("nobody can say")


def frame(reading: Reading) -> Frame:
    """Take the attribution off a sentence; without one, the content is the whole sentence."""
    whole = Span(0, len(reading.text))
    if reading.language == "tr" and (turkish := _turkish(reading)):
        return turkish
    return _behind(reading) or _in_front(reading) or _according_inside(reading) or Frame(whole, ())


# ---------------------------------------------------------------- phrases


def phrase_at(tokens: tuple[Word, ...], at: int, phrases: frozenset[str], text: str) -> int:
    """How many words a phrase of the set takes at position `at`; 0 when there is none."""
    if at >= len(tokens):
        return 0
    first = tokens[at].text.casefold().replace("’", "'")
    if first not in _beginnings(phrases) and first[:1] not in "وف":
        return 0
    for length in (5, 4, 3, 2, 1):
        if at + length > len(tokens):
            continue
        said = text[tokens[at].start : tokens[at + length - 1].end].casefold().replace("’", "'")
        said = " ".join(said.split()) if length > 1 else said
        if said in phrases:
            return length
        if length == 1 and said[:1] in "وف" and said[1:] in phrases:
            return 1
    return 0


@lru_cache(maxsize=256)
def _beginnings(phrases: frozenset[str]) -> frozenset[str]:
    return frozenset(p[:n] for p in phrases for n in range(1, len(p) + 1))


def _verb_at(reading: Reading, at: int) -> tuple[str, int]:
    if _parted(reading, at, lexicon.apart(reading.language, "unsaid")):
        return "", 0
    for kind in ("claimed", "denied", "urged", "warned", "said"):
        length = phrase_at(reading.words, at, lexicon.phrases(reading.language, kind), reading.text)
        if length:
            return kind, length
        if _parted(reading, at, lexicon.apart(reading.language, kind)):
            return kind, 1
    return "", 0


_APART = 9  # words in which the second half of a Dutch reporting verb follows the first


def _parted(reading: Reading, at: int, pairs: frozenset[str]) -> bool:
    """A reporting verb in two halves begins here: "maakte het leger maandag bekend"."""
    if not pairs:
        return False
    first = reading.words[at].text.casefold()
    seconds = {p.split()[1] for p in pairs if p.split()[0] == first}
    return any(w.text in seconds for w in reading.words[at + 1 : at + 1 + _APART])


# ---------------------------------------------------------------- Turkish: the verb stands last

# A statement as the object of a reporting verb: "öldüğünü", "geçirdiklerini", "başlayacağını".
_STATED = re.compile(r"\w(?:[dt][ıiuü]|[ae]c[ae])(?:ğ[ıiuü]n[ıiuü]|kl[ae]r[ıi]n[ıi])$")
_OPENING = 8  # words in which a subject that a comma parts from its statement ends
_GORE = 12  # words in which "göre" follows whom it is according to


def _turkish(reading: Reading) -> Frame | None:
    """ "X, Y-dığını açıkladı" and "X'e göre Y"."""
    text, tokens = reading.text, reading.words
    according = lexicon.phrases("tr", "according")
    for i in range(min(_GORE, len(tokens) - 2)):
        length = phrase_at(tokens, i, according, text)
        if length and i and tokens[i + length - 1].text.casefold() == "göre":
            end = tokens[i + length - 1].end
            return Frame(_trim(text, end, len(text)), _chain(reading, 0, end), "according")
    for i in range(len(tokens) - 1, 1, -1):
        kind, length = _verb_at(reading, i)
        if kind not in ("said", "claimed") or not _STATED.search(tokens[i - 1].text.casefold()):
            continue
        if _acts(reading.within(tokens[i].end, len(text))):
            return None  # another sentence follows it
        begin = _statement_begins(reading, i)
        if begin is None:
            return None
        start, named = begin
        return Frame(_trim(text, start, tokens[i].start), _chain(reading, 0, named), kind)
    return None


def _statement_begins(reading: Reading, verb: int) -> tuple[int, int] | None:
    """Where a statement begins behind its subject, and where who said it ends; None where there is
    no subject ("it was said that")."""
    text, tokens = reading.text, reading.words
    comma = re.search(r",\s", text[: tokens[min(_OPENING, verb)].start])
    ends = comma.end() if comma else _subject_ends(reading)
    if not ends:
        return None
    before = [w for w in tokens if w.end <= ends]
    if any(_STATED.search(w.text.casefold()) for w in before):
        return 0, ends  # "Y-dığını belirten X, Z-dığını söyledi": both are said
    if comma:
        return ends, min([ends, *(w.start for w in reading.dates if w.start)])
    # "X 10 Kasım'da ...": the day on which it was said
    days = [w for w in reading.dates if 0 <= w.start - ends <= 1 and w.grain == "day"]
    written_on = re.match(r"['’]?\w*", text[days[0].end :]) if days else None
    return (days[0].end + written_on.end() if days and written_on else ends), ends


def _states_something(reading: Reading, first: int, verb: int) -> bool:
    """Before a reporting verb stands a statement or a figure, and not only who speaks."""
    told = reading.words[first:verb]
    stated = any(_STATED.search(w.text.casefold()) for w in told)
    return stated or bool(told and reading.within(told[0].start, told[-1].end).figures)


def _subject_ends(reading: Reading) -> int:
    """Where the source or the speaker that opens a sentence ends; 0 where none does."""
    speakers = lexicon.phrases("tr", "speakers")
    length = phrase_at(reading.words, 0, speakers, reading.text)
    opens = reading.words[0].start
    ends = [n.end for n in reading.sources if n.start == opens]
    ends += [reading.words[length - 1].end] if length else []
    return max(ends, default=0)


# ---------------------------------------------------------------- "Y, X said"


def _behind(reading: Reading) -> Frame | None:
    text, tokens = reading.text, reading.words
    breaks = [m.end() for m in re.finditer(rf"[,،][{_QUOTES}]*\s|[{_QUOTES}]\s*[,،]?\s", text)]
    for cut in reversed(breaks):
        inside = [i for i, w in enumerate(tokens) if w.start >= cut]
        before = [w for w in tokens if w.end <= cut]
        if not inside or len(before) < 4:
            continue
        if len(inside) > _SPEAKER + 6:
            break
        if _is_tag(reading, inside[0], len(tokens)):
            content = _trim(text, 0, cut)
            return Frame(content, _chain(reading, cut, len(text)), "said")
    start = _according_in_the_middle(reading)
    if start is not None and reading.language == "nl" and not _ends_with_who(reading, start):
        return None
    if start is not None:
        return Frame(_trim(text, 0, start), _chain(reading, start, len(text)), "according")
    return None


def _is_tag(reading: Reading, first: int, last: int) -> bool:
    """True when words first..last are "X said", "said X", "lapor X" and nothing is said after."""
    according = lexicon.phrases(reading.language, "according")
    if phrase_at(reading.words, first, according, reading.text):
        return not reading.within(reading.words[first].start, len(reading.text)).figures
    that = lexicon.phrases(reading.language, "that")
    contrast = lexicon.phrases(reading.language, "contrast")
    if reading.language == "it" and phrase_at(reading.words, first, contrast, reading.text):
        return False  # "Z, ma ammette Y"
    for i in range(first, min(last, first + _SPEAKER)):
        if phrase_at(reading.words, i, that, reading.text):
            return False
        kind, length = _verb_at(reading, i)
        if not kind:
            continue
        if kind not in ("said", "claimed"):
            return False
        if reading.language == "tr" and _states_something(reading, first, i):
            return False  # "X, Y-dığını söyledi": the statement stands before the verb
        if phrase_at(reading.words, i + length, that, reading.text):
            return False  # "A, e Amos disse que B"
        rest = _up_to_comma(reading, i + length, last)
        tail = reading.within(rest[0].start, rest[-1].end) if rest else None
        return tail is None or (len(rest) <= 9 and not tail.figures and not _acts(tail))
    return False


def _up_to_comma(reading: Reading, first: int, last: int) -> list[Word]:
    """Words from `first` on, up to the next comma behind a name ("said Amos, who deplored")."""
    out: list[Word] = []
    for i in range(first, last):
        word = reading.words[i]
        if len(out) >= 2 and re.search(r"[,،;]", reading.text[out[-1].end : word.start]):
            break
        out.append(word)
    return out


def _acts(reading: Reading) -> bool:
    return any(m.concept.kind == "action" for m in reading.mentions)


def _according_in_the_middle(reading: Reading) -> int | None:
    """Where "menurut laporan PBB" begins behind a finished statement, if it does."""
    phrases = lexicon.phrases(reading.language, "according")
    for i in range(4, len(reading.words)):
        if not phrase_at(reading.words, i, phrases, reading.text):
            continue
        word, before = reading.words[i].text, reading.words[i - 1].text
        if _second(reading, i) or (reading.language == "it" and ordinal(word, before)):
            continue
        rest = reading.within(reading.words[i].start, len(reading.text))
        if len(rest.words) <= _SPEAKER and not rest.figures:
            return reading.words[i].start
    return None


def _second(reading: Reading, at: int) -> bool:
    """Portuguese "segundo" behind an article is the second, and tells nobody."""
    word, before = reading.words[at], reading.words[at - 1].text.casefold()
    return word.text == "segundo" and before in ("o", "ao", "do", "no", "pelo", "um", "seu")


def _ends_with_who(reading: Reading, start: int) -> bool:
    """The sentence ends with whom it is according to: "..., volgens activisten in Homs"."""
    rest = reading.within(start, len(reading.text))
    last = rest.words[-1].end
    ends = {n.end for n in rest.names} | {n.end for n in rest.sources}
    return len(rest.words) <= _BRIEF or last in ends


def _according_inside(reading: Reading) -> Frame | None:
    """Dutch tells it amid the clause, whose verb stands last: "is volgens het SOHR ingenomen"."""
    phrases = lexicon.phrases(reading.language, "according")
    for i, word in enumerate(reading.words if reading.language == "nl" else ()):
        length = phrase_at(reading.words, i, phrases, reading.text)
        near = reading.words[i + length : i + length + 3] if length and i else ()
        for naming in reading.sources:
            if any(w.start == naming.start for w in near):
                chain = _chain(reading, word.start, naming.end)
                return Frame(Span(0, len(reading.text)), chain, "according")
    return None


# ---------------------------------------------------------------- "X said that Y"


def _in_front(reading: Reading) -> Frame | None:
    text, tokens = reading.text, reading.words
    according = phrase_at(tokens, 0, lexicon.phrases(reading.language, "according"), text)
    if according:
        comma = re.search(r"[,،:]\s", text[tokens[0].start :])
        if comma and comma.end() < 160:
            cut = tokens[0].start + comma.end()
            return Frame(_trim(text, cut, len(text)), _chain(reading, 0, cut), "according")
        named = [n for n in reading.sources if n.start >= tokens[0].start]
        if named and len([w for w in tokens if w.end <= named[0].start]) <= according + 2:
            end = named[0].end  # "Nach Angaben des Roten Kreuzes beherbergt der Libanon ..."
            return Frame(_trim(text, end, len(text)), _chain(reading, 0, end), "according")
    that = lexicon.phrases(reading.language, "that")

    def speaker(end: int) -> tuple[Attribution, ...]:
        return () if kind == "nobody" else _chain(reading, 0, end)

    for i in range(min(_HEAD, len(tokens))):
        kind, length = _verb_at(reading, i)
        if not kind:
            continue
        after = i + length
        if after >= len(tokens):
            return None
        kind = "nobody" if _nobody(reading, i) else kind
        if kind in ("urged", "denied", "warned"):
            if i == 0:
                return None
            if reading.language == "nl" and tokens[i - 1].text == "en":
                continue  # "gaf de fout toe en vroeg om begrip": the second act of one subject
            return Frame(_trim(text, tokens[i].start, len(text)),
                         _chain(reading, 0, tokens[i].start), kind)  # fmt: skip
        for j in range(after, min(after + _SPEAKER, len(tokens))):
            colon = re.search(rf":\s*[{_QUOTES}]?", text[tokens[j - 1].end : tokens[j].start])
            taken = phrase_at(tokens, j, that, text)
            if taken and j + taken < len(tokens):
                return Frame(_trim(text, tokens[j + taken].start, len(text)),
                             speaker(tokens[j].start), kind)  # fmt: skip
            if colon:
                return Frame(_trim(text, tokens[j].start, len(text)),
                             speaker(tokens[j - 1].end), kind)  # fmt: skip
            if (
                re.search(r"[,،]", text[tokens[j - 1].end : tokens[j].start])
                and reading.language == "de"
            ):
                return Frame(_trim(text, tokens[j].start, len(text)),
                             speaker(tokens[j - 1].end), kind)  # fmt: skip
        rest = reading.within(tokens[after].start, len(text))
        if i > 0 and len(rest.words) >= 4 and _states(rest):
            start = tokens[i].start if kind == "claimed" else tokens[after].start
            return Frame(_trim(text, start, len(text)), speaker(tokens[i].start), kind)
    return None


_SUBJECT = 4  # words before a reporting verb in which nobody may stand


def _nobody(reading: Reading, at: int) -> bool:
    """Nobody is who says it: "nobody can say how many died"."""
    negators = lexicon.phrases(reading.language, "nobody")
    return any(w.text.casefold() in negators for w in reading.words[max(0, at - _SUBJECT) : at])


# Words that show a statement behind "X said" without "that": a finite verb.
_FINITE = {
    "en": re.compile(r"\b(?:was|were|had|has|have|is|are|would|could|will|did|\w{3,}ed)\b"),
    "fa": re.compile(
        r"(?<!\w)ن?(?:شد|کرد|داد|بود|گرفت|یافت|رسید|است|دارد|هست|می)(?:ه|ند|ه‌اند)?(?!\w)"
    ),
    "id": re.compile(r"\b(?:telah|sudah|akan|adalah|di[a-z]{4,}|me[a-z]{5,}|ber[a-z]{4,})\b"),
}


def _states(rest: Reading) -> bool:
    """What follows a reporting verb is a statement, not a thing announced."""
    pattern = _FINITE.get(rest.language)
    words = rest.text[rest.words[0].start : rest.words[-1].end]
    return bool(pattern and pattern.search(words)) and (_acts(rest) or bool(rest.figures))


def _trim(text: str, start: int, end: int) -> Span:
    """A stretch of the sentence without the blanks, commas and quotes around it."""
    while start < end and (text[start].isspace() or text[start] in ",،;:" + _QUOTES):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ",،;:" + _QUOTES):
        end -= 1
    return Span(start, end)


# ---------------------------------------------------------------- the chain


def _chain(reading: Reading, start: int, end: int) -> tuple[Attribution, ...]:
    """Who speaks, whom they told and who carried it, out of the words of a frame."""
    text = reading.text
    part = reading.within(start, end)
    told = lexicon.phrases(reading.language, "told")
    according = lexicon.phrases(reading.language, "according")
    links: list[Attribution] = []
    for naming in part.sources:
        before = text[max(start, naming.start - 40) : naming.start].casefold()
        role = "speaker"
        if any(
            re.search(rf"(?<!\w){re.escape(t)}\W*(?:the\s+|la\s+|el\s+)?$", before) for t in told
        ):
            role = "told"
        elif links and any(re.search(rf"(?<!\w){re.escape(a)}\W*(?:the\s+|la\s+|el\s+)?$", before)
                           for a in according):  # fmt: skip
            role = "outlet"
        links.append(Attribution(who=text[naming.start : naming.end], role=role,
                                 source=naming.source.short))  # fmt: skip
    if not any(link.role == "speaker" for link in links):
        generic = _generic_speaker(part)
        if generic:
            links.insert(0, Attribution(who=generic, role="speaker"))
        elif links:
            first = links[0]
            links[0] = Attribution(who=first.who, role="speaker", source=first.source)
    named: dict[str, Attribution] = {}
    for link in links:  # "the Observatory (SOHR)" is one speaker
        named.setdefault(link.source or link.who, link)
    return tuple(named.values())


def _generic_speaker(part: Reading) -> str:
    """An unnamed or unknown speaker: "aktivis Suriah", "a witness", or a person's name."""
    speakers = lexicon.phrases(part.language, "speakers")
    for i, word in enumerate(part.words):
        length = phrase_at(part.words, i, speakers, part.text)
        if length:
            end = part.words[min(i + length, len(part.words) - 1)]
            last = (
                end if any(n.start == end.start for n in part.names) else part.words[i + length - 1]
            )
            return part.text[word.start : last.end]
    people = [n for n in part.names if n.place is None]
    if people:
        return people[0].text
    plain = [w for w in _nameless(part) if lexicon.weekday_number(w.text) is None]
    if len(plain) > _NAMELESS:  # "Eight days after the strike, on November 22, seven groups"
        begins, ends = part.words[0].start, part.words[-1].end
        commas = [begins + m.end() for m in re.finditer(r"[,،]\s", part.text[begins:ends])]
        plain = [w for w in plain if commas and w.start >= commas[-1]]
    return part.text[plain[0].start : plain[-1].end] if 0 < len(plain) <= _NAMELESS else ""


def _nameless(part: Reading) -> list[Word]:
    """The words of a frame that are none of its verb ("Die Gruppe" of "Die Gruppe teilte mit")."""
    keys = ("said", "claimed", "according", "that", "auxiliaries", "coordinators", "negators")
    verbs = frozenset[str]().union(*(lexicon.phrases(part.language, key) for key in keys))
    taken: set[int] = set()
    for i in range(len(part.words)):
        taken.update(range(i, i + phrase_at(part.words, i, verbs, part.text)))
    return [w for i, w in enumerate(part.words) if i not in taken]


def known_speakers(chain: tuple[Attribution, ...], register: Register) -> frozenset[str]:
    """The canonical names of a chain's speakers that the register knows."""
    return frozenset(a.source for a in chain if a.role == "speaker" and a.source)
