"""A student's markdown, made safe for pages that show it as it is: no HTML, no links, no pictures but its own."""

import hashlib
import re
from urllib.parse import unquote

from cs_layers.grading.display import PICTURES, clean_picture, without_commands, without_entities

MAX_PICTURES = 20 << 20
"""Characters of the pictures of one notebook, in base64."""
_MAX_IN_CELL = 50
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_PICTURE = re.compile(r"!\[([^\[\]\n]{0,200})\]\(attachment:([^()\n]{1,200})\)")


def pictures_of(attachments):
    """PNG and JPEG pictures pasted into a cell, by their names: (kind, base64)."""
    found = {}
    for name, data in list(attachments.items())[:_MAX_IN_CELL] if type(attachments) is dict else ():
        for kind in PICTURES:
            picture = clean_picture(data.get(kind)) if type(data) is dict else None
            if picture:
                found[name] = kind, picture
    return found


def harmless(text, pictures):
    """The text of a cell, and the attachments that it shows.

    Parameters
    ----------
    text : str
    pictures : dict
        As `pictures_of` gives them.

    Returns
    -------
    (str, dict)
        The pictures have new names, which are the same for the same picture and no others.
    """
    parts, shown, at = [], {}, 0
    for found in _PICTURE.finditer(text):
        name = found[2] if found[2] in pictures else unquote(found[2])
        if name in pictures:
            kind, picture = pictures[name]
            new = f"{hashlib.sha256(picture.encode()).hexdigest()[:16]}.{kind.removeprefix('image/')}"
            shown[new] = {kind: picture}
            caption = re.sub(r"[^\w .,-]", "", found[1])
            parts += [_harmless(text[at : found.start()]), f"![{caption}](attachment:{new})"]
            at = found.end()
    return "".join([*parts, _harmless(text[at:])]), shown


def without_missing(text, names):
    """Text without the pictures that are not there: no page can be made of a cell that shows one."""
    return _PICTURE.sub(lambda found: found[0] if found[2] in names else found[1], text)


def _harmless(text):
    text = _TAG.sub("< ", without_commands(without_entities(text)))
    return text.replace("](", "] (").replace("]:", "] :").replace("://", ": //")  # pages make links of bare addresses
