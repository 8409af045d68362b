"""The line editor: history across conversations, completion from the registry, multi-line input."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.history import DummyHistory, FileHistory, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings


class Names(Completer):
    """Commands, claim numbers, report ids and file names. `names` gives what there is of a kind,
    `language` the language in which commands are explained."""

    def __init__(self, names: Callable[[str], list[str]], language: Callable[[], str]) -> None:
        self._names, self._language = names, language
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
                    told = command.help(self._language())
                    yield Completion(name, start_position=-len(word), display_meta=told)
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


def session(
    history: Path, names: Callable[[str], list[str]], language: Callable[[], str]
) -> PromptSession[Any]:
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
        completer=Names(names, language),
        complete_while_typing=False,
        key_bindings=keys,
        enable_history_search=False,
        mouse_support=False,
    )


def pasting() -> PromptSession[Any]:
    """A prompt for a whole article: Enter breaks the line, one that holds a single dot ends it, and
    so does Ctrl-D. The terminal's own editor would cut a line at 4,095 bytes."""
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: Any) -> None:
        if event.current_buffer.document.current_line.strip() == ".":
            event.current_buffer.validate_and_handle()
        else:
            event.current_buffer.insert_text("\n")

    @keys.add("c-d")
    def _(event: Any) -> None:
        event.current_buffer.validate_and_handle()

    return PromptSession(
        history=DummyHistory(), key_bindings=keys, multiline=True, mouse_support=False,
        prompt_continuation="",
    )  # fmt: skip
