"""The door that runs a GGUF model in process, asked through the client that the provider uses."""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openai
import pytest
from langchain_openai import ChatOpenAI

from factcheck.errors import ConfigError, InputError, ModelError
from factcheck.provider import gguf
from factcheck.provider.gguf import GgufServer

DEADLINE = 120  # seconds for one answer; some ten are usual on two busy cores

CLAIMS: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["claims", "language"],
    "properties": {
        "claims": {
            "type": "array",
            "minItems": 1,
            "maxItems": 2,
            "items": {"$ref": "#/$defs/Claim"},
        },
        "language": {"enum": ["id", "ar", "en"]},
    },
    "$defs": {
        "Claim": {
            "type": "object",
            "additionalProperties": False,
            "required": ["quote", "kind", "year"],
            "properties": {
                "quote": {"type": "string", "maxLength": 30},
                "kind": {"$ref": "#/$defs/Kind"},
                "year": {"type": "integer", "minimum": 1000, "maximum": 9999},
            },
        },
        "Kind": {"type": "string", "enum": ["number", "event"]},
    },
}


def chat(server: GgufServer, **options: Any) -> ChatOpenAI:
    options = {"temperature": 0, "max_tokens": 32, "stream_usage": True, **options}
    return ChatOpenAI(
        model=server.model,
        base_url=server.url,
        api_key="none",  # type: ignore[arg-type]
        timeout=DEADLINE,
        max_retries=0,
        **options,
    )


def test_a_plain_answer_with_usage(real_model: GgufServer) -> None:
    answer = chat(real_model).invoke("Name a river.")
    assert answer.text.strip()
    assert "<|im_" not in answer.text
    assert answer.usage_metadata is not None
    # Four words: the rest is the model's own chat template, with its default system message.
    assert answer.usage_metadata["input_tokens"] > 20
    assert answer.usage_metadata["output_tokens"] > 0
    assert answer.response_metadata["model_name"] == real_model.model


def test_the_limit_on_tokens_is_kept_and_named(real_model: GgufServer) -> None:
    answer = chat(real_model, max_tokens=5).invoke("Write a long story about a river.")
    assert answer.usage_metadata is not None
    assert answer.usage_metadata["output_tokens"] == 5
    assert answer.response_metadata["finish_reason"] == "length"


@pytest.mark.parametrize("seed", [1, 2])
def test_an_answer_obeys_its_schema(real_model: GgufServer, seed: int) -> None:
    form = {
        "type": "json_schema",
        "json_schema": {"name": "Claims", "strict": True, "schema": CLAIMS},
    }
    bound = chat(real_model, max_tokens=600, temperature=1.0, seed=seed).bind(
        extra_body={"response_format": form}
    )
    answer = bound.invoke("On 29 November 2024 twelve trucks reached Aleppo. List the claims.")
    assert answer.response_metadata["finish_reason"] == "stop"
    value = json.loads(answer.text)
    assert set(value) == {"claims", "language"}
    assert value["language"] in ("id", "ar", "en")
    assert 1 <= len(value["claims"]) <= 2
    for claim in value["claims"]:
        assert set(claim) == {"quote", "kind", "year"}
        assert len(claim["quote"]) <= 30
        assert claim["kind"] in ("number", "event")
        assert type(claim["year"]) is int and 1000 <= claim["year"] <= 9999


def test_an_answer_in_json_without_a_schema(real_model: GgufServer) -> None:
    bound = chat(real_model, max_tokens=300, seed=3).bind(
        extra_body={"response_format": {"type": "json_object"}}
    )
    answer = bound.invoke("Give a JSON object with a name and an age.")
    if answer.response_metadata["finish_reason"] == "stop":
        assert isinstance(json.loads(answer.text), dict)
    else:  # a small model may ramble on inside a string; it cannot leave the form
        assert answer.text.lstrip().startswith("{")


def test_an_impossible_schema_is_refused(real_model: GgufServer) -> None:
    schema = {"type": "object", "properties": {"a": {"$ref": "#/$defs/Missing"}}}
    form = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    with pytest.raises(openai.BadRequestError):
        chat(real_model).bind(extra_body={"response_format": form}).invoke("Go on.")


