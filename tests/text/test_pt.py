"""Portuguese, of Portugal and of Brazil: figures, dates, names, negation and what the words mean."""

from __future__ import annotations

from datetime import date

import pytest

from factcheck import attribution
from factcheck.analysts.local.difference import denies
from factcheck.models import Span
from factcheck.reading import read
from factcheck.text import lexicon
from factcheck.text.dates import dates
from factcheck.text.figures import figures
from factcheck.text.names import names, place_of

BASE = date(2013, 11, 27)


@pytest.mark.parametrize(
    ("text", "value", "bound", "unit"),
    [
        ("cerca de 5.000 marinheiros", 5_000, "about", "count"),
        ("9,3 milhões de sírios", 9_300_000, "exact", "count"),
        ("mais de 812 mil refugiados", 812_000, "more", "count"),
        ("120 296 mortos", 120_296, "exact", "count"),
        ("trinta e cinco mil pessoas", 35_000, "exact", "count"),
        ("cento e vinte e cinco mortos", 125, "exact", "count"),
        ("duas mil e quinhentas casas", 2_500, "exact", "count"),
        ("um milhão de crianças", 1_000_000, "exact", "count"),
        ("1,7 mi de refugiados", 1_700_000, "exact", "count"),
        ("3 mil milhões de euros", 3e9, "exact", "money"),
        ("R$ 3,2 bilhões", 3.2e9, "exact", "money"),
        ("12,5 por cento dos votos", 12.5, "exact", "percent"),
        ("entre 60 e 80 rebeldes", 80, "range", "count"),
        ("pelo menos 23 pessoas", 23, "least", "count"),
        ("até 300 combatentes", 300, "most", "count"),
        ("quase 12 milhões de afetados", 12_000_000, "nearly", "count"),
        ("315 quilómetros por hora", 315, "exact", "km"),
        ("20 quilômetros quadrados", 20, "exact", "sqkm"),
        ("durante 14 anos", 14, "exact", "year"),
    ],
)
def test_figures(text: str, value: float, bound: str, unit: str) -> None:
    [figure] = figures(text, "pt")
    assert (figure.value, figure.bound, figure.unit) == (pytest.approx(value), bound, unit)


@pytest.mark.parametrize(
    "text", ["no dia 12", "às 20h30", "a 22.ª brigada", "a Brigada 80", "a conferência Genebra 2"]
)
def test_numbers_that_count_nothing(text: str) -> None:
    assert not figures(text, "pt")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("a 8 de novembro de 2013", date(2013, 11, 8), date(2013, 11, 8)),
        ("no dia 8 de novembro", date(2013, 11, 8), date(2013, 11, 8)),
        ("1.º de maio", date(2013, 5, 1), date(2013, 5, 1)),
        ("21 de nov. de 2013", date(2013, 11, 21), date(2013, 11, 21)),
        ("na segunda-feira (25)", date(2013, 11, 25), date(2013, 11, 25)),
        ("na quarta (27)", date(2013, 11, 27), date(2013, 11, 27)),
        ("na próxima segunda (2)", date(2013, 12, 2), date(2013, 12, 2)),
        ("na terça-feira, dia 26", date(2013, 11, 26), date(2013, 11, 26)),
        ("sexta-feira, 8 de novembro", date(2013, 11, 8), date(2013, 11, 8)),
        ("no sábado", date(2013, 11, 23), date(2013, 11, 23)),
        ("anteontem", date(2013, 11, 25), date(2013, 11, 25)),
        ("de 15 a 28 de novembro", date(2013, 11, 15), date(2013, 11, 28)),
        ("8 e 9 de novembro", date(2013, 11, 8), date(2013, 11, 9)),
        ("no início de outubro", date(2013, 10, 1), date(2013, 10, 12)),
        ("no mês passado", date(2013, 10, 1), date(2013, 10, 31)),
        ("em novembro de 2012", date(2012, 11, 1), date(2012, 11, 30)),
    ],
)
def test_dates(text: str, first: date, last: date) -> None:
    [when] = dates(text, "pt", BASE)
    assert (when.first, when.last) == (first, last)


