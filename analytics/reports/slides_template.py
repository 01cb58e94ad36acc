"""What slides are laid out on: our own plain presentation, or a clinic's template with its layouts and colours."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.util import Emu, Inches

_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_FEET = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)

_COLOURS = {"dk1": "1B2A2B", "lt1": "FFFFFF", "dk2": "46585A", "lt2": "E4EAEA", "accent1": "0F766E",
            "accent2": "C2500A", "accent3": "C3CCCC", "accent4": "B1D6D3", "accent5": "6BB0AB", "accent6": "0B5A54"}
"""Our palette as a theme, so that the colours of a deck are changed in one place."""

MOST_BYTES = 128 * 2**20
"""A template that unpacks to more holds films, or means ill."""
_LEAST_SLIDE = (Inches(7), Inches(5))
_LEAST_HEIGHT = Inches(3.6)
_FOOT_FROM = 0.8
"""A shape of the layout that begins below this share of the slide is its foot."""
_MARGIN = Inches(0.6)
_NONE = "A template is a PowerPoint file (.pptx or .potx); this is none, or a broken one."
_LOCKED = bytes.fromhex("d0cf11e0a1b11ae1")
_TEMPLATE_TYPE = b"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml"
_DECK_TYPE = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"


@dataclass(frozen=True)
class Base:
    """A presentation without slides, and where a slide's parts go.

    Attributes
    ----------
    room : left, top, width and height below the title, in EMU
    lacks : keys of ``wording.exhibits.TEMPLATE_LACKS``
    is_own : whether it is ours
    has_title : whether the layout has a title above the room
    """

    deck: Any
    layout: Any
    room: tuple[int, int, int, int]
    lacks: tuple[str, ...]
    is_own: bool
    has_title: bool = True


def own_base() -> Base:
    """Our own presentation: wide, white, with our palette as its theme."""
    deck = Presentation()
    scale = Inches(13.333) / deck.slide_width
    deck.slide_width = Inches(13.333)
    master = deck.slide_masters[0]
    for holder in (master, *master.slide_layouts):
        for shape in holder.placeholders:
            # Without a place of its own a placeholder takes its master's.
            if shape._element.spPr.xfrm is not None:
                shape.left, shape.width = Emu(int(shape.left * scale)), Emu(int(shape.width * scale))
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = _coloured(theme.blob)
    layout = next(one for one in master.slide_layouts if one.name == "Title Only")
    return Base(deck, layout, (_MARGIN, Inches(1.35), deck.slide_width - 2 * _MARGIN, Inches(5.95)), (), True)


def _coloured(theme: bytes) -> bytes:
    text = theme.decode("utf-8")
    for name, colour in _COLOURS.items():
        written = rf'\g<1><a:srgbClr val="{colour}"/>\g<2>'
        text = re.sub(rf"(<a:{name}>).*?(</a:{name}>)", written, text, flags=re.DOTALL)
    return text.encode("utf-8")


def template_base(template: bytes) -> Base:
    """A clinic's template: its layouts and colours, without its slides.

    Raises
    ------
    ValueError
        When it is no presentation, one with macros or a password, too large, or one of slides too small for charts.
    """
    try:
        return _base(_opened(template))
    except (KeyError, AttributeError, IndexError, TypeError, OSError, NotImplementedError, RuntimeError, SyntaxError,
            zipfile.BadZipFile, zlib.error):
        # What the parts of a broken file raise where they are read; XML that is none is a SyntaxError.
        raise ValueError(_NONE) from None


def _base(deck: Any) -> Base:
    lacks = ["slides"] if len(deck.slides) else []
    for entry in list(deck.slides._sldIdLst):
        deck.part.drop_rel(entry.rId)
        deck.slides._sldIdLst.remove(entry)
    layouts = [one for master in deck.slide_masters for one in master.slide_layouts]
    if not layouts:
        raise ValueError("The template holds no layout to make slides of.")
    if deck.slide_width < _LEAST_SLIDE[0] or deck.slide_height < _LEAST_SLIDE[1]:
        width, height = (f"{one.inches:g}" for one in _LEAST_SLIDE)
        raise ValueError(f"Charts need slides of {width} by {height} inches or more; the template's are smaller.")
    titled = [one for one in layouts if _title(one) is not None and _title(one).top < deck.slide_height / 3]
    lacks += [] if titled else ["title"]
    layout = min(titled or layouts, key=lambda one: sum(
        shape.placeholder_format.type not in (*_TITLES, *_FEET) for shape in one.placeholders))
    room, is_tight = _room(deck, layout, _title(layout) if titled else None)
    # A title that leaves no room is moved to the top, where charts do not lie over it.
    room = _room(deck, layout, None)[0] if is_tight else room
    lacks += ["room"] if is_tight else []
    lacks += ["shape"] if deck.slide_width / deck.slide_height < 1.5 else []
    return Base(deck, layout, room, tuple(lacks), False, bool(titled) and not is_tight)


def _opened(template: bytes) -> Any:
    if template.startswith(_LOCKED):
        raise ValueError("The template has a password, or is of an older PowerPoint; save it as .pptx without one.")
    with zipfile.ZipFile(io.BytesIO(template)) as archive:
        if sum(one.file_size for one in archive.infolist()) > MOST_BYTES:
            raise ValueError(f"The template unpacks to more than {MOST_BYTES // 2**20} MB; take its films and large "
                             "pictures out.")
        types = archive.read("[Content_Types].xml")
        files = {name: archive.read(name) for name in archive.namelist()}
    if b"macroEnabled" in types:
        raise ValueError("The template holds macros; save it without them as .pptx or .potx.")
    if _TEMPLATE_TYPE in types:
        files["[Content_Types].xml"] = types.replace(_TEMPLATE_TYPE, _DECK_TYPE)
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        template = target.getvalue()
    try:
        return Presentation(io.BytesIO(template))
    except ValueError:
        raise ValueError(_NONE) from None


def _title(layout: Any) -> Any:
    return next((one for one in layout.placeholders if one.placeholder_format.type in _TITLES), None)


def _room(deck: Any, layout: Any, title: Any) -> tuple[tuple[int, int, int, int], bool]:
    """Below the title and above the feet; over the whole slide where that is too little."""
    left, width = _MARGIN, deck.slide_width - 2 * _MARGIN
    if title is not None and title.width > 0.75 * deck.slide_width and (
            0 <= title.left <= deck.slide_width - title.width):
        left, width = title.left, title.width
    top = Inches(1.35) if title is None else title.top + title.height
    feet = [one.top for one in layout.placeholders
            if one.placeholder_format.type in _FEET and one.top > deck.slide_height / 2]
    feet += [one.top for holder in (layout, layout.slide_master) for one in holder.shapes
             if not one.is_placeholder and one.top > _FOOT_FROM * deck.slide_height]
    bottom = min([*feet, deck.slide_height - Inches(0.2)])
    if bottom - top >= _LEAST_HEIGHT:
        return (int(left), int(top), int(width), int(bottom - top)), False
    top = min(top, Inches(1.6))
    return (int(_MARGIN), int(top), int(deck.slide_width - 2 * _MARGIN),
            int(deck.slide_height - top - Inches(0.2))), True
