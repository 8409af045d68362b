"""The page in headless Chromium: `make browser` installs what this needs; without it, all is skipped."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from factcheck.models import Note
from factcheck.report import formats
from tests.report import sample
from tests.report.test_page import BAD

HERE = Path(__file__).parent
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
NODE = shutil.which("node")
WIDE, NARROW = (1280, 900), (390, 844)

if not CHROMIUM or not NODE:
    pytest.skip("no Chromium or no Node.js here; see `make browser`", allow_module_level=True)
if not (HERE / "node_modules" / "playwright-core").is_dir():
    pytest.skip("playwright-core is not installed; see `make browser`", allow_module_level=True)


def look(pages: list[dict]) -> list[dict]:
    done = subprocess.run(
        [str(NODE), str(HERE / "look.mjs"), str(CHROMIUM), json.dumps(pages)],
        capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def notes() -> dict[str, Note]:
    return {
        "english": sample.note(),
        "indonesian": sample.signed(sample.note(8, language="id", article_language="id")),
        "arabic": sample.note(9, article_language="ar", word="مليون"),
        "sixty": sample.note(60),
        "none": sample.note(0),
        "corrected": sample.corrected(8),
        "hostile": sample.hostile(" ".join(BAD[:7])),
    }


VIEWS = [
    ("english", WIDE, "light"), ("english", NARROW, "light"), ("english", WIDE, "dark"),
    ("arabic", WIDE, "light"), ("arabic", NARROW, "light"), ("sixty", WIDE, "light"),
    ("sixty", NARROW, "dark"), ("indonesian", WIDE, "light"), ("none", NARROW, "light"),
    ("hostile", NARROW, "light"), ("corrected", NARROW, "dark"), ("corrected", WIDE, "light"),
]  # fmt: skip
IDS = [f"{name}-{size[0]}-{scheme}" for name, size, scheme in VIEWS]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """What the browser saw of every page at every size: it is started once."""
    folder = tmp_path_factory.mktemp("pages")
    for name, made in notes().items():
        kept = {r.id: r for r in made.references}
        data = formats.render(made, "html", lookup=kept.get)
        (folder / f"{name}.html").write_text(str(data), encoding="utf-8")
    pages = [
        {"url": (folder / f"{name}.html").as_uri(), "width": w, "height": h, "scheme": scheme}
        for name, (w, h), scheme in VIEWS
    ]
    return dict(zip(IDS, look(pages), strict=True))


@pytest.mark.parametrize("view", IDS)
def test_nothing_leaves_and_nothing_is_complained_about(seen: dict, view: str) -> None:
    found = seen[view]
    assert found["said"] == []
    assert len(found["requests"]) == 1 and found["requests"][0].startswith("file:")
    assert found["styled"]  # the policy lets the page's own style through


@pytest.mark.parametrize("view", IDS)
def test_axe_finds_no_violation(seen: dict, view: str) -> None:
    assert seen[view]["violations"] == []


@pytest.mark.parametrize("view", IDS)
def test_links_resolve_and_nothing_sticks_out(seen: dict, view: str) -> None:
    assert seen[view]["broken"] == []
    assert seen[view]["wider"] <= 0
    assert seen[view]["first"] == "#claims"


@pytest.mark.parametrize("view", [v for v in IDS if not v.startswith(("none", "hostile"))])
def test_a_click_joins_text_and_card(seen: dict, view: str) -> None:
    number, joined = seen[view]["number"], seen[view]["joined"]
    assert joined == {
        "hash": f"#c{number}", "card": True, "words": True, "back": f"#m{number}", "mark": True,
        "still": True,
    }  # fmt: skip


def test_columns_stand_side_by_side_and_turn_round_with_the_script(seen: dict) -> None:
    wide = seen["english-1280-light"]["marked"]
    assert wide["article"][2] <= wide["cards"][0]
    arabic = seen["arabic-1280-light"]["marked"]
    assert arabic["cards"][2] <= arabic["article"][0]
    narrow = seen["english-390-light"]["marked"]
    assert narrow["cards"][1] > narrow["article"][1] and narrow["cards"][0] < 40
