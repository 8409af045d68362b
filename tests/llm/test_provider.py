"""The provider door by itself: reading answers, limits, prices, discovery, what is remembered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import BaseModel, ConfigDict

from factcheck.analysts.choose import analyst_for
from factcheck.analysts.llm.shapes import ExtractReply, JudgeReply, WriteReply
from factcheck.errors import BudgetReached, ConfigError, FactcheckError, ModelError, UsageError
from factcheck.models import Usage
from factcheck.prompts import Prompt
from factcheck.provider import Features, Limits, Memory, Price, Provider, Question, price_of
from factcheck.provider.budget import Meter
from factcheck.provider.door import strict_schema
from factcheck.provider.reply import Malformed, parse
from factcheck.settings import Settings
from tests.conftest import ROOT
from tests.llm.conftest import KEY, QUICK, canned, free_address, patience
from tests.llm.server import FAULTS, Body, Fault, ModelServer, rate_limited


class Told(BaseModel):
    model_config = ConfigDict(extra="forbid")

    n: int
    text: str = ""


PROMPT = Prompt(
    name="test", version=1, inputs=("boundary", "about"), output="Told", system="Say.",
    user="$about $boundary", sha256="a" * 64,
)  # fmt: skip
ANSWER = '{"n": 7, "text": "x"}'


def question(about: str = "it", prompt: Prompt = PROMPT) -> Question[Told]:
    return Question(prompt=prompt, values={"about": about}, shape=Told)


@contextmanager
def door(made: ModelServer | str, **more: Any) -> Iterator[Provider]:
    url = made if isinstance(made, str) else made.url
    provider = Provider(
        "m", base_url=url, api_key=KEY, **({"timeout": 10.0, "max_tokens": 400, "retries": 1} | more)
    )  # fmt: skip
    try:
        yield provider
    finally:
        provider.close()


@contextmanager
def answering(*plan: Fault | str | None, **more: Any) -> Iterator[ModelServer]:
    """A server that goes wrong as planned, one request after the other, and is good afterwards."""

    def script(n: int, body: Body) -> Fault | str | None:
        return (plan[n - 1] if n <= len(plan) else None) or QUICK

    with ModelServer(lambda body: ANSWER, script=script, **more) as made:
        yield made


# ---------------------------------------------------------------- reading an answer


@pytest.mark.parametrize(
    "text",
    [
        ANSWER,
        f"\ufeff{ANSWER}".removeprefix("\ufeff"),
        f"  \n{ANSWER}\n\n",
        f"```json\n{ANSWER}\n```",
        f"```\n{ANSWER}\n```",
        f"Sure! Here it is:\n```json\n{ANSWER}\n```\nHope it helps.",
        f"Sure! {ANSWER} Anything else?",
        f"<think>Is it {{so}}? {{}}</think>{ANSWER}",
        f'<THINKING>{{"n": 1}}</THINKING>\n{ANSWER}',
        f'In braces {{like these}} I say {ANSWER}',
        f"```json\n{{}}\n```\nno, rather\n```json\n{ANSWER}\n```",
        f"{ANSWER}\n{ANSWER}",
    ],
)  # fmt: skip
def test_wrapped_answers_are_read(text: str) -> None:
    assert parse(text, Told) == Told(n=7, text="x")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("<think>so it is</think>", "empty"),
        ("no JSON at all", "no complete JSON object"),
        ('{"n": 7, "text": "x', "no complete JSON object"),
        ('{"n": NaN}', "no complete JSON object"),
        ('{"n": Infinity}', "no complete JSON object"),
        ('{"n": 1e999}', "n:"),
        ('{"n": "many"}', "n:"),
        ('{"n": 7, "verdict": "true"}', "verdict: Extra inputs"),
        ("[7]", "answer:"),
        ("7", "answer:"),
        ("null", "answer:"),
        ('{"n":' * 3000 + "7" + "}" * 3000, ""),
        ("[" * 100_000, "no complete JSON object"),
        ("'" + "n" * 1000, "no complete JSON object"),
    ],
)
def test_what_is_no_answer_is_complained_of(text: str, says: str) -> None:
    """Nothing is guessed; the complaint is short, since the model is sent it."""
    with pytest.raises(Malformed) as complaint:
        parse(text, Told)
    assert says in str(complaint.value) and len(str(complaint.value)) < 600
    assert "verdict" not in str(complaint.value) or "true" not in str(complaint.value)


@pytest.mark.parametrize(
    "text",
    [
        "<think>" * 40_000,
        "{" * 190_000,
        "```json\n" * 40_000,
        "```json\n" + " \n" * 100_000,
        "a" * 3_000_000,
    ],
    ids=["think", "brace", "fence", "blank", "letters"],
)
def test_a_model_in_a_loop_is_read_in_bounded_time(text: str) -> None:
    """In a process that may use two seconds: what is slow here holds the interpreter for minutes."""
    script = (
        "import resource, sys; from factcheck.provider.reply import Malformed, parse\n"
        "from factcheck.analysts.llm.shapes import JudgeReply\n"
        "text = sys.stdin.read()\n"
        "used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2])) + 1\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (used + 2, used + 2))\n"
        "try:\n    parse(text, JudgeReply)\nexcept Malformed:\n    print('refused')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=text, text=True, capture_output=True,
        timeout=60, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.stdout == "refused\n", f"ended by {done.returncode}"


@pytest.mark.parametrize("shape", [ExtractReply, JudgeReply, WriteReply])
def test_schemas_are_as_strict_servers_want_them(shape: type[BaseModel]) -> None:
    """Every object names all its properties as required and allows no others."""
    objects = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("type") == "object":
                objects.append(node)
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(strict_schema(shape))
    assert objects
    for node in objects:
        assert node["required"] == list(node["properties"]) and not node["additionalProperties"]


# ---------------------------------------------------------------- limits and prices


def test_calls_at_once_do_not_pass_a_limit_together() -> None:
    with answering(latency=0.05) as made, door(made, limits=Limits(calls=3), concurrency=8) as ask:
        answers = dict(ask.ask_all([question(str(n)) for n in range(12)]))
        assert len(made.requests) == 3 and ask.usage().calls == 3
    refused = [a for a in answers.values() if isinstance(a, BudgetReached)]
    assert len(answers) == 12 and len(refused) == 9
    assert all("--budget-calls" in a.hint for a in refused)


def test_tokens_under_way_are_counted_in() -> None:
    """Eight at once see each other's reservations: at the most two fit into the limit."""
    with (
        answering(latency=0.05) as made,
        door(made, limits=Limits(tokens=270), concurrency=8) as ask,
    ):
        answers = list(ask.ask_all([question(str(n)) for n in range(8)]))
        assert 1 <= len(made.requests) <= 2
        assert ask.usage().input_tokens + ask.usage().output_tokens <= 270
    assert sum(isinstance(a, BudgetReached) for _, a in answers) >= 6


