"""What is too long for a model is asked in parts: nothing is lost, nothing is asked twice over, and only
what does not fit alone is `failed`.

The server here takes so many sentences or claims at a time and refuses more, in the words of one or
another real server, or begins an answer and runs out of room.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.analysts.base import Passages
from factcheck.analysts.llm import LlmAnalyst
from factcheck.analysts.llm.parts import Asker, halves
from factcheck.errors import ModelError
from factcheck.models import Evidence, Passage, Reference
from factcheck.provider import Provider
from tests.llm import brains
from tests.llm.conftest import BY_MODEL, CLAIMS, QUICK, SENTENCES, Lab, Script, again, server
from tests.llm.server import FAULTS, Body, Fault, _error

pytestmark = pytest.mark.filterwarnings("ignore:This model does not support OpenAI's structured")


def _says(message: str, status: int = 400, **more: Any) -> Fault:
    return Fault(message[:30], status, _error(message, **more))


# Refusals as servers word them, of a request whose prompt alone is longer than the context.
REFUSED = {
    "openai": FAULTS["context_too_long_openai"],
    "llama.cpp": FAULTS["context_too_long_llamacpp"],
    "vllm": FAULTS["context_too_long_vllm"],
    "vllm, newer": _says(
        "This model's maximum context length is 4096 tokens. However, you requested 500 output "
        "tokens and your prompt contains at least 4097 input tokens, for a total of at least 4597 "
        "tokens. Please reduce the length of the input prompt or the number of requested tokens.",
        kind="BadRequestError",
    ),
    "sglang": _says("The input (5000 tokens) is longer than the model's context length (4096)."),
    "mistral": _says("Prompt contains 5000 tokens, too large for model with 4096 maximum context length"),
    "anthropic, by a proxy": _says("prompt is too long: 5000 tokens > 4096 maximum"),
    "google, by a proxy": _says("The input token count (5000) exceeds the maximum number (4096)."),
    "413": _says("Request too large; please reduce the length of the messages.", 413),
}  # fmt: skip
# Answers that run out of room: cut in the middle, or used up by thinking before they begin.
CUT = {
    "cut": FAULTS["truncated_json"],
    "empty": replace(FAULTS["empty_content"], finish="length"),
}


def items(body: Body) -> list[str]:
    """What a request is about: sentence numbers, claims' statements, or claims' ids."""
    match brains.step(body):
        case "extract":
            return [str(n) for n, _ in brains.sentences(body)]
        case "judge":
            return [statement for _, statement, _ in brains.claims(body)]
        case _:
            return [line.split(" | ")[0] for line in brains.blocks(body)[0].splitlines()]


def room_for(most: int, refusal: Fault) -> Script:
    """A server that takes so many items at a time."""
    return lambda n, body: refusal if len(items(body)) > most else QUICK


def answered(requests: list[Any], step: str, most: int) -> list[str]:
    """All items that requests of a step asked about and got an answer for."""
    found = [items(r.body) for r in requests if brains.step(r.body) == step]
    return sorted(item for group in found if len(group) <= most for item in group)


@pytest.fixture
def good(lab: Lab) -> dict[str, str | None]:
    with server() as made:
        return lab.check(made, "--no-cache").verdicts


@pytest.mark.parametrize(
    ("dialect", "most"),
    [*((d, 2) for d in (*REFUSED, *CUT)), *((d, n) for d in ("openai", "cut") for n in (1, 4))],
)
def test_a_model_with_little_room(
    lab: Lab, good: dict[str, str | None], dialect: str, most: int
) -> None:
    """The same note as from a model with room for all, and no word of it to the editor."""
    with server(script=room_for(most, (REFUSED | CUT)[dialect])) as made:
        run = lab.check(made, "--no-cache")
    assert run.code == 0 and run.note["faults"] == [] and run.verdicts == good
    assert BY_MODEL in run.explanations
    read = answered(run.requests, "extract", most)
    assert read == [str(n + 1) for n in range(SENTENCES)], "each sentence once"
    judged = answered(run.requests, "judge", most)
    assert judged == sorted(c["statement"] for c in run.note["claims"]), "each claim once"
    cited = sorted(c["id"] for c in run.note["claims"] if c["verdict"] == "supported")
    told = [r for r in run.requests if brains.step(r.body) == "write"]
    explained = [r for r in told if "explanation of every claim" in brains.user(r.body)]
    assert answered(explained, "write", most) == cited, "each explanation once"
    summed = [
        r for r in told if "the summary" in brains.user(r.body) and len(items(r.body)) <= most
    ]
    assert len(summed) == 1, "one summary"
    for step, most_of in (("extract", SENTENCES), ("judge", CLAIMS)):
        assert run.asked[step] <= 2 * most_of - 1


def test_what_fits_is_asked_as_ever(lab: Lab) -> None:
    with server(script=room_for(SENTENCES, REFUSED["openai"])) as made:
        run = lab.check(made, "--no-cache")
    assert run.code == 0 and run.asked == {"extract": 1, "judge": 2, "write": 1}


@pytest.mark.parametrize("dialect", ["openai", "llama.cpp", *CUT])
@pytest.mark.parametrize("step", ["extract", "judge"])
def test_one_that_does_not_fit_alone(
    lab: Lab, good: dict[str, str | None], step: str, dialect: str
) -> None:
    """That sentence or claim is `failed`; all others have their verdicts."""
    fault = (REFUSED | CUT)[dialect]

    def first(item: str) -> bool:
        return item == "1" if step == "extract" else "4,460" in item

    def script(n: int, body: Body) -> Fault:
        return fault if brains.step(body) == step and any(map(first, items(body))) else QUICK

    with server(script=script) as made:
        run = lab.check(made, "--no-cache")
    kind = "truncated" if dialect in CUT else "context_overflow"
    assert run.code == 5 and run.kinds == {(step, kind)}
    if step == "extract":
        assert run.unread == [0] and len(run.verdicts) == CLAIMS - 1
    else:
        assert run.failed == ["c1"]
        assert run.verdicts == good | {"c1": None}


def test_answers_without_end_are_given_up(lab: Lab) -> None:
    """A quarter of the sentences is cut off like the whole: it is no matter of length, and every
    further answer would be paid for."""
    with server(script=lambda n, body: CUT["cut"]) as made:
        run = lab.check(made, "--no-cache")
    assert run.code == 5 and run.unread == list(range(SENTENCES))
    assert run.asked == {"extract": 1 + 2 + 4}


def test_a_second_turn_that_is_too_long(lab: Lab, good: dict[str, str | None]) -> None:
    """The first answer was wrong; with it in the request there is no room for a second."""

    def script(n: int, body: Body) -> Fault:
        if brains.step(body) != "judge" or len(items(body)) == 1:
            return QUICK
        return REFUSED["openai"] if again(body) else FAULTS["wrong_schema"]

    with server(script=script) as made:
        run = lab.check(made, "--no-cache")
    assert run.code == 0 and run.verdicts == good


# ---------------------------------------------------------------- what it costs


@pytest.mark.parametrize("calls", [1, 2, 3, 6, 11, 14])
def test_refusals_count_against_the_budget(lab: Lab, calls: int) -> None:
    with server(script=room_for(1, REFUSED["openai"])) as made:
        run = lab.check(made, "--no-cache", "--budget-calls", calls)
    assert len(run.requests) <= calls and run.note["usage"]["calls"] <= calls
    assert run.code == 6


@pytest.mark.parametrize("dialect", ["openai", "cut"])
def test_a_rerun_asks_nothing(lab: Lab, dialect: str) -> None:
    """That a question was too long is kept like an answer, until the room for answers changes."""
    with server(script=room_for(2, (REFUSED | CUT)[dialect])) as made:
        first = lab.check(made)
        second = lab.check(made)
        assert second.requests == [] and second.verdicts == first.verdicts and second.code == 0
        roomier = lab.check(made, FACTCHECK_MAX_TOKENS="2000")
        assert {len(items(r.body)) > 2 for r in roomier.requests} == {True}, "the wholes alone"
        fresh = lab.check(made, "--no-cache")
    assert fresh.asked == first.asked


# ---------------------------------------------------------------- the answer's length alone

TOO_LONG_AN_ANSWER = {
    "vllm": _says(
        "'max_tokens' or 'max_completion_tokens' is too large: 6000. This model's maximum context "
        "length is 4096 tokens and your request has 2104 input tokens (6000 > 4096 - 2104).",
        kind="BadRequestError",
    ),
    "vllm, older": _says(
        "This model's maximum context length is 4096 tokens. However, you requested 8104 tokens "
        "(2104 in the messages, 6000 in the completion). Please reduce the length of the messages or "
        "completion.",
    ),
    "openai": _says(
        "max_tokens is too large: 6000. This model supports at most 4096 completion tokens, whereas "
        "you provided 6000.",
        param="max_tokens",
    ),
}


@pytest.mark.parametrize("dialect", TOO_LONG_AN_ANSWER)
def test_a_server_for_which_only_the_answer_is_too_long(
    lab: Lab, good: dict[str, str | None], dialect: str
) -> None:
    """The prompt fits: it is asked whole, and the server keeps to its own limit."""
    fault = TOO_LONG_AN_ANSWER[dialect]
    fields = {"max_tokens", "max_completion_tokens"}
    with server(script=lambda n, body: fault if fields & set(body) else QUICK) as made:
        run = lab.check(made, "--no-cache")
        code, out, _ = lab.cli("doctor", "--model", "scripted", OPENAI_BASE_URL=made.url)
    assert run.code == 0 and run.verdicts == good
    assert run.asked == {"extract": 2, "judge": 2, "write": 1}, "learnt by the first question"
    assert code == 0 and "length by the server's own limit" in out


# ---------------------------------------------------------------- a question in chat


def test_an_answer_from_fewer_passages() -> None:
    """The better half is shown, so that the numbers that the model cites stay right."""
    report = Reference(id="R1", publisher="P", kind="wire", title="T", text="x")
    evidence = tuple(
        Evidence(passage=Passage(id=f"p{n}", reference="R1", start=0, end=1, text=f"Passage {n}."),
                 reference=report, similarity=1.0, score=1.0)
        for n in range(1, 9)
    )  # fmt: skip

    def brain(body: Body) -> str:
        shown = [x for x in brains.blocks(body)[-1].splitlines() if " | " in x]
        return f'{{"sentences": [{{"text": "{shown[-1][-10:]}", "cites": [{len(shown)}]}}], "missing": ""}}'

    def script(n: int, body: Body) -> Fault:
        return REFUSED["openai"] if "Passage 3." in brains.user(body) else QUICK

    with server(brain, script=script) as made:
        analyst = LlmAnalyst(Provider("m", base_url=made.url, api_key="none"))
        words = analyst.answer(
            Passages(article=None, question="?", evidence=evidence, language="en")
        )
        analyst.close()
    assert words.sentences == (("Passage 2.", (2,)),) and not words.fault and not analyst.faults()
    assert len(made.requests) == 3


# ---------------------------------------------------------------- whatever does not fit


@given(
    sizes=st.lists(st.integers(1, 15), min_size=0, max_size=4),
    most=st.integers(0, 9),
    poison=st.sets(st.integers(0, 60)),
    kind=st.sampled_from(["context_overflow", "truncated"]),
)
def test_nothing_is_lost_and_nothing_doubled(
    sizes: list[int], most: int, poison: set[int], kind: str
) -> None:
    asked: list[list[int]] = []

    def ask_all(questions: list[list[int]], _: object) -> Any:
        for number, question in reversed([*enumerate(questions)]):
            asked.append(question)
            bad = len(question) > most or poison & set(question)
            yield number, ModelError("too long", kind=kind) if bad else question

    provider = SimpleNamespace(ask_all=ask_all, in_parts=lambda question, kind: None)
    failed: list[Any] = []
    asker = Asker(provider, iter(()), failed.append)  # type: ignore[arg-type]
    at = [sum(sizes[:i]) for i in range(len(sizes) + 1)]
    groups = [range(a, b) for a, b in zip(at, at[1:], strict=False)]
    same: Callable[[Any], Any] = list
    got = list(asker.ask(groups, same, halves))
    assert sorted(n for group, _ in got for n in group) == list(range(sum(sizes)))
    assert all(isinstance(reply, ModelError) or list(group) == reply for group, reply in got)
    assert len(failed) == sum(isinstance(reply, ModelError) for _, reply in got)
    assert len(asked) <= sum(2 * n - 1 for n in sizes)
    if kind == "context_overflow":
        lost = {n for group, reply in got if isinstance(reply, ModelError) for n in group}
        assert lost == (set(range(sum(sizes))) & poison if most else set(range(sum(sizes))))