def test_ordinals_are_no_weekdays() -> None:
    assert not dates("a segunda vez, o quinto lugar e a terça parte", "pt", BASE)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Irã", "Irão"), ("Quênia", "Quénia"), ("Vietnã", "Vietname"), ("Moscou", "Moscovo"),
     ("Bagdá", "Bagdade"), ("EUA", "Estados Unidos"), ("Genebra", "Geneva"), ("Alepo", "حلب")],
)  # fmt: skip
def test_places_of_both_countries(one: str, other: str) -> None:
    near = frozenset({"SY", "IQ"})
    assert place_of(one, near) == place_of(other, near) is not None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Também Riek Machar assinou.", ["Riek Machar"]),
        ("O Presidente Benigno Aquino falou.", ["Benigno Aquino"]),
        ("Ontem o Governo e o Exército negaram.", []),
        ("Em Damasco, a trégua acabou.", ["Damasco"]),
    ],
)
def test_names(text: str, found: list[str]) -> None:
    assert [n.text for n in names(text, "pt", frozenset({"SY"}))] == found


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("O Exército não entrou na cidade.", True),
        ("Nenhum soldado morreu.", True),
        ("A Cruz Vermelha jamais visitou a prisão.", True),
        ("Morreram não menos de 900 soldados.", False),
        ("Não só os rebeldes atacaram a base.", False),
        ("O Médicos Sem Fronteiras tratou 450 feridos.", False),
        ("O Exército entrou na cidade.", False),
    ],
)
def test_negation(text: str, denied: bool) -> None:
    assert denies(read(text, "pt")) is denied


@pytest.mark.parametrize(
    ("text", "source", "content"),
    [
        ("Segundo a Anistia Internacional, 40 civis morreram.", "Amnesty International",
         "40 civis morreram."),
        ("O Acnur afirmou que o Líbano abriga 812 mil refugiados.", "UNHCR",
         "o Líbano abriga 812 mil refugiados."),
        ("O Exército tomou a base, informou a agência Sana.", "SANA", "O Exército tomou a base"),
        ("A ajuda tarda, e Valerie Amos disse que falharam.", "OCHA", "falharam."),
    ],
)  # fmt: skip
def test_who_says_it(text: str, source: str, content: str) -> None:
    framed = attribution.frame(read(text, "pt"))
    assert [a.source for a in framed.chain] == [source]
    assert text[framed.content.start : framed.content.end] == content


def test_the_second_tells_nobody() -> None:
    text = "Os rebeldes atacaram ontem pela tarde o segundo aeroporto da Síria."
    assert attribution.frame(read(text, "pt")).content == Span(0, len(text))


@pytest.mark.parametrize(
    "text",
    ["para a cidade", "cerca de vinte", "como sempre", "em todo caso", "tem sido", "uma vez",
     "o livre comércio", "esta semana", "mais forte"],
)  # fmt: skip
def test_small_words_are_no_acts(text: str) -> None:
    assert not [m for m in lexicon.mentions(text, "pt") if m.concept.kind in ("action", "state")]


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Os rebeldes assumiram o controlo da base", "capture"),
        ("O Exército cercou a cidade", "besiege"),
        ("Os soldados mataram oito civis", "kill"),
        ("os desaparecidos", "missing_people"),
        ("a equipa retirou-se", "withdraw"),
        ("aterrissou em Alepo", "land_plane"),
        ("a aterragem do avião", "land_plane"),
        ("os barris-bomba", "barrel_bomb"),
        ("foi registrado", "register"),
        ("foram registados", "register"),
    ],
)
def test_terms_of_both_countries(text: str, concept: str) -> None:
    assert concept in {m.concept.name for m in lexicon.mentions(text, "pt")}