def test_a_reservation_is_given_back() -> None:
    meter = Meter(Limits(tokens=100), None)
    ticket = meter.reserve(60, 30)
    with pytest.raises(BudgetReached):
        meter.reserve(10, 10)
    meter.settle(ticket, Usage(calls=1, input_tokens=10, output_tokens=5))
    meter.settle(meter.reserve(10, 10), Usage(calls=1))
    assert meter.usage() == Usage(calls=2, input_tokens=10, output_tokens=5)


def test_a_limit_of_nothing_asks_nothing() -> None:
    for limits in (Limits(calls=0), Limits(tokens=0), Limits(usd=0.0)):
        with (
            answering() as made,
            door(made, limits=limits, price=Price(1.0, 1.0, 1.0)) as ask,
        ):
            with pytest.raises(BudgetReached):
                ask.ask(question())
            assert made.requests == [] and ask.usage().calls == 0


def test_dollars_without_a_price() -> None:
    with pytest.raises(ConfigError, match="price"):
        Meter(Limits(usd=1.0), None)


def test_cached_input_has_its_own_price() -> None:
    price = Price(input=10.0, cached=1.0, output=100.0)
    usage = Usage(input_tokens=1000, cached_tokens=400, output_tokens=10)
    assert price.of(usage) == pytest.approx((600 * 10 + 400 * 1 + 10 * 100) / 1e6)


