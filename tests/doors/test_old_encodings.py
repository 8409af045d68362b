"""Files in the encodings of before UTF-8, and organisations named in the possessive."""

from __future__ import annotations

import pytest

from factcheck.files import decode
from factcheck.sources import Register

TEXTS = [
    ("cp1252", "Près de Genève, les réfugiés ont été soignés à l'hôpital. "),
    ("cp1252", "Mañana los refugiados irán al hospital, según la Organización. "),
    ("cp1252", "Die Flüchtlinge wurden über die Grenze gebracht, erklärte das Ministerium. "),
    ("cp1254", "Suriyeli sığınmacıların sayısı şimdi yüz bini aştı, dedi. "),
    ("cp1250", "Uprchlíci překročili hranici, řekl mluvčí ministerstva zahraničí. "),
    ("cp1250", "Uchodźcy przekroczyli granicę, powiedział rzecznik ministerstwa. "),
    ("cp1256", "قال المرصد السوري لحقوق الإنسان إن أكثر من مئة ألف قتلوا في سوريا. "),
    ("cp1251", "Число беженцев превысило сто тысяч человек, сообщили в ООН. "),
]


@pytest.mark.parametrize(("encoding", "text"), TEXTS)
@pytest.mark.parametrize("times", [2, 6, 20])
def test_the_language_tells_the_encoding(encoding: str, text: str, times: int) -> None:
    assert decode((text * times).encode(encoding), name="a.txt") == text * times


@pytest.mark.parametrize(
    ("text", "short"),
    [("the UN's envoy", "UN"), ("SOHR’s director", "SOHR"), ("the WHO's figures", "WHO")],
)
def test_an_abbreviation_in_the_possessive(text: str, short: str) -> None:
    assert [n.source.short for n in Register.load().find(text)] == [short]


def test_a_question_word_is_no_organisation() -> None:
    assert not Register.load().find("the man who's there")
