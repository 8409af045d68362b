"""Two holders' figures of one quantity in one sentence."""

from __future__ import annotations

from datetime import date

import pytest

from factcheck.reading import read
from factcheck.rivals import rival
from factcheck.sources import Register

REGISTER = Register.load()
BASE = date(2013, 11, 15)


def other(claim: str, sentence: str, language: str = "en") -> float | None:
    mine = read(claim, "en", BASE).figures[0]
    found = rival(mine, read(sentence, language, BASE), REGISTER)
    return found.value if found else None


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The monitors counted 300 dead, against the government's 900."),
        ("en", "OCHA gave 900 dead while activists spoke of 300 killed."),
        ("id", "OCHA mencatat 900 orang tewas, sedangkan aktivis menyebut 300 tewas."),
        ("fr", "L'ONU parle de 900 morts, contre 300 selon le gouvernement."),
        ("es", "La ONU habla de 900 muertos, frente a los del gobierno, que son 300."),
        ("de", "Die UN zählten 900 Tote, während die Regierung von 300 Toten spricht."),
        ("ar", "أحصت الأمم المتحدة ٩٠٠ قتيل مقابل إعلان الحكومة ٣٠٠ قتيل."),
        ("tr", "BM 900 ölü saydı, hükümet ise 300 ölü bildirdi."),
    ],
)
def test_another_holders_figure_beside_the_claims(language: str, sentence: str) -> None:
    assert other("900 people were killed", sentence, language) == 300


@pytest.mark.parametrize(
    "sentence",
    [
        "OCHA counted 900 dead, 300 of them children.",  # a part
        "OCHA counted 900 dead, while the government spoke of 300 wounded.",  # another quantity
        "OCHA counted 900 dead, while the government spoke of 910 dead.",  # nearly the same
        "OCHA counted 900 dead in Syria, while the government of Iraq spoke of 300 dead in Iraq.",
        "Between 300 and 900 people were killed, the government said.",
        "The toll rose from 300 to 900 dead.",
        "OCHA counted 900 dead but 300 were killed on Monday.",  # nobody holds the second
    ],
)
def test_two_figures_that_do_not_compete(sentence: str) -> None:
    assert other("900 people were killed", sentence) is None
