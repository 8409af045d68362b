"""Hostile labels, and loaded words in what a clause takes over."""

from __future__ import annotations

from datetime import date

import pytest

from factcheck.analysts.local import extract
from factcheck.analysts.local.labels import labelled
from factcheck.models import Article, ClaimKind, Span
from factcheck.reading import read
from factcheck.text.split import sentences


def phrases(text: str, language: str) -> list[str]:
    return [text[s.start : s.end] for s in labelled(read(text, language))]


@pytest.mark.parametrize(
    ("language", "text", "label"),
    [
        ("en", "The terrorist militia Hezbollah took the town.", "terrorist militia Hezbollah"),
        ("id", "Milisi bayaran Syiah Hizbullah merebut kota.", "Milisi bayaran Syiah Hizbullah"),
        ("fr", "Le Hezbollah terroriste a pris la ville.", "Hezbollah terroriste"),
        ("es", "Los terroristas de Hezbolá tomaron la ciudad.", "terroristas de Hezbolá"),
        ("de", "Die terroristische Hisbollah nahm die Stadt ein.", "terroristische Hisbollah"),
        ("ar", "سيطر حزب الله الإرهابي على البلدة", "حزب الله الإرهابي"),
        ("tr", "Terörist Hizbullah kenti ele geçirdi.", "Terörist Hizbullah"),
    ],
)
def test_a_label_fastened_to_a_body_is_found(language: str, text: str, label: str) -> None:
    assert phrases(text, language) == [label]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Terrorists attacked Hezbollah near the town."),
        ("en", "The army fought terrorists, Hezbollah said."),
        ("en", "Hezbollah and terrorists fought near the town."),
        ("en", "The terrorists took the town."),
        ("id", "Teroris menyerang Hizbullah di kota itu."),
        ("fr", "Le Hezbollah a combattu les terroristes."),
    ],
)
def test_a_label_of_somebody_else_is_none_of_the_bodys(language: str, text: str) -> None:
    assert phrases(text, language) == []


def drafts(text: str, language: str) -> list[tuple[str, ClaimKind]]:
    article = Article(
        text=text, sha256="0" * 64, published=date(2013, 11, 15), language=language
    )  # fmt: skip
    found = extract.extract(article, [Span(s.start, s.end) for s in sentences(text, language)])
    return [(c.statement, c.kind) for d in found for c in d.claims]


def test_a_label_is_a_claim_of_its_own_that_cannot_be_checked() -> None:
    found = drafts("On Friday the terrorist militia Hezbollah captured the town of Safira.", "en")
    assert ("terrorist militia Hezbollah", ClaimKind.OPINION) in found
    assert any(kind is ClaimKind.EVENT and "captured" in said for said, kind in found)


def test_loaded_words_are_neutral_in_a_subject_that_is_taken_over_too() -> None:
    text = (
        "The regime forces bombarded the town of Safira on Friday, and captured the base near it."
    )
    said = [statement for statement, _ in drafts(text, "en")]
    assert len(said) == 2
    assert all("regime" not in s and "government forces" in s for s in said)


def test_a_french_noun_in_te_is_no_verb_that_parts_a_sentence() -> None:
    said = drafts("À lui seul, le comté de Wau, dans le nord, héberge environ 900 personnes.", "fr")
    assert [s for s, _ in said] == [
        "À lui seul, le comté de Wau, dans le nord, héberge environ 900 personnes."
    ]
