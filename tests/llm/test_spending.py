"""Money and measures where a model is asked: prices, tokens that the server had cached, questions after a
check, and `factcheck eval notes --analyst llm`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from factcheck import conversation
from factcheck.pipeline import Checker
from factcheck.provider import Limits
from factcheck.settings import Settings
from tests.llm import server as server_
from tests.llm.conftest import CLAIMS, Lab, server

CACHED = 700  # tokens of each request that the server says it had
_USAGE = server_._usage


@pytest.fixture
def caching(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that had the beginning of each prompt in its own cache."""
    details = {"prompt_tokens_details": {"cached_tokens": CACHED}}
    monkeypatch.setattr(server_, "_usage", lambda body, said: _USAGE(body, said) | details)


def _prices(lab: Lab, name: str, **dollars: float) -> None:
    file = lab.folder / "config" / "factcheck" / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = "".join(f"{key} = {value}\n" for key, value in dollars.items())
    file.write_text(f'[prices."{name}"]\n{rows}', encoding="utf-8")


@pytest.mark.parametrize(("cached", "paid"), [(10.0, 10.0), (None, 100.0)])
def test_cached_tokens_have_their_price(
    lab: Lab, caching: None, cached: float | None, paid: float
) -> None:
    """Where no price of theirs is given they cost what others do: never less than they may."""
    prices = {"input": 100.0, "output": 200.0} | ({"cached": cached} if cached else {})
    _prices(lab, "scripted", **prices)
    with server() as made:
        run = lab.check(made, "--no-cache")
    usage = run.note["usage"]
    assert usage["cached_tokens"] == CACHED * usage["calls"] > 0
    fresh = usage["input_tokens"] - usage["cached_tokens"]
    spent = fresh * 100 + usage["cached_tokens"] * paid + usage["output_tokens"] * 200
    assert usage["usd"] == pytest.approx(spent / 1e6)
    assert f"({usage['cached_tokens']:,} cached)" in run.err and "$" in run.err


@pytest.mark.parametrize(
    ("model", "base_url", "code"),
    [("gpt-4.1-mini-2025-04-14", "own", 3), ("no-such-model", "own", 3)],
)
def test_a_budget_in_dollars_needs_a_price(lab: Lab, model: str, base_url: str, code: int) -> None:
    """A server of one's own has no price of OpenAI's, whatever its model is called: the budget is
    refused before anything is asked, with what to do."""
    with server() as made:
        run = lab.check(made, "--model", model, "--budget-usd", "1", holds=False)
    assert run.code == code and made.requests == [] and not run.note
    assert "price" in run.err and "[prices]" in run.err and "--budget-tokens" in run.err


def test_a_price_for_a_dated_snapshot(lab: Lab) -> None:
    _prices(lab, "scripted", input=1.0, output=1.0)
    with server() as made:
        run = lab.check(made, "--no-cache", "--model", "scripted-2026-01-31", "--budget-usd", "1")
    assert run.code == 0 and run.note["usage"]["usd"] > 0


@contextmanager
def _talk(lab: Lab, url: str, limits: Limits | None = None) -> Iterator[Any]:
    settings = Settings.load(
        store=lab.store, cache=lab.folder / "cache", model="scripted", base_url=url, api_key="none",
        analyst="llm",
    )  # fmt: skip
    with Checker(settings, limits=limits, cache=False) as checker:
        yield conversation.Conversation(checker, checker.check(lab.article))


def test_questions_are_paid_for_like_claims(lab: Lab) -> None:
    """What `/cost` shows is the check and the questions after it."""
    with server() as made, _talk(lab, made.url) as talk:
        before = talk.checker.analyst.usage()
        talk.ask("How many people did the typhoon kill?")
        after = talk.checker.analyst.usage()
        asked = len(made.requests)
    assert after.calls == asked > before.calls
    assert after.input_tokens > before.input_tokens and after.output_tokens > before.output_tokens


def test_a_budget_holds_for_questions_too(lab: Lab) -> None:
    """It is reached by a question: the passages are still shown, and why there is no more."""
    with server() as made:
        with _talk(lab, made.url) as talk:
            spent = talk.checker.analyst.usage().calls
        made.requests.clear()
        with _talk(lab, made.url, Limits(calls=spent)) as talk:
            found = talk.ask("How many people did the typhoon kill?")
            assert len(made.requests) == spent
    assert "budget" in found.fault and found.sentences


# ---------------------------------------------------------------- measured with a model


def test_eval_notes_with_a_model(lab: Lab) -> None:
    """The same measures as with the rules, the cost on stderr, and the exit code of what failed."""
    text = lab.article.read_text(encoding="utf-8").split("---\n\n", 1)[1].rstrip()
    said = text.split(". ")[4] + "."
    gold = lab.folder / "gold.jsonl"
    at = text.index(said)
    label = {"id": "g1", "start": at, "end": at + len(said), "said": said, "verdict": "supported",
             "references": []}  # fmt: skip
    gold.write_text(json.dumps(label), encoding="utf-8")
    args = ("eval", "notes", gold, lab.article, "--analyst", "llm", "--model", "scripted",
            "--no-cache", "--format", "json", "--cases")  # fmt: skip
    with server() as made:
        code, out, err = lab.cli(*args, OPENAI_BASE_URL=made.url)
        figures = json.loads(out)
        assert code == 0 and len(made.requests) == 4 and "4 model calls" in err
        assert figures["claims"] == CLAIMS and figures["coverage"] == 1.0
        assert figures["citations_verified"] == 1.0 and figures["citations"] > 0
        assert figures["cases"][0]["verdict"] in ("supported", "not_enough_evidence")
        made.script = lambda n, body: "500"
        code, out, err = lab.cli(*args, OPENAI_BASE_URL=made.url)
    assert code == 5 and json.loads(out)["coverage"] == 0.0 and "the note is partial" in err
