"""Patient codes made with a local key from record numbers or names: the same every month, of no use without the key."""

from __future__ import annotations

import hmac
import re
from hashlib import sha256

from analytics.ingest.cells import Cells, is_missing
from analytics.ingest.reductions import with_texts

_MADE_HERE = re.compile(r"k-[0-9a-f]{12}")

LENGTH = 12
"""Hexadecimal digits of a code: 48 bits, so that two of 100,000 patients share one in 1 of 50,000 clinics."""

SHORTEST_SECRET = 16


def keyed(cells: Cells, secret: bytes) -> Cells:
    """Each patient's identifier as a code: HMAC-SHA256 of the text, without case and repeated spaces.

    A column of such codes stays as it is, so that what is kept of a file can be read again.

    Raises
    ------
    ValueError
        When the secret is shorter than ``SHORTEST_SECRET`` bytes: record numbers could be tried one by one.
    """
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"A secret has at least {SHORTEST_SECRET} bytes; {len(secret)} came.")
    texts = cells.texts
    if texts and all(is_missing(text) or _MADE_HERE.fullmatch(text) for text in texts):
        return cells
    are_floats = bool(texts) and all(text.endswith(".0") and text[:-2].isdigit() for text in texts)
    return with_texts(cells, [None if is_missing(text) else _code(text[:-2] if are_floats else text, secret)
                              for text in texts])


def _code(text: str, secret: bytes) -> str:
    plain = " ".join(text.casefold().split())
    return "k-" + hmac.new(secret, plain.encode(), sha256).hexdigest()[:LENGTH]
