"""The prompt door: Markdown files with front matter, versioned and fingerprinted.

A prompt file's front matter gives name, version, inputs and output; its body has a `## system`
and a `## user` part with `$variables`. `prompts.lock` maps name to version and SHA-256: a prompt
that was edited without raising its version is refused by a test. Values are put in as they are
and never expanded again; text from outside belongs in the user part alone.
"""

from __future__ import annotations

import hashlib
import json
import string
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from factcheck.errors import ConfigError
from factcheck.files import shipped
from factcheck.readers.matter import front_matter

LOCK = "prompts.lock"
_RUN = 7  # words that nobody writes by chance


@dataclass(frozen=True, slots=True)
class Prompt:
    name: str
    version: int
    inputs: tuple[str, ...]
    output: str
    system: str
    user: str
    sha256: str

    @property
    def fingerprint(self) -> str:
        return f"v{self.version}:{self.sha256[:12]}"

    def render(self, **values: str) -> tuple[str, str]:
        """(system, user) with the inputs put in. Raises ConfigError when they do not fit."""
        if set(values) != set(self.inputs):
            raise ConfigError(
                f"prompt {self.name} takes {sorted(self.inputs)}, not {sorted(values)}"
            )
        return self.system, string.Template(self.user).substitute(values)


def load(name: str, folder: Path | None = None) -> Prompt:
    """The prompt `name`. Raises ConfigError when its file is missing or broken."""
    return _load(name, folder or shipped("prompts"))


def names(folder: Path | None = None) -> tuple[str, ...]:
    """The prompts there are."""
    files = (folder or shipped("prompts")).glob("*.md")
    return tuple(sorted(p.stem for p in files if p.stem != "README"))


def lock(folder: Path | None = None) -> dict[str, dict[str, str | int]]:
    """The lock file's content: name -> version and sha256."""
    path = (folder or shipped("prompts")) / LOCK
    locked: dict[str, dict[str, str | int]] = json.loads(path.read_text(encoding="utf-8"))
    return locked


def repeats(text: str) -> bool:
    """The text holds a run of words out of a shipped prompt: a model that talks about its orders."""
    words = text.split()
    runs = (" ".join(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1))
    return any(run in _runs() for run in runs)


@lru_cache(maxsize=1)
def _runs() -> frozenset[str]:
    out: set[str] = set()
    for name in names():
        words = load(name).system.split("\nExample")[0].split()  # the examples are news like any
        out |= {" ".join(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)}
    return frozenset(out)


@lru_cache(maxsize=32)
def _load(name: str, folder: Path) -> Prompt:
    path = folder / f"{name}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"prompt {name} is missing ({path})") from error
    fields, body, _ = front_matter(text, name=str(path))
    parts = body.split("## user\n", 1)
    if len(parts) != 2 or not parts[0].startswith("## system\n"):
        raise ConfigError(f"{path} has no `## system` and `## user` part")
    prompt = Prompt(
        name=str(fields["name"]),
        version=int(fields["version"]),
        inputs=tuple(fields.get("inputs") or ()),
        output=str(fields.get("output", "")),
        system=parts[0].removeprefix("## system\n").strip(),
        user=parts[1].strip(),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    used = set(string.Template(prompt.user).get_identifiers())
    if used != set(prompt.inputs) or string.Template(prompt.system).get_identifiers():
        raise ConfigError(f"{path}: inputs {sorted(prompt.inputs)} but variables {sorted(used)}")
    return prompt
