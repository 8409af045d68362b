"""A model server on loopback that speaks the OpenAI chat protocol and can go wrong in every way.

It is real HTTP on a real socket: what is tested is the client's whole path, time-outs, cut
connections and proxies' error pages included, and not our idea of what a library would raise.
"""

from __future__ import annotations

import json
import random
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Any, Literal, Self

Body = dict[str, Any]
Brain = Callable[[Body], str]  # request body -> the content of the answer

PIECE = 12  # characters of content in one streamed chunk
HUGE = 50_000_000
ALL_CAPABILITIES = frozenset(
    "json_schema json_object stream temperature stream_options max_completion_tokens".split()
)


@dataclass(frozen=True)
class Fault:
    """How an answer goes wrong. The defaults are those of a good answer.

    Tests may make their own, most easily with `dataclasses.replace(FAULTS[...], ...)`.
    """

    name: str
    status: int = 200
    payload: Body | str | bytes | None = None  # said instead of an answer: JSON, a page, noise
    headers: tuple[tuple[str, str], ...] = ()
    change: Callable[[str], str | None] = str  # what becomes of the brain's answer
    field: Literal["content", "refusal"] = "content"  # where the message carries it
    finish: str = "stop"
    choices: Literal["one", "none", "null"] = "one"
    usage: bool = True
    piece: int = PIECE
    wire: Literal["whole", "silence", "drop", "stall", "cut", "error", "endless"] = "whole"

    @property
    def answers(self) -> bool:
        """Whether the server gets as far as asking the model."""
        return self.payload is None and self.wire not in ("silence", "drop")


@dataclass(frozen=True)
class Request:
    """One POST as it arrived. Header names are in lower case."""

    body: Body
    headers: dict[str, str]
    path: str
    at: float  # time.monotonic()


GOOD = Fault("good")


def _error(
    message: str, kind: str = "invalid_request_error", param: str | None = None, code: Any = None
) -> Body:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def rate_limited(retry_after: str | None) -> Fault:
    """429, with the wait the server asks for or without one."""
    said = _error("Rate limit reached for requests", "requests", None, "rate_limit_exceeded")
    headers = () if retry_after is None else (("Retry-After", retry_after),)
    return Fault("429", 429, said, headers)


def redirect_to(url: str) -> Fault:
    """307 to another address: the client would carry the article and its key there."""
    return Fault("redirect", 307, "", (("Location", url),))


def _page(title: str) -> str:
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"


def _other_shape(_: str) -> str:
    return json.dumps({"unexpected": [{"thing": 1}], "note": None})


def _noise() -> bytes:
    return bytes(random.Random(7).choices([*range(0x80, 0x100), 0x0A], k=600))


SERVER_ERROR = _error("The server had an error while processing your request.", "server_error")
_CONTEXT = "This model's maximum context length is 4096 tokens. However, "
_OPENAI_CONTEXT = (
    _CONTEXT + "your messages resulted in 5000 tokens. Please reduce the length of the messages."
)
_VLLM_CONTEXT = (
    _CONTEXT + "you requested 5000 tokens (4500 in the messages, 500 in the completion). "
    "Please reduce the length of the messages or completion."
)
_LLAMACPP_CONTEXT = {
    "code": 400,
    "message": "request (5000 tokens) exceeds the available context size (4096 tokens), "
    "try increasing it",
    "type": "exceed_context_size_error",
    "n_prompt_tokens": 5000,
    "n_ctx": 4096,
}
_NO_MONEY = _error(
    "You exceeded your current quota, please check your plan and billing details.",
    "insufficient_quota",
    code="insufficient_quota",
)
_NO_MODEL = "The model `{model}` does not exist or you do not have access to it."
_DECLINED = "I'm sorry, but I can't assist with that request."

