"""Persian words: one spelling for each, without what is written onto it.

Snowball has no stemmer for Persian. This one is small and careful: it folds the Arabic letters
that keyboards give, takes off plurals, the indefinite ending behind a zero-width non-joiner and
person endings, and joins the forms of the verbs that news sentences end with ("شد", "شدند",
"می‌شود", "نشده‌اند").
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

JOINER = "\u200c"  # zero-width non-joiner: parts a word within itself
_MARKS = re.compile("[\u064b-\u0652\u0670\u0640\u0654]")
_SAME = str.maketrans(
    {"ي": "ی", "ى": "ی", "ك": "ک", "أ": "ا", "إ": "ا", "ٱ": "ا", "آ": "ا", "ؤ": "و", "ئ": "ی",
     "ة": "ه", "ۀ": "ه", "ء": None}
)  # fmt: skip

# What stands behind a zero-width non-joiner and is no part of the word: plurals with their
# possessives, "a", "is", "have", persons.
_ENDING = re.compile(
    r"(?:ها(?:ی|یی|یش|یشان|یم|یمان|یت|یتان)?|ای|یی?|ا?ش|ا?ت|(?:ا?[شمت])ان|اند|ام|ایم|اید|است|تر|گی)"
)
_PLURAL = re.compile(r"(?<=\w{3})های?(?:ی|یی|ش|شان|م|مان|ت|تان)?$")
_POSSESSIVE = re.compile(r"(?<=\w{3}ان)(?:ش|شان)$")  # "جنگجویانش"
_PERSONS = re.compile(r"(?<=\w{3})(?<!..ست)(?<![مب])ان$")  # not of "بیمارستان", "سازمان", "خیابان"
_NO_PLURAL = frozenset(
    "گروگان تنها رها بها انها اینها مازندران اصفهان لبنان جریان میزان عنوان".split()
)

# Past and present stems of verbs, filed under the past.
_PAST = (
    "کرد شد داد زد گرفت یافت داشت رفت امد بود گفت گذاشت اورد برد خورد افتاد ماند رساند رسید ساخت "
    "پرداخت خواند خواست بست کشید فرستاد انداخت ریخت فروخت خرید پیوست گریخت سپرد پذیرفت توانست شناخت "
    "راند گذشت بازگشت درگذشت باخت جست ربود دزدید ستود کشاند درنوردید جنگید پاشید"
).split()
_PRESENT = {
    "کن": "کرد", "شو": "شد", "ده": "داد", "زن": "زد", "گیر": "گرفت", "یاب": "یافت", "دار": "داشت",
    "رو": "رفت", "ای": "امد", "گوی": "گفت", "گذار": "گذاشت", "اور": "اورد", "بر": "برد",
    "خور": "خورد", "افت": "افتاد", "مان": "ماند", "رسان": "رساند", "رس": "رسید", "ساز": "ساخت",
    "پرداز": "پرداخت", "خوان": "خواند", "خواه": "خواست", "بند": "بست", "کش": "کشید",
    "فرست": "فرستاد", "انداز": "انداخت", "ریز": "ریخت", "فروش": "فروخت", "خر": "خرید",
    "پیوند": "پیوست", "گریز": "گریخت", "سپار": "سپرد", "پذیر": "پذیرفت", "توان": "توانست",
    "شناس": "شناخت", "ران": "راند", "گذر": "گذشت", "باز": "باخت", "جو": "جست", "ربا": "ربود",
    "جنگ": "جنگید",
}  # fmt: skip
_OWN = frozenset("نبرد نزد مانند برند خرد".split())  # written like a verb: "battle", "near", "like"
_AUXILIARY = r"(?:ایم|اید|اند|است|بود(?:ند)?)?"  # not "ای", which "نبردهای" would seem to have
_VERB = re.compile(
    rf"(?P<no>نی?(?=.))?(?:می)?(?:بی?(?=.))?(?:(?P<past>{'|'.join(_PAST)})"
    rf"(?:ه{_AUXILIARY}|ند|یم|ید)?"
    rf"|(?P<present>{'|'.join(sorted(_PRESENT, key=len, reverse=True))})(?:د|ند|یم|ید))"
)


JALALI = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split()
_LEAP = frozenset((1, 5, 9, 13, 17, 22, 26, 30))  # of the 33 years of a cycle


def gregorian(year: int, month: int, day: int) -> date | None:
    """The day of a date of the Iranian calendar; None where there is no such day."""
    longest = 31 if month <= 6 else 30 if month < 12 or year % 33 in _LEAP else 29
    if not 1300 < year < 1500 or not 1 <= day <= longest:
        return None
    before = sum(366 if y % 33 in _LEAP else 365 for y in range(1301, year))
    months = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    return date(1922, 3, 22) + timedelta(days=before + months + day - 1)


# The country's part of an adjective: "سوری", "لبنانی‌ها", "ترکیه‌ای", "فرانسوی".
_OF_A_COUNTRY = re.compile(r"(?:ه|ا)?(?:ی|یی|وی|ای|\u200cای)?(?:ان|\u200c?ها(?:ی|یی)?)?")
UNITS = {
    "سال": "year", "ساله": "year", "ماه": "month", "هفته": "week", "روز": "day", "ساعت": "hour",
    "دقیقه": "minute", "کیلومتر": "km", "کیلومتری": "km", "مایل": "mile", "مایلی": "mile",
    "متری": "metre", "کیلوگرم": "kg", "کیلو": "kg",
}  # fmt: skip
MONEY = re.compile(r"\s*(?:دلار|یورو|پوند|تومان|ریال|لیره)(?!\w)")
_UNITS = "یکم دوم سوم چهارم پنجم ششم هفتم هشتم نهم دهم".split()
_TEENS = "یازدهم دوازدهم سیزدهم چهاردهم پانزدهم شانزدهم هفدهم هجدهم نوزدهم بیستم".split()
# The fifth of November: "پنجم نوامبر"
DAYS = {
    "اول": 1,
    **{word: day for day, word in enumerate([*_UNITS, *_TEENS], 1)},
    **{f"بیست و {word}": day + 20 for day, word in enumerate(_UNITS[:9], 1)},
    "سی‌ام": 30,
    "سی ام": 30,
    "سی و یکم": 31,
}
# Words that are also written like a small town's name.
NO_TOWNS = frozenset(
    "نور بهار شهر باب قاره سال بم کار بار خاش نام راه سر دره دور بازار سخت مالی بحری بور پل جام خوی "
    "درگیری سرخ سیاه سفید بزرگ کوچک جدید قدیم".split()
)


def of_a_country(ending: str, *, whole: bool) -> bool:
    """What stands behind the beginning of a country's name makes an adjective of it; `whole` says
    that the beginning is the name itself, or an adjective already."""
    return (whole or bool(ending)) and bool(_OF_A_COUNTRY.fullmatch(ending))


def unsuffixed(word: str) -> str:
    """A name's word without plural and without the mute "h" that ends it ("نصرالله", "سفیره")."""
    parts = plain(word).split(JOINER)
    while len(parts) > 1 and _ENDING.fullmatch(parts[-1]):
        parts.pop()
    bare = "".join(parts)
    return bare.removesuffix("ه") if len(bare) > 3 else bare