def test_streaming_gives_parts_and_the_usage(real_model: GgufServer) -> None:
    parts = list(chat(real_model).stream("Name three rivers."))
    assert len(parts) > 3
    used = [p.usage_metadata for p in parts if p.usage_metadata]
    assert used and used[-1]["output_tokens"] > 0
    assert "".join(p.text for p in parts).strip()
    ends = {p.response_metadata.get("finish_reason") for p in parts} - {None}
    assert ends <= {"stop", "length"} and len(ends) == 1


def test_two_at_once_each_get_their_own_answer(real_model: GgufServer) -> None:
    questions = ["Name a river.", "Name a river, and a mountain, and a sea, and a town."]
    alone = [_asked(real_model, q) for q in questions]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda q: _asked(real_model, q), questions))
    assert together == alone
    assert alone[0] < alone[1]


def _asked(server: GgufServer, question: str) -> int:
    answer = chat(server).invoke(question)
    assert answer.text.strip() and answer.usage_metadata
    return answer.usage_metadata["input_tokens"]


def test_more_text_than_the_context_holds_is_refused(real_model: GgufServer) -> None:
    with pytest.raises(openai.BadRequestError) as raised:
        chat(real_model).invoke("twelve trucks reached Aleppo " * 3000)
    assert raised.value.status_code == 400
    assert raised.value.type == "exceed_context_size_error"
    assert isinstance(raised.value.body, dict)
    assert raised.value.body["n_ctx"] == 8192  # per request, not shared between the two


def test_nothing_is_printed_and_nothing_answers_afterwards(
    real_model_file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with GgufServer(real_model_file, context=512, threads=1) as server:
        assert server.url.startswith("http://127.0.0.1:")
        asked = chat(server)
        asked.invoke("Hello")
        with pytest.raises(openai.BadRequestError):
            asked.invoke("too long " * 1000)
    with pytest.raises(openai.APIConnectionError):
        asked.invoke("Hello")
    server.close()  # a second time is harmless
    assert capfd.readouterr() == ("", "")


def test_closing_waits_for_a_request_under_way(
    real_model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gguf, "_CLOSE_SECONDS", 60)
    server = GgufServer(real_model_file, context=512, threads=1)
    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(chat(server, max_tokens=40).invoke, "Write a story.")
        while "requests_processing 1" not in (gguf._get(server._address, "/metrics") or ""):
            assert not under_way.done()
            time.sleep(0.01)
        server.close()
        assert under_way.result(timeout=DEADLINE).text


def test_a_damaged_file_is_named(real_model_file: Path, tmp_path: Path) -> None:
    with real_model_file.open("rb") as file:
        (tmp_path / "half.gguf").write_bytes(file.read(1_000_000))
    with pytest.raises(InputError, match=r"half\.gguf cannot be loaded"):
        GgufServer(tmp_path / "half.gguf")


# What follows needs neither package.


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.gguf cannot be read: No such file") as raised:
        GgufServer(tmp_path / "none.gguf")
    assert raised.value.hint


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        GgufServer(tmp_path)


@pytest.mark.parametrize("content", [b"", b"GGU", b"PK\x03\x04 and more"])
def test_a_file_that_is_no_gguf(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.gguf").write_bytes(content)
    with pytest.raises(InputError, match="is not a GGUF file"):
        GgufServer(tmp_path / "model.gguf")


@pytest.fixture
def pretended(tmp_path: Path) -> Path:
    (tmp_path / "model.gguf").write_bytes(b"GGUF")
    return tmp_path / "model.gguf"


def test_without_the_package(pretended: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(ConfigError, match="xllamacpp") as raised:
        GgufServer(pretended)
    assert raised.value.hint == "pip install 'factcheck-assistant[local]'"


def test_a_server_that_never_answers(pretended: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dead = SimpleNamespace(
        CommonParams=lambda: SimpleNamespace(
            model=SimpleNamespace(),
            cpuparams=SimpleNamespace(),
            cpuparams_batch=SimpleNamespace(),
        ),
        Server=lambda params: SimpleNamespace(listening_address="http://127.0.0.1:9"),
    )
    monkeypatch.setitem(sys.modules, "xllamacpp", dead)
    monkeypatch.setattr(gguf, "_START_SECONDS", 0.2)
    with pytest.raises(ModelError, match="did not answer") as raised:
        GgufServer(pretended)
    assert raised.value.kind == "timeout"
