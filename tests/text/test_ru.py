"""Russian: figures, dates, names in their cases, and what denies."""

from __future__ import annotations

from datetime import date

import pytest

from factcheck import attribution, compare
from factcheck.analysts.local import extract
from factcheck.analysts.local.difference import negators
from factcheck.reading import Reading, read
from factcheck.sources import Register
from factcheck.text import lexicon
from factcheck.text.dates import dates
from factcheck.text.figures import figures
from factcheck.text.names import Place, demonym, names, place_of, skeleton
from factcheck.text.russian import nominatives
from factcheck.text.split import sentences

BASE = date(2013, 11, 26)


@pytest.mark.parametrize(
    ("text", "value", "bound", "unit", "counts"),
    [
        ("более 900 тыс. человек лишились крова", 900_000, "more", "count", "homeless"),
        ("погибли 4 460 человек", 4_460, "exact", "count", "killed"),
        ("около 2,2 млн беженцев", 2_200_000, "about", "count", "refugees"),
        ("почти 21 миллион пострадавших", 21_000_000, "nearly", "count", "affected"),
        ("не менее 130 тысяч беженцев", 130_000, "least", "count", "refugees"),
        ("до 60 тысяч бойцов", 60_000, "most", "count", ""),
        ("двадцать три человека убиты", 23, "exact", "count", "killed"),
        ("пятью днями ранее", 5, "exact", "day", ""),
        ("в 37 километрах от города", 37, "exact", "km", "distance"),
        ("собрали 62 процента средств", 62, "exact", "percent", ""),
        ("6,5 млрд долларов", 6_500_000_000, "exact", "money", ""),
        ("10 и более раненых", 10, "least", "count", "wounded"),
    ],
)
def test_a_figure_is_read_with_its_scale_and_bound(
    text: str, value: float, bound: str, unit: str, counts: str
) -> None:
    [found] = figures(text, "ru")
    assert (found.value, found.bound, found.unit) == (value, bound, unit)
    assert not counts or counts in lexicon.broadened(found.counts)


@pytest.mark.parametrize(
    "text", ["80-я бригада", "30-летний житель", "база № 80", "базу 80", "резолюция 2118"]
)
def test_a_number_that_names_counts_nothing(text: str) -> None:
    assert figures(text, "ru") == ()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("в пятницу, 8 ноября", date(2013, 11, 8), date(2013, 11, 8)),
        ("14-го ноября 2013 года", date(2013, 11, 14), date(2013, 11, 14)),
        ("в ночь с 8 на 9 ноября", date(2013, 11, 8), date(2013, 11, 9)),
        ("со 2 по 3 ноября", date(2013, 11, 2), date(2013, 11, 3)),
        ("в марте 2011 года", date(2011, 3, 1), date(2011, 3, 31)),
        ("в конце августа", date(2013, 8, 18), date(2013, 8, 31)),
        ("в мае", date(2013, 5, 1), date(2013, 5, 31)),
        ("в прошлом месяце", date(2013, 10, 1), date(2013, 10, 31)),
        ("вчера", date(2013, 11, 25), date(2013, 11, 25)),
        ("в среду", date(2013, 11, 20), date(2013, 11, 20)),
    ],
)
def test_a_date_is_resolved(text: str, first: date, last: date) -> None:
    [found] = dates(text, "ru", BASE)
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize("text", ["22 января 2014 года", "2011 году", "марте 2011 г."])
def test_the_word_for_year_is_part_of_a_date(text: str) -> None:
    assert [w.text for w in dates(f"в {text}", "ru", BASE)] == [text]


@pytest.mark.parametrize("text", ["принимая решение", "занимая позиции", "в этой среде"])
def test_an_end_of_a_word_is_no_month(text: str) -> None:
    assert dates(text, "ru", BASE) == ()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Сирии", Place("SY", "")),
        ("Ливане", Place("LB", "")),
        ("Филиппинах", Place("PH", "")),
        ("Саудовской Аравии", Place("SA", "")),
        ("Южном Судане", Place("SS", "")),
        ("Соединенными Штатами", Place("US", "")),
        ("Бейруте", Place("LB", "Beirut")),
        ("Дамаском", Place("SY", "Damascus")),
        ("Женеве", Place("CH", "Genève")),
    ],
)
def test_a_place_is_known_in_its_cases(text: str, place: Place) -> None:
    known = place_of(text)
    assert known is not None
    assert known.country == place.country
    assert bool(known.city) == bool(place.city)


def test_an_adjective_in_small_letters_tells_the_country() -> None:
    found = names("По словам сирийских беженцев и ливанцев, бои продолжались", "ru")
    assert [n.place and n.place.country for n in found] == ["SY", "LB"]
    assert demonym("сирийского") == Place("SY", "")
    assert not [n for n in names("Немало месяцев и бойцов, городских и морских", "ru") if n.place]


