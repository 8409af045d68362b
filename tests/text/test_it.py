"""Italian: articles tied on, figures, dates, names, sources, denial, and who is told to say what."""

from __future__ import annotations

from datetime import date

import pytest

from factcheck.analysts.local.difference import denies
from factcheck.analysts.local.extract import _future
from factcheck.attribution import frame
from factcheck.compare import agent_side
from factcheck.reading import read
from factcheck.sources import Register
from factcheck.text import lexicon
from factcheck.text.dates import dates
from factcheck.text.figures import figures
from factcheck.text.names import names
from factcheck.text.words import tokens

BASE = date(2013, 11, 21)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("dell'ONU", ["dell", "ONU"]),
        ("L’esercito", ["L", "esercito"]),
        ("un'offensiva dall'8", ["un", "offensiva", "dall", "8"]),
        ("c'è", ["c", "è"]),
        ("D'Alema a Sana'a, un po' dopo", ["D'Alema", "a", "Sana'a", "un", "po", "dopo"]),
    ],
)
def test_an_article_is_a_word_of_its_own(text: str, words: list[str]) -> None:
    found = tokens(text, "it")
    assert [w for w, _, _ in found] == words
    assert [text[a:b] for _, a, b in found] == words


def test_other_languages_keep_what_is_tied_on() -> None:
    assert [w for w, _, _ in tokens("dell'ONU", "fr")] == ["dell'ONU"]


@pytest.mark.parametrize(
    ("text", "value", "bound"),
    [
        ("4.460 morti", 4460, "exact"),
        ("413 mila sfollati", 413_000, "exact"),
        ("oltre 10mila persone", 10_000, "more"),
        ("6,5 miliardi di dollari", 6.5e9, "exact"),
        ("due milioni e mezzo di persone", 2.5e6, "exact"),
        ("circa 1,5 milioni", 1.5e6, "about"),
        ("ventitré morti", 23, "exact"),
        ("duecentocinquanta soldati", 250, "exact"),
        ("una ventina di feriti", 20, "exact"),
        ("un'ottantina di ribelli", 80, "exact"),
        ("almeno 517 persone", 517, "least"),
        ("non meno di 900 feriti", 900, "least"),
        ("non più di 40 morti", 40, "most"),
        ("quasi 12 milioni", 12e6, "nearly"),
        ("500 o più feriti", 500, "least"),
        ("tra i 60 e gli 80 ribelli", 80, "range"),
    ],
)
def test_figures(text: str, value: float, bound: str) -> None:
    [found] = figures(text, "it")
    assert (found.value, found.bound) == (value, bound)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("315 chilometri all'ora", "km"),
        ("18 chilometri quadrati", "sqkm"),
        ("tre settimane", "week"),
        ("2 milioni di tonnellate", "tonne"),
        ("il 26 per cento", "percent"),
        ("3 miliardi di euro", "money"),
    ],
)
def test_units(text: str, unit: str) -> None:
    assert [f.unit for f in figures(text, "it")] == [unit]


@pytest.mark.parametrize(
    "text", ["il 22° sito", "alle 14.30 di ieri", "alle ore 9", "la Base 80", "Ginevra 2"]
)
def test_what_counts_nothing(text: str) -> None:
    assert figures(text, "it") == ()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("l'8 novembre", date(2013, 11, 8), date(2013, 11, 8)),
        ("venerdì 8 novembre", date(2013, 11, 8), date(2013, 11, 8)),
        ("il 1° ottobre 2013", date(2013, 10, 1), date(2013, 10, 1)),
        ("tra l'8 e il 10 novembre", date(2013, 11, 8), date(2013, 11, 10)),
        ("dal 15 al 18 novembre", date(2013, 11, 15), date(2013, 11, 18)),
        ("lo scorso febbraio", date(2013, 2, 1), date(2013, 2, 28)),
        ("a metà novembre", date(2013, 11, 8), date(2013, 11, 23)),
        ("l'altro ieri", date(2013, 11, 19), date(2013, 11, 19)),
        ("il mese scorso", date(2013, 10, 1), date(2013, 10, 31)),
    ],
)
def test_dates(text: str, first: date, last: date) -> None:
    [when] = dates(text, "it", BASE)
    assert (when.first, when.last) == (first, last)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Il tifone ha colpito le Filippine.", ["Filippine"]),
        ("Nei villaggi l'esercito avanza verso Aleppo.", ["Aleppo"]),
        ("La Croce rossa è arrivata a Ginevra e all'Aia.", ["Ginevra", "Aia"]),
        ("Nel Paese vivono i profughi di Giuba.", ["Giuba"]),
    ],
)
def test_names(text: str, found: list[str]) -> None:
    assert [n.text for n in names(text, "it", frozenset({"SY", "SS", "PH"}))] == found


