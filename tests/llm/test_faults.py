"""What a check becomes when its model goes wrong, for every fault at every place.

The table says what each fault is called and how often one question may be asked for it. What holds
for every note (nothing vanishes, nothing has both a verdict and an error, all quotations verify,
no key is shown) is held by `Lab.hold` after each run.
"""

from __future__ import annotations

import json
import signal
import subprocess
import time
import warnings
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.llm import brains
from tests.llm.conftest import (
    BY_MODEL,
    CLAIMS,
    FIRST_GROUP,
    IN_A_GROUP,
    KEY,
    QUICK,
    SENTENCES,
    Checked,
    Lab,
    again,
    dripping,
    free_address,
    goes_wrong,
    in_first_group,
    patience,
    says,
    server,
)
from tests.llm.server import ALL_CAPABILITIES, FAULTS, Body, Fault, ModelServer, redirect_to

# LangChain's own word when a server has no structured output; a test below says whose it should be.
pytestmark = pytest.mark.filterwarnings("ignore:This model does not support OpenAI's structured")
ALL = [f"c{n}" for n in range(1, CLAIMS + 1)]


@dataclass(frozen=True)
class Expected:
    """What one fault comes to: its kind (None: no harm), the most requests for one question with
    one retry, whether nothing more is asked in the run, and whether it is asked in parts."""

    kind: str | None
    requests: int = 1
    ends: bool = False
    parts: bool = False

    def most(self, items: int) -> int:
        """The most requests for a question about so many sentences or claims."""
        return 2 * items - 1 if self.parts else self.requests

    @property
    def mends(self) -> bool:
        """Whether asking again is tried, so that a fault that passes does no harm."""
        return self.kind is not None and self.requests > 1


HARMLESS = Expected(None)
TOO_LONG = Expected("context_overflow", parts=True)
EXPECTED = {
    "401": Expected("auth", ends=True),
    "403": Expected("auth", ends=True),
    "404": Expected("model_not_found", ends=True),
    "404_html": Expected("model_not_found", ends=True),
    "400": Expected("request"),
    "context_too_long_openai": TOO_LONG,
    "context_too_long_llamacpp": TOO_LONG,
    "context_too_long_vllm": TOO_LONG,
    "429": Expected("rate_limit", 2),
    "429_long": Expected("rate_limit"),
    "429_bare": Expected("rate_limit", 2),
    "insufficient_quota": Expected("quota", ends=True),
    "500": Expected("server", 2),
    "503_html": Expected("server", 2),
    "redirect": Expected("request"),
    "timeout": Expected("timeout", 2),
    "stall": Expected("timeout", 2),
    "dropped": Expected("connection", 2, ends=True),
    "cut_stream": Expected("connection", 2, ends=True),
    "mid_stream_error": Expected("server", 2),
    "endless_reply": Expected("protocol"),
    "truncated_json": Expected("truncated", parts=True),
    "fenced_json": HARMLESS,
    "prose_around_json": HARMLESS,
    "think_tags": HARMLESS,
    "wrong_schema": Expected("schema", 2),
    "invalid_json": Expected("schema", 2),
    "refusal": Expected("refusal", 2),
    "content_filter_partial": Expected("content_filter"),
    "content_filter_empty": Expected("content_filter"),
    "empty_content": Expected("schema", 4),
    "null_content": Expected("schema", 4),
    "huge_reply": Expected("protocol"),
    "empty_choices": Expected("protocol", 3),
    "null_choices": Expected("protocol", 3),
    "missing_usage": HARMLESS,
    "error_body_200": Expected("server", 3),
    "html_200": Expected("protocol", 3),
    "garbage_bytes": Expected("protocol", 3),
}
HARMFUL = [name for name, expected in EXPECTED.items() if expected.kind]
SILENT = {"timeout", "stall"}


def fault(name: str) -> Fault:
    """The fault in few pieces; four megabytes are as far above the limit as fifty."""
    if name == "huge_reply":
        return replace(FAULTS[name], change=lambda _: "a" * 4_000_000, piece=4_000_000)
    return replace(FAULTS[name], piece=max(4000, FAULTS[name].piece))


def checked(lab: Lab, name: str, where: str, times: int = 10**6) -> Checked:
    patience = {"FACTCHECK_TIMEOUT": "0.7"} if name in SILENT else {}
    with server(script=goes_wrong(fault(name), where, times)) as made:
        return lab.check(made, "--no-cache", **patience)


