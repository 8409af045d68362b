"""The scripted model server does what it says, seen through the client that the product uses."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import openai
import pytest

from tests.llm.server import (
    ALL_CAPABILITIES,
    FAULTS,
    HUGE,
    Fault,
    ModelServer,
    rate_limited,
    redirect_to,
)

GOOD = json.dumps({"claims": [{"text": "Inflasi 2,61% pada Maret", "quote": "٢٫٦١"}], "note": None})
MESSAGES: list[Any] = [{"role": "user", "content": "x" * 400}]


@dataclass(frozen=True)
class Heard:
    """What a client makes of one answer; `error` is the name of what the library raised."""

    content: str | None = None
    refusal: str | None = None
    finish: str | None = None
    usage: Any = None
    error: str | None = None


@pytest.fixture(scope="module")
def client() -> Iterator[openai.OpenAI]:
    with openai.OpenAI(api_key="sk-x", base_url="http://127.0.0.1:9", max_retries=0) as made:
        yield made


def ask(
    client: openai.OpenAI, server: ModelServer, stream: bool, at_most: float = HUGE + 1, **more: Any
) -> Heard:
    """One question; the answer is put together by hand, and left when it passes `at_most`."""
    api = client.with_options(base_url=server.url).chat.completions
    content, refusal, finish, usage = "", "", None, None
    try:
        if not stream:
            whole = api.create(model="m", messages=MESSAGES, **more)
            first = whole.choices[0]
            said = first.message
            return Heard(said.content, said.refusal, first.finish_reason, whole.usage)
        more.setdefault("stream_options", {"include_usage": True})
        with api.create(model="m", messages=MESSAGES, stream=True, **more) as chunks:
            for chunk in chunks:
                usage = chunk.usage or usage
                for choice in chunk.choices or []:
                    content += choice.delta.content or ""
                    refusal += choice.delta.refusal or ""
                    finish = choice.finish_reason or finish
                if len(content) >= at_most:
                    break
    except Exception as failure:
        return Heard(content, refusal, finish, usage, type(failure).__name__)
    return Heard(content, refusal or None, finish, usage)


@pytest.mark.parametrize("stream", [False, True])
def test_a_good_answer(client: openai.OpenAI, stream: bool) -> None:
    with ModelServer(lambda body: GOOD) as server:
        heard = ask(client, server, stream, temperature=0)
        assert (heard.content, heard.finish, heard.refusal) == (GOOD, "stop", None)
        assert heard.usage.prompt_tokens == 100
        assert heard.usage.completion_tokens == len(GOOD) // 4
        assert heard.usage.prompt_tokens_details.cached_tokens == 0
        [request] = server.requests
        assert request.body["temperature"] == 0 and request.path == "/v1/chat/completions"
        assert request.headers["authorization"] == "Bearer sk-x"
        assert request.at <= time.monotonic() and server.peak == 1


def test_models_are_listed(client: openai.OpenAI) -> None:
    with ModelServer(lambda body: GOOD, models=("a", "b")) as server:
        listed = client.with_options(base_url=server.url).models.list()
        assert [model.id for model in listed] == ["a", "b"]
        assert server.requests == []


STATUS = {
    "401": "AuthenticationError", "403": "PermissionDeniedError", "404": "NotFoundError",
    "404_html": "NotFoundError", "400": "BadRequestError", "429": "RateLimitError",
    "context_too_long_openai": "BadRequestError", "context_too_long_vllm": "BadRequestError",
    "context_too_long_llamacpp": "BadRequestError", "429_long": "RateLimitError",
    "429_bare": "RateLimitError", "insufficient_quota": "RateLimitError",
    "500": "InternalServerError", "503_html": "InternalServerError",
    "redirect": "APIConnectionError", "timeout": "APITimeoutError",
    "dropped": "APIConnectionError",
}  # fmt: skip
CONTENT = {
    "truncated_json": (GOOD[: len(GOOD) * 2 // 3], "length"),
    "fenced_json": (f"```json\n{GOOD}\n```", "stop"),
    "prose_around_json": (f"Sure! Here is the JSON:\n\n{GOOD}\n\nHope it helps.", "stop"),
    "think_tags": (f"<think>\nIs it {{so}}? Let me see.\n</think>\n\n{GOOD}", "stop"),
    "content_filter_partial": (GOOD[: len(GOOD) // 2], "content_filter"),
    "content_filter_empty": ("", "content_filter"),
    "empty_content": ("", "stop"),
    "missing_usage": (GOOD, "stop"),
}
ODD = {
    "stall", "cut_stream", "mid_stream_error", "endless_reply", "wrong_schema", "invalid_json",
    "refusal", "null_content", "huge_reply", "empty_choices", "null_choices", "error_body_200",
    "html_200", "garbage_bytes",
}  # fmt: skip


def test_every_fault_is_tested_here() -> None:
    assert set(FAULTS) == STATUS.keys() | CONTENT.keys() | ODD
    assert all(name == fault.name for name, fault in FAULTS.items() if "_" not in name)


@pytest.mark.parametrize("stream", [False, True])
def test_refusals_by_status_and_by_silence(client: openai.OpenAI, stream: bool) -> None:
    names = list(STATUS)
    with ModelServer(lambda body: GOOD, script=lambda n, body: names[n - 1]) as server:
        patience = {"timeout": 0.1}
        heard = {
            name: ask(client, server, stream, timeout=patience.get(name, 10)).error
            for name in names
        }
    assert heard == STATUS


@pytest.mark.parametrize("stream", [False, True])
def test_content_that_is_not_what_was_asked(client: openai.OpenAI, stream: bool) -> None:
    names = list(CONTENT)
    with ModelServer(lambda body: GOOD, script=lambda n, body: names[n - 1]) as server:
        heard = {name: ask(client, server, stream) for name in names}
    assert {name: (h.content, h.finish) for name, h in heard.items()} == CONTENT
    assert {name for name, h in heard.items() if h.usage is None} == {"missing_usage"}


@pytest.mark.parametrize("stream", [False, True])
def test_odd_answers(client: openai.OpenAI, stream: bool) -> None:
    order: list[str] = []
    with ModelServer(lambda body: GOOD, script=lambda n, body: order[-1]) as server:

        def heard(name: str, **more: Any) -> Heard:
            order.append(name)
            return ask(client, server, stream, **more)

        assert heard("wrong_schema").content != GOOD
        assert json.loads(heard("wrong_schema").content or "")
        with pytest.raises(ValueError):
            json.loads(heard("invalid_json").content or "")
        assert "can't assist" in (heard("refusal").refusal or "")
        assert not heard("refusal").content
        assert heard("null_content").content == ("" if stream else None)
        assert len(heard("huge_reply").content or "") == HUGE
        for name in ("empty_choices", "null_choices"):
            said = heard(name)
            assert said.error in ((None,) if stream else ("IndexError", "TypeError"))
            assert not said.content and (not stream or said.usage.prompt_tokens == 100)
        for name in ("error_body_200", "html_200", "garbage_bytes"):
            said = heard(name)
            assert not said.content and (stream or said.error), name
        broken = heard("stall", timeout=0.3), heard("cut_stream"), heard("mid_stream_error")
        assert [said.error for said in broken] == (
            ["APITimeoutError", "APIConnectionError", "APIError"]
            if stream
            else ["APITimeoutError", "APIConnectionError", "InternalServerError"]
        )
        if stream:
            assert all(said.content and GOOD.startswith(said.content) for said in broken)
            assert len(heard("endless_reply", at_most=1e6).content or "") >= 1e6


@contextmanager
def raw(server: ModelServer, **body: Any) -> Iterator[http.client.HTTPResponse]:
    """The response as it is, with no library's reading of it."""
    with closing(http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=5)) as connection:
        sent = json.dumps({"messages": MESSAGES} | body)
        connection.request("POST", "/v1/chat/completions", sent)
        yield connection.getresponse()


