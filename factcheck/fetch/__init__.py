"""The only door to web addresses.

    with Fetcher() as fetcher:
        page = fetcher.get("https://example.org/report")   # page.data, page.content_type, page.sha256

`address` reads an address and says which machines are not gone to, `wire` asks one machine once,
`robots` keeps to robots.txt, `door` follows redirects and puts these together.
"""

from factcheck.fetch.address import is_address, joined, with_query
from factcheck.fetch.door import DOCUMENTS, Fetched, Fetcher

__all__ = ["DOCUMENTS", "Fetched", "Fetcher", "is_address", "joined", "with_query"]
