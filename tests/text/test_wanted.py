"""Acts that are only wanted, planned, tried or possible; acts that were refused or failed."""

from __future__ import annotations

import re

import pytest

from factcheck.text import lexicon
from factcheck.text.wanted import governed, undone, wishes


def shown(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    return " | ".join(text[a:b].strip() for a, b in spans)


@pytest.mark.parametrize(
    ("language", "text", "act"),
    [
        ("en", "The UN urged the government to lift the siege.", "lift"),
        ("en", "Turkey is ready to send troops to Idlib.", "send"),
        ("en", "The army could enter Qusair within days.", "enter"),
        ("en", "Kenya wants to move 20,000 refugees.", "move"),
        ("fr", "Le gouvernement envisage de fermer la frontière.", "fermer"),
        ("es", "El tribunal baraja ampliar el plazo.", "ampliar"),
        ("de", "Die Regierung will den Hafen schließen.", "schließen"),
        ("nl", "De regering overweegt de grens te sluiten.", "sluiten"),
        ("id", "Pemerintah berencana memindahkan 800 keluarga.", "memindahkan"),
        ("it", "Il governo intende chiudere il porto.", "chiudere"),
        ("pt", "O governo pretende fechar o porto.", "fechar"),
        ("ru", "Правительство намерено закрыть порт.", "закрыть"),
        ("tr", "Hükümet limanı kapatmayı planlıyor.", "kapatmayı"),
        ("ar", "تعتزم الحكومة إلى إغلاق الميناء", "إغلاق"),
    ],
)
def test_a_wish_governs_its_act(language: str, text: str, act: str) -> None:
    assert act in shown(text, wishes(text, language))
    assert act in shown(text, governed(text, language)).split(" | ")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The army captured the town on Monday."),
        ("en", "Reuters could not verify the report."),
        ("es", "Reuters no pudo verificar la información."),
        ("fr", "Il a parlé à la demande d’avocats."),
        ("th", "รัฐบาลต้องการปิดท่าเรือ"),  # no list: nothing is known
    ],
)
def test_what_was_done_is_no_wish(language: str, text: str) -> None:
    assert wishes(text, language) == ()


def test_a_wish_ends_with_its_clause() -> None:
    text = "Rebels hope to take the airport, and the army shelled Daraya."
    assert "Daraya" not in shown(text, wishes(text, "en"))
    far = "Rebels who tried to take the airport before dawn were killed."
    assert "killed" not in shown(far, wishes(far, "en"))


@pytest.mark.parametrize(
    ("language", "text", "act"),
    [
        ("en", "Israel refused to release 50 prisoners.", "release"),
        ("fr", "La direction a refusé de rouvrir les négociations.", "rouvrir"),
        ("es", "El Gobierno se negó a liberar a los presos.", "liberar"),
        ("de", "Die Armee weigerte sich, die Stadt zu räumen.", "räumen"),
        ("id", "Pemerintah menolak membebaskan tahanan.", "membebaskan"),
        ("tr", "Hükümet tutukluları serbest bırakmayı reddetti.", "bırakmayı"),
    ],
)
def test_what_was_refused(language: str, text: str, act: str) -> None:
    assert act in shown(text, undone(text, language))


@pytest.mark.parametrize("language", lexicon.LANGUAGES)
def test_every_served_language_has_patterns_that_compile(language: str) -> None:
    table = lexicon.wanted(language)
    assert set(table) <= {"others", "own", "behind", "undone", "undone_behind"}
    assert any(table.values())
    for patterns in table.values():
        for pattern in patterns:
            assert not re.compile(pattern).match("")