@pytest.mark.parametrize(
    ("russian", "latin"),
    [
        ("Насралла", "Nasrallah"),
        ("Насраллы", "Nasrallah"),
        ("Ансари", "Ansari"),
        ("Ибрагим", "Ibrahim"),
        ("Хайян", "Haiyan"),
        ("Хайяном", "Haiyan"),
        ("Джордж", "George"),
        ("Халед", "Khaled"),
        ("Ханасир", "Khanasir"),
    ],
)
def test_a_name_meets_its_latin_spelling(russian: str, latin: str) -> None:
    assert skeleton(russian) == skeleton(latin)


def test_a_word_within_quotation_marks_is_a_name() -> None:
    assert [n.text for n in names("«Хайян» ослабел", "ru")] == ["Хайян"]


def test_nominatives_of_a_long_name_are_not_tried() -> None:
    assert nominatives("а б в г") == ("а б в г",)
    assert "южный судан" in nominatives("южном судане")


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("По данным Сирийской обсерватории по правам человека", "SOHR"),
        ("лидер «Хезболлы»", "Hezbollah"),
        ("заявил Хасану Насралле", "Hassan Nasrallah"),
        ("по словам «Врачей без границ»", "MSF"),
        ("в ООН", "UN"),
        ("ВОЗ сообщила", "WHO"),
        ("Организацией по запрещению химического оружия", "OPCW"),
        ("в докладе Оке Селльстрёма", "UN chemical weapons investigators"),
    ],
)
def test_a_source_is_known_in_its_cases(text: str, short: str) -> None:
    assert [n.source.short for n in Register.load().find(text)] == [short]


def test_a_cart_is_no_source() -> None:
    assert Register.load().find("Воз сена стоял у дороги") == ()


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Деревня захвачена повстанцами", "capture"),
        ("армия отбила у них город", "retake"),
        ("погибли трое", "die"),
        ("убито двое", "kill"),
        ("жителей приграничных районов вынудили бежать", "flee"),
        ("взяв на себя ответственность за взрыв", "claim_responsibility"),
        ("в осажденных кварталах", "besiege"),
        ("сброшены бочковые бомбы", "barrel_bomb"),
    ],
)
def test_an_act_is_found_in_its_forms(text: str, concept: str) -> None:
    assert concept in {m.concept.name for m in lexicon.mentions(text, "ru")}


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("двумя неделями ранее", "injure"),
        ("после этого", "ambassador_envoy"),
        ("он мог это знать", "grave_funeral"),
        ("долгое время", "debt"),
        ("в Грузии", "aid_supplies"),
        ("идут бои", "massacre"),
        ("следует отметить", "find_evidence"),
    ],
)
def test_an_accident_of_the_stemmer_is_no_concept(text: str, concept: str) -> None:
    assert concept not in {m.concept.name for m in lexicon.mentions(text, "ru")}


@pytest.mark.parametrize(
    ("text", "who", "content"),
    [
        ("ООН сообщила, что погибли 20 человек.", "ООН", "погибли 20 человек."),
        ("По данным ООН, погибли 20 человек.", "ООН", "погибли 20 человек."),
        ("В городе погибли 20 человек, сообщает Рейтер.", "Рейтер", "В городе погибли 20 человек"),
    ],
)
def test_who_says_it_is_taken_off(text: str, who: str, content: str) -> None:
    framed = attribution.frame(read(text, "ru"))
    assert [a.who for a in framed.chain] == [who]
    assert text[framed.content.start : framed.content.end] == content


@pytest.mark.parametrize(
    ("text", "denies"),
    [
        ("Армия не взяла город", True),
        ("Никто не пострадал", True),
        ("Погибло не менее 20 человек", False),
        ("Не только армия взяла город", False),
        ("Армия взяла город", False),
    ],
)
def test_what_denies_is_told_from_what_does_not(text: str, denies: bool) -> None:
    assert bool(negators(Reading(text, "ru"))) == denies


@pytest.mark.parametrize(
    ("text", "reversed_"),
    [
        ("Базу захватили повстанцы", True),
        ("База захвачена повстанцами", True),
        ("Повстанцы захватили базу", True),
        ("База захвачена правительственной армией", False),
        ("Базу у повстанцев захватила армия", False),
    ],
)
def test_the_cases_tell_who_acts(text: str, reversed_: bool) -> None:
    evidence = read("Army troops captured the base", "en")
    assert bool(compare.reversed_direction(read(text, "ru"), evidence)) == reversed_


def test_a_condition_in_the_future_is_no_forecast() -> None:
    condition = read("она согласилась, если условия будут выполнены", "ru")
    forecast = read("условия будут выполнены", "ru")
    framed = attribution.frame(condition)
    assert str(extract._kind(condition, framed, condition)) == "event"
    assert str(extract._kind(forecast, attribution.frame(forecast), forecast)) == "prediction"


def test_what_is_cut_short_ends_no_sentence() -> None:
    text = "Более 900 тыс. человек бежали. Об этом сообщил г. Ибрагим."
    assert len(sentences(text, "ru")) == 2
