"""The door to language models: LangChain over the OpenAI protocol, every fault one typed error.

The response format is passed in `extra_body`, so that the raw text, the finish reason, a refusal
and the usage are there whatever the server answered; the reply is validated here. One layer
retries (here, bounded, honouring `is_retryable`), the client itself never does.
"""

from __future__ import annotations

import json
import os
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from factcheck.errors import ConfigError, ModelError
from factcheck.models import Usage

Shape = TypeVar("Shape", bound=BaseModel)
_FENCE = re.compile(r"^\s*```(?:json)?\s*|\s*```\s*$")
_THINKING = re.compile(r"<think>.*?</think>", re.DOTALL)
_OVERFLOW = ("context_length_exceeded", "exceed_context_size_error")


@dataclass(frozen=True, slots=True)
class Reply(Generic[Shape]):
    """A validated answer, the text it came as, and what it cost."""

    value: Shape
    text: str
    usage: Usage


class Provider:
    """One model at one address.

    `model` is its name; `base_url` and `api_key` default to OPENAI_BASE_URL and OPENAI_API_KEY, so
    that any server that speaks the protocol can be used. `timeout` is in seconds and always set.
    """

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        timeout: float = 60.0,
        max_tokens: int = 4096,
        retries: int = 2,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not model:
            raise ConfigError("no model is named", hint="Set FACTCHECK_MODEL or pass --model.")
        self.model = model
        self._address = {"base_url": base_url, "api_key": api_key}
        self._timeout, self._max_tokens, self._retries = timeout, max_tokens, retries
        self._sleep = sleep
        self._chat: Any = None

    def complete(self, system: str, user: str, shape: type[Shape]) -> Reply[Shape]:
        """Ask, and validate the answer against `shape`. Raises ModelError with its `kind`."""
        messages = [("system", system), ("user", user)]
        for attempt in range(self._retries + 1):
            try:
                return self._once(messages, shape)
            except ModelError as error:
                if not error.retryable or attempt == self._retries:
                    raise
                self._sleep(min(8.0, 0.5 * 2**attempt) * (0.5 + random.random()))  # noqa: S311
        raise AssertionError("unreachable")

    def _once(self, messages: list[tuple[str, str]], shape: type[Shape]) -> Reply[Shape]:
        started = time.monotonic()
        try:
            message = self._bound(shape).invoke(messages)
        except Exception as error:
            raise _classified(error) from error
        text = str(message.text)
        finish = message.response_metadata.get("finish_reason")
        if refusal := message.additional_kwargs.get("refusal"):
            raise ModelError(f"the model refused: {refusal}", kind="refusal")
        if finish == "content_filter":
            raise ModelError("the answer was stopped by a content filter", kind="content_filter")
        spent = message.usage_metadata or {}
        try:
            value = shape.model_validate_json(_FENCE.sub("", _THINKING.sub("", text)).strip())
        except ValidationError as error:
            if finish == "length":
                raise ModelError("the answer was cut off", kind="truncated") from error
            raise ModelError(
                f"the answer does not have the asked form ({error.error_count()} faults)",
                kind="schema",
            ) from error
        usage = Usage(
            calls=1,
            input_tokens=int(spent.get("input_tokens", 0)),
            output_tokens=int(spent.get("output_tokens", 0)),
            seconds=time.monotonic() - started,
        )
        return Reply(value, text, usage)

    def _bound(self, shape: type[BaseModel]) -> Any:
        if self._chat is None:
            # Article text must not leave for a tracing service because of the user's environment.
            os.environ["LANGSMITH_TRACING"] = "false"
            os.environ["LANGCHAIN_TRACING_V2"] = "false"
            from langchain_openai import ChatOpenAI

            given = {k: v for k, v in self._address.items() if v}
            try:
                self._chat = ChatOpenAI(
                    model=self.model,
                    timeout=self._timeout,
                    max_retries=0,
                    temperature=0,
                    max_tokens=self._max_tokens,  # type: ignore[call-arg]
                    use_responses_api=False,
                    **given,  # type: ignore[arg-type]
                )
            except Exception as error:
                raise ConfigError(
                    f"the model cannot be set up: {error}", hint="Set OPENAI_API_KEY."
                ) from error
        wanted = {
            "type": "json_schema",
            "json_schema": {
                "name": shape.__name__,
                "strict": True,
                "schema": shape.model_json_schema(),
            },
        }
        return self._chat.bind(extra_body={"response_format": wanted})


def _classified(error: Exception) -> Exception:
    """The error of ours for one of the client's; anything unknown is given back as it is."""
    import openai

    body = getattr(error, "body", None)
    code = str(getattr(error, "code", "") or "")
    kind = str(body.get("type", "")) if isinstance(body, dict) else ""
    said = str(error).splitlines()[0][:300] if str(error) else type(error).__name__
    if code in _OVERFLOW or kind in _OVERFLOW or "maximum context length" in str(error):
        return ModelError(said, kind="context_overflow", hint="Use a model with a longer context.")
    if code == "insufficient_quota":
        return ModelError(said, kind="quota", hint="Check the account's plan and billing.")
    for raised, name, retryable, hint in (
        (openai.AuthenticationError, "auth", False, "Check OPENAI_API_KEY."),
        (openai.PermissionDeniedError, "auth", False, "Check what the key is allowed to do."),
        (
            openai.NotFoundError,
            "model_not_found",
            False,
            "Check the model's name and OPENAI_BASE_URL.",
        ),
        (openai.RateLimitError, "rate_limit", True, "Try again later."),
        (openai.APITimeoutError, "timeout", True, "Try again later."),
        (
            openai.APIConnectionError,
            "connection",
            True,
            "Is the server running at OPENAI_BASE_URL?",
        ),
        (openai.InternalServerError, "server", True, "Try again later."),
        (openai.APIStatusError, "request", False, "The server did not take the request."),
    ):
        if isinstance(error, raised):
            return ModelError(said, kind=name, retryable=retryable, hint=hint)
    if isinstance(
        error, IndexError | TypeError | AttributeError | ValueError | json.JSONDecodeError
    ):
        return ModelError(
            f"the server's answer is not of the protocol: {said}", kind="protocol", retryable=True
        )
    return error