@pytest.mark.parametrize(
    ("model", "costs"),
    [
        ("gpt-x", 1.0),
        ("gpt-x-mini", 2.0),
        ("gpt-x-2025-04-14", 1.0),
        ("gpt-x-mini-2025-04-14", 2.0),
        ("gpt-x-nano", None),
        ("gpt-x-nano-2025-04-14", None),
        ("GPT-X", None),
        ("other", None),
        ("", None),
    ],
)
def test_the_price_of_a_name(model: str, costs: float | None) -> None:
    """A dated snapshot costs what its model costs; another size does not."""
    table = {"gpt-x": Price(1.0, 1.0, 1.0), "gpt-x-mini": Price(2.0, 2.0, 2.0)}
    price = price_of(model, table)
    assert (price.input if price else None) == costs


# ---------------------------------------------------------------- several at once, and stopping


@pytest.mark.parametrize("concurrency", [1, 3])
def test_no_more_at_once_than_set(concurrency: int) -> None:
    with answering(latency=0.03) as made, door(made, concurrency=concurrency) as ask:
        answers = list(ask.ask_all([question(str(n)) for n in range(9)]))
        assert made.peak == concurrency and len(made.requests) == 9
    assert sorted(n for n, _ in answers) == list(range(9)), "each number once"


def test_a_thread_that_finds_nothing_to_ask_holds_nothing_up(monkeypatch) -> None:
    """The work for the meantime waits while requests are prepared: none of them may seem to be for
    ever. Each thread here ends before the next begins, so that the first asks everything."""

    class OneAfterTheOther(threading.Thread):
        def start(self) -> None:
            super().start()
            self.join()

    with answering() as made, door(made, concurrency=3) as ask:
        with monkeypatch.context() as patched:
            patched.setattr(threading, "Thread", OneAfterTheOther)
            patched.setattr(ask, "ask", lambda _: "answered")
            assert len(list(ask.ask_all([question(str(n)) for n in range(3)]))) == 3
        done = []

        def steps() -> Iterator[None]:
            while True:
                done.append(len(made.requests))
                yield

        made.latency = 0.1
        assert len(list(ask.ask_all([question()], steps()))) == 1
    assert done, "nothing was done while the model was waited for"


def test_stopping_leaves_requests_behind_and_answers_all() -> None:
    plan = [None, *["timeout"] * 7]
    with answering(*plan) as made, door(made, concurrency=2, timeout=30.0) as ask:
        answers: dict[int, Any] = {}
        for number, answer in ask.ask_all([question(str(n)) for n in range(6)]):
            answers[number] = answer
            if len(answers) == 1:
                began = time.monotonic()
                ask.stop()
        assert time.monotonic() - began < 2
        assert len(answers) == 6 and len(made.requests) <= 3
    assert {getattr(a, "kind", "value") for a in answers.values()} == {"value", "interrupted"}


def test_stopping_ends_a_wait_for_the_next_try() -> None:
    with answering(rate_limited("30")) as made, door(made) as ask:
        threading.Timer(0.3, ask.stop).start()
        began = time.monotonic()
        with pytest.raises(ModelError) as stopped:
            ask.ask(question())
        assert stopped.value.kind == "interrupted" and time.monotonic() - began < 5
        assert len(made.requests) == 1


def test_what_ends_a_run_is_asked_once() -> None:
    with answering(*["401"] * 20) as made, door(made, concurrency=1) as ask:
        answers = [a for _, a in ask.ask_all([question(str(n)) for n in range(6)])]
        assert len(made.requests) == 1
    assert all(isinstance(a, ModelError) and a.kind == "auth" for a in answers)


def test_the_next_article_is_asked_about_again() -> None:
    with answering("dropped", "dropped") as made, door(made, retries=1) as ask:
        with pytest.raises(ModelError):
            ask.ask(question())
        ask.resume()
        assert ask.ask(question()) == Told(n=7, text="x")


def test_a_second_turn_carries_the_complaint(no_pause: None) -> None:
    with answering("wrong_schema") as made, door(made) as ask:
        assert ask.ask(question()).n == 7
        first, second = (r.body["messages"] for r in made.requests)
    assert second[: len(first)] == first and second[-2]["role"] == "assistant"
    assert "n: Field required" in second[-1]["content"]