# Words before a name, and what may stand between: "توفان هایان", "آقای آکینو", "توفان شدید".
_TITLES = frozenset(
    "توفان طوفان تایفون ابرتوفان ابرطوفان آقای خانم دکتر ژنرال سرهنگ سرتیپ سرلشکر سپهبد شیخ روستای".split()
)
_NO_NAMES = frozenset(
    "شدید سهمگین گرمسیری استوایی حاره‌ای مرگبار ویرانگر قوی سنگین اخیر بزرگ شن شنی برف برفی دریایی مهیب "
    "عظیم تندری ارشد ارتش بازنشسته متخصص رئیس‌جمهور رئیس رییس وزیر نخست‌وزیر سفیر دبیرکل کل".split()
)


def names_next(word: str, behind: str) -> bool:
    """The second word is a name after the first one."""
    if word not in _TITLES or behind in _NO_NAMES or len(behind) < 3:
        return False
    return not verbal(behind)


def parted(name: str) -> list[str]:
    """The words of an Arab name that Persian writes as one, without the article between them."""
    m = re.fullmatch(r"(\w{2,})ال(\w{2,})", name.replace(JOINER, ""))
    return [m[1], m[2]] if m else []


NAME = 4  # letters of a word that may be told to be a name by its sound

# How a Persian letter is written in Latin script, where names are spelt by their sound.
_SOUNDS = {
    "ا": "[aeiou]?a?", "ب": "b|bb|p", "پ": "pp?", "ت": "tt?h?", "ط": "tt?h?", "ث": "th|s|t",
    "ج": "d?j|gg?|dzh", "چ": "t?ch|tsch|c", "ح": "hh?", "خ": "kh|ch|h|x", "د": "dd?h?",
    "ذ": "dh|z|d|th", "ر": "rr?h?", "ز": "zz?|s", "ژ": "zh|j|g", "س": "ss?|c|z", "ش": "sh|s?ch|sy?",
    "ص": "ss?", "ض": "dh?|z", "ظ": "z|dh", "ع": "['’]?[aeiou]?", "غ": "gh?", "ف": "ff?|ph|v",
    "ق": "q|gh?|kh?", "ک": "kk?h?|ck?|qu?|ch", "گ": "gg?u?h?", "ل": "ll?", "م": "mm?", "ن": "nn?|gn",
    "و": "w|v|oo|ou|uu?|o|f", "ه": "h|e|a|eh|ah", "ی": "y|ee|ie|ei|iy?|e|ay?|ai|ye|j",
}  # fmt: skip


