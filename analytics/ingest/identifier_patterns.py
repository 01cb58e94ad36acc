"""Identifiers that one text tells: e-mail, phone, health and social numbers, web, network and postal addresses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable

EMAIL = "e-mail addresses"
PHONE = "phone numbers"
NATIONAL = "social security or health service numbers"
WEB = "web addresses"
NETWORK = "network addresses"
ADDRESS = "street addresses"
POSTCODE = "postcodes"
BIRTH = "dates of birth"
AGE = "ages over 89"
NAME = "names of persons"
NUMBER = "record or account numbers"
TEXT = "free text"

_EMAIL = re.compile(r"[^\s@,;<>()]+@[^\s@,;<>()]+\.[^\W\d_]{2,}")
_WEB = re.compile(
    r"\b(?:https?|ftp)://\S+|\bwww\.\S+"
    r"|(?<![\w.@-])(?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|info|biz|health|co\.uk|ca|de)(?:/\S*)?(?![\w.])"
    r"|^@\w{3,}$", re.IGNORECASE)
_SOCIAL = re.compile(r"(?<![\w-])[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}(?![\w-])")
_INSURED = re.compile(r"(?<!\w)[A-CEGHJ-PR-TW-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D](?!\w)")
_HEALTH = re.compile(r"(?<![\w-])[0-9]{3}[ -][0-9]{3}[ -][0-9]{4}(?![\w-])")
_PHONE = re.compile(
    r"(?<![\w.-])(?:"
    r"\+[0-9]{1,3}(?:[ .-]?\(?[0-9]{1,6}\)?){2,6}"
    r"|(?:\+?[0-9]{1,3}[ .-]?)?\([0-9]{2,5}\)[ ./-]?[0-9]{2,8}(?:[ .-][0-9]{2,5}){0,3}"
    r"|(?:\+?0{0,2}1[-. ])?[2-9][0-9]{2}[-. ][0-9]{3}[-. ][0-9]{4}"
    r"|0[0-9]{2,5}[ /][0-9]{3,8}(?:[ -][0-9]{2,4})*"
    r"|0[0-9](?:[ .][0-9]{2}){4}"
    r")(?:\s*(?:x|ext\.?)\s*[0-9]+)?(?![\w-])", re.IGNORECASE)
_FOUR = re.compile(r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w.])")
_HARDWARE = re.compile(r"(?<!\w)(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?!\w)", re.IGNORECASE)
_STREET = re.compile(
    r"(?<!\w)[0-9]{1,6}[a-z]?,?\s+(?:[\w.'’-]+\s+){0,4}?(?:street|st|avenue|ave|av|road|rd|lane|ln|drive|dr|court|ct|"
    r"boulevard|blvd|terrace|crescent|highway|hwy|parkway|pkwy|circle|square|trail|gardens|grove|mews|plaza|"
    r"(?-i:Way|Place|Pl|Ter|Close|Cres|Cir|Sq|Trl|Row|Walk|Route|Loop|Run|Path|Pike)|[\w]+(?:stra(?:ss|ß)e|weg|gasse))\b"
    r"|(?<!\w)[^\W\d_][\w.-]*\s?(?:stra(?:ss|ß)e|str\.|weg|platz|allee|gasse|ring|damm)\s+[0-9]{1,4}\s?[a-z]?\b"
    r"|\b[0-9]{1,4},?\s+(?:bis\s+)?(?:rue|avenue|boulevard|chemin|impasse|all[ée]e|quai|place)\s+\w+"
    r"|\b(?:calle|callej[óo]n|c\.|avenida|avda?\.?|plaza|paseo|pasaje|ronda|camino|rambla|v[íi]a|viale|piazza)\s+"
    r"[\w\s.'’-]{2,40}?,?\s+[0-9]{1,4}\b"
    r"|,\s*[^\W\d_][^,0-9]*,?\s+(?:[0-9]{5}|[A-Z]{1,2}[0-9][0-9A-Z]?\s?[0-9][A-Z]{2})$"
    r"|\b(?:p\.?\s?o\.?\s+box|apt\.?|flat|suite|unit|studio)\s+#?[0-9]+\b"
    r"|,\s*[A-Z]{2}\.?\s+[0-9]{5}(?:-[0-9]{4})?$", re.IGNORECASE)
_UNITED_STATES = re.compile(r"[0-9]{5}-[0-9]{4}")
_CANADA = re.compile(r"[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z] ?[0-9][ABCEGHJ-NPRSTV-Z][0-9]", re.IGNORECASE)
_BRITAIN = re.compile(r"([A-Z]{1,2})[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2}", re.IGNORECASE)
_BRITISH_AREAS = frozenset(
    [
        "AB", "AL", "B", "BA", "BB", "BD", "BH", "BL", "BN", "BR", "BS", "BT", "CA", "CB", "CF", "CH", "CM", "CO",
        "CR", "CT", "CV", "CW", "DA", "DD", "DE", "DG", "DH", "DL", "DN", "DT", "DY", "E", "EC", "EH", "EN", "EX",
        "FK", "FY", "G", "GL", "GU", "GY", "HA", "HD", "HG", "HP", "HR", "HS", "HU", "HX", "IG", "IM", "IP", "IV",
        "JE", "KA", "KT", "KW", "KY", "L", "LA", "LD", "LE", "LL", "LN", "LS", "LU", "M", "ME", "MK", "ML", "N", "NE",
        "NG", "NN", "NP", "NR", "NW", "OL", "OX", "PA", "PE", "PH", "PL", "PO", "PR", "RG", "RH", "RM", "S", "SA",
        "SE", "SG", "SK", "SL", "SM", "SN", "SO", "SP", "SR", "SS", "ST", "SW", "SY", "TA", "TD", "TF", "TN", "TQ",
        "TR", "TS", "TW", "UB", "W", "WA", "WC", "WD", "WF", "WN", "WR", "WS", "WV", "YO", "ZE",
    ])
"""Areas of British postcodes (Royal Mail); codes of four letters and digits that start otherwise are none."""


def is_email(text: str) -> bool:
    """Whether a text holds an e-mail address."""
    return "@" in text and _EMAIL.search(text) is not None


def is_web(text: str) -> bool:
    """Whether a text holds a web address or is a handle."""
    return ("." in text or text.startswith("@")) and _WEB.search(text) is not None


def is_national(text: str) -> bool:
    """Whether a text holds a number in the form of a US, British or Canadian social or health number."""
    if _SOCIAL.search(text) is not None or _INSURED.search(text) is not None:
        return True
    match = _HEALTH.search(text)
    return match is not None and has_check_digit(re.sub(r"\D", "", match[0]))


def has_check_digit(digits: str) -> bool:
    """Whether ten digits end in the check digit of an NHS number (modulus 11)."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return int(digits[9]) == (0 if rest == 11 else rest)


