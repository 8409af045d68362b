"""Follow-ups with a model: what it is told, and what it is told after a language or a month changed."""

from __future__ import annotations

import pytest

from tests.conversation.conftest import Desk, held, offered, question_of, said

FIRST = {
    "id": "Apa kata PBB tentang pengungsi di Suriah pada bulan November?",
    "en": "What did the UN say about displaced people in Syria in November?",
    "ar": "ماذا قالت الأمم المتحدة عن النازحين في سوريا في نوفمبر؟",
    "fr": "Que dit l'ONU des déplacés en Syrie en novembre ?",
    "es": "¿Qué dijo la ONU de los desplazados en Siria en noviembre?",
    "de": "Was sagte die UNO im November über Vertriebene in Syrien?",
    "tr": "Birleşmiş Milletler Kasım ayında Suriye'de yerinden edilenler hakkında ne dedi?",
}
THEN = {
    "id": ("dan pada bulan Desember?", "dan sumber Arab?"),
    "en": ("and in December?", "and Arabic sources?"),
    "ar": ("وفي ديسمبر؟", "والمصادر العربية؟"),
    "fr": ("et en décembre ?", "et les sources arabes ?"),
    "es": ("¿y en diciembre?", "¿y las fuentes árabes?"),
    "de": ("und im Dezember?", "und arabische Quellen?"),
    "tr": ("peki Aralık ayında?", "peki Arapça kaynaklar?"),
}
NOVEMBER = ("November", "november", "novembre", "noviembre", "نوفمبر", "Kasım")


@pytest.mark.parametrize("language", FIRST)
def test_another_month_in_seven_languages(desk: Desk, language: str) -> None:
    talk = desk.talk(said())
    first = held(talk.ask(FIRST[language]), desk.checker)
    assert (first.language, first.citations != ()) == (language, True)
    then = held(talk.ask(THEN[language][0]), desk.checker)
    assert then.language == language
    assert then.asked.endswith(THEN[language][0])
    assert not any(month in then.asked for month in NOVEMBER), then.asked
    assert len(then.narrowed) == 2, "the month, and still the UN"
    for c in then.citations:
        assert (c.published and c.published.month == 12) or "ecember" in c.quote
    if then.citations:
        assert question_of(desk.sent[-1]) == then.asked.strip()


@pytest.mark.parametrize("language", FIRST)
def test_sources_of_another_language_in_seven(desk: Desk, language: str) -> None:
    """The collection has none in Arabic: that is said, with what was searched, and no model is asked."""
    talk = desk.talk(said(("It was 6.5 million.", [1])))
    talk.ask(FIRST[language])
    before = len(desk.sent)
    then = held(talk.ask(THEN[language][1]), desk.checker)
    assert then.language == language
    assert not then.sentences
    assert any(w in n for n in then.narrowed for w in ("rab", "rap", "عرب")), then.narrowed
    assert str(then.searched) in then.missing
    assert len(desk.sent) == before


def test_what_a_model_is_shown_is_what_may_answer(desk: Desk) -> None:
    talk = desk.talk(said())
    talk.ask("How many Syrian refugees are in Lebanon?")
    shown = offered(desk.sent[-1])
    assert 0 < len(shown) <= 8
    assert any("812,000" in text for text in shown.values())