@lru_cache(maxsize=10_000)
def _sounds(word: str) -> re.Pattern[str]:
    bare = plain(word).replace(JOINER, "")
    letters = [f"(?:{_SOUNDS.get(c, re.escape(c))})" for c in bare]
    return re.compile("[aeiou'’]{0,2}".join(letters) + "[aeiou]{0,1}")


def spells(word: str, latin: str) -> bool:
    """The Persian word may spell the Latin one: "هایان" Haiyan, "انصاری" Ansari."""
    low = "".join(c for c in unicodedata.normalize("NFD", latin.casefold()) if c.isalpha())
    return len(low) >= NAME and bool(_sounds(word).fullmatch(low))


# Participles that stand for a whole verb before "and": "۲۳ نفر کشته و ۱۴۶ نفر زخمی شدند".
_PARTICIPLES = frozenset(
    "کشته زخمی مجروح آواره ناپدید مفقود دستگیر بازداشت ویران نابود تصرف منتقل".split()
)


def ends_clause(word: str) -> bool:
    """A clause can end with this word: a verb, or a participle whose verb follows later."""
    return verbal(word) or word in _PARTICIPLES


def plain(word: str) -> str:
    """The word in one spelling: Persian letters, no vowel marks, no hamza."""
    return _MARKS.sub("", word).translate(_SAME)


def _verb(word: str) -> re.Match[str] | None:
    bare = plain(word).replace(JOINER, "")
    return None if bare in _OWN else _VERB.fullmatch(bare)


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of one word in small letters."""
    if verb := _verb(word):
        return verb["past"] or _PRESENT[verb["present"]]
    parts = [p for p in plain(word).split(JOINER) if p]
    while len(parts) > 1 and _ENDING.fullmatch(parts[-1]):
        parts.pop()
    bare = "".join(parts)
    if bare in _NO_PLURAL:
        return bare
    bare = _POSSESSIVE.sub("", _PLURAL.sub("", bare))
    if bare.endswith("گان") and len(bare) > 5:
        return bare.removesuffix("گان") + "ه"
    if bare.endswith("یان") and len(bare) > 5:
        return bare.removesuffix("ان")
    return _PERSONS.sub("", bare) if len(bare) > 5 else bare


def verbal(word: str) -> bool:
    """The word is a verb in one of the forms of the news."""
    return bool(_verb(word))


def finite(word: str) -> bool:
    """The word is a verb that ends its clause, no participle."""
    return verbal(word) and not plain(word).endswith("ه")


def denied(word: str) -> bool:
    """The word is a verb with the syllable that denies: "نکرد", "نمی‌شود", "نشده‌اند"."""
    verb = _verb(word)
    return bool(verb and verb["no"]) or plain(word).startswith("نمی" + JOINER)
