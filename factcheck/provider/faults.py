"""Every way in which a request can fail, as one ModelError with a `kind`, a hint and its wait.

kind               may be tried again   ends the run's requests
auth               no                   yes   401, 403
quota              no                   yes   the account is out of money
model_not_found    no                   yes   404
rate_limit         yes                  no    429
timeout            yes                  no    no answer in time, or one without end
connection         yes                  yes   nobody there, or cut off (when tries are used up)
server             yes                  no    500 to 599, or an error inside the answer
protocol           yes                  no    not an answer of this protocol
context_overflow   no                   no    the request is longer than the model's context; who asks may
                                              ask about less
request            no                   no    any other 4xx
refusal, content_filter, truncated, schema    the model's own; see `door`
interrupted        no                   yes   the editor stopped it
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from factcheck.errors import ModelError

ENDING = frozenset({"auth", "quota", "model_not_found", "connection", "interrupted"})
# OpenAI, vLLM, SGLang, Mistral; llama.cpp; LM Studio, Ollama; Anthropic; Google
_OVERFLOW = (
    "context_length_exceeded",
    "exceed_context_size_error",
    "context length",
    "context size",
    "context window",
    "context limit",
    "prompt is too long",
    "reduce the length",
    "input token count",
)
# LangChain's own classes, then those of the clients below (httpx's, and Python's).
_CLASSES = {
    "ContextOverflowError": "context_overflow",
    "ModelRefusalError": "refusal",
    "ModelTimeoutError": "timeout",
    "TimeoutException": "timeout",
    "TimeoutError": "timeout",
    "ModelConnectionError": "connection",
    "TransportError": "connection",
    "ConnectionError": "connection",
}
_HINTS = {
    "auth": "Check the maker's key in the environment.",
    "model_not_found": "Check the model's name (--model).",
    "rate_limit": "Try again later.",
    "server": "Try again later.",
    "timeout": "Try again later, or raise FACTCHECK_TIMEOUT.",
    "connection": "Is the maker's server running, and can it be reached?",
    "request": "The server did not take the request.",
    "context_overflow": "Use a model with a longer context.",
    "refusal": "Try another model with --model.",
}
_RETRYABLE = frozenset({"rate_limit", "server", "timeout", "connection"})
_LIMIT = re.compile(r"maximum context length is (\d+)")
_PROMPT = re.compile(r"(\d+) (?:in the messages|input tokens|of text input)")
_TOO_LARGE = re.compile(r"max_(?:completion_)?tokens\W* is too large")


def classified(error: BaseException) -> ModelError:
    """The error of ours for one of a client library's."""
    import httpx2
    import openai

    if isinstance(error, ModelError):
        return error
    said = _said(error)
    code = str(getattr(error, "code", "") or "")
    if _overflow(error, code, said):
        return ModelError(said, kind="context_overflow", hint="Use a model with a longer context.")
    if code == "insufficient_quota" or "insufficient_quota" in said:
        return ModelError(said, kind="quota", hint="Check the account's plan and billing.")
    for raised, kind, retryable, hint in (
        (openai.AuthenticationError, "auth", False, "Check OPENAI_API_KEY."),
        (openai.PermissionDeniedError, "auth", False, "Check what the key is allowed to do."),
        (openai.NotFoundError, "model_not_found", False,
         "Check the model's name (--model) and the address (OPENAI_BASE_URL)."),
        (openai.RateLimitError, "rate_limit", True, "Try again later."),
        (openai.APITimeoutError, "timeout", True, "Try again later, or raise FACTCHECK_TIMEOUT."),
        (openai.APIConnectionError, "connection", True,
         "Is the server running at OPENAI_BASE_URL?"),
        (openai.InternalServerError, "server", True, "Try again later."),
        (openai.APIResponseValidationError, "protocol", True,
         "Does OPENAI_BASE_URL speak the OpenAI protocol?"),
        (openai.APIStatusError, "request", False, "The server did not take the request."),
        (httpx2.TimeoutException, "timeout", True, "Try again later, or raise FACTCHECK_TIMEOUT."),
        (httpx2.HTTPError, "connection", True, "The connection broke off; try again."),
        (openai.APIError, "server", True, "Try again later."),
    ):  # fmt: skip
        if isinstance(error, raised):
            return ModelError(
                said, kind=kind, retryable=retryable, hint=hint, wait=_retry_after(error)
            )
    if other := _of_other_maker(error):
        return ModelError(
            said, kind=other, retryable=other in _RETRYABLE, hint=_HINTS[other],
            wait=_retry_after(error),
        )  # fmt: skip
    if error.args and isinstance(error.args[0], dict):  # an error inside an answer with status 200
        return ModelError(said, kind="server", retryable=True, hint="Try again later.")
    return ModelError(
        f"the server's answer is not of the protocol ({type(error).__name__})",
        kind="protocol",
        retryable=True,
        hint="Does OPENAI_BASE_URL speak the OpenAI protocol?",
    )


def _of_other_maker(error: BaseException) -> str | None:
    """The kind of an error of another maker's client, by its status or by its classes' names."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status >= 300:
        other = "server" if status >= 500 else "request"
        return {401: "auth", 403: "auth", 404: "model_not_found", 429: "rate_limit"}.get(
            status, other
        )
    names = {c.__name__ for c in type(error).__mro__}
    return next((kind for name, kind in _CLASSES.items() if name in names), None)


def message_of(error: BaseException) -> str:
    """What the server itself said, for deciding what it cannot do."""
    body: Any = getattr(error, "body", None)
    try:
        return f"{error} {json.dumps(body)}".casefold()
    except (TypeError, ValueError):
        return str(error).casefold()


def answer_too_long(message: str) -> bool:
    """Does a refusal (lower case) say that the prompt fits and the length asked for does not?"""
    limit, prompt = _LIMIT.search(message), _PROMPT.search(message)
    if limit and prompt:
        return int(prompt[1]) < int(limit[1])
    return bool(_TOO_LARGE.search(message))


def _said(error: BaseException) -> str:
    """The first line of what the server said, with the status in front."""
    body: Any = getattr(error, "body", None) or (error.args[0] if error.args else None)
    text = str(error)
    if isinstance(body, dict) and isinstance(body.get("error"), dict):
        body = body["error"]
    if isinstance(body, dict) and isinstance(body.get("message"), str):
        text = body["message"]
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    status = getattr(error, "status_code", None)
    if not isinstance(status, int):
        return first[:300] if first and "<" not in first else type(error).__name__
    if 300 <= status < 400:
        return f"{status}: the server sends on to another address, which is not followed"
    if not first or first.startswith("Error code:") or "<html" in first.casefold():
        first = HTTPStatus(status).phrase if status in set(HTTPStatus) else "no message"
    return f"{status}: {first[:300]}"


def _overflow(error: BaseException, code: str, said: str) -> bool:
    if getattr(error, "status_code", 400) not in (400, 413, 422):
        return False
    message = message_of(error)
    return code in _OVERFLOW or any(words in message or words in said for words in _OVERFLOW)


def _retry_after(error: BaseException) -> float | None:
    """The seconds that a server asks to wait."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers.get(name, "")) / unit)
        except ValueError:
            continue
    try:
        at = parsedate_to_datetime(headers.get("retry-after", ""))
        return max(0.0, (at - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
