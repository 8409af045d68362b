"""The pictures in the docs: the same figures give the same file, and a table stands beside each."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("matplotlib", reason="the pictures need the dev extra")
from bench import figures, pictures

CURVE = [
    {
        "threshold": t / 10,
        "coverage": 1 - t / 10,
        "accuracy": 0.5 + t / 25,
        "false_support_rate": 0.3 - t / 50,
    }
    for t in range(10)
]
DATA = {"sha256": "ab" * 32, "files": 2}
RUN = {"analyst": "local", "factcheck": "1.2.3"}


def write(folder: Path, **records: Any) -> None:
    folder.mkdir(exist_ok=True)
    for name, record in records.items():
        (folder / f"{name}.json").write_text(json.dumps(record), encoding="utf-8")


def modes(value: float) -> dict[str, dict[str, float]]:
    return {
        m: {"recall@10": value - n / 10}
        for n, m in enumerate(("hybrid", "dense", "lexical", "bm25", "e5"))
    }


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    folder = tmp_path / "figures"
    write(
        folder,
        gold={"abstention_curve": CURVE, "data": DATA, "run": RUN},
        retrieval={"results": [
            {"data": {"folder": f"news_{pair}", "sha256": "cd" * 32, "used": 20, "documents": 30},
             "embedding": "some-model", "modes": modes(value)}
            for pair, value in (("id-en", 0.98), ("ar-en", 0.87), ("ar", 0.91))
        ]},
        cost={"rows": [{"name": "factcheck", "calls": 8, "input_tokens": 19461, "output_tokens": 1},
                       {"name": "plain retrieval-QA script, chunks of 1000", "calls": 26,
                        "input_tokens": 14567, "output_tokens": 1}]},
        peers={"how": "Counted by hand.",
               "rows": [{"name": "Other", "calls": 208, "input_tokens": 127000, "least": True}]},
    )  # fmt: skip
    return folder


def draw(saved: Path, to: Path) -> tuple[dict[str, bytes], str]:
    to.mkdir()
    made = pictures.draw(saved, to / "pictures", to / "pictures.md")
    return {p.name: p.read_bytes() for p in made}, (to / "pictures.md").read_text(encoding="utf-8")


def test_the_same_figures_give_the_same_files(saved: Path, tmp_path: Path) -> None:
    first, page = draw(saved, tmp_path / "one")
    assert draw(saved, tmp_path / "two") == (first, page)
    assert set(first) == {"abstention.svg", "retrieval.svg", "cost.svg"}
    for name, data in first.items():
        assert ET.fromstring(data).tag.endswith("svg"), name
        assert b"dc:date" not in data and str(tmp_path).encode() not in data
    write(
        saved,
        cost={"rows": [{"name": "factcheck", "calls": 9, "input_tokens": 9, "output_tokens": 1}]},
    )
    other, _ = draw(saved, tmp_path / "three")
    assert (
        other["cost.svg"] != first["cost.svg"] and other["retrieval.svg"] == first["retrieval.svg"]
    )


def test_a_table_stands_beside_each_picture(saved: Path, tmp_path: Path) -> None:
    _, page = draw(saved, tmp_path / "docs")
    for name in ("abstention", "retrieval", "cost"):
        before, _, after = page.partition(f"](pictures/{name}.svg)")
        assert before.rpartition("![")[2].strip(), "no words for who cannot see it"
        assert "\n| --- |" in after.partition("\n## ")[0], name
    assert "| id → en, news | 20 | 30 | 0.980 |" in page and "| ar → ar, news |" in page
    assert "| Other | 208+ | 127,000+ |" in page and "| factcheck | 8 | 19,461 |" in page
    assert f"| our labelled articles | {CURVE[0]['threshold']:.2f} | 100% | 50% | 30% |" in page
    assert "abababababab" in page and "cdcdcdcdcdcd" in page and "factcheck 1.2.3" in page


def test_what_was_not_measured_is_not_drawn(saved: Path, tmp_path: Path) -> None:
    (saved / "cost.json").unlink()
    (saved / "retrieval.json").unlink()
    made, page = draw(saved, tmp_path / "docs")
    assert set(made) == {"abstention.svg"} and "costs" not in page


def test_an_output_that_is_no_run_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("{}")
    with pytest.raises(SystemExit, match="no results"):
        pictures._take(path, "retrieval", ("results",))


def test_the_hash_is_of_names_and_bytes(tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    a.write_text("1")
    b.write_text("2")
    whole = figures.digest([a, b])
    assert figures.digest([b, a]) == whole != figures.digest([a])
    b.write_text("3")
    assert figures.digest([a, b]) != whole


def test_what_is_committed_is_what_the_figures_give(tmp_path: Path) -> None:
    """The page is that of the saved figures; pictures may differ between releases of matplotlib."""
    made, page = draw(figures.FOLDER, tmp_path / "docs")
    assert page == pictures.PAGE.read_text(encoding="utf-8"), "run: make pictures"
    assert set(made) == {p.name for p in pictures.PICTURES.glob("*.svg")}
