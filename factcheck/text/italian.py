"""What Italian writes otherwise: articles and prepositions tied to the word behind them by an
apostrophe ("dell'ONU", "un'offensiva"), and nouns that share a stem with another verb."""

from __future__ import annotations

import re

_TIED = re.compile(
    r"(?:[cdlmnstv]|un|quest|quell|bell|sant|tutt|mezz|(?:a|co|da|de|ne|su)ll|"
    r"(?:nessun|alcun|qualcun|ciascun)|anch|dov|com|cos|quand|senz|sott|trent|cent)['’ʼ](?=[^\W_])",
    re.IGNORECASE,
)
_ALONE = "LC"  # letters that open a sentence so ("L'ONU"); "D'Alema" is a name


def parted(word: str) -> int:
    """Where a word begins that an article or a preposition is tied to; 0 where none is."""
    tied = _TIED.match(word)
    if not tied or (word[1:2] in "'’ʼ" and word[0].isupper() and word[0] not in _ALONE):
        return 0
    return tied.end()


# "parlamento" and "parla", "operazione" and "operai" have one stem and nothing else in common.
_NOUN = re.compile(r"(ment[oi]|zion[ei]|tor[ei]|tric[ei])$")
_SHORT = 4  # letters of a stem that "casa", "caso" and "case" may share


# What is written onto a verb's stem, by its conjugation; the stemmer leaves the future on it.
_AHEAD = r"r(?:à|anno|ebbe|ebbero)$"
_FUTURE = re.compile(rf"(?<=\w\w\w)(?P<vowel>h?e|i){_AHEAD}")
_FORMS = {
    "are": re.compile(rf"(?:at[oaie]|ava|avano|ando|arono|ò|are|e{_AHEAD})$"),
    "ere": re.compile(rf"(?:eva|evano|endo|ere|e{_AHEAD})$"),
    "ire": re.compile(rf"(?:it[oaie]|iva|ivano|endo|irono|ì|ire|i{_AHEAD})$"),
}


def unfolded(word: str) -> str:
    """A verb's future as its infinitive: "attaccherà" as "attaccare"."""
    return _FUTURE.sub(lambda m: "ire" if m["vowel"] == "i" else "are", word)


def of_verb(word: str, term: str) -> bool:
    """The word is a form of the verb whose infinitive the term is: "firmava" of "firmare"."""
    forms = _FORMS.get(term.removesuffix("rsi")[-1:] + "re" if term.endswith("rsi") else term[-3:])
    return bool(forms and forms.search(word))


def two_words(a: str, b: str, stem: str) -> bool:
    """A word and a term, not the same, that have one stem are not known for forms of one word."""
    if len(stem) <= _SHORT:
        return True
    kinds = [m[1][:2] if (m := _NOUN.search(w)) else "" for w in (a, b)]
    return kinds[0] != kinds[1]


_ARTICLE = frozenset("il lo un al allo dal dallo del dello nel nello sul per ogni suo loro".split())


def ordinal(word: str, before: str) -> bool:
    """ "il secondo giorno": behind an article "secondo" is the second, not "according to"."""
    return word.casefold() == "secondo" and before.casefold() in _ARTICLE


_CLOCK = re.compile(r"(?:alle|dalle|le|ore)\s*$", re.IGNORECASE)


def no_count(before: str, number: str, after: str) -> bool:
    """The number is an ordinal ("il 22° sito") or a time of day ("alle 14.30", "alle ore 9")."""
    if re.match(r"[°ª](?!\s?[CF]\b)", after):
        return True
    if re.search(r"\bore\s*$", before) and re.match(r"\s*(?:$|[,.;)]|del\b|di\b|ora\b)", after):
        return bool(re.fullmatch(r"\d{1,2}", number))
    return bool(_CLOCK.search(before) and re.fullmatch(r"\d{1,2}[.:]\d\d", number))
