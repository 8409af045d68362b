"""The day an article is of, where only its text tells."""

from __future__ import annotations

from datetime import date

import pytest

from factcheck.steps.acquire import article
from factcheck.steps.extract import get_ready


@pytest.mark.parametrize(
    "text",
    [
        "GENEVA, 13 November 2013 – The council met. Elections are due on 3 June 2014.",
        "JENEWA, 13 November 2013 (Contoh) — Dewan bertemu. Pemilu digelar 3 Juni 2014.",
        "The council met on 12 November 2013 and again on 13 November 2013 in Geneva.",
    ],
)
def test_the_dateline_wins_over_a_later_day(text: str) -> None:
    found = article(text)
    assert found.published == date(2013, 11, 13)
    assert found.published_inferred


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Topan menewaskan ribuan orang\n\nManila. Topan itu datang pada Jumat.", "Topan menewaskan ribuan orang"),
        ("\ufeff\nالإعصار يقتل الآلاف\r\n\r\nمانيلا. ضرب الإعصار البلاد.", "الإعصار يقتل الآلاف"),
        ("The typhoon came on Friday.\n\nIt killed thousands.", None),
        ("The typhoon came on Friday\nand killed thousands. Aid came late.", None),
        ("MANILA (Reuters) –\n\nThe typhoon came on Friday.", None),
        ("12.11.2013\n\nThe typhoon came on Friday.", None),
        ("Dear editor,\n\nthe typhoon came on Friday.", None),
    ],
)  # fmt: skip
def test_the_headline_of_a_plain_text_is_its_title(text: str, title: str | None) -> None:
    made = article(text)
    assert made.title == title and made.text == text


@pytest.mark.parametrize(
    "text",
    [
        "台风海燕周五袭击菲律宾。至少有四千四百六十人死亡。",
        "ไต้ฝุ่นไห่เยี่ยน คร่าชีวิตผู้คน 4,460 คน",
        "Тайфун убив щонайменше 4460 людей. Про це повідомила ООН.",
        "The typhoon killed 4,460 people on Friday, the UN said.",
    ],
)
def test_an_article_in_any_language_can_be_read_ahead(text: str) -> None:
    made = article(text)
    assert len(list(get_ready(made))) > 4, made.language
