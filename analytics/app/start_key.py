"""The key that each start of the dashboard makes where nobody signs in, for browsers of other accounts.

It stands in the address that is printed at the start; given once, it becomes a cookie that scripts cannot read, and
leaves the address. The cookie holds another text made of the key, so that a copied cookie opens no address.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

_KEY = secrets.token_urlsafe(32)
"""256 bits, new with each start, written nowhere but on the console."""

PARAMETER = "key"


def cookie_name(port: int) -> str:
    """Cookies do not tell ports apart, and a computer may run two dashboards."""
    return f"outcomes_key_{port}"


def cookie_value() -> str:
    """What a browser that gave the key keeps."""
    return hmac.new(_KEY.encode(), b"cookie", "sha256").hexdigest()


def is_given(cookies: Mapping[str, str], port: int) -> bool:
    """Whether a request comes from a browser that was let in."""
    came = cookies.get(cookie_name(port), "")
    return hmac.compare_digest(came.encode("utf-8", "surrogatepass"), cookie_value().encode())


def in_query(query: bytes) -> tuple[bool, str]:
    """Whether an address has the key, and its query without it."""
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    came = [value for name, value in pairs if name == PARAMETER]
    is_right = any(hmac.compare_digest(value.encode("utf-8", "surrogatepass"), _KEY.encode()) for value in came)
    return is_right, urlencode([pair for pair in pairs if pair[0] != PARAMETER])


def address(base: str) -> str:
    """The dashboard's address with the key."""
    return f"{base}/?{urlencode({PARAMETER: _KEY})}"