def test_what_goes_over_the_wire() -> None:
    plan: list[Fault | str | None] = [
        None, "429", "429_long", "429_bare", rate_limited("0.05"), redirect_to("http://x.test/v1"),
        "endless_reply", "garbage_bytes", "error_body_200", "404",
    ]  # fmt: skip
    with ModelServer(lambda body: GOOD, script=lambda n, body: plan[n - 1]) as server:
        with raw(server, stream=True) as good:
            events = good.read().decode().split("\n\n")
        assert events[-2:] == ["data: [DONE]", ""] and len(events) == len(GOOD) // 12 + 1 + 4
        assert "usage" not in events[-3]
        waits = []
        for _ in range(4):
            with raw(server) as limited:
                waits.append((limited.status, limited.headers["retry-after"]))
        assert waits == [(429, "0.2"), (429, "90"), (429, None), (429, "0.05")]
        with raw(server) as moved:
            assert (moved.status, moved.headers["location"]) == (307, "http://x.test/v1")
        with raw(server) as endless:  # plain: an object whose content never closes
            assert GOOD[2:8] in endless.read(1_000_000).decode(errors="ignore")
        with raw(server) as noise, pytest.raises(UnicodeDecodeError):
            noise.read().decode()
        with raw(server) as busy:
            assert busy.status == 200 and "overloaded" in json.loads(busy.read())["error"]["type"]
        with raw(server, model='a "b"') as missing:
            assert '`a "b"`' in json.loads(missing.read())["error"]["message"]