# ---------------------------------------------------------------- waiting


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [("0.4", 0.4, 2.0), ("-5", 0, 1), ("nan", 0, 1), ("soon", 0, 1)],
)
def test_retry_after(no_pause: None, asked: str, least: float, most: float) -> None:
    with answering(rate_limited(asked)) as made, door(made) as ask:
        assert ask.ask(question()).n == 7
        first, second = (r.at for r in made.requests)
    assert least <= second - first < patience(most)


@pytest.mark.parametrize("asked", ["90", "61", "inf", "1e9"])
def test_no_wait_above_a_minute(asked: str) -> None:
    with answering(rate_limited(asked)) as made, door(made) as ask:
        with pytest.raises(ModelError) as error:
            ask.ask(question())
        assert error.value.kind == "rate_limit" and "asks to wait" in str(error.value)
        assert len(made.requests) == 1


def test_milliseconds(no_pause: None) -> None:
    limited = replace(rate_limited("50"), headers=(("Retry-After-Ms", "300"),))
    with answering(limited) as made, door(made) as ask:
        ask.ask(question())
        first, second = (r.at for r in made.requests)
    assert 0.3 <= second - first < patience(2)


def test_pauses_of_our_own_grow_and_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second, one, two: each shortened by chance so that many clients do not come at once."""
    pauses: list[float] = []
    with answering(*["500"] * 3) as made, door(made, retries=3) as ask:
        monkeypatch.setattr(ask._stop, "wait", lambda seconds: pauses.append(seconds))
        ask.ask(question())
        assert len(made.requests) == 4
    for pause, longest in zip(pauses, (0.5, 1.0, 2.0), strict=True):
        assert longest / 2 <= pause <= longest


# ---------------------------------------------------------------- what is kept


def test_an_edited_prompt_is_another_key(tmp_path: Path) -> None:
    edited = replace(PROMPT, sha256="b" * 64)
    with answering() as made, door(made, answers=tmp_path) as ask:
        for prompt, requests in ((PROMPT, 1), (PROMPT, 1), (edited, 2), (edited, 2)):
            ask.ask(question(prompt=prompt))
            assert len(made.requests) == requests
        ask.ask(question("something else"))
        assert len(made.requests) == 3 and ask.usage().replayed == 2


def test_kept_answers_hold_no_key(tmp_path: Path) -> None:
    with answering() as made, door(made, answers=tmp_path, memory=tmp_path) as ask:
        ask.ask(question())
    files = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert len(files) == 2 and not any(KEY in p.read_text(encoding="utf-8") for p in files)


@pytest.mark.parametrize(
    "kept",
    ["", "[]", "{}", '{"format": "telepathy", "at": 9e9}', '{"format": "text", "at": 5}',
     '{"format": "text", "more": 1, "at": 9e9}', '{"format": "text", "at": "x"}'],
)  # fmt: skip
def test_what_was_remembered_wrongly_or_long_ago_is_forgotten(tmp_path: Path, kept: str) -> None:
    memory = Memory(tmp_path, "http://127.0.0.1:1/v1", "m")
    memory.keep(Features(format="json_object"))
    assert memory.recall() == Features(format="json_object")
    assert Memory(tmp_path, "http://127.0.0.1:1/v1", "other").recall() is None
    [file] = tmp_path.iterdir()
    file.write_text(kept, encoding="utf-8")
    assert memory.recall() is None


def test_closing_closes_the_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    made_clients: list[httpx2.Client] = []
    make = httpx2.Client.__init__

    def tracked(self: httpx2.Client, *args: Any, **more: Any) -> None:
        made_clients.append(self)
        make(self, *args, **more)

    monkeypatch.setattr(httpx2.Client, "__init__", tracked)
    with answering() as made, door(made) as ask:
        ask.ask(question())
    assert made_clients and all(client.is_closed for client in made_clients)


# ---------------------------------------------------------------- settings and discovery


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FACTCHECK_TIMEOUT", "abc"), ("FACTCHECK_TIMEOUT", "0"), ("FACTCHECK_TIMEOUT", "-1"),
        ("FACTCHECK_TIMEOUT", "inf"), ("FACTCHECK_TIMEOUT", "nan"),
        ("FACTCHECK_RETRIES", "-1"), ("FACTCHECK_RETRIES", "1.5"), ("FACTCHECK_RETRIES", "99"),
        ("FACTCHECK_CONCURRENCY", "0"), ("FACTCHECK_CONCURRENCY", "many"),
        ("FACTCHECK_MAX_TOKENS", "1"), ("FACTCHECK_ANALYST", "oracle"),
    ],
)  # fmt: skip
def test_settings_that_make_no_sense(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as error:
        Settings.load()
    assert name in str(error.value) and error.value.exit_code == 3 and error.value.hint


def _settings(tmp_path: Path, **more: Any) -> Settings:
    return Settings.load(store=tmp_path / "s", cache=tmp_path / "c", api_key=KEY, **more)


def test_the_one_model_that_is_served(tmp_path: Path) -> None:
    with answering(models=("only-one",)) as made:
        analyst = analyst_for(_settings(tmp_path, base_url=made.url))
        assert analyst.model == "only-one" and made.requests == []
        analyst.close()


@pytest.mark.parametrize("models", [(), ("a", "b"), tuple(f"m{n}" for n in range(30))])
def test_one_of_several_models_is_not_guessed(tmp_path: Path, models: tuple[str, ...]) -> None:
    with answering(models=models) as made, pytest.raises(ConfigError) as error:
        analyst_for(_settings(tmp_path, base_url=made.url))
    assert f"offers {len(models)}" in str(error.value) and "--model" in error.value.hint
    assert all(m in str(error.value) for m in models[:8]) and len(str(error.value)) < 300


def _http(status: str, body: str) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Connection: close\r\n\r\n{body}".encode()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (None, "connection"),
        (_http("401 Unauthorized", '{"error": {"message": "no"}}'), "auth"),
        (_http("404 Not Found", "{}"), "model_not_found"),
        (_http("500 Oops", "{}"), "server"),
        (_http("307 Moved\r\nLocation: http://127.0.0.1:9/", ""), "request"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "connection"),
    ],
)
def test_a_server_that_cannot_say_what_it_serves(
    tmp_path: Path, answer: bytes | None, kind: str
) -> None:
    with canned(answer or b"") as address, pytest.raises(ModelError) as error:
        analyst_for(_settings(tmp_path, base_url=address if answer else free_address()))
    assert error.value.kind == kind and error.value.hint and error.value.exit_code == 5


@pytest.mark.parametrize("body", ["<html>Sign in</html>", '{"data": null}', "{}", '{"data": [1]}'])
def test_a_list_of_models_that_is_none(tmp_path: Path, body: str) -> None:
    """One error of ours, whatever stands there."""
    with canned(_http("200 OK", body)) as address, pytest.raises(FactcheckError) as error:
        analyst_for(_settings(tmp_path, base_url=address))
    assert error.value.hint and error.value.exit_code in (3, 5)


def test_discovery_does_not_show_a_repeated_key(tmp_path: Path) -> None:
    body = json.dumps({"error": {"message": f"Incorrect API key provided: {KEY}."}})
    with canned(_http("401 Unauthorized", body)) as address, pytest.raises(ModelError) as error:
        analyst_for(_settings(tmp_path, base_url=address))
    assert KEY not in str(error.value)


def test_without_a_key_or_an_address(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        analyst_for(Settings.load(store=tmp_path / "s", cache=tmp_path / "c", analyst="llm"))
    assert "OPENAI_API_KEY" in error.value.hint


def test_a_budget_for_the_local_analyst(tmp_path: Path) -> None:
    local = Settings.load(store=tmp_path / "s", cache=tmp_path / "c", analyst="local")
    with pytest.raises(UsageError):
        analyst_for(local, Limits(calls=1))


# ---------------------------------------------------------------- no key, no trace, no memory

ASK = """
import resource, sys
from factcheck.errors import ModelError
from factcheck.prompts import Prompt
from factcheck.provider import Provider, Question
from tests.llm.test_provider import PROMPT, Told, question

