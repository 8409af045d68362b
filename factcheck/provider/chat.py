"""One chat model by its name, through LangChain: ask once, get text, finish reason and usage.

    gpt-4.1-mini              OpenAI, or the server at OPENAI_BASE_URL
    anthropic:claude-...      another maker, when its LangChain package is installed
    gguf:/path/model.gguf     a file, run in this process (extra `local`)

The response format goes in `extra_body`: LangChain's own structured output loses the text of an
answer that is cut, fenced or refused. The HTTP client follows no redirect, so that nothing leaves
for another address than the configured one, and an answer may be neither endless nor huge.
"""

from __future__ import annotations

import os
import re
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factcheck.errors import ConfigError, ModelError
from factcheck.models import Usage
from factcheck.provider.events import EVENTS, joined
from factcheck.provider.features import Features
from factcheck.provider.gguf import GgufServer

OPENAI = "https://api.openai.com/v1"
MAKERS = (
    "anthropic", "google_genai", "google_vertexai", "mistralai", "groq", "cohere", "bedrock",
    "bedrock_converse", "azure_openai", "azure_ai", "deepseek", "xai", "perplexity", "together",
    "fireworks", "huggingface", "openrouter", "ollama",
)  # fmt: skip
_BYTES_A_TOKEN = 500  # a streamed token with its wrapping
_SPARE = 500_000
Message = tuple[str, str]  # role and text


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as it came. `usage` counts one call; `finish` is the server's reason to stop."""

    text: str
    finish: str
    refusal: str
    usage: Usage


class Chat:
    """A chat model. `timeout` is in seconds for a whole answer; `stopped` ends one early."""

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None,
        api_key: str | None,
        timeout: float,
        max_tokens: int,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.model, self.timeout, self.max_tokens = model, timeout, max_tokens
        self._base_url, self._api_key, self._stopped = base_url, api_key, stopped
        self._server: GgufServer | None = None
        self._made: Any = None
        self._making = (
            threading.Lock()
        )  # a model is loaded, and a client made, once for all threads
        self._client: Any = None
        self._heated = True  # whether another maker's client was made with a temperature
        self.preparing: set[threading.Thread] = set()  # those whose request is yet to leave
        maker, _, name = model.partition(":")
        self._other = bool(name) and maker in MAKERS and not base_url
        self._gguf = Path(name) if maker == "gguf" and name else None

    @property
    def address(self) -> str:
        """Where requests go, for people and for what is remembered."""
        if self._gguf:
            return "in this process"
        if self._other:
            return self.model.partition(":")[0]
        return (self._base_url or OPENAI).rstrip("/")

    def features(self) -> Features:
        """What to ask for at first."""
        if self._other:
            return Features(format="text", stream=True)
        field = "max_completion_tokens" if self.address == OPENAI else "max_tokens"
        return Features(tokens_field=field)

    def send(self, messages: Sequence[Message], schema: dict[str, Any], with_: Features) -> Said:
        """One request. Raises whatever the client raises; see `faults`."""
        bound = self._bound(schema, with_)
        if self._other:
            self._leaves()
        with _untraced():
            if not with_.stream:
                return self._said(messages, bound.invoke(list(messages)))
            whole: Any = None
            for chunk in bound.stream(list(messages)):
                if self._stopped():
                    raise ModelError("stopped", kind="interrupted")
                whole = chunk if whole is None else whole + chunk
        if whole is None:
            raise ValueError("the answer holds no event")
        return self._said(messages, whole)

    def _leaves(self, _: Any = None) -> None:
        self.preparing.discard(threading.current_thread())

    def blotted(self, text: str) -> str:
        """The text without the key, should a server have repeated it."""
        return text.replace(self._api_key, "(key)") if self._api_key else text

    def close(self) -> None:
        """Let go of connections, and stop a server of our own."""
        if self._client is not None:
            self._client.close()
        self._made = self._client = None
        if self._server is not None:
            self._server.close()
            self._server = None

    def _said(self, messages: Sequence[Message], message: Any) -> Said:
        text = str(message.text)
        spent = message.usage_metadata or {}
        asked = _count(spent.get("input_tokens"))  # no request has none: then nobody counted
        details = spent.get("input_token_details") or {}
        meta = message.response_metadata or {}
        return Said(
            text=text,
            finish=str(meta.get("finish_reason") or meta.get("stop_reason") or ""),
            refusal=str(message.additional_kwargs.get("refusal") or ""),
            usage=Usage(
                calls=1,
                input_tokens=asked or sum(tokens(t) for _, t in messages),
                cached_tokens=_count(details.get("cache_read")),
                output_tokens=_count(spent.get("output_tokens")) if asked else tokens(text),
                estimated=not asked,
            ),
        )

    # ------------------------------------------------------------ making the client

    def _bound(self, schema: dict[str, Any], with_: Features) -> Any:
        made = self._once(with_)
        if self._other:
            return made
        body: dict[str, Any] = {with_.tokens_field: self.max_tokens} if with_.tokens_field else {}
        if with_.temperature:
            body["temperature"] = 0
        if with_.format == "json_schema":
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": schema["title"], "strict": True, "schema": schema},
            }
        elif with_.format == "json_object":
            body["response_format"] = {"type": "json_object"}
        extra: dict[str, Any] = {"extra_body": body}
        if with_.stream:
            extra["stream_usage"] = with_.stream_usage
        return made.bind(**extra)

    def _once(self, with_: Features) -> Any:
        with self._making:
            if self._other and self._heated is not with_.temperature:
                self._made = None
            if self._made is None:
                os.environ.pop("LANGCHAIN_TRACING", None)  # LangChain refuses to work with it
                warnings.filterwarnings(
                    "ignore", category=UserWarning, module=r"langchain_openai\b"
                )
                self._made = self._of_other_maker(with_) if self._other else self._openai()
            return self._made

    def _openai(self) -> Any:
        import httpx2
        from langchain_openai import ChatOpenAI

        if self._gguf:
            self._server = GgufServer(self._gguf)
        url = self._server.url if self._server else self._base_url
        key = self._api_key or ("none" if url else None)
        if key is None:
            raise ConfigError(
                f"no key for the model {self.model}",
                hint="Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own.",
            )
        self._client = httpx2.Client(
            timeout=httpx2.Timeout(self.timeout, connect=min(10.0, self.timeout)),
            follow_redirects=False,
            trust_env=not _loopback(url),  # no proxy stands between a machine and itself
            event_hooks={"request": [self._leaves], "response": [self._limit]},
        )
        return ChatOpenAI(
            model=self._server.model if self._server else self.model,
            base_url=url or OPENAI,
            api_key=key,  # type: ignore[arg-type]
            timeout=self.timeout,
            max_retries=0,
            use_responses_api=False,
            http_client=self._client,
        )

    def _of_other_maker(self, with_: Features) -> Any:
        self._heated = with_.temperature
        maker = self.model.partition(":")[0]
        try:
            from langchain.chat_models import init_chat_model

            return init_chat_model(
                self.model,
                temperature=0 if with_.temperature else None,
                timeout=self.timeout,
                max_tokens=self.max_tokens,
                max_retries=0,
            )
        except ImportError as error:
            raise ConfigError(
                f"the package for models of {maker} is not installed",
                hint=f"pip install langchain-{maker.replace('_', '-')}",
            ) from error
        except Exception as error:
            raise ConfigError(
                f"the model {self.model} cannot be set up: {str(error).splitlines()[0][:200]}",
                hint="Is the maker's key set in the environment? See docs/models.md.",
            ) from error

    def _limit(self, response: Any) -> None:
        """Hold the body of an answer to a size and a time."""
        limit = _SPARE + self.max_tokens * _BYTES_A_TOKEN
        stream = _limited(response.stream, limit, time.monotonic() + self.timeout, self._stopped)
        told = response.headers
        if told.get("content-type", "").startswith(EVENTS) and "content-encoding" not in told:
            stream = _stream(joined(stream), stream.close)
        response.stream = stream