@pytest.fixture(scope="module")
def baseline() -> dict[str, Any]:
    """What the good server's note says, kept from the first test that needs it."""
    return {}


@pytest.fixture
def good(lab: Lab, baseline: dict[str, Any]) -> dict[str, str | None]:
    """The verdicts of the article where nothing goes wrong."""
    if not baseline:
        with server() as made:
            whole = lab.check(made, "--no-cache")
        assert whole.code == 0 and whole.asked == {"extract": 1, "judge": 2, "write": 1}
        assert BY_MODEL in whole.explanations
        baseline.update(whole.verdicts)
        assert set(list(baseline.values())[3:]) > {"supported"}, "both groups must have something"
        assert baseline["c2"] == "supported"
    return baseline


def test_every_fault_of_the_server_is_in_the_table() -> None:
    assert set(EXPECTED) == set(FAULTS)


# ---------------------------------------------------------------- every fault, every place


@pytest.mark.parametrize("name", HARMFUL)
def test_on_every_call(lab: Lab, name: str) -> None:
    """Nothing can be read: every sentence is `failed`, no claim is made up, the rest is not asked."""
    expected = EXPECTED[name]
    run = checked(lab, name, "every call")
    assert run.code == 5
    assert run.kinds == {("extract", expected.kind)}
    assert run.unread == list(range(SENTENCES)) and run.verdicts == {}
    assert all(str(e["reason"]).startswith(f"{expected.kind}: ") for e in run.note["ledger"])
    assert set(run.asked) == {"extract"} and run.asked["extract"] <= expected.most(SENTENCES)
    assert run.seconds < 10


@pytest.mark.parametrize("name", HARMFUL)
def test_in_the_whole_judging(lab: Lab, name: str) -> None:
    """Every sentence is read and no claim has a verdict."""
    expected = EXPECTED[name]
    run = checked(lab, name, "judge")
    assert run.code == 5 and run.kinds == {("judge", expected.kind)}
    assert run.unread == [] and run.failed == ALL
    assert all(c["error"].startswith(f"{expected.kind}: ") for c in run.note["claims"])
    assert run.asked["judge"] <= 2 * expected.most(IN_A_GROUP)
    assert run.asked["write"] == 0, "there is nothing to explain"
    assert len(run.note["faults"]) == 1, "one fault, said once"


@pytest.mark.parametrize("name", HARMFUL)
def test_in_one_group(lab: Lab, good: dict[str, str | None], name: str) -> None:
    """The claims of the other group keep their verdicts."""
    expected = EXPECTED[name]
    run = checked(lab, name, "one group")
    assert run.code == 5 and ("judge", expected.kind) in run.kinds
    lost = FIRST_GROUP[:1] if expected.parts else FIRST_GROUP  # its other parts hold no such claim
    assert run.failed == list(lost)
    assert {i: v for i, v in run.verdicts.items() if i not in lost} == {
        i: v for i, v in good.items() if i not in lost
    }
    assert run.asked["judge"] <= 1 + expected.most(IN_A_GROUP)
    if expected.ends:
        assert run.asked["write"] == 0, "nothing more is asked of this server"
        assert BY_MODEL not in run.explanations
    else:
        assert run.asked["write"] == 1 and BY_MODEL in run.explanations


@pytest.mark.parametrize("name", HARMFUL)
def test_in_the_writing(lab: Lab, good: dict[str, str | None], name: str) -> None:
    """All verdicts stand, explained by the rules; the fault is still said."""
    expected = EXPECTED[name]
    run = checked(lab, name, "write")
    assert run.code == 5 and run.kinds == {("write", expected.kind)}
    assert run.note["complete"] and run.verdicts == good
    assert BY_MODEL not in run.explanations
    assert run.asked["write"] <= expected.most(CLAIMS) + 3, "and of the summary alone"
    assert "the note is partial" not in run.err


@pytest.mark.parametrize("name", [n for n in HARMFUL if EXPECTED[n].mends])
def test_once_and_then_good(lab: Lab, good: dict[str, str | None], name: str) -> None:
    """A retry or a second turn mends it, and nobody is told."""
    run = checked(lab, name, "one group", times=1)
    assert run.code == 0 and run.verdicts == good and run.note["faults"] == []
    assert run.asked == {"extract": 1, "judge": 3, "write": 1}
    assert "factcheck: " not in run.err


