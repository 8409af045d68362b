"""Another maker's models through LangChain: the maker's real package against a loopback server that
speaks its protocol (Anthropic's Messages, as its reference documents them)."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.llm import brains
from tests.llm.conftest import BY_MODEL, CLAIMS, KEY, SENTENCES, Lab

pytest.importorskip("langchain_anthropic", reason="langchain-anthropic is not installed")
Body = dict[str, Any]
Answer = Callable[[int, Body], "tuple[int, dict[str, str], Body] | str | None"]
MODEL = "anthropic:claude-scripted"


@dataclass
class Maker:
    """A server of the Messages protocol. `wrong` may give another stop reason, or a status, headers and
    an error, in the place of a good answer."""

    wrong: Answer = lambda n, body: None
    url: str = ""
    requests: list[tuple[Body, dict[str, str]]] = field(default_factory=list)

    def reply(self, body: Body, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        self.requests.append((body, headers))
        said = brains.plain(_as_openai(body))
        wrong = self.wrong(len(self.requests), body)
        if isinstance(wrong, tuple):
            return (
                wrong[0],
                wrong[1] | {"content-type": "application/json"},
                json.dumps(wrong[2]).encode(),
            )
        stop = wrong or "end_turn"
        text = {"max_tokens": said[: len(said) // 2], "refusal": ""}.get(stop, said)
        usage = {"input_tokens": 100, "cache_read_input_tokens": 40, "cache_creation_input_tokens": 0,
                 "output_tokens": 30}  # fmt: skip
        message = {"id": "msg_1", "type": "message", "role": "assistant", "model": body["model"],
                   "content": [{"type": "text", "text": text}], "stop_reason": stop,
                   "stop_sequence": None, "usage": usage}  # fmt: skip
        if not body.get("stream"):
            return 200, {"content-type": "application/json"}, json.dumps(message).encode()
        events: list[Body] = [
            {"type": "message_start", "message": message | {
                "content": [], "stop_reason": None, "usage": usage | {"output_tokens": 1}}},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
            {"type": "ping"},
            *({"type": "content_block_delta", "index": 0,
               "delta": {"type": "text_delta", "text": text[i : i + 500]}}
              for i in range(0, len(text), 500)),
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None},
             "usage": usage},
            {"type": "message_stop"},
        ]  # fmt: skip
        data = "".join(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in events)
        return 200, {"content-type": "text/event-stream"}, data.encode()


def _as_openai(body: Body) -> Body:
    """The request as our scripted minds read it."""
    system = body["system"]
    text = system if isinstance(system, str) else "".join(part["text"] for part in system)
    return {"messages": [{"role": "system", "content": text}, *body["messages"]]}


@contextmanager
def maker(wrong: Answer = lambda n, body: None) -> Iterator[Maker]:
    made = Maker(wrong)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            sent = {k.lower(): v for k, v in self.headers.items()}
            assert self.path == "/v1/messages"
            status, headers, data = made.reply(body, sent)
            self.send_response(status)
            for name, value in (headers | {"content-length": str(len(data))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def check(lab: Lab, made: Maker | str, *args: object, holds: bool = True, **more: str) -> Any:
    url = made if isinstance(made, str) else made.url
    return lab.check("", "--no-cache", *args, "--model", MODEL, holds=holds,
                     ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL=url, OPENAI_API_KEY="", **more)  # fmt: skip


def _error(status: int, kind: str, message: str, **headers: str) -> Any:
    named = {k.replace("_", "-"): v for k, v in headers.items()}
    return status, named, {"type": "error", "error": {"type": kind, "message": message}}


def test_a_whole_check(lab: Lab) -> None:
    """Streamed, by the maker's key, counted, with the laws held."""
    with maker() as made:
        run = check(lab, made)
    assert run.code == 0 and len(run.verdicts) == CLAIMS and BY_MODEL in run.explanations
    assert len(made.requests) == 4 and all(body["stream"] for body, _ in made.requests)
    assert all(KEY in headers.get("x-api-key", headers.get("authorization", ""))
               for _, headers in made.requests)  # fmt: skip
    assert all(body["model"] == "claude-scripted" for body, _ in made.requests)
    assert all(body["max_tokens"] == 1000 for body, _ in made.requests)
    usage = run.note["usage"]
    assert usage["calls"] == 4 and usage["output_tokens"] == 4 * 30 and not usage["estimated"]
    assert usage["input_tokens"] == 4 * 140 and usage["cached_tokens"] == 4 * 40
    assert run.note["provenance"]["model"] == MODEL


