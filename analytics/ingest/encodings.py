"""Bytes of a text -> UTF-8: by their mark, by their form, and where both say nothing by which letters they give.

Valid UTF-8 is certain. Among the older encodings nothing is: each gives some text. The different words that hold
other letters are read in every encoding that clinics' programs write; the one wins that gives words as people write
them, and what else would have done is said.
"""

from __future__ import annotations

import codecs
import itertools
import re
import unicodedata
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TITLES = {
    "cp1252": "Windows-1252", "utf-8": "UTF-8 with characters that cannot be read", "mac_roman": "Mac Roman",
    "cp1250": "Windows-1250", "cp850": "code page 850", "iso8859_2": "ISO 8859-2", "cp852": "code page 852",
    "mac_latin2": "Mac Central European", "cp1251": "Windows-1251", "koi8_r": "KOI8-R", "cp866": "code page 866",
    "cp1254": "Windows-1254", "cp1253": "Windows-1253", "cp932": "Shift-JIS", "euc_jp": "EUC-JP",
    "gb18030": "GB 18030", "big5": "Big5", "cp949": "Windows-949",
}
"""The encodings that are tried, by how often clinics' programs write them."""

_ALPHABETS = tuple(frozenset(letters) for letters in (
    "éèêëàâçîïôûùüœæÿ", "äöüß", "áéíóúñüçàèïòªº", "ãõáéíóúâêôçàü", "åæøäöé", "áéíóúýþðæö", "àèéìíòóùú", "ëïéèöüáóúíç",
    "ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîșțşţ", "čćđšž", "çğıöşüâîûi",
    "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ",
    "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
))
"""The letters beyond a to z of the languages that are told apart: a file's words are of one of them."""

_PUNCTUATION = frozenset("‘’‚“”„–—…•«»¿¡€£°½¼¾µ®™·´§\u00a0")
_BEFORE_WORDS = frozenset("‘“„«¿¡•§")
_BESIDE_NUMBERS = frozenset("€£°½¼¾µ")
_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?([A-Za-z0-9_-]{2,30})", re.IGNORECASE)
_MOST_WORDS = 4000
_WORD = re.compile(rb"[^\s,;|\"]*[\x80-\xff][^\s,;|\"]*")


@dataclass(frozen=True)
class Guess:
    """The encoding that was taken, and those that would have given words as well.

    Attributes
    ----------
    others : their names, where they give other letters
    """

    title: str
    others: tuple[str, ...] = ()


