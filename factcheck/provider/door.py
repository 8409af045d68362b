"""The door to language models: a question goes in, a validated value or one typed error comes out.

One layer retries (here): bounded, with jitter, honouring what the server asks for. An answer that
cannot be used gets one more turn, with the complaint; after that it is an error. Nothing that goes
wrong here ever becomes a value.
"""

from __future__ import annotations

import queue
import random
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from factcheck.errors import BudgetReached, FactcheckError, ModelError
from factcheck.models import Usage
from factcheck.prompts import Prompt
from factcheck.provider.answers import Answers
from factcheck.provider.budget import Limits, Meter, Price
from factcheck.provider.chat import Chat, Message, Said, tokens
from factcheck.provider.faults import ENDING, answer_too_long, classified, message_of
from factcheck.provider.features import FORMAT, Features, Memory
from factcheck.provider.reply import Malformed, parse
from factcheck.provider.stopping import Stop

Shape = TypeVar("Shape", bound=BaseModel)
_LEARN = 6  # refusals of a feature that one request may meet
_PATIENCE = 60.0  # seconds that a server may ask to wait
_LONGEST = 16.0
_PAUSE = 0.002
_IDLE = object()
_NOTHING: Iterator[None] = iter(())
_CUT = (
    "length",
    "max_tokens",
    "model_length",
)  # reasons to stop: the answer's length, the context's
_WORDLESS = ("content_filter", "refusal", *_CUT)  # reasons for which an answer may be empty
_EXPECTED = 0.25  # of max_tokens: the length of an answer for the budget


@dataclass(frozen=True)
class Question(Generic[Shape]):
    """One thing to ask: a prompt, its inputs, the shape of the answer.

    `check` may complain about a value of the right shape ("" when content); the model then gets
    one chance to mend it, and the last usable value stands.
    """

    prompt: Prompt
    values: Mapping[str, str]
    shape: type[Shape]
    check: Callable[[Any], str] = lambda _: ""