@pytest.mark.parametrize(
    "name", [n for n in HARMFUL if not EXPECTED[n].mends and not EXPECTED[n].parts]
)
def test_what_asking_again_cannot_mend_is_asked_once(lab: Lab, name: str) -> None:
    run = checked(lab, name, "every call", times=1)
    assert run.code == 5 and run.asked == {"extract": 1}


@pytest.mark.parametrize("name", [n for n, e in EXPECTED.items() if not e.kind])
def test_what_does_no_harm(lab: Lab, good: dict[str, str | None], name: str) -> None:
    run = checked(lab, name, "every call")
    assert run.code == 0 and run.verdicts == good and run.note["faults"] == []
    assert len(run.requests) == 4 and BY_MODEL in run.explanations
    assert run.note["usage"]["estimated"] is (name == "missing_usage")
    assert ("about" in run.err) is (name == "missing_usage")


# ---------------------------------------------------------------- content that lies


def extract_with(change: Any) -> Any:
    """A mind whose first `extract` sentence is changed, on every turn."""

    def other(step: str, body: Body, reply: dict[str, Any]) -> dict[str, Any] | None:
        if step != "extract":
            return None
        change(reply["sentences"])
        return reply

    return says(other)


def judge_with(change: Any) -> Any:
    """A mind whose `judge` reply for the first group is changed, on every turn."""

    def other(step: str, body: Body, reply: dict[str, Any]) -> dict[str, Any] | None:
        if step != "judge" or not in_first_group(body):
            return None
        change(reply["claims"])
        return reply

    return says(other)


def write_with(change: Any) -> Any:
    """A mind whose explanations are changed, on every turn."""

    def other(step: str, body: Body, reply: dict[str, Any]) -> dict[str, Any] | None:
        if step != "write":
            return None
        change(reply)
        return reply

    return says(other)


POINTER = {"e": 999, "stance": "contradicts", "aspect": "so", "differs": "figure"}


@dataclass(frozen=True)
class Lie:
    """A mind that gives well-formed answers that are wrong, and what becomes of them."""

    brain: Any
    asked: dict[str, int]  # requests beyond one a call
    failed: tuple[str, ...] = ()
    unread: tuple[int, ...] = ()
    same: bool = True  # every other verdict is that of the good server


def _point(numbers: list[int]) -> Any:
    def change(claims: list[dict[str, Any]]) -> None:
        for claim in claims:
            claim["pointers"] += [POINTER | {"e": n} for n in numbers]

    return change


def _sentence(n: int, **more: Any) -> dict[str, Any]:
    return {"n": n, "kind": "opinion", "reason": "x", "claims": []} | more


def _duplicated(sentences: list[dict[str, Any]]) -> None:
    sentences[0]["claims"] *= 3


def _listed_twice(sentences: list[dict[str, Any]]) -> None:
    sentences.append(sentences[0] | {"kind": "boilerplate", "claims": []})


def _anchor(sentences: list[dict[str, Any]]) -> None:
    sentences[0]["claims"][0]["anchor"] = "The typhoon killed nobody at all, said the Moon"


def _words(reply: dict[str, Any], text: str, cites: list[str] | None = None) -> None:
    for sentence in [*reply["summary"], *(s for c in reply["claims"] for s in c["sentences"])]:
        sentence["text"] = text
        if cites is not None:
            sentence["cites"] = cites