def test_its_price(lab: Lab) -> None:
    file = lab.folder / "config" / "factcheck" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(f'[prices."{MODEL}"]\ninput = 10.0\ncached = 1.0\noutput = 50.0\n')
    with maker() as made:
        run = check(lab, made)
    assert run.note["usage"]["usd"] == pytest.approx(4 * (100 * 10 + 40 * 1 + 30 * 50) / 1e6)


@pytest.mark.parametrize(
    ("wrong", "kind", "requests", "hint"),
    [
        (_error(401, "authentication_error", "invalid x-api-key"), "auth", 1, "key"),
        (_error(403, "permission_error", "not allowed"), "auth", 1, "key"),
        (_error(404, "not_found_error", "model: claude-scripted"), "model_not_found", 1, "--model"),
        (_error(429, "rate_limit_error", "slow down", retry_after="0"), "rate_limit", 2, "later"),
        (_error(529, "overloaded_error", "Overloaded"), "server", 2, "later"),
        (_error(400, "invalid_request_error", "bad field"), "request", 1, "request"),
        ("refusal", "refusal", 1, "--model"),
    ],
)
def test_faults(lab: Lab, wrong: Any, kind: str, requests: int, hint: str) -> None:
    with maker(lambda n, body: wrong) as made:
        run = check(lab, made)
    assert run.code == 5 and run.kinds == {("extract", kind)}
    assert len(made.requests) == requests and hint in run.err
    assert run.unread == list(range(SENTENCES))


def test_what_is_too_long_is_asked_in_parts(lab: Lab) -> None:
    """In the maker's words, and by its reason to stop."""
    long = _error(400, "invalid_request_error", "prompt is too long: 5000 tokens > 4096 maximum")

    def wrong(n: int, body: Body) -> Any:
        asked = _as_openai(body)
        if brains.step(asked) == "extract" and len(brains.sentences(asked)) > 3:
            return long
        if brains.step(asked) == "judge" and len(brains.claims(asked)) > 1:
            return "max_tokens"
        return None

    with maker(wrong) as made:
        run = check(lab, made)
    assert run.code == 0 and len(run.verdicts) == CLAIMS and run.note["faults"] == []


def test_a_model_that_takes_no_temperature(lab: Lab) -> None:
    def wrong(n: int, body: Body) -> Any:
        if "temperature" in body:
            return _error(
                400, "invalid_request_error", "`temperature` is not supported by this model"
            )
        return None

    with maker(wrong) as made:
        run = check(lab, made)
    assert run.code == 0 and len(made.requests) == 5


def test_nobody_there(lab: Lab) -> None:
    run = check(lab, "http://127.0.0.1:9", FACTCHECK_RETRIES="0")
    assert run.code == 5 and run.kinds == {("extract", "connection")}


def test_without_its_key(lab: Lab) -> None:
    """A maker whose key is missing is a matter of configuration, or refused: never a verdict."""
    with maker(lambda n, body: _error(401, "authentication_error", "no key")) as made:
        run = lab.check("", "--no-cache", "--model", MODEL, holds=False, ANTHROPIC_API_KEY="",
                        ANTHROPIC_BASE_URL=made.url, OPENAI_API_KEY="")  # fmt: skip
    assert run.code in (3, 5) and "Traceback" not in run.err and run.err.strip()


def test_a_maker_that_is_not_installed(lab: Lab) -> None:
    run = lab.check("", "--model", "perplexity:x", holds=False, OPENAI_API_KEY="")
    assert run.code == 3 and not run.note and "pip install langchain-perplexity" in run.err