def _untraced() -> AbstractContextManager[Any]:
    """Article text does not leave for a tracing service because of the user's environment."""
    if os.environ.get("FACTCHECK_TRACING"):
        return nullcontext()
    from langsmith import tracing_context

    return tracing_context(enabled=False)


def _limited(stream: Any, limit: int, deadline: float, stopped: Callable[[], bool]) -> Any:
    import httpx2

    def parts() -> Iterator[bytes]:
        size = 0
        for part in stream:
            size += len(part)
            if stopped():
                raise ModelError("stopped", kind="interrupted")
            if size > limit:
                raise ModelError(
                    f"the answer is longer than {limit // 1000} kB and was cut off",
                    kind="protocol",
                    hint="The server does not end its answers.",
                )
            if time.monotonic() > deadline:
                raise httpx2.ReadTimeout("the answer did not end in time")
            yield part

    return _stream(parts(), stream.close)


def _stream(parts: Iterator[bytes], close: Callable[[], None]) -> Any:
    import httpx2

    class Stream(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            return parts

        def close(self) -> None:
            close()

    return Stream()


def tokens(text: str) -> int:
    """About how many tokens a text has: four bytes of UTF-8 make one."""
    return len(text.encode("utf-8", "replace")) // 4 + 1


def _loopback(url: str | None) -> bool:
    return bool(url and re.match(r"https?://(?:localhost|127\.|\[::1\])", url))


def _count(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def served(base_url: str, api_key: str | None, timeout: float = 10.0) -> list[str]:
    """The names of the models that a server offers. Raises ModelError."""
    import httpx2
    import openai

    from factcheck.provider.faults import classified

    try:
        with httpx2.Client(
            timeout=timeout, follow_redirects=False, trust_env=not _loopback(base_url)
        ) as http:
            client = openai.OpenAI(
                base_url=base_url, api_key=api_key or "none", max_retries=0, http_client=http
            )
            return [m.id for m in client.models.list().data]
    except Exception as error:
        fault = classified(error)
        said = str(fault).replace(api_key, "(key)") if api_key else str(fault)
        raise ModelError(said, kind=fault.kind, hint=fault.hint) from error