INDONESIAN = (
    "Hal ini dilaporkan oleh kantor berita tersebut dan tidak oleh pihak lain mana pun sebelum "
    "artikel ini diterbitkan oleh surat kabar."
)
INVENTED = "Altogether 777,123 people were named, which was not known to anybody before the storm."
TWICE_J, TWICE_E, TWICE_W = {"judge": 1}, {"extract": 1}, {"write": 1}
LIES = {
    "points at sentences that do not exist": Lie(judge_with(_point([999, 0, -1, 10**9])), {}),
    "judges claims that do not exist": Lie(
        judge_with(lambda c: c.extend([c[0] | {"claim": 99}, c[0] | {"claim": -1}])), TWICE_J
    ),
    "leaves a claim out of the judging": Lie(judge_with(lambda c: c.pop(1)), TWICE_J, ("c2",)),
    "leaves all claims out": Lie(judge_with(lambda c: c.clear()), TWICE_J, FIRST_GROUP),
    "judges a claim twice": Lie(judge_with(lambda c: c.append(c[1])), {}),
    "judges a claim twice, and differently": Lie(
        judge_with(
            lambda c: c.append(
                c[1] | {"pointers": [p | {"stance": "contradicts"} for p in c[1]["pointers"]]}
            )
        ),
        {},
    ),
    "numbers sentences out of range": Lie(
        extract_with(lambda s: s.extend([_sentence(99), _sentence(0), _sentence(-3)])), TWICE_E
    ),
    "leaves a sentence out": Lie(extract_with(lambda s: s.pop(3)), TWICE_E, (), (3,), same=False),
    "lists no sentence": Lie(
        extract_with(lambda s: s.clear()), TWICE_E, (), tuple(range(SENTENCES)), same=False
    ),
    "gives one claim three times": Lie(extract_with(_duplicated), {}),
    "lists a sentence twice, and differently": Lie(extract_with(_listed_twice), {}),
    "anchors a claim in words that are not there": Lie(
        extract_with(_anchor), TWICE_E, (), (0,), same=False
    ),
    "calls a sentence a claim and gives none": Lie(
        extract_with(lambda s: s[0]["claims"].clear()), TWICE_E, (), (0,), same=False
    ),
    "writes in another language": Lie(write_with(lambda r: _words(r, INDONESIAN)), TWICE_W),
    "cites what does not exist": Lie(
        write_with(lambda r: _words(r, "This was reported before the article.", ["c99.k1"])), {}
    ),
    "cites nothing": Lie(
        write_with(lambda r: _words(r, "This was reported before the article.", [])), {}
    ),
    "writes a figure of its own": Lie(write_with(lambda r: _words(r, INVENTED)), {}),
    "explains claims that do not exist": Lie(
        write_with(lambda r: [c.update(claim=f"c9{c['claim']}") for c in r["claims"]]), TWICE_W
    ),
    "explains nothing": Lie(write_with(lambda r: r.update(claims=[], summary=[])), TWICE_W),
}


@pytest.mark.parametrize("name", LIES)
def test_content_that_lies(lab: Lab, good: dict[str, str | None], name: str) -> None:
    lie = LIES[name]
    with server(lie.brain) as made:
        run = lab.check(made, "--no-cache")
    assert run.failed == list(lie.failed) and run.unread == list(lie.unread)
    calls = {"extract": 1, "judge": 2, "write": 1}
    for step, most in calls.items():
        assert run.asked[step] <= most + lie.asked.get(step, 0), "one second turn at the most"
        if step in lie.asked:
            assert run.asked[step] == most + lie.asked[step], "the model is told what is wrong"
    if lie.same:
        assert run.verdicts == {i: None if i in lie.failed else v for i, v in good.items()}
    assert run.code == (5 if lie.failed or lie.unread else 0)
    assert "777,123" not in run.explanations and "pihak lain" not in run.explanations
    printed = [s for s in run.note["summary"] if s["status"] != "struck"]
    assert "777,123" not in json.dumps(printed) and "pihak lain" not in json.dumps(printed)


def test_eight_claims_of_one_sentence_are_enough(lab: Lab) -> None:
    """A model that has lost its way cannot flood the note."""

    def flood(sentences: list[dict[str, Any]]) -> None:
        first = sentences[0]["claims"][0]
        sentences[0]["claims"] = [first | {"statement": f"Storm number {n}."} for n in range(40)]

    with server(extract_with(flood)) as made:
        run = lab.check(made, "--no-cache")
    assert len(run.note["ledger"][0]["claims"]) == 8 and run.code == 0


@pytest.mark.parametrize("step", ["extract", "judge", "write"])
def test_the_second_turn_mends_what_was_complained_of(
    lab: Lab, good: dict[str, str | None], step: str
) -> None:
    """The first answer of a step leaves something out; told so, the model gives the whole."""

    def forgetful(at: str, body: Body, reply: dict[str, Any]) -> dict[str, Any] | None:
        if at != step or again(body):
            return None
        reply["sentences" if step == "extract" else "claims"].pop()
        return reply

    with server(says(forgetful)) as made:
        run = lab.check(made, "--no-cache")
    assert run.code == 0 and run.verdicts == good and BY_MODEL in run.explanations
    told = [r.body["messages"] for r in run.requests if again(r.body)]
    assert told and all([m["role"] for m in t] == ["system", "user", "assistant", "user"]
                        for t in told)  # fmt: skip
    assert all("missing" in t[-1]["content"] for t in told)


