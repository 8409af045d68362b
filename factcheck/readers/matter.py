"""Fields that somebody wrote down about a document, as YAML: front matter, or a sidecar file.

Only plain values are read. Tags (which can make objects), anchors (a few lines of which can stand
for billions of values) and a field that is given twice are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from factcheck.errors import ReferenceFileError
from factcheck.readers.limits import MATTER

_DEEPEST = 20  # lists within lists; fields need two
_OPENING = re.compile(r"---[ \t]*\r?\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Matter:
    """The fields, the body below them, the line on which the body begins, each field's line."""

    fields: dict[str, Any]
    body: str
    body_line: int
    lines: dict[str, int]


def split(text: str, *, name: str) -> Matter:
    """Split a text into its front matter and its body.

    The body starts at its first character that is no line break. Without front matter the fields
    are empty and the body is the text. Raises ReferenceFileError on broken YAML.
    """
    opening = _OPENING.match(text)
    if opening is None:
        return Matter({}, text, 1, {})
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        raise ReferenceFileError(
            f"{name}, line 1: the front matter is not closed", hint="End it with a line of ---."
        )
    head = text[opening.end() : closing.start()]
    body_line = text.count("\n", 0, closing.end()) + 1
    fields, lines = parse(head, name=name, first=2, what="front matter")
    return Matter(fields, text[closing.end() :].lstrip("\r\n"), body_line, lines)


def front_matter(text: str, *, name: str) -> tuple[dict[str, Any], str, int]:
    """The front matter of a text, its body, and the line on which the body begins."""
    found = split(text, name=name)
    return found.fields, found.body, found.body_line


def parse(
    head: str, *, name: str, first: int = 1, what: str = "YAML"
) -> tuple[dict[str, Any], dict[str, int]]:
    """The fields of a piece of YAML and the line of each. `first` is the line it begins on."""

    def broken(line: int, problem: str, hint: str) -> ReferenceFileError:
        return ReferenceFileError(f"{name}, line {line}: broken {what}: {problem}", hint=hint)

    if len(head) > MATTER:
        raise broken(first, f"more than {MATTER // 1000} kB of it", "Give the fields alone.")
    try:
        depth = 0
        for event in yaml.parse(head, yaml.SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                raise broken(first, "it is nested too deep", "Write one field a line.")
            if getattr(event, "anchor", None):
                raise broken(
                    (event.start_mark.line if event.start_mark else 0) + first,
                    "it has an anchor (&) or an alias (*)",
                    "Put values that begin with & or * in double quotes.",
                )
        root = yaml.compose(head, yaml.SafeLoader)
        lines = _lines(root, first, broken)
        fields = yaml.safe_load(head)
    except yaml.YAMLError as error:
        mark = getattr(error, "context_mark", None) or getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not valid YAML"
        raise broken(
            (mark.line if mark else -1) + first if mark else 1,
            problem,
            "Put values with a colon or a quote in double quotes.",
        ) from error
    except (ValueError, OverflowError) as error:  # a date such as 2013-13-45
        raise ReferenceFileError(
            f"{name}: broken {what}: {str(error)[:200]}", hint="Write dates as YYYY-MM-DD."
        ) from error
    if fields is None:
        return {}, {}
    if not isinstance(fields, dict):
        raise ReferenceFileError(
            f"{name}, line {first}: the {what} is not a list of `field: value`",
            hint="Write one field a line.",
        )
    return {str(k): _whole(v) for k, v in fields.items()}, lines


def _whole(value: Any) -> Any:
    """A value without half letters: YAML reads the escapes "\\ud83d\\ude00" one by one."""
    if isinstance(value, list):
        return [_whole(v) for v in value]
    if not isinstance(value, str):
        return value
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _lines(root: Any, first: int, broken: Any) -> dict[str, int]:
    """The line of each field. A field that is given twice is an error, at any depth."""
    lines: dict[str, int] = {}
    nodes = [root]
    while nodes:
        node = nodes.pop()
        if isinstance(node, yaml.SequenceNode):
            nodes.extend(node.value)
        if not isinstance(node, yaml.MappingNode):
            continue
        seen: set[str] = set()
        for key, value in node.value:
            nodes.append(value)
            told = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if told and told in seen:
                raise broken(
                    key.start_mark.line + first, f"`{told[:40]}` is given twice", "Keep one."
                )
            seen.add(told)
            if node is root:
                lines[told] = key.start_mark.line + first
    return lines