provider = Provider("m", base_url=sys.argv[1], api_key="k", timeout=20, max_tokens=400, retries=0)
print(provider.ask(question()).n)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    provider.ask(question("more"))
except ModelError as error:
    print(error.kind)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def _asked_by_a_process(address: str, **variables: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", ASK, address], cwd=ROOT, capture_output=True, text=True, timeout=60,
        check=True, env={"PATH": os.environ.get("PATH", ""), "HOME": "/nonexistent"} | variables,
    )  # fmt: skip
    return done.stdout.split()


def test_a_huge_answer_costs_no_memory() -> None:
    """Fifty megabytes in one piece are cut off at the limit, before they are put together."""
    with answering(None, "huge_reply") as made:
        first, kind, grown = _asked_by_a_process(made.url)
    assert (first, kind) == ("7", "protocol") and int(grown) < 20_000  # kilobytes


@pytest.mark.parametrize(
    "names",
    [
        ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"),
        ("LANGCHAIN_TRACING",),
        ("LANGSMITH_TRACING_V2",),
    ],
)
def test_nothing_leaves_for_a_tracing_service(names: tuple[str, ...]) -> None:
    """The user's environment may trace other programs; an unpublished article is not for it."""
    variables = dict.fromkeys(names, "true")
    with answering() as tracer, answering() as made:
        for prefix in ("LANGSMITH", "LANGCHAIN"):
            variables |= {f"{prefix}_ENDPOINT": tracer.url.removesuffix("/v1"),
                          f"{prefix}_API_KEY": "lsv2_pt_x"}  # fmt: skip
        assert _asked_by_a_process(made.url, **variables)[0] == "7"
        assert [r.path for r in tracer.requests] == []


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_no_key_in_any_error(no_pause: None, name: str) -> None:
    """The message is one line that a person can read, with what to do, and without the key."""
    if name == "huge_reply":
        fault: Fault = replace(FAULTS[name], change=lambda _: "a" * 2_000_000, piece=2_000_000)
    else:
        fault = replace(FAULTS[name], piece=max(FAULTS[name].piece, 400))
    with answering(*[fault] * 9) as made, door(made, timeout=0.7) as ask:
        try:
            assert ask.ask(question()).n == 7
        except ModelError as error:
            shown = str(error) + error.hint
            assert KEY not in shown and error.hint and len(str(error)) < 500
            assert "\n" not in str(error) and "<html" not in str(error)
        assert len(made.requests) <= 4