def is_phone(text: str) -> bool:
    """Whether a text holds a phone number with the signs people write into one; bare digits are not told from codes."""
    match = _PHONE.search(text)
    return match is not None and 8 <= sum(sign.isdigit() for sign in match[0]) <= 20


def is_network(text: str) -> bool:
    """Whether a text holds an IP address or is one of a device."""
    if _HARDWARE.search(text):
        return True
    match = _FOUR.search(text)
    if match is not None:
        return all(int(part) <= 255 for part in match[0].split("."))
    if text.count(":") < 2 or not re.fullmatch(r"[0-9a-fA-F:.]+", text):
        return False
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_address(text: str) -> bool:
    """Whether a text holds a street with a number, a flat or a post box."""
    return len(text) >= 6 and _STREET.search(text) is not None


def is_postcode(text: str) -> bool:
    """Whether a text is a postcode that cannot well be a number: ZIP+4, Canadian or British."""
    if _UNITED_STATES.fullmatch(text) or _CANADA.fullmatch(text):
        return True
    match = _BRITAIN.fullmatch(text)
    return match is not None and match[1].upper() in _BRITISH_AREAS


_MAY_HOLD = re.compile(r"[@.:( +-]|[A-Z]{2}[0-9]{6}[A-D]", re.IGNORECASE)
"""Without one of these signs no text holds any of what follows: most codes and numbers are done with here."""

IN_TEXT: dict[str, Callable[[str], bool]] = {
    EMAIL: is_email, WEB: is_web, NETWORK: is_network, NATIONAL: is_national, PHONE: is_phone,
}
"""What one text tells by itself, in the order in which it is asked: a cell of it is never read, whatever its column."""


def may_hold(texts: Iterable[str]) -> bool:
    """Whether any of some texts has a sign without which none holds an identifier; one look at all of them."""
    return _MAY_HOLD.search("\n".join(texts)) is not None


def kind_in(text: str) -> str | None:
    """The identifier that a text holds, of those that one text can tell."""
    if len(text) < 6 or _MAY_HOLD.search(text) is None:
        return None
    return next((kind for kind, holds in IN_TEXT.items() if holds(text)), None)
