"""Which reports may bear on a check: by publisher, kind, language, time, country and tag."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from factcheck.errors import UsageError
from factcheck.evidence import language_of, read_report
from factcheck.models import Reference
from factcheck.refs import KINDS
from factcheck.sources import Register
from factcheck.text.names import place_of

_SINGULAR = {"publishers": "publisher", "kinds": "kind", "languages": "language",
             "countries": "country", "tags": "tag"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Only reports that meet all of its conditions; within one, any of the values will do.

    publishers: a part of the publisher's name in any case, or a name that the register of sources
    knows (then any name of that source, and of its members). kinds: as in a report's front matter.
    languages: codes. since, until: days of publication, both included; an undated report meets
    neither. countries: ISO codes or names; those that a report states or, where it states none,
    that its text names. tags: as stated, in any case.
    """

    publishers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    countries: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for kind in self.kinds:
            if kind not in KINDS:
                raise UsageError(f"unknown kind `{kind}`", hint=f"One of: {', '.join(KINDS)}.")
        if self.since and self.until and self.since > self.until:
            raise UsageError(
                f"no day is both since {self.since} and until {self.until}",
                hint="Exchange the two.",
            )
        for country in self.countries:
            country_code(country)

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) for f in fields(self))

    def fits(self, reference: Reference) -> bool:
        """The report meets every condition."""
        return (
            (not self.publishers or any(_published_by(reference, p) for p in self.publishers))
            and (not self.kinds or reference.kind in self.kinds)
            and (not self.languages or language_of(reference) in self.languages)
            and (not (self.since or self.until) or self._in_time(reference.published))
            and (not self.countries or bool(self._codes() & countries_of(reference)))
            and (not self.tags or bool(_folded(self.tags) & _folded(reference.tags)))
        )

    def needs_text(self, reference: Reference) -> bool:
        """A header without its text is not enough: its countries or language are read out of it."""
        return (bool(self.countries) and not reference.countries) or (
            bool(self.languages) and reference.language == "und"
        )

    def _in_time(self, day: date | None) -> bool:
        return day is not None and (self.since or day) <= day <= (self.until or day)

    def _codes(self) -> frozenset[str]:
        return frozenset(country_code(c) for c in self.countries)

    def told(self) -> str:
        """The conditions in a line: "publisher SOHR; since 2013-11-01"."""
        parts = []
        for f in fields(self):
            value = getattr(self, f.name)
            if value:
                shown = ", ".join(value) if isinstance(value, tuple) else value
                parts.append(f"{_SINGULAR.get(f.name, f.name)} {shown}")
        return "; ".join(parts)


def country_code(name: str) -> str:
    """The ISO 3166-1 alpha-2 code of a country's code or name in any language served.

    Raises UsageError for one that is not known.
    """
    place = place_of(name.strip())
    if place and not place.city:
        return place.country
    code = name.strip().upper()
    if len(code) == 2 and code.isascii() and code.isalpha():
        return code
    raise UsageError(f"unknown country `{name}`", hint="Give a code such as SY, or its name.")


def countries_of(reference: Reference) -> frozenset[str]:
    """The countries that a report states; where it states none, those that its text names."""
    if reference.countries:
        return frozenset(country_code(c) for c in reference.countries)
    return read_report(reference).countries


def _published_by(reference: Reference, wanted: str) -> bool:
    if wanted.casefold() in reference.publisher.casefold():
        return True
    register = Register.load()
    source = register.named(wanted)
    if source is None:
        return False
    named = {n.source.short for n in register.find(reference.publisher)}
    head = register.family(source.short) == source.short
    return source.short in named or (head and source.short in map(register.family, named))


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(n.casefold() for n in names)
