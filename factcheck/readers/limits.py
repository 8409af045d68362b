"""How much of a document is read, and why no more.

What is larger is refused with a clear error; nothing is cut off silently. The limits are far above
what reports and articles have, and below what a machine with 4 GB takes badly.
"""

from __future__ import annotations

MB = 1_000_000

# Bytes of one file. Text has few bytes a word: 5 MB are eight hundred thousand words. The other formats
# carry pictures. Tables hold many reports.
BYTES = {
    "markdown": 5 * MB,
    "text": 5 * MB,
    "html": 25 * MB,
    "pdf": 100 * MB,
    "docx": 100 * MB,
    "eml": 50 * MB,
    "jsonl": 200 * MB,
    "csv": 200 * MB,
}
PAGE = 5 * MB  # characters of a web page without its embedded pictures
TEXT = 5 * MB  # characters of one report's text; embedding them takes about an hour
ROW = 5 * MB  # characters of one row of a table: one report
ROWS = 1_000_000  # rows of one table: days of embedding
COLUMNS = 1_000  # of a table; a report has fifteen fields

MATTER = 64_000  # characters of front matter or of a sidecar: some twenty lines
DEPTH = 100  # how deep JSON may be nested; a row is flat

PDF_PAGES = 3_000  # the longest reports of the UN have some 1,500
PDF_STREAM = 50 * MB  # bytes that one packed stream may become: a page of maps has about 10 MB
PDF_FORMS = 1_000  # drawings within drawings on one page; a page of charts has some dozens

ZIP_ENTRIES = 5_000  # a Word file has a dozen parts and one a picture
ZIP_TOTAL = 300 * MB  # bytes of all parts unpacked
ZIP_PART = 50 * MB  # bytes of one XML part: the text of a 1,500-page report takes about 20 MB
ZIP_RATIO = 300  # unpacked to packed, of parts above 1 MB; Word's own XML packs about 20 to 1

MAIL_PARTS = 200  # of one message; a mail with forty photographs has 42
MAIL_DEPTH = 20  # parts within parts

SECONDS = 240.0  # for one document; 3,000 dense pages of PDF take one minute, on a busy machine two
MEMORY = (
    2_000 * MB
)  # bytes of address space of the process that reads, where the system can limit it
