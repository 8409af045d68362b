"""Whole checks with a real language model of 135 million parameters, through the real client.

It is far too weak to judge anything, and that is its use: whatever it answers, every law holds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from factcheck.analysts.llm import LlmAnalyst
from factcheck.analysts.local import LocalAnalyst
from factcheck.collection import open_store
from factcheck.models import Article
from factcheck.pipeline import Checker
from factcheck.provider import Limits, Provider
from factcheck.provider.gguf import GgufServer
from factcheck.settings import Settings
from tests.laws import hold

INDONESIAN = """Tentara Suriah merebut kota Tal Aran di dekat Aleppo pada 11 November 2013.
Observatorium Suriah untuk Hak Asasi Manusia menyebut sedikitnya 63 orang tewas.
Rezim itu kejam sekali.
"""
ENGLISH = """Typhoon Haiyan struck the central Philippines on 8 November 2013.
The United Nations said that more than 600,000 people had been displaced.
"""
CALLS = 2  # it never ends an answer in time, and would be asked in parts for minutes
PATIENCE = 420  # seconds; a slow machine takes two minutes


def _check(
    article: Path, store: Path, cache: Path, *args: str, **environment: str
) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "factcheck", "check", str(article), "--format", "json",
         "--published", "2013-11-15", "--budget-calls", str(CALLS), *args],
        env={
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(article.parent),
            "FACTCHECK_STORE": str(store),
            "FACTCHECK_CACHE": str(cache),
            "FACTCHECK_MAX_TOKENS": "160",
            "FACTCHECK_RETRIES": "0",
            "FACTCHECK_TIMEOUT": "180",
            **environment,
        },
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def _code(note: dict[str, Any]) -> int:
    if any(f["kind"] == "budget" for f in note["faults"]):
        return 6
    return 0 if note["complete"] and not note["faults"] else 5


def test_an_indonesian_article_by_address(
    real_model: GgufServer, loaded_store: Path, shared_cache: Path, tmp_path: Path
) -> None:
    article = tmp_path / "a.txt"
    article.write_text(INDONESIAN, encoding="utf-8")
    code, out, err = _check(article, loaded_store, tmp_path / "cache",
                            OPENAI_BASE_URL=real_model.url)  # fmt: skip
    note = json.loads(out)
    assert code == _code(note), err
    assert "Traceback" not in err
    assert note["provenance"]["analyst"] == "llm"
    assert note["provenance"]["model"] == real_model.model, "found by asking the server"
    assert note["usage"]["calls"] >= 1
    assert note["usage"]["input_tokens"] > 500 and not note["usage"]["estimated"]
    with open_store(Settings.load(store=loaded_store, cache=shared_cache)) as store:
        hold(note, store.reference)
    learnt = [json.loads(p.read_text()) for p in (tmp_path / "cache" / "servers").glob("*.json")]
    assert [(f["format"], f["stream"], f["stream_usage"]) for f in learnt] == [
        ("json_schema", True, True)
    ]


def test_an_english_article_by_file(
    real_model_file: Path, loaded_store: Path, shared_cache: Path, tmp_path: Path
) -> None:
    article = tmp_path / "a.txt"
    article.write_text(ENGLISH, encoding="utf-8")
    code, out, err = _check(article, loaded_store, tmp_path / "cache", "--model",
                            f"gguf:{real_model_file}")  # fmt: skip
    note = json.loads(out)
    assert code == _code(note), err
    assert note["usage"]["calls"] >= 1
    with open_store(Settings.load(store=loaded_store, cache=shared_cache)) as store:
        hold(note, store.reference)


class RulesExtract(LlmAnalyst):
    """Claims by rules, so that the real model is surely asked to judge and to write."""

    def extract(self, article, sentences):  # type: ignore[no-untyped-def]
        return LocalAnalyst().extract(article, sentences)


@pytest.mark.parametrize(("text", "language"), [(INDONESIAN, "id"), (ENGLISH, "en")])
def test_it_judges_and_writes(
    real_model: GgufServer, loaded_store: Path, shared_cache: Path, text: str, language: str
) -> None:
    provider = Provider(
        real_model.model, base_url=real_model.url, timeout=180, max_tokens=160, retries=0,
        limits=Limits(calls=CALLS),
    )  # fmt: skip
    settings = Settings.load(store=loaded_store, cache=shared_cache)
    with Checker(settings, analyst=RulesExtract(provider)) as checker:
        from datetime import date

        article = Article(
            text=text, sha256="0" * 64, language=language, published=date(2013, 11, 15)
        )
        note = checker.check(article)
        hold(note.to_json(), checker.store.reference)
    assert note.usage.calls >= 1
    assert len(note.assessments) >= 2