FAULTS: dict[str, Fault] = {
    fault.name: fault
    for fault in (
        # The server refuses, and says so with a status.
        Fault("401", 401, _error("Incorrect API key provided: sk-x.", code="invalid_api_key")),
        Fault("403", 403, _error("Country, region, or territory not supported", code="forbidden")),
        Fault("404", 404, _error(_NO_MODEL, code="model_not_found")),
        Fault("404_html", 404, _page("404 Not Found")),
        Fault("400", 400, _error("Invalid value for 'messages'.", param="messages")),
        Fault(
            "context_too_long_openai",
            400,
            _error(_OPENAI_CONTEXT, param="messages", code="context_length_exceeded"),
        ),
        Fault("context_too_long_llamacpp", 400, {"error": _LLAMACPP_CONTEXT}),
        Fault("context_too_long_vllm", 400, _error(_VLLM_CONTEXT, "BadRequestError", code=400)),
        rate_limited("0.2"),
        replace(rate_limited("90"), name="429_long"),
        replace(rate_limited(None), name="429_bare"),
        Fault("insufficient_quota", 429, _NO_MONEY),
        Fault("500", 500, SERVER_ERROR),
        Fault("503_html", 503, _page("503 Service Temporarily Unavailable")),
        redirect_to("http://127.0.0.1:9/v1/chat/completions"),
        # The connection fails.
        Fault("timeout", wire="silence"),
        Fault("stall", wire="stall"),
        Fault("dropped", wire="drop"),
        Fault("cut_stream", wire="cut"),
        Fault("mid_stream_error", wire="error"),
        Fault("endless_reply", wire="endless", piece=4096),
        # The content is not what was asked for.
        Fault("truncated_json", change=lambda good: good[: len(good) * 2 // 3], finish="length"),
        Fault("fenced_json", change="```json\n{}\n```".format),
        Fault("prose_around_json", change="Sure! Here is the JSON:\n\n{}\n\nHope it helps.".format),
        Fault("think_tags", change="<think>\nIs it {{so}}? Let me see.\n</think>\n\n{}".format),
        Fault("wrong_schema", change=_other_shape),
        Fault("invalid_json", change=lambda good: "{'answer': " + good[1:-1] + ",,"),
        Fault("refusal", change=lambda _: _DECLINED, field="refusal"),
        Fault(
            "content_filter_partial",
            change=lambda good: good[: len(good) // 2],
            finish="content_filter",
        ),
        Fault("content_filter_empty", change=lambda _: "", finish="content_filter"),
        Fault("empty_content", change=lambda _: ""),
        Fault("null_content", change=lambda _: None),
        Fault("huge_reply", change=lambda _: "a" * HUGE, piece=HUGE),
        # The envelope is not what the protocol says.
        Fault("empty_choices", choices="none"),
        Fault("null_choices", choices="null"),
        Fault("missing_usage", usage=False),
        Fault("error_body_200", 200, _error("Model is overloaded", "overloaded", code=529)),
        Fault("html_200", 200, _page("Sign in to the newsroom network")),
        Fault("garbage_bytes", 200, _noise()),
    )
}


def _lacking(body: Body, capabilities: frozenset[str]) -> Body | None:
    """What a server says that lacks something the request uses, in real servers' words."""
    kind = (body.get("response_format") or {}).get("type")
    if kind in ("json_schema", "json_object") and kind not in capabilities:
        return _error(
            f"Invalid parameter: 'response_format' of type '{kind}' is not supported with this "
            "model."
        )
    heat = body.get("temperature")
    if heat not in (None, 1) and "temperature" not in capabilities:
        return _error(
            f"Unsupported value: 'temperature' does not support {heat} with this model. "
            "Only the default (1) value is supported.",
            param="temperature",
            code="unsupported_value",
        )
    if body.get("stream_options") is not None and "stream_options" not in capabilities:
        return _error("Unrecognized request argument supplied: stream_options")
    if "max_completion_tokens" in body and "max_completion_tokens" not in capabilities:
        return _error(
            "Unsupported parameter: 'max_completion_tokens' is not supported with this model. "
            "Use 'max_tokens' instead.",
            param="max_completion_tokens",
            code="unsupported_parameter",
        )
    return None


def _usage(body: Body, said: str) -> Body:
    """Four characters a token, near enough for a budget."""
    asked = 0
    for message in body.get("messages") or []:
        content = message.get("content") or ""
        parts = [content] if isinstance(content, str) else [p.get("text", "") for p in content]
        asked += sum(map(len, parts))
    return {
        "prompt_tokens": asked // 4,
        "completion_tokens": len(said) // 4,
        "total_tokens": asked // 4 + len(said) // 4,
        "prompt_tokens_details": {"cached_tokens": 0},
    }


def _envelope(kind: str, body: Body) -> Body:
    model = body.get("model", "scripted")
    return {"id": "chatcmpl-1", "object": kind, "created": 1_700_000_000, "model": model}


def _completion(body: Body, fault: Fault, said: str | None) -> Body:
    """The answer in one piece."""
    message = {"role": "assistant", "content": None, "refusal": None, fault.field: said}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": fault.finish}
    choices = {"one": [choice], "none": [], "null": None}[fault.choices]
    made = _envelope("chat.completion", body) | {"choices": choices}
    return made | {"usage": _usage(body, said or "")} if fault.usage else made


def _chunks(body: Body, fault: Fault, said: str | None) -> Iterator[Body]:
    """The answer as the objects of a stream."""
    counted = fault.usage and bool((body.get("stream_options") or {}).get("include_usage"))
    base = _envelope("chat.completion.chunk", body) | ({"usage": None} if counted else {})

    def chunk(delta: Body, finish: str | None = None) -> Body:
        return base | {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

    if fault.choices == "one":
        opening = None if said is None or fault.field == "refusal" else ""
        yield chunk({"role": "assistant", "content": opening})
        for start in range(0, len(said or ""), fault.piece):
            yield chunk({fault.field: (said or "")[start : start + fault.piece]})
        yield chunk({}, fault.finish)
    else:
        yield base | {"choices": [] if fault.choices == "none" else None}
    if counted:
        yield base | {"choices": [], "usage": _usage(body, said or "")}


def _encode(thing: object) -> bytes:
    return json.dumps(thing, ensure_ascii=False).encode()


class _Handler(BaseHTTPRequestHandler):
    """One connection. Bytes leave here; what they say is decided above."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Listener
    in_flight = False

    def do_GET(self) -> None:
        models = [{"id": m, "object": "model", "owned_by": "tests"} for m in self.owner.models]
        if self.path == "/v1/models":
            self._reply(200, {"object": "list", "data": models})
        else:
            self._reply(404, _error(f"Invalid URL (GET {self.path})"))

    def do_POST(self) -> None:
        try:
            sent = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))))
        except ValueError:
            sent = None
        body = sent if isinstance(sent, dict) else {}
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.began = time.monotonic()
        n = self.owner._arrived(body, headers, self.path)
        self.in_flight = True
        try:
            self._answer(n, body)
        except OSError:  # the client has gone away, or the server is closing
            self.close_connection = True
        finally:
            self._leave()

    def _answer(self, n: int, body: Body) -> None:
        if self.path != "/v1/chat/completions":
            return self._reply(404, _error(f"Invalid URL (POST {self.path})"))
        if not body:
            return self._reply(400, _error("We could not parse the JSON body of your request."))
        try:
            fault, said = self.owner._decide(n, body)
        except Exception as failure:  # the test's own code broke: leaving the server raises it
            self.owner._failures.append(failure)
            return self._reply(500, _error(f"the test's brain or script raised {failure!r}"))
        streaming = bool(body.get("stream")) and "stream" in self.owner.capabilities
        events = (
            list(map(_event, _chunks(body, fault, said))) if streaming and fault.answers else []
        )
        spread = self.owner.spread and bool(body.get("stream"))
        if not spread and self._closed_before(
            self.owner.latency
        ):  # thinking is part of the latency
            return self._hang_up()
        if fault.wire == "silence":
            return self._wait_until_gone()
        if fault.wire == "drop":
            return self._hang_up()
        if fault.payload is not None:
            return self._refuse(fault, body, streaming)
        if fault.wire == "endless":
            return self._never_end(body, fault, said, streaming)
        if streaming:
            return self._stream(events, fault.wire)
        if fault.wire == "error":
            return self._reply(500, SERVER_ERROR)
        return self._reply(200, _completion(body, fault, said), wire=fault.wire)

    def _refuse(self, fault: Fault, body: Body, streaming: bool) -> None:
        payload = fault.payload
        if isinstance(payload, bytes):  # noise goes under the label of what was asked for
            kind = "text/event-stream" if streaming else "application/json"
            return self._reply(fault.status, payload, (*fault.headers, ("Content-Type", kind)))
        if isinstance(payload, dict):
            name = json.dumps(str(body.get("model")))[1:-1]
            payload = json.loads(json.dumps(payload).replace("{model}", name))
        return self._reply(fault.status, payload, fault.headers)

    def _reply(
        self,
        status: int,
        payload: Body | str | bytes | None,
        headers: tuple[tuple[str, str], ...] = (),
        wire: str = "whole",
    ) -> None:
        """A plain response; with "cut" or "stall" half of the bytes it promises."""
        if isinstance(payload, dict):
            data, kind = _encode(payload), ("Content-Type", "application/json")
        elif isinstance(payload, str):
            data, kind = payload.encode(), ("Content-Type", "text/html; charset=utf-8")
        else:
            data, kind = payload or b"", ("Cache-Control", "no-store")
        self._head(status, kind, *headers, ("Content-Length", str(len(data))))
        if wire == "whole":
            self._leave()
            self.wfile.write(data)
        else:
            self.wfile.write(data[: len(data) // 2])
            self._break(wire)

    def _closed_before(self, seconds: float) -> bool:
        """Wait until so long after the request came; True when the server is closed meanwhile."""
        return self.owner._closing.wait(max(0.0, self.began + seconds - time.monotonic()))

    def _stream(self, events: list[bytes], wire: str) -> None:
        """Server-sent events, each in an HTTP chunk of its own."""
        self._head(200, *_EVENTS)
        broken = wire != "whole"
        shown = events[: max(2, len(events) // 2)] if broken else events
        if self.owner.spread:
            for number, event in enumerate(shown, 1):
                self._closed_before(self.owner.latency * number / len(shown))
                self._write(event)
        else:
            self.wfile.write(b"".join(map(_chunk, shown)))
        if wire in ("cut", "stall"):
            return self._break(wire)
        self._leave()
        if wire == "error":
            self._write(_event(SERVER_ERROR))
        else:
            self._write(b"data: [DONE]\n\n")
        return self._write(b"")

    def _never_end(self, body: Body, fault: Fault, said: str | None, streaming: bool) -> None:
        """The answer again and again, as a model does that is caught in a loop."""
        text = said or "and "
        text *= 1 + fault.piece // len(text)
        if streaming:
            self._head(200, *_EVENTS)
            chunks = list(_chunks(body, replace(fault, piece=len(text)), text))
            start, again = (b"data: " + _encode(chunk) + b"\n\n" for chunk in chunks[:2])
        else:
            self._head(200, ("Content-Type", "application/json"), _CHUNKED)
            start, _ = _encode(_completion(body, fault, "\0")).split(b"\\u0000")
            again = _encode(text)[1:-1]
        self._write(start)
        while True:  # until the client, or the server, closes the connection
            self._write(again)

    def _head(self, status: int, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (*headers, ("x-request-id", "req_test")):
            self.send_header(name, value)
        self.end_headers()

    def _write(self, data: bytes) -> None:
        self.wfile.write(_chunk(data))

    def _break(self, wire: str) -> None:
        return self._hang_up() if wire == "cut" else self._wait_until_gone()

    def _hang_up(self) -> None:
        self._leave()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _wait_until_gone(self) -> None:
        """Sleep until the other side closes; the server, when it closes, ends the wait too."""
        self.close_connection = True
        while self.connection.recv(1, socket.MSG_PEEK):
            if self.owner._closing.wait(0.01):
                break

    def _leave(self) -> None:
        """Count the request as done before its last bytes, so that a client who has read them
        and sends the next is not counted twice."""
        if self.in_flight:
            self.in_flight = False
            self.owner._left()

    @property
    def owner(self) -> ModelServer:
        return self.server.owner

    def log_message(self, *_: object) -> None:
        """Say nothing: the log is ModelServer.requests."""


def _event(told: Body) -> bytes:
    return b"data: " + _encode(told) + b"\n\n"


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


_CHUNKED = ("Transfer-Encoding", "chunked")
_EVENTS = (("Content-Type", "text/event-stream; charset=utf-8"), _CHUNKED)


class _Listener(socketserver.ThreadingTCPServer):
    """Knows its connections and threads, so that closing ends both.

    It is not an HTTPServer because that one looks up its own host's name when it binds.
    """

    request_queue_size = 128

    def __init__(self, owner: ModelServer) -> None:
        self.owner = owner
        self.guard = threading.Lock()
        self.connections: set[socket.socket] = set()
        self.threads: list[threading.Thread] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self.guard:
            self.connections.add(request)
        thread = threading.Thread(
            target=self.process_request_thread,
            args=(request, client_address),
            name="model-server-connection",
            daemon=True,
        )
        self.threads.append(thread)
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        with self.guard:
            self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        failure = sys.exception()
        if isinstance(failure, Exception) and not isinstance(failure, OSError):
            self.owner._failures.append(failure)

    def hang_up_on_all(self) -> None:
        with self.guard:
            for connection in self.connections:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:  # the client was faster
                    continue
        for thread in self.threads:
            thread.join(5)


class ModelServer:
    """The server, up for the length of a `with` block.

    `script` is asked for the n-th POST (from 1) and names the fault for it; None is a good answer.
    If `brain` or `script` raises, the client gets a 500 and leaving the block raises it again.
    """

    url: str  # http://127.0.0.1:PORT/v1

    def __init__(
        self,
        brain: Brain,
        *,
        script: Callable[[int, Body], Fault | str | None] = lambda n, body: None,
        latency: float = 0.0,
        spread: bool = False,
        capabilities: frozenset[str] = ALL_CAPABILITIES,
        models: tuple[str, ...] = ("scripted",),
    ) -> None:
        if capabilities - ALL_CAPABILITIES:
            raise ValueError(f"no such capability: {sorted(capabilities - ALL_CAPABILITIES)}")
        self.brain = brain
        self.script = script
        self.latency = latency  # seconds until an answer is whole
        self.spread = spread  # a streamed answer comes bit by bit over them, not at once at the end
        self.capabilities = capabilities
        self.models = models
        self.requests: list[Request] = []  # every POST, in order of arrival
        self.peak = 0  # most requests in flight at once
        self._in_flight = 0
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._failures: list[Exception] = []

    def __enter__(self) -> Self:
        self._closing.clear()
        self._listener = _Listener(self)
        self.url = f"http://127.0.0.1:{self._listener.server_address[1]}/v1"
        self._thread = threading.Thread(
            target=self._listener.serve_forever, args=(0.02,), name="model-server", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._listener.shutdown()
        self._thread.join()
        self._listener.hang_up_on_all()
        self._listener.server_close()
        if failure is None and self._failures:
            raise self._failures[0]
        if failure is None and any(thread.is_alive() for thread in self._listener.threads):
            raise RuntimeError("a connection of the model server did not end; does its brain wait?")

    def _arrived(self, body: Body, headers: dict[str, str], path: str) -> int:
        with self._lock:
            self.requests.append(Request(body, headers, path, time.monotonic()))
            self._in_flight += 1
            self.peak = max(self.peak, self._in_flight)
            return len(self.requests)

    def _left(self) -> None:
        with self._lock:
            self._in_flight -= 1

    def _decide(self, n: int, body: Body) -> tuple[Fault, str | None]:
        """The fault for a request and what the model says, if it gets to say anything."""
        named = self.script(n, body)
        fault = FAULTS[named] if isinstance(named, str) else named or GOOD
        if not fault.answers:
            return fault, None
        complaint = _lacking(body, self.capabilities)
        if complaint is not None:
            return Fault("lacking", 400, complaint), None
        return fault, fault.change(self.brain(body))
