"""The line editor: history across conversations, completion from the registry, multi-line input."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings


class Names(Completer):
    """Commands, claim numbers, report ids and file names."""

    def __init__(self, names: Callable[[str], list[str]]) -> None:
        self._names = names
        self._paths = PathCompleter(expanduser=True)

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterable[Completion]:
        """What may stand at the cursor."""
        from factcheck.chat.commands import REGISTRY

        text = document.text_before_cursor
        if not text.startswith("/"):
            return
        word, space, rest = text[1:].partition(" ")
        if not space:
            for name, command in REGISTRY.items():
                if name.startswith(word.lower()):
                    yield Completion(name, start_position=-len(word), display_meta=command.help)
            return
        fits = [c for n, c in REGISTRY.items() if n.startswith(word.lower())]
        chosen = REGISTRY.get(word.lower()) or (fits[0] if len(fits) == 1 else None)
        if chosen is None:
            return
        if chosen.completes == "file":
            path = Document(rest, len(rest))
            yield from self._paths.get_completions(path, event)
        elif " " not in rest:
            known = (
                chosen.completes.split("|")
                if "|" in chosen.completes
                else self._names(chosen.completes)
            )
            for name in known:
                if name.lower().startswith(rest.lower()):
                    yield Completion(name, start_position=-len(rest))


def session(history: Path, names: Callable[[str], list[str]]) -> PromptSession[Any]:
    """A prompt with its habits: Enter sends, Alt-Enter breaks the line, Ctrl-R searches back."""
    keys = KeyBindings()

    @keys.add("escape", "enter")
    def _(event: Any) -> None:
        event.current_buffer.insert_text("\n")

    try:
        history.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        history.touch(mode=0o600)
        kept: Any = FileHistory(str(history))
    except OSError:
        kept = InMemoryHistory()
    return PromptSession(
        history=kept,
        completer=Names(names),
        complete_while_typing=False,
        key_bindings=keys,
        enable_history_search=False,
        mouse_support=False,
    )
