"""What calls a story untrue, what only passes one around, and what does neither."""

from __future__ import annotations

import pytest

from factcheck.text import lexicon
from factcheck.text.untrue import called_untrue, carried, goes_round, tales, words_for_untrue

LANGUAGES = ("en", "id", "ar", "fr", "es", "de", "tr", "pt", "it", "nl", "ru", "fa")

# A story that is called untrue, and the words that call it so.
CLEARED_UP = {
    "en": ("The photo, the ministry said, was doctored.", "was doctored"),
    "id": ("Kabar tentang tanggul itu tidak benar, kata bupati.", "tidak benar"),
    "ar": ("قالت الوزارة إن الخبر عار عن الصحة.", "عار عن الصحة"),
    "fr": ("La vidéo est un montage, selon la préfecture.", "est un montage"),
    "es": ("La noticia es falsa, según el ayuntamiento.", "es falsa"),
    "de": ("Die Meldung ist frei erfunden, teilte die Stadt mit.", "ist frei erfunden"),
    "tr": ("Valilik, haberin asılsız olduğunu bildirdi.", "asılsız olduğunu"),
    "pt": ("A mensagem é falsa, diz a prefeitura.", "é falsa"),
    "it": ("La notizia è una bufala, dice il Comune.", "è una bufala"),
    "nl": ("Het bericht is verzonnen, zegt de gemeente.", "is verzonnen"),
    "ru": ("Это сообщение не соответствует действительности.", "не соответствует действительности"),
    "fa": ("استانداری گفت این خبر صحت ندارد.", "صحت ندارد"),
}

# The same words of another matter, or with no story.
PLAIN = {
    "en": "Police seized 1,300 forged passports; the alarm at the port was false.",
    "id": "Polisi menyita 1.300 paspor palsu di pelabuhan.",
    "fr": "Une fausse alerte a retardé le départ du train.",
    "es": "La policía incautó billetes falsos en Bari.",
    "de": "Die Polizei stellte falsche Pässe sicher.",
    "it": "Sequestrati 1.300 passaporti falsi a Bari.",
    "nl": "De politie nam valse paspoorten in beslag.",
    "pt": "A polícia apreendeu notas falsas em Fortaleza.",
}


def test_the_lists_are_of_the_languages_that_are_read() -> None:
    assert set(LANGUAGES) == set(lexicon.LANGUAGES)
    keys = {"story", "untrue", "false", "rumour", "carrier", "tale", "none"}
    assert all(set(lexicon.untrue(language)) == keys for language in LANGUAGES)
    assert lexicon.untrue("ms") == lexicon.untrue("id") and lexicon.untrue("sv") == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_story_that_is_called_untrue(language: str) -> None:
    text, words = CLEARED_UP[language]
    assert [text[a:b] for a, b in called_untrue(text, language)] == [words]
    again = f"{PLAIN.get(language, '')} {text}"
    assert [again[a:b] for a, b in called_untrue(again, language)] == [words]


@pytest.mark.parametrize("language", PLAIN)
def test_a_false_thing_is_no_false_story(language: str) -> None:
    assert called_untrue(PLAIN[language], language) == ()


def test_the_story_is_named_in_the_same_sentence() -> None:
    apart = "The report came on Monday. The passports were fake."
    assert called_untrue(apart, "en") == ()
    assert [apart[a:b] for a, b in words_for_untrue(apart, "en")] == ["fake"]
    assert called_untrue("It was fake, the report that the dam had burst.", "en")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Rumours that the dam had burst spread on Monday."),
        ("id", "Sebuah pesan berantai menyebutkan tanggul jebol."),
        ("de", "Im Netz kursiert die Behauptung, der Damm sei gebrochen."),
        ("ru", "По городу разошлись слухи, будто плотина прорвана."),
        ("es", "Circula un bulo sobre la presa."),
    ],
)
def test_what_goes_round(language: str, text: str) -> None:
    assert goes_round(text, language) and carried(text, language) and tales(text, language)


def test_a_language_without_lists_tells_nothing() -> None:
    text = "Uppgiften är falsk."
    assert called_untrue(text, "sv") == words_for_untrue(text, "sv") == tales(text, "sv") == ()
    assert not goes_round(text, "sv") and not carried(text, "sv")