@pytest.mark.parametrize(
    ("lacking", "asked", "words"),
    [
        ("json_schema", {"response_format": {"type": "json_schema"}}, "of type 'json_schema'"),
        ("json_object", {"response_format": {"type": "json_object"}}, "of type 'json_object'"),
        ("temperature", {"temperature": 0}, "'temperature' does not support 0 with this model"),
        ("stream_options", {"stream_options": {"include_usage": True}}, "Unrecognized request"),
        ("max_completion_tokens", {"max_completion_tokens": 9}, "Use 'max_tokens' instead"),
    ],
)
def test_what_the_server_lacks(lacking: str, asked: dict[str, Any], words: str) -> None:
    with ModelServer(lambda body: GOOD, capabilities=ALL_CAPABILITIES - {lacking}) as server:
        with raw(server, **asked) as refused:
            assert refused.status == 400
            assert words in json.loads(refused.read())["error"]["message"]
        with raw(server, temperature=1) as accepted:
            assert accepted.status == 200


def test_a_server_without_streaming_answers_plainly() -> None:
    with (
        ModelServer(lambda body: GOOD, capabilities=ALL_CAPABILITIES - {"stream"}) as server,
        raw(server, stream=True) as plain,
    ):
        assert json.loads(plain.read())["choices"][0]["message"]["content"] == GOOD


def test_requests_in_flight_are_counted(client: openai.OpenAI) -> None:
    together = threading.Barrier(4, timeout=5)

    def brain(body: dict[str, Any]) -> str:
        together.wait()  # nobody is answered before all four are there
        return GOOD

    with ModelServer(brain) as server, ThreadPoolExecutor(4) as pool:
        assert all(h.content == GOOD for h in pool.map(lambda _: ask(client, server, True), "abcd"))
        assert server.peak == 4 and len(server.requests) == 4
        stamps = [request.at for request in server.requests]
        assert stamps == sorted(stamps)


def test_one_after_another_is_one_in_flight(client: openai.OpenAI) -> None:
    with ModelServer(lambda body: GOOD, latency=0.02) as server:
        began = time.monotonic()
        assert all(ask(client, server, n % 2 == 0).content == GOOD for n in range(5))
        assert time.monotonic() - began >= 0.1 and server.peak == 1


def test_closing_does_not_wait_for_clients() -> None:
    def read(_: str) -> bytes:
        with raw(server) as response:
            return response.read()

    plan = ["timeout", "stall", "endless_reply"]
    with ThreadPoolExecutor(3) as pool:
        with ModelServer(lambda body: GOOD, script=lambda n, body: plan[n - 1]) as server:
            asked = [pool.submit(read, name) for name in plan]
            while len(server.requests) < 3:
                time.sleep(0.01)
            began = time.monotonic()
        assert time.monotonic() - began < 2
        assert all(isinstance(a.exception(), (http.client.HTTPException, OSError)) for a in asked)
    assert not [t.name for t in threading.enumerate() if t.name.startswith("model-server")]


def test_a_broken_brain_is_not_mistaken_for_a_server_error() -> None:
    def brain(body: dict[str, Any]) -> str:
        raise LookupError("the brain's own mistake")

    with pytest.raises(LookupError), ModelServer(brain) as server, raw(server) as answer:
        assert answer.status == 500


def test_faults_can_be_varied() -> None:
    gone = replace(FAULTS["500"], status=529, name="529")
    with (
        ModelServer(lambda body: GOOD, script=lambda n, body: gone) as server,
        raw(server) as answer,
    ):
        assert answer.status == 529
