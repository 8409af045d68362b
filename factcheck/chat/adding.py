"""`/add`: reports are read, what is wrong with any is said, and the good ones go into the collection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from factcheck.chat import flags
from factcheck.chat.layout import INDENT, outside
from factcheck.errors import UsageError

if TYPE_CHECKING:
    from factcheck.chat.repl import Chat
    from factcheck.conversation import Addition
    from factcheck.gather import Gathered
    from factcheck.refs import Given

_ONE = {
    "publisher": "publisher", "title": "title", "published": "published", "event-date": "event_date",
    "kind": "kind", "language": "language", "url": "url", "id": "id", "form": "form",
}  # fmt: skip
_MANY = {"origins": "origins", "tag": "tags", "country": "country"}
_FLAGS = (*_ONE, *_MANY, "map", "encoding")
_SWITCHES = ("allow-undated", "skip-broken")
_SHOWN = 20  # errors, files and remarks that are shown one by one
USAGE = " ".join(f"--{f} X" for f in _FLAGS) + "".join(f" --{s}" for s in _SWITCHES)


def added(chat: Chat, rest: str) -> Addition | None:
    """What came of adding the reports that `rest` names; None where the editor left it at that.

    Raises UsageError for wrong flags, InputError where there is nothing to read or the only report
    cannot be read: it names the field that is missing, and the flag or front matter to give it by.
    """
    from factcheck.gather import gather

    words = flags.read(chat, rest, _FLAGS, _SWITCHES)
    given = _given(chat, words)
    with chat.terminal.progress() as bar:
        found = gather(words.sources, given, allow_local=chat.allow_local,
                       progress=lambda a, b: bar.update(chat.words("reading"), a, b))  # fmt: skip
    _tell(chat, found)
    if found.errors and not _go_on(chat, found, sure="skip-broken" in words.switches):
        return None
    with chat.terminal.progress() as bar:
        return chat.conversation.take(
            found.references, lambda a, b: bar.update(chat.words("embedding"), a, b)
        )


def _given(chat: Chat, words: flags.Words) -> Given:
    from factcheck.refs import Given

    fields: dict[str, object] = {}
    for flag, field in _ONE.items():
        if (value := words.last(flag)) is not None:
            fields[field] = value
    for flag, field in _MANY.items():
        if names := words.all(flag):
            fields[field] = names
    mapping = {}
    for pair in words.all("map"):
        field, sign, column = (part.strip() for part in pair.partition("="))
        if not (field and sign and column):
            raise UsageError(chat.words("no_pair", pair=pair), hint="--map title=headline")
        mapping[field] = column
    return Given(
        fields=fields,
        allow_undated="allow-undated" in words.switches,
        encoding=words.last("encoding"),
        mapping=mapping,
    )


def _tell(chat: Chat, found: Gathered) -> None:
    """Say what was passed over, left out or is undated."""
    for remark in found.remarks[:_SHOWN]:
        chat.say(Text(INDENT + outside(remark)))
    if len(found.remarks) > _SHOWN:
        chat.say(Text(chat.words("more", count=len(found.remarks) - _SHOWN)))
    undated = [r.id for r in found.references if r.published is None]
    for key, names in (("passed_over", [*map(str, found.passed_over)]), ("undated", undated)):
        if names:
            more = ", ..." if len(names) > _SHOWN else ""
            shown = ", ".join(map(outside, names[:_SHOWN])) + more
            chat.say(Text(chat.words(key, count=len(names), names=shown)))


def _go_on(chat: Chat, found: Gathered, *, sure: bool) -> bool:
    """Say what cannot be read; whether the others are added all the same."""
    if len(found.errors) == 1 and not found.references:
        raise found.errors[0]
    for error in found.errors[:_SHOWN]:
        chat.terminal.error(error)
    if len(found.errors) > _SHOWN:
        chat.say(Text(chat.words("more", count=len(found.errors) - _SHOWN)))
    total = len(found.errors) + len(found.references)
    chat.say(Text(chat.words("broken", count=len(found.errors), total=total)))
    if found.references and (sure or chat.confirm(chat.words("add_others"), default=False)):
        return True
    chat.say(Text(chat.words("none_added")))
    return False
