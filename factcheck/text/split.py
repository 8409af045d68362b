"""Text into sentences with exact offsets, in any language.

sentencex finds the boundaries; what it cannot know is mended here: abbreviations it lacks
(Indonesian above all), initials, ordinals before a month, brackets and lower-case continuations.
`text[s.start:s.end]` is the sentence, the spans rise, do not overlap, and between them there is
nothing but white space.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import lru_cache

import sentencex

from factcheck.models import Span
from factcheck.text import lexicon

_ABBREVIATIONS = frozenset(
    """
    rp thn tgl dll dsb dst tsb hlm hal jl jln gg no kec kab prov kel ds drs dra ir hj h bpk sdr
    sdri kpd yg dgn dlm tlp telp jend letjen mayjen brigjen kol letkol kapt lettu serka alm almh
    s.d a.n u.p d.a s.h s.e s.t m.m m.sc ph.d a.m p.m u.s u.k u.n dr prof mr mrs ms gen lt col sgt
    st mt vs etc ca approx fig vol pp jan feb mar apr jun jul aug sept sep oct nov dec okt agt des
    د أ م ص ج ت ه ق env av m mm mme mlle sr sra srta ud uds ee uu bzw bspw ggf usw evtl inkl
    nr str tel abs art vgl sog dipl ing hr fr
    dott sig sigg mons ecc pag
    тыс млн млрд трлн руб долл г гг ул им др пр стр акад проф т.е т.н т.д т.п кв
    """.split()
)
_RUSSIAN = ("г", "гг", "др", "пр", "руб", "долл", "т.д", "т.п")  # these may end a sentence
_CLOSERS = "\"'”’»)]}›"
_ENDERS = ".!?…؟。！？۔"
_OPEN_TO_CLOSE = {"(": ")", "[": "]", "（": "）"}
_LAST_WORD = re.compile(r"([^\s(\[“\"«]+)\.$")
_INITIAL = re.compile(r"(?:^|[\s.(])[^\W\d_]\.$")
_ORDINAL = re.compile(r"(?:^|\s)\d{1,2}\.$")
# What an ordinal names in Turkish and German, in capitals too: "46. Üs'ü", "die 80. Brigade".
_NUMBERED = frozenset(
    """üs üssü üssün üsse üste tugay tugayı tümen tümeni alay alayı tabur taburu kolordu zırhlı mekanize
    piyade komando bölge bölgesi yüzyıl yüzyılın
    brigade division regiment bataillon armee korps jahrhundert jahrestag mal tag tags""".split()
)
_LIST_ITEM = re.compile(r"\s*(?:[-*•–]|\d{1,2}[.)])\s+\S")
_LONG_LINE = 120  # characters: a longer line is a paragraph of its own, not a wrapped one


@lru_cache(maxsize=512)
def sentences(text: str, language: str = "und") -> tuple[Span, ...]:
    """The sentences of `text` in order. Headings and list items count as sentences.

    `language` is an ISO 639-1 code; an unknown one falls back on English rules.
    """
    found: list[Span] = []
    for block in _blocks(text):
        found.extend(_in_block(text, block, language))
    return tuple(found)


def paragraphs(text: str) -> tuple[Span, ...]:
    """The paragraphs of `text` in order; a wrapped line is no end of one."""
    return tuple(_blocks(text))


def _blocks(text: str) -> list[Span]:
    """Paragraphs: a blank line always parts them, a line break only where no line was wrapped."""
    blocks: list[Span] = []
    for m in re.finditer(r"(?:[^\n]*\S[^\n]*(?:\n|$))+", text):
        lines = [
            Span(m.start() + k.start(), m.start() + k.end())
            for k in re.finditer(r"[^\n]+", m.group())
            if k.group().strip()
        ]
        widest = max(len(line) for line in lines)
        start = lines[0].start
        for line, after in itertools.pairwise(lines):
            if _ends_paragraph(text, line, after, widest):
                blocks.append(Span(start, line.end))
                start = after.start
        blocks.append(Span(start, lines[-1].end))
    return blocks


def _ends_paragraph(text: str, line: Span, after: Span, widest: int) -> bool:
    said = text[line.start : line.end].rstrip()
    return (
        widest > _LONG_LINE
        or len(said) < 0.6 * widest
        or said.rstrip(_CLOSERS)[-1:] in tuple(_ENDERS)
        or bool(_LIST_ITEM.match(text[after.start : after.end]))
    )


def _in_block(text: str, block: Span, language: str) -> list[Span]:
    piece = text[block.start : block.end]
    # A newline inside a wrapped paragraph is a blank to the splitter, and so is half a letter; the
    # length stays the same.
    flat = re.sub(r"[\r\n\u2028\u2029\x0b\x0c\x85\ud800-\udfff]", " ", piece)
    bounds = [
        (int(b["start_index"]), int(b["end_index"]))
        for b in sentencex.get_sentence_boundaries(language, flat)
    ]
    merged: list[tuple[int, int]] = []
    for start, end in bounds:
        if merged and _continues(flat[merged[-1][0] : merged[-1][1]], flat[start:end]):
            merged[-1] = (merged[-1][0], end)
        elif merged and start > merged[-1][1]:
            merged.append((merged[-1][1], end))
        else:
            merged.append((start, end))
    if merged and merged[-1][1] < len(flat):
        merged[-1] = (merged[-1][0], len(flat))
    if not merged:
        merged = [(0, len(flat))]
    spans = []
    for start, end in merged:
        said = piece[start:end]
        lead = len(said) - len(said.lstrip())
        tail = len(said) - len(said.rstrip())
        if lead + tail < len(said):
            spans.append(Span(block.start + start + lead, block.start + end - tail))
    return spans


def _continues(before: str, after: str) -> bool:
    """True when a boundary between the two pieces is none."""
    left, right = before.rstrip(), after.lstrip()
    if not left or not right:
        return True
    if re.search(r"\d\.$", before) and after[:1].isdigit():
        return True  # "۲.۳ میلیون" in Persian figures
    if not any(c.isalnum() for c in right):
        return True  # a stray closing mark
    if _unclosed(left) and len(left) + len(right) < 1500:
        return True
    bare = left.rstrip(_CLOSERS)
    if bare and bare[-1] in "!?؟" and right[0].islower():
        return True
    if not left.endswith("."):
        return right[0].islower() and bare[-1:] in (".", "…")
    word = _LAST_WORD.search(left)
    if word and word.group(1).casefold() in _ABBREVIATIONS:
        return not (
            word.group(1).casefold() in ("dll", "dsb", "dst", "etc", "usw", "uu", *_RUSSIAN)
            and _upper(right[0])
        )
    if _INITIAL.search(left) and not left.endswith((" I.", " A.")):
        return True
    if _ORDINAL.search(left):
        first = re.match(r"[^\W\d_]+", right)
        if first and first.group().casefold() in _NUMBERED:
            return True
        return bool(first and lexicon.month_number(first.group())) or right[0].islower()
    return right[0].islower()


def _unclosed(text: str) -> bool:
    return any(text.count(o) > text.count(c) for o, c in _OPEN_TO_CLOSE.items())


def _upper(char: str) -> bool:
    return unicodedata.category(char) in ("Lu", "Lt")
