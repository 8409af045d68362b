"""Arabic verbs of what is to come, and the words that begin as they do."""

from __future__ import annotations

import pytest

from factcheck.text import arabic


@pytest.mark.parametrize("word", ["سيعقد", "ستعقد", "وسيصل", "سينسحب", "سيدخل", "سيرسل", "ستبدأ"])
def test_what_is_to_come(word: str) -> None:
    assert arabic.FUTURE.search(f"قال إنه {word} غدا")


@pytest.mark.parametrize(
    "word",
    ["سيطرت", "سيطر", "وسيطروا", "السيطرة", "سيارة", "سياسية", "سيناء", "ستين", "سنوات", "سيدة"],
)
def test_words_that_only_begin_so(word: str) -> None:
    assert not arabic.FUTURE.search(f"قال إنه {word} أمس")