def test_a_worse_second_answer_does_not_cost_what_the_first_had(lab: Lab) -> None:
    """One claim was missing; asked again, the model gives up. Two claims were judged all the same."""

    def tired(step: str, body: Body, reply: dict[str, Any]) -> dict[str, Any] | None:
        if step != "judge" or not in_first_group(body):
            return None
        return {"claims": [] if again(body) else reply["claims"][:2]}

    with server(says(tired)) as made:
        run = lab.check(made, "--no-cache")
    assert run.failed == ["c3"]


# ---------------------------------------------------------------- what a server cannot do

LACKS: dict[str, tuple[str, ...]] = {
    "json_schema": ("json_schema",),
    "any structured output": ("json_schema", "json_object"),
    "stream": ("stream",),
    "temperature": ("temperature",),
    "stream_options": ("stream_options",),
    "max_completion_tokens": ("max_completion_tokens",),
    "everything": tuple(ALL_CAPABILITIES),
}


@pytest.mark.parametrize(
    ("name", "retries"), [*((name, "1") for name in LACKS), ("temperature", "0"), ("stream", "0")]
)
def test_a_server_that_can_do_less(
    lab: Lab, good: dict[str, str | None], name: str, retries: str, request: Any
) -> None:
    """It is found out by the first question, costs no verdict, and is not asked for again."""
    with server(capabilities=ALL_CAPABILITIES - set(LACKS[name])) as made:
        run = lab.check(made, "--no-cache", FACTCHECK_RETRIES=retries)
    assert run.code == 0 and run.verdicts == good and run.note["faults"] == []
    later = [r.body for r in run.requests if brains.step(r.body) != "extract"]
    assert len(later) == 3, "the server is known after the first question"
    formats = {(b.get("response_format") or {}).get("type") for b in later}
    assert not formats & set(LACKS[name])
    for field in ("temperature", "stream_options", "max_completion_tokens"):
        if field in LACKS[name]:
            assert not any(b.get(field) is not None for b in later)
    assert run.asked["extract"] <= 1 + len(LACKS[name])


def test_no_library_warns_the_editor(lab: Lab) -> None:
    with (
        server(capabilities=ALL_CAPABILITIES - {"json_schema"}) as made,
        warnings.catch_warnings(record=True) as seen,
    ):
        warnings.simplefilter("always")
        run = lab.check(made, "--no-cache")
    assert run.code == 0 and [w for w in seen if "langchain" in w.filename] == []


def test_a_server_that_wants_the_new_name_of_the_length(lab: Lab) -> None:
    refused = {
        "error": {
            "message": "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
            "param": "max_tokens",
            "code": "unsupported_parameter",
        }
    }

    def script(n: int, body: Body) -> Fault:
        return Fault("old name", 400, refused) if "max_tokens" in body else QUICK

    with server(script=script) as made:
        run = lab.check(made, "--no-cache")
    assert run.code == 0 and run.asked == {"extract": 2, "judge": 2, "write": 1}


# ---------------------------------------------------------------- no server, no end, another place


def test_nobody_there(lab: Lab) -> None:
    run = lab.check(free_address(), "--no-cache")
    assert run.code == 5 and run.kinds == {("extract", "connection")}
    assert "OPENAI_BASE_URL" in run.err and run.seconds < 5


def test_an_endless_answer_that_is_not_streamed(lab: Lab) -> None:
    script = goes_wrong(FAULTS["endless_reply"], "every call")
    with server(script=script, capabilities=ALL_CAPABILITIES - {"stream"}) as made:
        run = lab.check(made, "--no-cache")
    assert run.code == 5 and run.kinds == {("extract", "protocol")}
    assert len(run.requests) <= 2 and run.seconds < 10


def test_an_answer_that_drips_is_cut_off_in_time(lab: Lab) -> None:
    """Each piece comes within the time limit; the whole would never end."""
    with dripping(pause=0.05) as address:
        run = lab.check(address, "--no-cache", FACTCHECK_TIMEOUT="0.5", FACTCHECK_RETRIES="0")
    assert run.code == 5 and run.kinds == {("extract", "timeout")}
    assert run.seconds < 5


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(lab: Lab, status: int) -> None:
    """The article and the key would go to an address that nobody configured."""
    with server() as other:
        moved = replace(redirect_to(f"{other.url}/chat/completions"), status=status)
        with server(script=goes_wrong(moved, "every call")) as made:
            run = lab.check(made, "--no-cache")
        assert run.code == 5 and run.asked == {"extract": 1}
        assert other.requests == []


