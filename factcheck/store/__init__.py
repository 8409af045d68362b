"""The reference store: reports, their sentences, vectors in Chroma, names and figures as keys.

door.py       `Store`, the only door: add, remove, find, reindex, export, import
opening.py    a catalogue when it is opened: of an older make, of another model
filling.py    how reports get in and out, whole or not at all
searching.py  what is found, by vectors and by keys, narrowed to some reports
memory.py     what has been read since somebody last wrote
catalogue.py  SQLite: the reports and where their sentences stand
postings.py   which sentences are filed under a key, and their BM25
vectors.py    Chroma, embedded or on a server
flat.py       the same vectors in a file, to be looked up and searched one by one
places.py     where a store is kept: a folder
server.py     ... or a Chroma server, with a catalogue on this machine that follows it
remote.py     the records that are kept there
lease.py      who may write there
address.py    what --store may name
portable.py   one file with everything in it
"""

from factcheck.store.address import Address, parse
from factcheck.store.door import Store, built_with
from factcheck.store.portable import Moved
from factcheck.store.records import Added, Entry, Progress, Reindexed
from factcheck.store.within import Within

__all__ = [
    "Added",
    "Address",
    "Entry",
    "Moved",
    "Progress",
    "Reindexed",
    "Store",
    "Within",
    "built_with",
    "parse",
]
