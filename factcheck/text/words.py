"""Words with offsets and stems: what the lexicon and the lexical index match on."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any, NamedTuple

from factcheck.text import eastasian, italian, persian
from factcheck.text.russian import WHOLE

_STEMMERS = {
    "id": "indonesian",
    "ms": "indonesian",
    "en": "english",
    "ar": "arabic",
    "fr": "french",
    "es": "spanish",
    "de": "german",
    "tr": "turkish",
    "pt": "portuguese",
    "it": "italian",
    "nl": "dutch",
    "ru": "russian",
    "fa": "persian",
}
# Vowel signs and points that stand beside or above a letter and belong to its word.
_SIGNS = (
    r"\u0591-\u05bd\u0900-\u0963\u0966-\u0dff\u0e30-\u0e3a\u0e40-\u0e4e\u0eb0-\u0ecd\u102b-\u103e\u1056-\u1059"
    r"\u17b4-\u17d3"
)
_LETTERS = rf"(?:[^\W_]|[{_SIGNS}])+"
_WORD = re.compile(rf"{_LETTERS}(?:[\u064b-\u0652\u0670\u0640\u200c\u200d'’ʼ]{_LETTERS})*")
_ARABIC_MARKS = re.compile("[\u064b-\u0652\u0670\u0640]")
_ARABIC_SAME = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و"})
_ARABIC_PREFIX = re.compile("^(?:[وف]?[بكل]?ال|[وف]?لل|[وف]|[وف]?[بل](?=..{2}))")


# A Turkish verb without its tense, person and case, which the stemmer of nouns leaves on it:
# "kaçtı", "kaçtığını", "kaçacak", "kaçmış", "kaçıyor", "kaçarak", "kaçması" are one act.
_TURKISH_VERB = re.compile(
    r"^(öl|\w{2,}?[^\W\daeıioöuü]|\w{2,}?y?[aeıioöuü])(?:m[ae](?=[dmy]))?(?:"
    r"(?:m[ıiuü]ş|[ıiuü]yor|[ae]ca[kğ]|[ae]ce[kğ])?[dt][ıiuü](?:lar|ler)?|"
    r"m[ıiuü]ş(?:t[ıiuü]r?|lar|ler)?|"
    r"[dt][ıiuü][ğk](?:[ıiuü]n?)?(?:[ıiuüae]|d[ae]n?)?|"
    r"y?[ae]ca[kğ](?:lar|t[ıi]r|[ıi]n?)?[ıi]?|y?[ae]ce[kğ](?:ler|t[ıi]r|[ıi]n?)?[ıi]?|"
    r"[ıiuü]?yor(?:du|lar|muş)?|"
    r"m[ae]k(?:t[ae]n?|ti?r)?|m[ae]s[ıi](?:n[ıiae]|nd[ae]n?|yla|yle)?|"
    r"[ae]r[ae]k"
    r")$"
)
_PASSIVE = re.compile(r"(?<=\w\w[aeıioöuü])[ln]$|(?<=\w\w\w)[ıiuü][ln]$")
_LAST_VOWEL = re.compile(r"(?<=\w\w\w)y?[aeıioöuü]$")

# What the Dutch stemmer takes for a form of another word: "gewond" (hurt) is none of "winnen" (to
# win), nor "overheid" (government) one of "over". They lose no more than these endings.
_DUTCH = {
    word + ending: word
    for word in (
        "gewond landing landingen gebouw overheid overheden zitting levend mens gelukt snelheid snelheden deels "
        "letsel mogendheid mogendheden huidig hitte vatbaar weekend aanhoudend martelaar martelaren stelling "
        "dodelijkste bloedigste hevigste".split()
    )
    for ending in ("", "e", "en", "s")
} | {"al": "reeds"}  # "already", none of "alle" (all)


class Word(NamedTuple):
    text: str
    start: int
    end: int
    stem: str


def is_arabic(text: str) -> bool:
    """True when the first letter of `text`, or the one after a mark, is of the Arabic script."""
    return "\u0600" <= text[:1] <= "\u06ff" or "\u0600" <= text[1:2] <= "\u06ff"


def tokens(text: str, language: str = "") -> list[tuple[str, int, int]]:
    """Words and numbers with their offsets; an apostrophe stays in its word ("Syi'ah"), and so does
    a zero-width non-joiner; a hyphen parts two ("Safira-Aleppo"). In Italian an article is a word of
    its own ("dell'ONU"); of a run of Chinese characters each is one."""
    return list(_tokens(text, language == "it"))


@lru_cache(maxsize=512)
def _tokens(text: str, parted: bool) -> tuple[tuple[str, int, int], ...]:
    found = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(text)]
    if parted:
        found = [part for word in found for part in _parted(word)]
    elif eastasian.SCRIPT.search(text):
        found = [part for word, start, _ in found for part in eastasian.parts(word, start)]
    return tuple(found)


def _parted(word: tuple[str, int, int]) -> list[tuple[str, int, int]]:
    said, start, end = word
    cut = italian.parted(said)
    if not cut:
        return [word]
    return [(said[: cut - 1], start, start + cut - 1), (said[cut:], start + cut, end)]


@lru_cache(maxsize=64)
def _stemmer(language: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(_STEMMERS[language])


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """The stem of one word: lower case, accents kept, Arabic clitics and spelling folded."""
    low = unicodedata.normalize("NFC", word.casefold()).replace("’", "'").replace("ʼ", "'")
    if is_arabic(low):
        return persian.stem(low) if language == "fa" else arabic_stem(low)
    if language == "tr":
        low = low.replace("i̇", "i").split("'")[0] or low
        if verb := _TURKISH_VERB.match(low):
            # "öldürüldü" tells of the act that "öldürdü" tells of; "açıkla" is "açıkl" in "açıklıyor"
            return _LAST_VOWEL.sub("", _PASSIVE.sub("", verb[1]))
    low = low.removesuffix("'s")
    if language == "ru":
        low = low.replace("ё", "е")
        if low in WHOLE:
            return low + "'"  # a stem that no other word has
    if language == "fr":
        low = re.sub(r"^(?:l|d|qu|n|s|j|c)'", "", low)
    if language == "it":
        low = italian.unfolded(low)
    if language == "nl" and low in _DUTCH:
        return _DUTCH[low]
    if language not in _STEMMERS or language in ("ar", "fa"):
        return low
    return str(_stemmer(language).stemWord(low))


def turkish_verb(word: str) -> bool:
    """The word is a Turkish verb in one of the forms of the news."""
    return bool(_TURKISH_VERB.match(word.casefold().replace("i̇", "i")))


def arabic_stem(word: str) -> str:
    """Arabic word without vowel marks, conjunction, preposition and article, then stemmed."""
    bare = _ARABIC_MARKS.sub("", word)
    stripped = _ARABIC_PREFIX.sub("", bare)
    bare = stripped if len(stripped) >= 3 else bare
    return str(_stemmer("ar").stemWord(bare)).translate(_ARABIC_SAME)


def words(text: str, language: str) -> list[Word]:
    """The words of `text` with offsets and stems."""
    return list(_words(text, language))


@lru_cache(maxsize=512)
def _words(text: str, language: str) -> tuple[Word, ...]:
    return tuple(Word(t, a, b, stem(t, language)) for t, a, b in tokens(text, language))


def stems_of(phrase: str, language: str) -> tuple[str, ...]:
    """The stems of a phrase, in order: the key under which the lexicon files it."""
    return tuple(w.stem for w in words(phrase, language))