def test_a_key_that_the_server_repeats_is_not_shown(lab: Lab) -> None:
    """`hold` looks for the key; the editor is still told what to do."""
    echo = {"error": {"message": f"Incorrect API key provided: {KEY}.", "code": "invalid_api_key"}}
    for fault_ in (
        Fault("echo", 401, echo),
        Fault("echo", 200, echo),
        Fault("echo", 500, f"<html>no such key: {KEY}</html>"),
        Fault("echo", 502, f"no such key: {KEY}"),
    ):
        with server(script=goes_wrong(fault_, "every call")) as made:
            run = lab.check(made, "--no-cache")
        assert run.code == 5 and made.requests[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_key_that_a_refusal_repeats_is_not_shown(lab: Lab) -> None:
    repeats = replace(FAULTS["refusal"], change=lambda _: f"I will not answer {KEY}.")
    with server(script=goes_wrong(repeats, "every call")) as made:
        run = lab.check(made, "--no-cache")
    assert run.code == 5


@pytest.mark.parametrize("key", [f"{KEY}\n", f"{KEY}é", f" {KEY} "])
def test_a_key_that_fits_no_header(lab: Lab, key: str) -> None:
    """A line end that was copied with the key is the commonest of mistakes."""
    with server() as made:
        run = lab.check(made, "--no-cache", OPENAI_API_KEY=key, FACTCHECK_RETRIES="0", holds=False)
    assert KEY not in run.out + run.err + json.dumps(run.note) and "Traceback" not in run.err
    assert run.code in (0, 3, 5)


# ---------------------------------------------------------------- waiting


def test_the_server_says_how_long_to_wait(lab: Lab) -> None:
    """At least what was asked for, and not much more."""
    script = goes_wrong(FAULTS["429"], "every call", times=1)
    with server(script=script) as made:
        run = lab.check(made, "--no-cache")
        first, second = (r.at for r in made.requests[:2])
    assert run.code == 0 and 0.2 <= second - first < 2


def test_a_long_wait_is_reported_and_not_waited_for(lab: Lab) -> None:
    run = checked(lab, "429_long", "every call")
    assert "asks to wait 90 s" in run.err and run.seconds < 10


@pytest.mark.parametrize("retries", [0, 3])
def test_as_many_retries_as_are_set(lab: Lab, retries: int) -> None:
    with server(script=goes_wrong(FAULTS["500"], "every call")) as made:
        run = lab.check(made, "--no-cache", FACTCHECK_RETRIES=str(retries))
    assert run.asked == {"extract": 1 + retries}


# ---------------------------------------------------------------- budgets


@pytest.mark.parametrize(
    ("calls", "asked", "failed"),
    [
        (0, {}, []),
        (1, {"extract": 1}, ALL),
        (3, {"extract": 1, "judge": 2}, []),
        (4, {"extract": 1, "judge": 2, "write": 1}, []),
    ],
)
def test_a_budget_of_calls(
    lab: Lab, good: dict[str, str | None], calls: int, asked: dict[str, int], failed: list[str]
) -> None:
    with server() as made:
        run = lab.check(made, "--no-cache", "--budget-calls", calls)
    assert run.asked == asked and run.failed == failed
    assert run.code == (0 if calls == 4 else 6)
    if calls == 0:
        assert run.unread == list(range(SENTENCES))
    if calls >= 3:
        assert run.verdicts == good and run.note["complete"]
    assert (BY_MODEL in run.explanations) is (calls == 4)
    if calls < 4:
        assert "--budget-calls" in run.err


def test_retries_and_second_turns_are_paid_for(lab: Lab) -> None:
    with server(script=goes_wrong(FAULTS["500"], "every call")) as made:
        run = lab.check(made, "--no-cache", "--budget-calls", 3, FACTCHECK_RETRIES="9")
    assert len(run.requests) == 3 and run.code == 6


@pytest.mark.parametrize("tokens", [100, 2500, 4500])
def test_a_budget_of_tokens(lab: Lab, tokens: int) -> None:
    """What is spent is what the server counted; it never passes what was given."""
    with server() as made:
        run = lab.check(made, "--no-cache", "--budget-tokens", tokens)
    usage = run.note["usage"]
    assert usage["input_tokens"] + usage["output_tokens"] <= tokens
    assert run.code == 6 and "--budget-tokens" in run.err
    assert (len(run.requests) > 0) is (tokens > 100)


def _priced(lab: Lab) -> None:
    file = lab.folder / "config" / "factcheck" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('[prices."scripted"]\ninput = 100.0\noutput = 100.0\n', encoding="utf-8")


def test_a_budget_of_dollars(lab: Lab) -> None:
    _priced(lab)
    with server() as made:
        run = lab.check(made, "--no-cache", "--budget-usd", "0.25")
        assert run.code == 6 and "--budget-usd" in run.err
        assert 0 < run.note["usage"]["usd"] <= 0.25 and 0 < len(run.requests) < 4
        whole = lab.check(made, "--no-cache", "--budget-usd", "5")
    assert whole.code == 0 and "$" in whole.err
    spent = whole.note["usage"]
    tokens = spent["input_tokens"] + spent["output_tokens"]
    assert spent["usd"] == pytest.approx(tokens * 100 / 1e6)


def test_a_budget_of_dollars_for_a_model_without_a_price(lab: Lab) -> None:
    with server() as made:
        run = lab.check(made, "--budget-usd", "1", holds=False)
    assert run.code == 3 and not run.note and made.requests == []
    assert "[prices]" in run.err and "Traceback" not in run.err


# ---------------------------------------------------------------- kept answers, remembered servers


def same(note: dict[str, Any]) -> dict[str, Any]:
    """A note without what differs from run to run."""
    kept = {k: v for k, v in note.items() if k != "usage"}
    kept["provenance"] = {k: v for k, v in note["provenance"].items() if k != "created"}
    return kept


def test_a_rerun_asks_nothing_and_gives_the_same_note(lab: Lab) -> None:
    with server() as made:
        first = lab.check(made)
        second = lab.check(made)
        assert second.requests == [] and second.note["usage"]["replayed"] == 4
        assert same(second.note) == same(first.note) and second.code == 0
        assert "4 answers from the cache" in second.err
        fresh = lab.check(made, "--no-cache")
        assert len(fresh.requests) == 4 and fresh.note["usage"]["replayed"] == 0
        other = lab.check(made, "--model", "another")
        assert len(other.requests) == 4, "another model is another key"
    with server() as elsewhere:
        assert len(lab.check(elsewhere).requests) == 4, "another address is another key"


@pytest.mark.parametrize("damage", ["", "[1]", '{"text": "{}"}', "\ud800"])
def test_a_damaged_answer_is_asked_for_again(lab: Lab, damage: str) -> None:
    with server() as made:
        first = lab.check(made)
        files = sorted((lab.folder / "cache" / "answers").rglob("*.json"))
        assert len(files) == 4
        for file in files:
            file.write_bytes(damage.encode("utf-8", "surrogatepass"))
        second = lab.check(made)
        assert len(second.requests) == 4 and same(second.note) == same(first.note)
        assert lab.check(made).requests == [], "and is mended"


def test_failed_answers_are_not_kept(lab: Lab, good: dict[str, str | None]) -> None:
    with server(script=goes_wrong(FAULTS["wrong_schema"], "judge")) as made:
        assert lab.check(made).code == 5
        made.script = lambda n, body: QUICK
        mended = lab.check(made)
    assert mended.code == 0 and mended.verdicts == good
    assert mended.asked == {"judge": 2, "write": 1}


def test_answers_that_were_complained_of_are_not_kept(lab: Lab) -> None:
    with server(LIES["leaves a claim out of the judging"].brain) as made:
        assert lab.check(made).failed == ["c2"]
        made.brain = brains.plain
        assert lab.check(made).failed == []


def test_a_cache_that_cannot_be_written_costs_nothing_else(
    lab: Lab, good: dict[str, str | None]
) -> None:
    (lab.folder / "cache" / "answers").write_text("in the way", encoding="utf-8")
    (lab.folder / "cache" / "servers").write_text("in the way", encoding="utf-8")
    with server() as made:
        run = lab.check(made)
    assert run.code == 0 and run.verdicts == good


def test_what_a_server_can_do_is_remembered(lab: Lab) -> None:
    lacking = ALL_CAPABILITIES - {"json_schema", "temperature"}
    with server(capabilities=lacking) as made:
        lab.check(made, "--no-cache")
        second = lab.check(made, "--no-cache")
        assert second.asked == {"extract": 1, "judge": 2, "write": 1}
        body = second.requests[0].body
        assert body["response_format"] == {"type": "json_object"} and "temperature" not in body
        code, out, _ = lab.cli("doctor", "--model", "scripted", OPENAI_BASE_URL=made.url)
        assert code == 0 and len(made.requests) == 4 + 4 + 2, "the doctor asks nothing"
    assert "structured output by json_object" in out and "temperature no" in out
    assert KEY not in out


def test_the_doctor_probes_when_told_to(lab: Lab) -> None:
    with server(capabilities=ALL_CAPABILITIES - {"json_schema"}) as made:
        code, out, _ = lab.cli("doctor", "--model", "scripted", OPENAI_BASE_URL=made.url)
        assert code == 0 and "not asked yet" in out and made.requests == []
        code, out, _ = lab.cli("doctor", "--probe", "--model", "scripted", OPENAI_BASE_URL=made.url)
        assert code == 0 and "structured output by json_object" in out and len(made.requests) == 2
        run = lab.check(made, "--no-cache")
        assert len(run.requests) == 4, "what the probe found out is used"


@pytest.mark.parametrize("name", ["401", "404", "500", "html_200", "wrong_schema"])
def test_the_doctor_says_what_is_wrong(lab: Lab, name: str) -> None:
    with server(script=lambda n, body: FAULTS[name]) as made:
        code, out, err = lab.cli("doctor", "--probe", "--model", "m", OPENAI_BASE_URL=made.url)
    assert code == 5 and "problem" in out and KEY not in out + err and "Traceback" not in err
    assert len(err.splitlines()) == 2, "what was wrong, and what to do"
    assert "collection" in out, "the rest is looked at all the same"


# ---------------------------------------------------------------- whole processes


def _until_judging(made: ModelServer, child: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 40
    while not any(brains.step(r.body) == "judge" for r in made.requests):
        assert time.monotonic() < end and child.poll() is None
        time.sleep(0.02)


def test_ctrl_c_in_the_middle_of_judging(process: Lab, left_alone: Any) -> None:
    path = process.folder / "note.json"
    with server(script=goes_wrong(FAULTS["timeout"], "judge")) as made:
        child = left_alone(made.url, "-o", path)
        _until_judging(made, child)
        began = time.monotonic()
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=20)
        took = time.monotonic() - began
    assert child.returncode == 130 and took < patience(3)
    note = json.loads(path.read_text(encoding="utf-8"))
    run = Checked(child.returncode, out, err, note, path, made.requests, took)
    process.hold(run)
    assert run.failed == ALL and run.unread == [] and ("judge", "interrupted") in run.kinds
    assert "stopping" in err and run.asked["judge"] == 1


def test_a_second_ctrl_c_leaves_at_once(process: Lab, left_alone: Any) -> None:
    path = process.folder / "note.json"
    with server(script=goes_wrong(FAULTS["timeout"], "judge")) as made:
        child = left_alone(made.url, "-o", path)
        _until_judging(made, child)
        child.send_signal(signal.SIGINT)
        said = ""
        while "stopping" not in said:
            said = child.stderr.readline()
            assert said, "the first one was not answered"
        began = time.monotonic()
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=20)
        took = time.monotonic() - began
    assert child.returncode == 130 and took < patience(2) and "Traceback" not in err
    if path.exists():  # it may have been quicker; then the note is whole
        assert json.loads(path.read_text(encoding="utf-8"))["claims"]


