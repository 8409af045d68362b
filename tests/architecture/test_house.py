"""The house rules that no linter knows."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import factcheck
from tests.conftest import ROOT

PACKAGE = ROOT / "factcheck"
MODULES = sorted(PACKAGE.rglob("*.py"))


def calls(path: Path) -> set[str]:
    """The names called in a module: `name(` and `anything.name(`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            function = node.func
            found.add(
                function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
            )
    return found


def test_steps_in_alphabetical_order_are_the_pipeline(checker, monkeypatch, tmp_path) -> None:
    """In the order in which they are first called, whatever calls them."""
    from factcheck import pipeline

    steps = sorted(p.stem for p in (PACKAGE / "steps").glob("[!_]*.py"))
    called: list[str] = []
    for step in steps:
        module = getattr(pipeline, f"{step}_")
        real = getattr(module, step)

        def noted(*args, _step=step, _real=real, **kwargs):
            called.append(_step)
            return _real(*args, **kwargs)

        monkeypatch.setattr(module, step, noted)
    article = tmp_path / "a.txt"
    article.write_text(
        "The army took the town of Safira on Friday. Two soldiers were killed there."
    )
    checker.check(article)
    assert list(dict.fromkeys(called)) == steps and len(steps) == 6


def test_only_verify_makes_an_assessment() -> None:
    makers = {p.relative_to(PACKAGE).as_posix() for p in MODULES if "Assessment" in calls(p)}
    assert makers == {"steps/verify.py", "restore.py"}  # the latter only what was verified once


def test_only_the_terminal_writes_to_the_terminal() -> None:
    writers = {p.name for p in MODULES if calls(p) & {"print", "echo"}}
    # rich's console.print in the two that render, typer's version line in the command line
    assert writers <= {"terminal.py", "app.py"}


@pytest.mark.parametrize("banned", ["eval", "exec", "load_module", "system", "popen"])
def test_no_code_is_made_of_text(banned: str) -> None:
    assert not [p.name for p in MODULES if banned in calls(p)]


def test_public_names_are_listed_and_exist() -> None:
    assert len(factcheck.__all__) == len(set(factcheck.__all__))
    for name in factcheck.__all__:
        assert getattr(factcheck, name) is not None
    assert set(factcheck._HOME) | {"__version__"} == set(factcheck.__all__)
    for name, home in factcheck._HOME.items():
        assert getattr(factcheck, name) is getattr(import_module(f"factcheck.{home}"), name)
    with pytest.raises(AttributeError):
        factcheck.nonsense  # noqa: B018


def test_the_package_is_typed() -> None:
    assert (PACKAGE / "py.typed").exists()


def test_importing_the_package_is_free() -> None:
    code = (
        "import sys, factcheck; print(len([m for m in sys.modules if m.startswith('factcheck')]))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(out.stdout) <= 2


def test_errors_have_the_documented_exit_codes() -> None:
    from factcheck import errors

    expected = {
        "UsageError": 2, "ConfigError": 3, "StoreMismatch": 3, "InputError": 4,
        "ReferenceFileError": 4, "NoteError": 4, "AddressRefused": 4, "FetchFailed": 4,
        "ServiceError": 5, "ModelError": 5,
        "StoreError": 5, "StoreBusy": 5, "BudgetReached": 6, "CitationBroken": 7,
    }  # fmt: skip
    made = {
        n: c.exit_code
        for n, c in vars(errors).items()
        if isinstance(c, type) and issubclass(c, errors.FactcheckError) and n != "FactcheckError"
    }
    assert made == expected
    for name in expected:
        assert name in (errors.__doc__ or "")


def test_every_command_is_documented() -> None:
    docs = "\n".join(
        p.read_text(encoding="utf-8") for p in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    )
    for command in ("check", "show", "verify", "doctor", "refs add", "refs list", "refs show",
                    "refs remove", "refs stats", "refs reindex", "refs export", "refs import",
                    "refs pull", "refs edit", "refs lint", "eval notes", "eval retrieval", "sign", "recheck",
                    "similar", "batch"):  # fmt: skip
        assert f"factcheck {command}" in docs, command


def test_the_wheel_carries_prompts_and_seeds() -> None:
    import tomllib

    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]
    wheel = build["build"]["targets"]["wheel"]
    assert {"factcheck", "prompts", "seeds/references", "seeds/sources.toml"} <= set(
        wheel["only-include"]
    )
    assert wheel["sources"] == {"prompts": "factcheck/_prompts", "seeds": "factcheck/_seeds"}
