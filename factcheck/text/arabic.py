"""Arabic verb forms that word lists cannot hold."""

from __future__ import annotations

import re

# Words that begin as a verb of what is to come does ("سيعقد", will be held) and are none: to
# control, politics, cars, Sinai, years, six and sixty, Sunnis, floods; and what ends as no such
# verb can.
_NONE = (
    "سيطر|سياس|سيار|سيناء|سينما|سيد[ةاي]|سيدات|سيرة|سيريل|سيول|سيئ|سيجارة|ستة|ستين|ستون|ستار|ستا[دن]|"
    "ستوكهولم|ستيف|ستمئ|ستمائ|سنة|سنوات|سنوي|سنتين|سنتا|سنجار|سنغافور|سندات|سند|سني|سأل"
)
_NOT_ENDED = r"\w*(?:[ةت]|وا)(?!\w)"
WILL = rf"(?!{_NONE}|{_NOT_ENDED})س[يتنأ]\w{{2,}}"
FUTURE = re.compile(rf"(?<!\w)[وف]?{WILL}")
