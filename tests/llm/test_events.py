"""Streams of events with their pieces of text joined: what is said stays, in its order."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from factcheck.provider.events import joined


def _event(delta: dict[str, Any], *, id: str = "a", **more: Any) -> bytes:
    finish = more.pop("finish_reason", None)
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    return b"data: " + json.dumps({"id": id, "choices": [choice], **more}).encode() + b"\n\n"


OPENING = _event({"role": "assistant", "content": ""}, usage=None)
END = _event({}, finish_reason="stop") + b"data: [DONE]\n\n"


def _events(stream: bytes) -> list[bytes]:
    return [e for e in stream.replace(b"\r\n", b"\n").split(b"\n\n") if e]


def _told(stream: bytes) -> str:
    out = ""
    for event in _events(stream):
        if event.startswith(b"data: {"):
            for choice in json.loads(event[6:])["choices"]:
                out += choice["delta"].get("content") or ""
    return out


@given(
    st.lists(st.text(max_size=5), max_size=40),
    st.lists(st.integers(0, 4000), max_size=20),
    st.booleans(),
)
def test_pieces_are_joined_wherever_the_bytes_are_cut(
    pieces: list[str], cuts: list[int], carriage: bool
) -> None:
    whole = OPENING + b"".join(_event({"content": p}) for p in pieces) + END
    if carriage:
        whole = whole.replace(b"\n", b"\r\n")
    at = sorted({0, len(whole), *(c for c in cuts if c < len(whole))})
    out = b"".join(joined(whole[a:b] for a, b in zip(at, at[1:], strict=False)))
    assert _told(out) == "".join(pieces)
    assert out.rstrip().endswith(b"data: [DONE]")
    assert len(_events(out)) <= 4


def test_everything_but_a_plain_piece_passes_unchanged_and_in_its_place() -> None:
    others = [
        _event({"refusal": "I cannot"}),
        _event({"content": "x", "reasoning_content": "hm"}),
        _event({"content": None}),
        _event({"content": "last"}, finish_reason="length"),
        _event({}, finish_reason="stop"),
        b'data: {"error": {"message": "overloaded"}, "choices": []}\n\n',
        b'data: {"choices": null}\n\n',
        b"data: {broken\n\n",
        b": a comment\n\n",
        b"event: ping\ndata: {}\n\n",
    ]
    for other in others:
        out = list(joined([_event({"content": "a"}), _event({"content": "b"}), other, END]))
        assert out[1] == other
        assert [_told(out[0])] == ["ab"]


def test_pieces_of_two_answers_are_not_mixed() -> None:
    """Some servers repeat the role in every event; another id, or place, is another answer."""
    role = {"role": "assistant"}
    out = list(
        joined(
            [
                _event({"content": "a", **role}) + _event({"content": "b", **role}),
                _event({"content": "c", **role}, id="b"),
            ]
        )
    )
    assert list(map(_told, out)) == ["ab", "c"]


def test_what_is_no_stream_of_events_comes_out_as_it_went_in() -> None:
    for text in (b"<html>\n\n<body>", b"", b"\x00\xff\n\n\xfe", b'{"choices": []}'):
        assert b"".join(joined([text])) == text


def test_a_stream_that_breaks_off_raises_as_before() -> None:
    def broken() -> Any:
        yield _event({"content": "a"})
        raise ConnectionResetError

    out = joined(broken())
    try:
        list(out)
    except ConnectionResetError:
        return
    raise AssertionError("the fault was swallowed")


def test_what_was_used_so_far_is_told_once_and_at_the_end() -> None:
    """Some servers count in every event, and a client adds up what it is told."""
    for done in (b"data: [DONE]\n\n", b"data:[DONE]\n\n", b""):
        pieces = [_event({"content": c}, usage={"prompt_tokens": 3, "n": n})
                  for n, c in enumerate("abc")]  # fmt: skip
        last = _event({}, finish_reason="stop", usage={"prompt_tokens": 3, "n": 4})
        out = b"".join(joined([*pieces, last, done]))
        assert _told(out) == "abc" and out.endswith(done)
        counts = [json.loads(e[6:]) for e in _events(out) if e.startswith(b"data: {")]
        assert [c["usage"] for c in counts if c["usage"]] == [{"prompt_tokens": 3, "n": 4}]
        assert counts[-1]["choices"] == [] and counts[-2]["choices"][0]["finish_reason"] == "stop"


def test_a_count_at_the_end_passes_as_it_came() -> None:
    count = b'data: {"id":"a","choices":[],"usage":{"prompt_tokens":3},"timings":{"n": 1}}\n\n'
    out = list(
        joined([_event({"content": "a"}), _event({}, finish_reason="stop"), count, END[-14:]])
    )
    assert out[-2:] == [count, b"data: [DONE]\n\n"]


def test_an_event_that_differs_in_more_than_its_text_is_no_piece_of_the_run() -> None:
    text = 'he said "content": "x"}, \\ "refusal"'
    run = [_event({"content": t}) for t in ("a ", text, "", "\\", "ü\u2028")]
    other = [
        _event({"content": "b"}, id="b"),
        _event({"content": "c", "refusal": "no"}),
        b'data: {"id": "a", "choices": [{"index": 0, "delta": {"content": "cut"\n\n',
        b'data: {"id": "a", "choices": [{"index": 0, "delta": {"content": "\\x"}, '
        b'"finish_reason": null, "logprobs": null}]}\n\n',
    ]
    out = _events(b"".join(joined(run + other)))
    assert json.loads(out[0][6:])["choices"][0]["delta"]["content"] == f"a {text}\\ü\u2028"
    assert [e + b"\n\n" for e in out[1:]] == other
