"""All slash commands: importing this module registers them."""

from factcheck.chat import on_article, on_collection, on_note, on_settings
from factcheck.chat.registry import REGISTRY, Command, find

__all__ = ["REGISTRY", "Command", "find", "on_article", "on_collection", "on_note", "on_settings"]