@pytest.mark.parametrize(
    ("text", "short", "named"),
    [
        ("ha detto l'Onu", "UN", "l'Onu"),
        ("un rapporto dell’ONU", "UN", "ONU"),
        ("i dati dell'Oms", "WHO", "Oms"),
        ("all'Osservatorio siriano per i diritti umani", "SOHR", None),
        ("l'Alto commissariato dell'Onu per i rifugiati", "UNHCR", None),
        ("Medici senza frontiere", "MSF", "Medici senza frontiere"),
        ("le Guardie della rivoluzione", "Revolutionary Guards", None),
    ],
)
def test_sources(text: str, short: str, named: str | None) -> None:
    [found] = Register.load().find(text)
    assert found.source.short == short
    assert named is None or text[found.start : found.end] == named


def test_a_word_in_capitals_alone_is_no_abbreviation() -> None:
    assert Register.load().find("Onu gördüm") == ()


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("Gli ispettori non hanno trovato prove.", True),
        ("Nessun civile è stato ucciso.", True),
        ("Sono partiti senza accordo.", True),
        ("Hanno curato non meno di 450 feriti.", False),
        ("Medici senza frontiere ha curato i feriti.", False),
        ("Non solo i ribelli hanno perso terreno.", False),
    ],
)
def test_denial(text: str, known: bool) -> None:
    assert denies(read(text, "it")) is known


@pytest.mark.parametrize(
    ("text", "concept", "there"),
    [
        ("L'esercito ha ripreso il controllo della base", "retake", True),
        ("I ribelli si sono impadroniti della base", "capture", True),
        ("Il furto da parte delle truppe", "part_of", False),
        ("In ogni caso si parla di pace", "parliament", False),
        ("Migliaia di case distrutte", "disease_cases", False),
        ("I feriti sono in ospedale", "holiday", False),
        ("Gli operai della fabbrica", "offensive_campaign", False),
        ("I soldati avanzano", "money", False),
        ("Cinque giorni prima", "first", False),
        ("Un importante accordo", "import", False),
    ],
)
def test_concepts(text: str, concept: str, there: bool) -> None:
    assert (concept in {m.concept.name for m in lexicon.mentions(text, "it")}) is there


@pytest.mark.parametrize(
    ("forms", "concept"),
    [
        ("conquistò conquistarono conquisterà conquisterebbe conquistando conquistata", "capture"),
        ("firmò firmavano firmeranno firmata", "agree_sign"),
        ("fuggiva fuggiranno fuggendo fuggite", "flee"),
        ("vendeva venderà vendendo venduti", "sell"),
        ("si fonderanno", "merge"),
    ],
)
def test_the_forms_of_a_verb(forms: str, concept: str) -> None:
    for form in forms.split():
        if form != "si":
            assert concept in {m.concept.name for m in lexicon.mentions(form, "it")}, form


@pytest.mark.parametrize(
    ("text", "who", "content"),
    [
        ("Secondo l'Onu, i morti sono 4.460.", "l'Onu", "i morti sono 4.460."),
        ("L'Oms ha detto che i casi sono 17.", "L'Oms", "i casi sono 17."),
        (
            "I morti sono 4.460, ha poi aggiunto Valerie Amos.",
            "Valerie Amos",
            "I morti sono 4.460",
        ),
    ],
)
def test_who_says_it(text: str, who: str, content: str) -> None:
    framed = frame(read(text, "it"))
    assert [a.who for a in framed.chain] == [who]
    assert text[framed.content.start : framed.content.end] == content


def test_whom_somebody_told() -> None:
    framed = frame(
        read("Un portavoce dei ribelli ha detto all'Afp che 11 uomini sono morti.", "it")
    )
    assert [(a.who, a.role) for a in framed.chain] == [("Un portavoce", "speaker"), ("Afp", "told")]


def test_the_second_is_not_according_to() -> None:
    text = "Haiyan è stato per le Filippine il secondo tifone più letale."
    assert not frame(read(text, "it")).verb


@pytest.mark.parametrize(
    ("text", "ahead"),
    [
        ("I rifugiati supereranno i cinque milioni", True),
        ("La conferenza si aprirà il 22 gennaio", True),
        ("Ha accettato i colloqui se le condizioni saranno soddisfatte", False),
        ("I ribelli hanno perso la base", False),
    ],
)
def test_what_lies_ahead(text: str, ahead: bool) -> None:
    assert _future(read(text, "it")) is ahead


def test_who_did_it_behind_a_passive() -> None:
    reading = read("La base è stata riconquistata dall'esercito ai ribelli.", "it")
    [act] = [m for m in reading.mentions if m.concept.name == "retake"]
    assert agent_side(reading, act) == "government"
