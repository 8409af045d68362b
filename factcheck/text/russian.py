"""Russian names: the cases that are written onto them, and their letters in Latin ones.

"Насраллы", "Бейрутом" and "Филиппинах" are Nasrallah, Beirut and the Philippines. A case is taken
off by trying the nominatives that a word may have; a table of names says which of them there is.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache

# An ending, and what the nominative may have in its stead.
_NOUN = (
    ("иями", ("ии",)), ("иях", ("ии",)), ("ами", ("ы", "и", "а")), ("ями", ("и", "ы")),
    ("ах", ("ы", "и", "а")), ("ях", ("и", "ы")), ("ам", ("ы", "и", "а")), ("ов", ("ы",)),
    ("ии", ("ия", "ий")), ("ию", ("ия",)), ("ией", ("ия",)), ("ия", ("ий",)),
    ("ом", ("", "о")), ("ем", ("ь", "й", "е")), ("ой", ("а",)), ("ей", ("я", "ь", "а")),
    ("ью", ("ь",)), ("а", ("", "о")), ("я", ("ь", "й")), ("у", ("а", "")), ("ю", ("я", "ь", "й")),
    ("ы", ("а", "")), ("и", ("а", "я", "ь", "")), ("е", ("", "а", "я", "ь", "й", "о")),
    ("", ("ы", "а")),
)  # fmt: skip
_ADJECTIVE = (
    ("ого", ("ый", "ий", "ой", "ое")), ("его", ("ий",)), ("ому", ("ый", "ий", "ой", "ое")),
    ("ой", ("ая",)), ("ую", ("ая",)), ("ом", ("ый", "ий", "ой", "ое")), ("ым", ("ый",)),
    ("ыми", ("ые",)), ("ими", ("ие",)),
    ("им", ("ий", "ие")), ("ых", ("ые",)), ("их", ("ие",)), ("ей", ("яя",)),
)  # fmt: skip
_LONGEST = 3  # words of a name of which the cases are tried
_SHORTEST = 4  # letters of a word that may have an ending of case


def is_cyrillic(text: str) -> bool:
    """True when the first letter of `text` is Cyrillic."""
    return "\u0400" <= text[:1] <= "\u04ff"


@lru_cache(maxsize=50_000)
def nominatives(name: str) -> tuple[str, ...]:
    """The name (in small letters) as it stands and in the forms whose case it may be."""
    low = name.replace("ё", "е")
    parts = re.split(r"([ -])", low)
    at = range(0, len(parts), 2)
    if len(at) > _LONGEST:
        return (low,)
    last = at[-1]
    forms = [list(_forms(parts[i], adjective=i != last)) for i in at]
    marks = [*parts[1::2], ""]
    found = (
        "".join(w + m for w, m in zip(words, marks, strict=True))
        for words in itertools.product(*forms)
    )
    return tuple(dict.fromkeys(found))


def _forms(word: str, *, adjective: bool) -> Iterator[str]:
    yield word
    if len(word) < _SHORTEST:
        return
    for ending, instead in _ADJECTIVE if adjective else _NOUN:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST - 2:
            for new in instead:
                yield word[: len(word) - len(ending)] + new


_OF_A_LAND = re.compile(
    r"[а-яё]+(?:[сц]к(?:ий|ая|ое|ие|ого|ой|ую|ому|им|их|ом|ими)|ц(?:ы|ев|ам|ами|ах|ем))"
)


def of_a_land(word: str) -> bool:
    """A word formed like those that say of what land somebody is ("сирийский", "ливанцев"), which
    Russian writes in small letters."""
    return bool(_OF_A_LAND.fullmatch(word))


# ---------------------------------------------------------------- figures

# Forms of the words for what is measured, by the unit.
UNITS = {
    "year": "год года году годом годами годах лет",
    "month": "месяц месяца месяцев месяцы месяцами месяцах",
    "week": "неделя недели неделю недель неделями неделях",
    "day": "день дня дней дни днями днях сутки суток",
    "hour": "час часа часов часы часами",
    "minute": "минута минуты минут минуту минутами",
    "km": "км километр километра километров километрах километрам",
    "mile": "миля мили миль милях",
    "metre": "метр метра метров метрах м",
    "kg": "кг килограмм килограмма килограммов",
    "tonne": "тонна тонны тонн",
}
CUT_SHORT = frozenset(("тыс", "млн", "млрд", "трлн"))  # the dot behind them ends nothing


# ---------------------------------------------------------------- words

# Words whose stem is that of another: "ранее" (earlier) is no form of "раненый".
WHOLE = frozenset(
    """ранее рано раннее раннего ранней раннем ранние ранний ранних ранняя раньше летом лето лета
    потом затем стали уже вести вестей более менее мною пока тока однако после лишь за про
    время времени временем времена временам грузия грузии грузию грузией кровь крови кровью
    долго долгое долгий долгих долгого долгая долгие долгой евро метро мог пара пары пару пусть
    пустил пустили пустить семь семи случилось случился случилась случившемся учения учений
    учениях учениями цель цели целью целей целям целями целях часто частые визит визита визите
    визиту визитом""".split()
)


# ---------------------------------------------------------------- letters

_LETTERS = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "j", "з": "z",
        "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
        "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh",
        "щ": "sh", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    }
)  # fmt: skip
# What one letter hides: "дж" is Arabic ج, "ув" and "Ваш-" have a w, some a Latin h or kh.
_SPELT = (
    ("дж", "j"), ("кс", "x"), ("ибрагим", "ibrahim"), ("абрагам", "abraham"), ("ага ", "agha "),
)  # fmt: skip
_WITH_W = re.compile(r"ув(?=[аеиоуыэюя])|^в(?=аш|ин|иль|уд)")
_WITH_KH = re.compile(
    r"^х(?=ал[еи][дф]|ан(?:ас|е|$)|аменеи|атами|оменеи|орасан|артум|ад[иы]дж|ат[иы]б|у?зам|оджал)|х$"
)
_INSTRUMENTAL = re.compile(r"(?<=[^аеиоуыэюя]{2})(?:ом|ым)$|(?<=.{3}[^аеиоуыэюя])(?:ом|ым)$")


@lru_cache(maxsize=50_000)
def latin(word: str) -> str:
    """The word (in small letters) as a Latin script would spell it, without the instrumental."""
    bare = _INSTRUMENTAL.sub("", word) or word
    bare = _WITH_KH.sub("kh", _WITH_W.sub("w", bare))
    for said, spelt in _SPELT[:1] + _SPELT[2:]:
        bare = bare.replace(said, spelt)
    return bare.translate(_LETTERS)


# ---------------------------------------------------------------- who does it

_BY = re.compile(r"(?:ами|ями|ьми|ой|ей|ом|ем|ью|ыми|ими|ым|им)$")
_OF = re.compile(r"(?:ов|ев|ей|ам|ям|ах|ях|ых|их|ии|ому|ого|у)$")
_PASSIVE = re.compile(
    r"(?:[аяеё]н|[аяеё]нн?(?:[аоы]|ый|ая|ое|ые|ого|ой|ых)|[яыи]т[аоы]?|[иы]т(?:ый|ая|ых)|[ау]ет?ся|лись|лась|лся)$"
)


def by_whom(actor: str) -> bool:
    """An actor in the case in which a passive names who did it ("армией", "повстанцами")."""
    return bool(_BY.search(actor.casefold()))


def of_whom(actor: str) -> bool:
    """An actor in a case in which it does nothing ("у повстанцев", "сирийской армии")."""
    return bool(_OF.search(actor.casefold()))


def passive(act: str) -> bool:
    """An act told in the passive ("захвачена", "был взят")."""
    return bool(_PASSIVE.search(act.casefold()))