class Provider:
    """One model at one address, for one run. Safe to use from several threads."""

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        timeout: float = 120.0,
        max_tokens: int = 6000,
        retries: int = 2,
        concurrency: int = 8,
        limits: Limits | None = None,
        price: Price | None = None,
        meter: Meter | None = None,
        answers: Path | None = None,
        memory: Path | None = None,
    ) -> None:
        self.model = model
        self._stop = Stop()
        self._chat = Chat(
            model, base_url=base_url, api_key=api_key, timeout=timeout, max_tokens=max_tokens,
            stopped=self._stop.is_set,
        )  # fmt: skip
        self._retries, self._concurrency, self._max_tokens = retries, concurrency, max_tokens
        self._meter = meter or Meter(limits or Limits(), price)
        self._answers = Answers(answers)
        self._memory = Memory(memory, self._chat.address, model)
        self._features = self._memory.recall() or self._chat.features()
        self._sure = False  # a request has shown that the server has these features
        self._ended: ModelError | None = None
        self._lock = threading.Lock()

    # ------------------------------------------------------------ what callers use

    def ask(self, question: Question[Shape]) -> Shape:
        """The answer. Raises ModelError, or BudgetReached before a request that passes a limit."""
        key = self._key(question)
        if (kept := self._answers.get(key)) is not None:
            try:
                value = parse(kept, question.shape)
            except Malformed:
                pass
            else:
                self._meter.replayed()
                return value
        if kind := self._answers.get(self._key(question, *self._too_long())):
            raise ModelError(
                "too long for the model when it was asked before",
                kind=kind,
                hint="Ask again with --no-cache, or use a model with longer answers.",
            )
        value, text, content = self._conversation(question)
        if content:
            self._answers.put(key, text)
        return value

    def in_parts(self, question: Question[Shape], kind: str) -> None:
        """Remember that a question was too long and is asked in parts, so that a check done again
        need not find that out again; it is forgotten with another `max_tokens`."""
        self._answers.put(self._key(question, *self._too_long()), kind)

    def ask_all(
        self, questions: Sequence[Question[Shape]], meanwhile: Iterator[None] = _NOTHING
    ) -> Iterator[tuple[int, Shape | FactcheckError]]:
        """Ask several at once; (number, value or error) as they come in, each number once.

        `meanwhile` is work for the caller's thread while it waits, one short step at a time; it does
        not begin while a request is being prepared, which it would only hold up. After
        `stop` the rest comes at once as errors of kind "interrupted"; requests under way are left
        behind.
        """
        preparing = self._chat.preparing
        todo: queue.SimpleQueue[int] = queue.SimpleQueue()
        done: queue.SimpleQueue[tuple[int, Shape | FactcheckError]] = queue.SimpleQueue()
        for number in range(len(questions)):
            todo.put(number)

        def work() -> None:
            while True:
                try:
                    number = todo.get_nowait()
                except queue.Empty:  # another was quicker, and answered before this one began
                    preparing.discard(threading.current_thread())
                    return
                preparing.add(threading.current_thread())
                try:
                    done.put((number, self.ask(questions[number])))
                except FactcheckError as error:
                    done.put((number, error))
                except BaseException as error:  # noqa: BLE001 - a fault of ours is no verdict either
                    done.put((number, ModelError(f"{type(error).__name__}: {error}")))
                finally:
                    preparing.discard(threading.current_thread())

        for _ in range(min(self._concurrency, len(questions))):
            thread = threading.Thread(target=work, daemon=True)
            preparing.add(thread)
            thread.start()
        waiting = set(range(len(questions)))
        while waiting and not self._stop.is_set():
            waits = not preparing and done.empty()
            working = waits and next(meanwhile, _IDLE) is not _IDLE
            try:
                number, value = done.get(timeout=_PAUSE if preparing else 0.0 if working else 0.05)
            except queue.Empty:
                continue
            waiting.discard(number)
            yield number, value
        for number in sorted(waiting):
            yield number, _interrupted()

    def stop(self) -> None:
        """Ask nothing any more. A signal handler may say so: no lock is taken."""
        self._stop.set()

    def stopped(self) -> ModelError | None:
        """After a `stop` the error of what is not asked any more."""
        return _interrupted() if self._stop.is_set() else None

    def resume(self) -> None:
        """Ask again after a `stop`, or after a fault that had ended the requests."""
        self._stop.clear()
        self._ended = None

    def close(self) -> None:
        self._stop.set()
        self._chat.close()

    def usage(self) -> Usage:
        """What was spent so far; seconds are not counted here."""
        return self._meter.usage()

    @property
    def features(self) -> Features:
        """How requests are made now."""
        return self._features

    @property
    def address(self) -> str:
        """Where requests go."""
        return self._chat.address

    # ------------------------------------------------------------ one question

    def _key(self, question: Question[Shape], *more: str) -> str:
        return self._answers.key(
            self._chat.address, self.model, question.prompt.fingerprint, question.shape.__name__,
            *more, values=question.values,
        )  # fmt: skip

    def _too_long(self) -> tuple[str, str]:
        return "too long", str(self._max_tokens)

    def _conversation(self, question: Question[Shape]) -> tuple[Shape, str, bool]:
        """The value, the text it came as, and whether nothing is missing from it."""
        system, user = question.prompt.render(**question.values, boundary=secrets.token_hex(8))
        messages: list[Message] = [("system", system), ("user", user)]
        schema = strict_schema(question.shape)
        said = self._asked(messages, schema)
        first: Shape | None = None
        try:
            first = parse(said.text, question.shape)
            complaint = question.check(first)
            if not complaint:
                return first, said.text, True
        except Malformed as error:
            complaint = str(error)
            if said.finish in _CUT:
                raise _truncated(said) from error
        messages += [
            ("assistant", said.text[:20_000] or "(empty)"),
            ("user", f"That answer cannot be used: {complaint}. Answer the request above again, in "
                     "full, with the JSON object alone."),
        ]  # fmt: skip
        try:
            again = self._asked(messages, schema)
            second = parse(again.text, question.shape)
        except Malformed as error:
            if first is not None:
                return first, said.text, False
            if again.finish in _CUT:
                raise _truncated(again) from error
            raise ModelError(
                f"the answer does not have the asked form: {error}",
                kind="schema",
                hint="Use a more capable model, or one with structured output.",
            ) from error
        except (ModelError, BudgetReached):
            if first is not None:
                return first, said.text, False
            raise
        worse = question.check(second)
        if first is not None and len(worse) > len(complaint):
            return first, said.text, False
        return second, again.text, not worse

    def _asked(self, messages: Sequence[Message], schema: dict[str, Any]) -> Said:
        """One answer, tried again where that may help. Raises ModelError or BudgetReached."""
        tries = learnt = 0
        plain = False  # not streamed: many proxies cannot, and LangChain drops a streamed refusal
        while True:
            if self._stop.is_set():
                raise _interrupted()
            if self._ended is not None:
                raise self._ended
            with_ = replace(self._features, stream=False) if plain else self._features
            ticket = self._meter.reserve(
                sum(tokens(t) for _, t in messages), int(self._max_tokens * _EXPECTED)
            )
            spent = Usage(calls=1)
            try:
                said = self._chat.send(messages, schema, with_)
                spent = said.usage
                answer = _usable(said, streamed=with_.stream)
                self._known(with_)
                return answer
            except FactcheckError as error:
                fault: FactcheckError = error
            except Exception as error:  # noqa: BLE001 - client libraries raise what they like
                if learnt < _LEARN and self._learnt(error, with_):
                    learnt += 1
                    continue
                fault = classified(_origin(error))
            finally:
                self._meter.settle(ticket, spent)
            if not isinstance(fault, ModelError):
                raise fault
            if with_.stream and fault.kind == "protocol" and fault.retryable:
                plain = True
                continue
            self._wait(self._without_key(fault), tries)
            tries += 1

    def _without_key(self, fault: ModelError) -> ModelError:
        """The fault with the key blotted out, should a server have repeated it."""
        said = self._chat.blotted(str(fault))
        if said == str(fault):
            return fault
        return ModelError(
            said, hint=fault.hint, kind=fault.kind, retryable=fault.retryable, wait=fault.wait
        )

    def _wait(self, fault: ModelError, tries: int) -> None:
        """Wait before the next try, or raise when there is none."""
        impatient = fault.wait is not None and fault.wait > _PATIENCE
        if not fault.retryable or tries >= self._retries or impatient:
            if fault.kind in ENDING and not self._stop.is_set():
                self._ended = fault
            if impatient:
                raise ModelError(
                    f"{fault} (the server asks to wait {fault.wait:.0f} s)",
                    kind=fault.kind,
                    hint=fault.hint,
                )
            raise fault
        pause = min(_LONGEST, 0.5 * 2**tries) * random.uniform(0.5, 1.0)  # noqa: S311
        if self._stop.wait(max(pause, fault.wait or 0.0)):
            raise _interrupted()

    # ------------------------------------------------------------ what the server can do

    def _learnt(self, error: Exception, with_: Features) -> bool:
        """Was a feature refused? Then requests are made without it from now on."""
        status, message = getattr(error, "status_code", None), message_of(error)
        if status == 500 and not any(words in message for words in FORMAT):
            return False  # a fault of the server's; some say with it that a format is not known
        if status not in (400, 415, 422, 500, 501):
            return False
        if classified(error).kind == "context_overflow" and not answer_too_long(message):
            return False
        fewer = with_.with_less_format() if status == 500 else with_.without(message)
        if fewer is None:
            return False
        self._change(with_, fewer)
        return True

    def _change(self, old: Features, new: Features) -> None:
        with self._lock:
            if self._features == old:
                self._features = new

    def _known(self, with_: Features) -> None:
        """A request went well: these are the server's features, if it is the first."""
        with self._lock:
            if self._sure:
                return
            self._sure, self._features = True, with_
        self._memory.keep(with_)