def test_a_partial_note_on_standard_output(process: Lab) -> None:
    """For other programs: the note, whole JSON, and the exit code."""
    with server(script=goes_wrong(FAULTS["401"], "judge")) as made:
        code, out, err = process.cli(
            "check", process.article, "--format", "json", "--model", "m", OPENAI_BASE_URL=made.url
        )
    note = json.loads(out)
    assert code == 5 and not note["complete"] and len(note["claims"]) == CLAIMS
    assert "OPENAI_API_KEY" in err and "Traceback" not in err and KEY not in out + err


def test_a_partial_note_as_text(process: Lab) -> None:
    with server(script=goes_wrong(FAULTS["500"], "every call")) as made:
        code, out, err = process.cli(
            "check", process.article, "--model", "m", OPENAI_BASE_URL=made.url
        )
    assert code == 5 and "Haiyan" in out and "Traceback" not in out + err and KEY not in out + err
    assert "Try again later." in err and len(made.requests) == 2


def test_a_wrong_setting_is_named_before_anything_is_read(process: Lab) -> None:
    code, out, err = process.cli("check", process.article, "--model", "m", FACTCHECK_TIMEOUT="abc")
    assert code == 3 and out == "" and "timeout" in err and "FACTCHECK_TIMEOUT" in err
    assert "Traceback" not in err
