"""The guard of the floors: it sees a fall, refuses it, and lets it pass only with a reason."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bench import floors
from bench.calibrate import fitted_to
from factcheck import evaluate
from tests.conftest import ROOT

KNOWN = {"articles/a": {"accuracy": 0.7, "false_support_rate": 0.05}, "sets/s": {"accuracy": 0.5}}


@pytest.fixture
def files(tmp_path):
    path, changelog = tmp_path / "floors.json", tmp_path / "CHANGELOG.md"
    floors.save(KNOWN, "abc", path)
    changelog.write_text("# Changelog\n\n## [0.1.0]\n- First.\n", encoding="utf-8")
    return {"floors": path, "changelog": changelog}


def reached(**changes):
    out = json.loads(json.dumps(KNOWN))
    out["articles/a"].update(changes)
    return out


def test_the_floors_are_of_this_corpus() -> None:
    sha256, known = floors.load()
    assert sha256 == floors.corpus(), "data changed since the floors were measured: make floors"
    assert {f"articles/{p.stem}" for p in floors.ARTICLES} <= set(known)
    assert {f"sets/{p.stem}" for p in floors.SETS} <= set(known)


def test_a_fall_is_refused_and_changes_nothing(files) -> None:
    before = files["floors"].read_text()
    for change in ({"accuracy": 0.69}, {"false_support_rate": 0.06}):
        code, told = floors.settle(reached(**change), **files)
        assert code == 1 and next(iter(change)) in told
    assert files["floors"].read_text() == before
    assert "Regressions" not in files["changelog"].read_text()


def test_what_is_better_raises_the_floor(files) -> None:
    code, _ = floors.settle(reached(accuracy=0.8, false_support_rate=0.01), sha256="def", **files)
    sha256, known = floors.load(files["floors"])
    assert (code, sha256) == (0, "def")
    assert known["articles/a"] == {"accuracy": 0.8, "false_support_rate": 0.01}
    assert known["sets/s"] == {"accuracy": 0.5}


def test_a_fall_with_a_reason_is_written_down(files) -> None:
    code, _ = floors.settle(
        reached(accuracy=0.6), reason="labels were settled anew", sha256="def", **files
    )
    _, known = floors.load(files["floors"])
    text = files["changelog"].read_text()
    assert code == 0 and known["articles/a"]["accuracy"] == 0.6
    assert "## Regressions" in text and "labels were settled anew" in text
    assert "articles/a accuracy: 0.7000 -> 0.6000" in text
    floors.settle(reached(accuracy=0.5), reason="again", sha256="def", **files)
    text = files["changelog"].read_text()
    assert text.count("## Regressions") == 1
    assert text.index("again") < text.index("labels were settled anew")


def test_a_check_changes_nothing(files) -> None:
    before = files["floors"].read_text()
    assert floors.settle(reached(accuracy=0.9), check=True, **files)[0] == 0
    assert floors.settle(reached(accuracy=0.6), check=True, **files)[0] == 1
    assert files["floors"].read_text() == before


def test_what_was_not_measured_keeps_its_floor(files) -> None:
    floors.settle({"articles/b": {"accuracy": 0.4}}, sha256="x", **files)
    assert floors.load(files["floors"])[1] == {**KNOWN, "articles/b": {"accuracy": 0.4}}


def test_no_reason_is_no_reason() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.floors", "--allow-regression", " "],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2 and "needs a reason" in done.stderr


def test_held_out_spans_are_fitted_to_by_nothing() -> None:
    held = 0
    for article in floors.ARTICLES:
        labels = evaluate.read_gold(ROOT / "seeds" / "gold" / f"{article.stem}.jsonl", [article])
        kept = fitted_to(labels[article])
        assert all(label.split == "dev" for label in kept)
        assert len(kept) in (0, len(labels[article])), "an article is held out whole or not"
        held += not kept
    assert held == 2