def test_a_client_is_made_once_however_many_ask_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes a tenth of a second of work; with a model file it would be one model for each."""
    from factcheck.provider.chat import Chat

    made: list[int] = []
    real = Chat._openai

    def counted(self: Chat) -> Any:
        made.append(1)
        time.sleep(0.05)
        return real(self)

    monkeypatch.setattr(Chat, "_openai", counted)
    with ModelServer(lambda body: ANSWER) as served, door(served) as provider:
        answers = dict(provider.ask_all([question(str(n)) for n in range(8)]))
    assert all(isinstance(a, Told) for a in answers.values()) and len(answers) == 8
    assert made == [1]


def test_a_format_refused_as_a_fault_of_the_server_is_not_asked_for_again() -> None:
    """Some servers say so with status 500; any other 500 teaches nothing."""
    said = 'response_format type must be one of "text" or "json_object", but got: json_schema'
    refused = Fault("500_format", 500, {"error": {"message": said, "type": "server_error"}})

    def script(n: int, body: Body) -> Fault | str | None:
        asked = (body.get("response_format") or {}).get("type")
        return refused if asked == "json_schema" else QUICK

    with ModelServer(lambda body: ANSWER, script=script) as made, door(made) as provider:
        assert provider.ask(question()).n == 7
        assert provider.features.format == "json_object" and len(made.requests) == 2
    broken = lambda n, body: FAULTS["500"] if n == 0 else QUICK  # noqa: E731
    with ModelServer(lambda body: ANSWER, script=broken) as made, door(made) as provider:
        assert provider.ask(question()).n == 7
        assert provider.features.format == "json_schema"