def as_utf8(content: bytes) -> tuple[bytes, Guess | None]:
    """The content as UTF-8 without mark, and the encoding where it had to be guessed."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            content = content[len(mark):]
            if encoding != "utf-8":
                return content.decode(encoding, errors="replace").encode(), None
            break
    else:
        encoding = _encoding_without_mark(content)
        if encoding is not None:
            return content.decode(encoding, errors="replace").encode(), None
    if _is_utf8(content):
        return content, None
    declared = _declared(content)
    return (content.decode(declared, errors="replace").encode(), None) if declared else _guessed(content)


def _is_utf8(content: bytes) -> bool:
    if content.isascii():
        return True
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _encoding_without_mark(content: bytes) -> str | None:
    """UTF-16 by its pattern of zeros: in Western text every other byte is one."""
    head = content[:4096]
    pairs = len(head) // 2
    if pairs < 2:
        return None
    at_even, at_odd = head[0:2 * pairs:2].count(0) / pairs, head[1:2 * pairs:2].count(0) / pairs
    if at_odd > 0.4 and at_even < 0.1:
        return "utf-16-le"
    if at_even > 0.4 and at_odd < 0.1:
        return "utf-16-be"
    return None


def _declared(content: bytes) -> str | None:
    """The encoding that a page or XML says it is in, where it is one of those that are known here."""
    head = content[:4096]
    match = _DECLARED.search(head) if head.lstrip().startswith(b"<") else None
    if match is None:
        return None
    try:
        name = codecs.lookup(match[1].decode("ascii")).name
    except LookupError:
        return None
    known = {codecs.lookup(encoding).name for encoding in _TITLES if encoding != "utf-8"}
    return "cp1252" if name == "iso8859-1" else name if name in known else None


def _guessed(content: bytes) -> tuple[bytes, Guess]:
    """The content in the encoding that gives the fewest odd letters; of equals the usual one, the others told."""
    words = [*dict.fromkeys(match[0] for match in itertools.islice(_WORD.finditer(content), _MOST_WORDS))]
    read = {encoding: texts for encoding in _TITLES if (texts := _read_as(words, encoding)) is not None}
    odd = {encoding: oddness(texts) for encoding, texts in read.items()}
    if not odd:
        return content.decode("latin-1").encode(), Guess("Latin-1")
    fewest = min(odd.values())
    equals = [encoding for encoding in odd if odd[encoding] <= fewest]
    chosen = equals[0] if len(equals) == 1 else _usual_or_surest(words, equals)
    has_letters = any(sign.isalpha() and not sign.isascii() for text in read[chosen] for sign in text)
    others = tuple(_TITLES[encoding] for encoding in equals if has_letters and read[encoding] != read[chosen])
    if chosen == "cp1252" and fewest and _needs_latin_1(content):
        return content.decode("latin-1").encode(), Guess("Latin-1")
    return content.decode(chosen, errors="replace").encode(), Guess(_TITLES[chosen], others)


def _needs_latin_1(content: bytes) -> bool:
    try:
        content.decode("cp1252")
    except UnicodeDecodeError:
        return True
    return False


def _read_as(words: list[bytes], encoding: str) -> list[str] | None:
    """The words in an encoding; missing where most of them cannot be read in it."""
    texts = [word.decode(encoding, errors="replace") for word in words]
    n_lost = sum("\N{REPLACEMENT CHARACTER}" in text for text in texts)
    return None if 2 * n_lost > len(texts) else texts


def _usual_or_surest(words: list[bytes], encodings: list[str]) -> str:
    """Of encodings that all give words, the one a detector of languages is clearly surer of; else the most usual."""
    from charset_normalizer import from_bytes

    found = from_bytes(b"\n".join(words)[:50_000], cp_isolation=encodings, enable_fallback=False)
    sureness = {one: match.coherence for match in found for one in (match.encoding, *match.could_be_from_charset)}
    surest = max(encodings, key=lambda encoding: sureness.get(encoding, 0.0))
    is_clear = sureness.get(surest, 0.0) >= sureness.get(encodings[0], 0.0) + 0.15
    return surest if is_clear else encodings[0]


def oddness(texts: list[str]) -> int:
    """How much in some words nobody writes: signs within words, capitals behind small letters, letters of no one
    language, and what is no character."""
    letters = [sign.lower()[0] for text in texts for sign in text if sign.isalpha() and not sign.isascii()]
    outside = min(sum(letter not in alphabet for letter in letters) for alphabet in _ALPHABETS)
    wide = sum(unicodedata.east_asian_width(letter) == "W" for letter in letters)
    foreign = min(outside, len(letters) - wide) if wide else outside
    return foreign + sum(map(_odd_signs, texts))


def _odd_signs(text: str) -> int:
    padded = f" {text} "
    return sum(_is_odd(padded[place - 1], sign, padded[place + 1])
               for place, sign in enumerate(padded) if not sign.isascii())


def _is_odd(before: str, sign: str, after: str) -> bool:
    """Whether a sign stands as nobody writes it beside its neighbours."""
    if sign.isalpha():
        wide = unicodedata.east_asian_width(sign)
        is_of_other_script = wide == "W" or not unicodedata.name(sign, "LATIN").startswith("LATIN")
        if wide == "H" or (is_of_other_script and (_is_latin(before) or _is_latin(after))):
            return True
        return (sign.isupper() and before.islower()) or (sign.islower() and before.isupper() and after.isupper())
    if sign in _BEFORE_WORDS:
        return before.isalpha()
    if sign in _BESIDE_NUMBERS:
        return before.isalpha() or (after.isalpha() and sign not in "µ°")
    if sign in _PUNCTUATION:
        return sign != "’" and before.isalpha() and after.isalpha()
    return unicodedata.category(sign) not in ("Zs", "Po", "Ps", "Pe") or (before.isalpha() and after.isalpha())


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalpha()
