"""The register of sources (`seeds/sources.toml`): who publishes, under which names, and whose side.

A text names a source in many ways ("SOHR", "the Observatory", "المرصد"); the register maps each to
one canonical name, which is what `origins` hold. It also says which sources are parties to a
conflict, so that a claim confirmed by nobody else can be flagged.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from factcheck.errors import ConfigError
from factcheck.files import shipped
from factcheck.text import italian, lexicon
from factcheck.text.russian import is_cyrillic
from factcheck.text.words import is_arabic, stem, tokens

KINDS = (
    "un", "monitor", "wire", "broadcaster", "newspaper", "state_media", "ngo", "academic", "party",
    "official", "person_or_group", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    id: str
    name: str
    short: str
    kind: str
    party_to: tuple[str, ...]
    parent: str | None
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Naming:
    """A source named in a text, and where."""

    source: Source
    start: int
    end: int


def _is_acronym(alias: str) -> bool:
    return alias.isupper() and (alias.isascii() or is_cyrillic(alias))


class Register:
    """All known sources. `Register.load()` reads the shipped file, or another one."""

    def __init__(self, sources: tuple[Source, ...]) -> None:
        self.sources = sources
        self._by_id = {s.id: s for s in sources}
        self._by_phrase: dict[tuple[str, ...], Source] = {}
        self._capitals: set[tuple[str, ...]] = set()  # WHO is not "who", UN not French "un"
        for source in sources:
            for alias in (source.short, source.name, *source.aliases):
                self._by_phrase.setdefault(_phrase(alias), source)
                if _is_acronym(alias):
                    self._capitals.add(_phrase(alias))
        # "Acnur" and "Unicef" are listed both ways, and match both ways
        self._capitals -= {_phrase(a) for s in sources for a in s.aliases if not _is_acronym(a)}
        self._first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in self._by_phrase:
            if phrase:
                self._first.setdefault(phrase[0], []).append(phrase)
        for phrases in self._first.values():
            phrases.sort(key=len, reverse=True)

    @classmethod
    def load(cls, path: Path | None = None) -> Register:
        """Read a register; raises ConfigError naming the file where it is broken."""
        path = path or shipped("seeds") / "sources.toml"
        return _load(path)

    def named(self, name: str) -> Source | None:
        """The source that a name or alias stands for."""
        return self._by_phrase.get(_phrase(name))

    def of_id(self, id: str) -> Source:
        """The source with an id. Raises KeyError for one that is not in the register."""
        return self._by_id[id]

    def canonical(self, name: str) -> str:
        """The canonical short name, or the name itself when the register does not know it."""
        source = self.named(name)
        return source.short if source else name.strip()

    def family(self, name: str) -> str:
        """The short name of the source at the top of a name's tree: OCHA and UNHCR are of the UN."""
        source = self.named(name)
        if source is None:
            return name.strip()
        seen = {source.id}
        while source.parent and source.parent in self._by_id and source.parent not in seen:
            source = self._by_id[source.parent]
            seen.add(source.id)
        return source.short

    def is_party(self, name: str) -> bool:
        """The source, or one that it belongs to, takes part in a conflict."""
        source = self.named(name)
        seen: set[str] = set()
        while source and source.id not in seen:
            if source.party_to:
                return True
            seen.add(source.id)
            source = self._by_id.get(source.parent) if source.parent else None
        return False

    def find(self, text: str) -> tuple[Naming, ...]:
        """Where `text` names known sources; the longest name wins. Abbreviations match in capitals."""
        found = tokens(text)
        folded = [_fold(t) for t, _, _ in found]
        out: list[Naming] = []
        i = 0
        while i < len(found):
            hit = self._at(folded, found, i)
            if hit:
                phrase, length = hit
                start = found[i][1] + _article(found[i][0])
                out.append(Naming(self._by_phrase[phrase], start, found[i + length - 1][2]))
                i += length
            else:
                i += 1
        return tuple(out)

    def _at(
        self, folded: list[str], found: list[tuple[str, int, int]], i: int
    ) -> tuple[tuple[str, ...], int] | None:
        word = found[i][0]
        for form in _forms(folded[i]):
            for phrase in self._first.get(form, ()):
                rest = folded[i + 1 : i + len(phrase)]
                if (
                    len(rest) != len(phrase) - 1
                    or not all(
                        r
                        in (p, p + "'" + r.partition("'")[2])  # "Gözlemevi'nin": a case written on
                        for r, p in zip(rest, phrase[1:], strict=True)
                    )
                ):
                    continue
                if form == folded[i]:
                    shown = word
                elif folded[i].startswith(form + "'"):
                    shown = word[: len(form)]
                else:
                    shown = word[len(word) - len(form) :]
                if len(phrase) == 1 and not is_arabic(word) and not shown[:1].isupper():
                    continue
                tied = len(form) > 2 and folded[i].endswith(f"'{form}")  # "l'Onu" is no "onu"
                if (
                    phrase in self._capitals
                    and not re.sub("['’]s$", "", shown).isupper()
                    and not (tied and shown[:1].isupper())
                ):
                    continue
                return phrase, len(phrase)
        return None


@lru_cache(maxsize=20_000)
def _fold(word: str) -> str:
    if is_cyrillic(word):  # a case is written on: "Насраллы", "Хезболлой"
        return word.casefold() if word.isupper() else stem(word, "ru")
    return word.casefold().replace("’", "'").removesuffix("'s")


@lru_cache(maxsize=20_000)
def _forms(word: str) -> tuple[str, ...]:
    """A word also without what is written onto it: an Arabic conjunction or preposition
    ("للمرصد"), a French elision ("l'ONU")."""
    if not is_arabic(word):
        elided = re.sub(r"^(?:l|d|qu|n|s|j|c|un|[ds]?all|[dn]ell|sull)'", "", word)
        plain = word.split("'")[0]  # Turkish "bm'ye", "unhcr'nin"
        forms = (word, elided, plain) if len(plain) > 1 else (word, elided)
        return tuple(dict.fromkeys(forms))
    bare = word.lstrip("وفبك") if len(word) > 4 else word
    return (word, word[1:], bare, "ال" + word[2:] if word.startswith("لل") else word)


def _article(word: str) -> int:
    """Letters of an Italian article or preposition before a name: "dell'ONU", but "l'ONU"."""
    cut = italian.parted(word)
    return cut if cut > 3 else 0


def _phrase(name: str) -> tuple[str, ...]:
    return tuple(_fold(t) for t, _, _ in tokens(name))


@lru_cache(maxsize=4)
def _load(path: Path) -> Register:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        sources = tuple(
            Source(
                id=str(s["id"]),
                name=str(s["name"]),
                short=str(s.get("short", s["name"])),
                kind=str(s["kind"]),
                party_to=tuple(s.get("party_to", ())),
                parent=s.get("parent"),
                aliases=tuple(
                    dict.fromkeys(
                        (
                            *(str(a) for a in s.get("aliases", ())),
                            *lexicon.source_names().get(str(s["id"]), ()),
                        )
                    )
                ),
            )
            for s in raw["source"]
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise ConfigError(
            f"the register of sources {path} cannot be read: {error}",
            hint="Compare it with the shipped seeds/sources.toml.",
        ) from error
    return Register(sources)
