"""What rules can see in a sentence: names, places, sources, concepts, figures and dates.

The same reading serves the index (keys to find by), the local analyst (what to compare) and
verification (figures and dates to hold against each other).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from factcheck.sources import Naming, Register
from factcheck.text import dates as dates_
from factcheck.text import figures as figures_
from factcheck.text import lexicon
from factcheck.text.dates import When
from factcheck.text.figures import Figure
from factcheck.text.lexicon import Mention
from factcheck.text.names import Name, Place, names, skeleton
from factcheck.text.words import Word, is_arabic, words

Placed = Word | Name | Naming | Mention | Figure | When  # all have `start` and `end`
_MIN_SKELETON = 3  # consonants of an Arabic word that may be a name


@dataclass(frozen=True)
class Reading:
    """A sentence as the rules see it. Offsets count from the start of `text`."""

    text: str
    language: str
    words: tuple[Word, ...]
    names: tuple[Name, ...]
    sources: tuple[Naming, ...]
    mentions: tuple[Mention, ...]
    figures: tuple[Figure, ...]
    dates: tuple[When, ...]

    @property
    def concepts(self) -> frozenset[str]:
        return frozenset(m.concept.name for m in self.mentions)

    @property
    def places(self) -> frozenset[Place]:
        return frozenset(n.place for n in self.names if n.place)

    @property
    def countries(self) -> frozenset[str]:
        return frozenset(p.country for p in self.places)

    @property
    def source_names(self) -> frozenset[str]:
        return frozenset(n.source.short for n in self.sources)

    @property
    def name_keys(self) -> frozenset[str]:
        """Skeletons of all words that may be names, those of Arabic words included."""
        keys = {k for n in self.names for k in n.keys}
        for word in self.words:
            if is_arabic(word.text):
                key = skeleton(word.text)
                if len(key) >= _MIN_SKELETON:
                    keys.add(key)
        return frozenset(keys)

    @property
    def negated(self) -> bool:
        negators = lexicon.phrases(self.language, "negators")
        if any(w.text.casefold() in negators for w in self.words):
            return True
        low = self.text.casefold()
        return any(" " in n and n in low for n in negators)

    def within(self, start: int, end: int) -> Reading:
        """The reading of a part: what lies inside [start, end), offsets unchanged."""

        def inside(thing: Placed) -> bool:
            return thing.start >= start and thing.end <= end

        return Reading(
            self.text,
            self.language,
            tuple(filter(inside, self.words)),
            tuple(filter(inside, self.names)),
            tuple(filter(inside, self.sources)),
            tuple(filter(inside, self.mentions)),
            tuple(filter(inside, self.figures)),
            tuple(filter(inside, self.dates)),
        )


@lru_cache(maxsize=20_000)
def read(
    text: str,
    language: str,
    base: date | None = None,
    near: frozenset[str] = frozenset(),
    order: str | None = None,
) -> Reading:
    """Read a sentence. `base` resolves its dates; `near` are countries in play, so that a name is
    not taken for a town elsewhere; `order` is "dmy" or "mdy" where the document settles it."""
    found = tuple(words(text, language))
    sources = Register.load().find(text)
    all_names = names(text, language, near)
    whens = dates_.dates(text, language, base, order)
    return Reading(
        text=text,
        language=language,
        words=found,
        names=tuple(
            n  # "Philippine" in an agency's name still tells the country
            for n in all_names
            if (n.place and not n.place.city)
            or not any(s.start <= n.start and n.end <= s.end for s in sources)
        ),
        sources=sources,
        mentions=tuple(
            m  # the "first" in an Arabic month's name is none
            for m in lexicon.mentions(text, language, list(found))
            if not any(w.start <= m.start and m.end <= w.end for w in whens)
        ),
        figures=figures_.figures(text, language),
        dates=whens,
    )


def keys(reading: Reading) -> tuple[str, ...]:
    """What a sentence is indexed under, in any language: concepts, names, places, figures, dates.

    Words are filed by stem too, which only helps within one language. All keys are plain letters
    and digits, so that they are one token each in a full-text index.
    """
    out: list[str] = []
    out += [f"c{_slug(name)}" for name in sorted(lexicon.broadened(reading.concepts))]
    out += [f"n{_slug(key)}" for key in sorted(reading.name_keys)]
    for place in sorted(reading.places):
        out.append(f"p{_slug(place.country)}")
        if place.city:
            out.append(f"p{_slug(place.country + place.city)}")
    out += [f"s{_slug(name)}" for name in sorted(reading.source_names)]
    out += [f"f{_number(f.value)}" for f in reading.figures]
    for when in reading.dates:
        if when.first and when.grain == "day":
            out.append(f"d{when.first:%Y%m%d}")
        elif when.first:
            out.append(f"d{when.first:%Y%m}")
    out += [f"w{_slug(w.stem)}" for w in reading.words if len(w.stem) > 2]
    return tuple(out)


def _slug(text: str) -> str:
    return re.sub(r"\W+|_", "", text.casefold())


def _number(value: float) -> str:
    return re.sub(r"\W", "x", f"{value:.6g}")