def _usable(said: Said, *, streamed: bool) -> Said:
    if streamed and not said.text and said.finish not in _WORDLESS:
        raise ModelError(
            "the answer is empty", kind="protocol", retryable=True,
            hint="Does OPENAI_BASE_URL speak the OpenAI protocol?",
        )  # fmt: skip
    if said.refusal or said.finish == "refusal":
        raise ModelError(
            f"the model refused: {(said.refusal or said.text)[:200] or 'it gave no reason'}",
            kind="refusal",
            hint="Try another model with --model.",
        )
    if said.finish == "content_filter":
        raise ModelError(
            "the answer was stopped by a content filter",
            kind="content_filter",
            hint="Try another model with --model.",
        )
    return said


def _truncated(said: Said) -> ModelError:
    return ModelError(
        f"the answer was cut off after {said.usage.output_tokens} tokens",
        kind="truncated",
        hint="Raise FACTCHECK_MAX_TOKENS, or use a model with longer answers.",
    )


def _interrupted() -> ModelError:
    return ModelError("stopped before it was done", kind="interrupted")


def _origin(error: BaseException) -> BaseException:
    """An error of ours that a client library wrapped, else the error itself."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ModelError):
            return seen
        seen = seen.__cause__ or seen.__context__
    return error


def strict_schema(shape: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a shape as strict servers want it: every property required, no others."""
    schema = shape.model_json_schema()

    def tighten(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("type") == "object" and "properties" in node:
                node["required"] = list(node["properties"])
                node["additionalProperties"] = False
            node.pop("default", None)
            if "properties" in node or "title" in node:
                node.pop("description", None)
            for value in node.values():
                tighten(value)
        elif isinstance(node, list):
            for value in node:
                tighten(value)

    tighten(schema)
    return schema
