"""Outputs that came from a student's process, made safe to keep and to show."""

import base64
import binascii
import html
import re

MAX_OUTPUTS = 200
MAX_TEXT = 1 << 20
MAX_PICTURE = 6 << 20
MAX_CELL = 12 << 20
MAX_HTML = 100_000
MAX_NESTED = 30
_TEXT_TYPES = ("text/plain", "text/latex")
PICTURES = ("image/png", "image/jpeg")
_ADDRESS = re.compile(r"(?<= at )0x[0-9A-Fa-f]{4,16}\b")
_TAGS = frozenset([
    "a", "abbr", "b", "blockquote", "code", "div", "em", "h1", "h2", "h3", "i", "li", "ol", "p", "pre", "span",
    "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
])  # fmt: skip
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)(?:[\s/][^<>]*)?>")
_COMMANDS = re.compile(
    r"\\(href|url|style|class|cssId|data|require|unicode|html|include|csname|action|tip|mathtip|texttip|toggle|bbox)"
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,9}|#[xX][0-9A-Fa-f]{1,8}|[A-Za-z][A-Za-z0-9]{0,40});")
_SURROGATE = re.compile("[\ud800-\udfff\x00]")


def clean_text(value, limit=MAX_TEXT):
    """Text that can be written as UTF-8, of at most `limit` characters; anything else becomes empty."""
    if type(value) is list and all(type(part) is str for part in value):
        value = "".join(value)
    if type(value) is not str:
        return ""
    if len(value) > limit:
        value = value[:limit] + "\n... the rest is not shown ..."
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value)


def without_commands(text):
    """Text whose formulas cannot do more than be formulas: MathJax reads a page after it was cleaned, and its commands
    make links, styles and new commands."""
    return _COMMANDS.sub(r"\\ \1", text)


def without_entities(text):
    """Text with the characters that `&#36;` and its like stand for: a page would put them there after it was read
    here."""
    for _ in range(5):
        plain = _characters(text)
        if plain == text:
            return text
        text = plain
    return _ENTITY.sub("", text)


def _characters(text):
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text)


def without_addresses(value):
    """Plain data with `<function f at 0x…>` in place of an address in memory, which is another one in every process."""
    if isinstance(value, str):
        return _ADDRESS.sub("0x…", value)
    if isinstance(value, dict):
        return {key: without_addresses(one) for key, one in value.items()}
    return [without_addresses(one) for one in value] if isinstance(value, (list, tuple)) else value


def clean_outputs(outputs):
    """nbformat outputs built anew from what another process says are outputs.

    Plain text, LaTeX and PNG or JPEG pictures pass; of HTML, what `clean_html` leaves, if it is not too long; all else
    is dropped.
    """
    cleaned, size = [], 0
    for output in outputs[:MAX_OUTPUTS] if type(outputs) is list else ():
        made = _clean(output) if type(output) is dict else None
        if made is None:
            continue
        size += len(str(made))
        if size > MAX_CELL:
            break
        cleaned.append(made)
    return cleaned


def _clean(output):
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": clean_text(output.get("text"))}
    if kind == "error":
        trace = output.get("traceback")
        return {
            "output_type": "error",
            "ename": clean_text(output.get("ename"), 200),
            "evalue": clean_text(output.get("evalue"), 4000),
            "traceback": [clean_text(line, 20_000) for line in trace[:100]] if type(trace) is list else [],
        }
    if kind in ("display_data", "execute_result"):
        data = _clean_data(output.get("data"))
        if not data:
            return None
        made = {"output_type": kind, "data": data, "metadata": {}}
        if kind == "execute_result":
            count = output.get("execution_count")
            made["execution_count"] = count if type(count) is int and 0 <= count < 1 << 31 else None
        return made
    return None


def _clean_data(data):
    cleaned = {}
    for kind, value in list(data.items())[:20] if type(data) is dict else ():
        if kind in _TEXT_TYPES:
            cleaned[kind] = without_commands(clean_text(value)) if kind == "text/latex" else clean_text(value)
        elif kind == "text/markdown":
            cleaned["text/plain"] = clean_text(value)
        elif kind == "text/html" and len(clean_text(value)) <= MAX_HTML:
            cleaned[kind] = clean_html(clean_text(value))
        elif kind in PICTURES and (picture := clean_picture(value)):
            cleaned[kind] = picture
    return cleaned


class _Html:
    """Reads HTML once, from left to right, and writes the tags of text and tables, bare, each closed as it was opened.

    No attribute passes, and nothing is looked up further than to the next `<` or `>`: no text takes long.
    """

    def __init__(self, text):
        self.parts, self.open, self.hidden = [], [], None
        at = 0
        for tag in _TAG.finditer(text):
            self._text(text[at : tag.start()])
            self._tag(tag[0], tag[2].lower(), bool(tag[1]))
            at = tag.end()
        self._text(text[at:])
        while self.open:
            self.parts.append(f"</{self.open.pop()}>")

    def _text(self, text):
        if self.hidden is None:
            self.parts.append(html.escape(without_commands(_characters(text)), quote=False))

    def _tag(self, whole, name, closes):
        if self.hidden is not None:
            self.hidden = None if closes and name == self.hidden else self.hidden
        elif name in ("script", "style") and not closes:
            self.hidden = name
        elif name == "br":
            self.parts.append("<br>")
        elif name not in _TAGS or (not closes and len(self.open) >= MAX_NESTED):
            self._text(whole)
        elif not closes:
            self.open.append(name)
            self.parts.append(f"<{name}>")
        elif name in self.open:
            last = None
            while last != name:
                last = self.open.pop()
                self.parts.append(f"</{last}>")


def clean_html(text):
    """HTML with the tags of tables and text only; other tags are shown as text, scripts and styles are not shown."""
    return "".join(_Html(text).parts)


def clean_picture(value):
    """A PNG or JPEG picture in base64, written anew; None for anything else."""
    if type(value) is list and all(type(part) is str for part in value):
        value = "".join(value)
    if type(value) is not str or len(value) > MAX_PICTURE:
        return None
    try:
        data = base64.b64decode(value, validate=False)
    except (binascii.Error, ValueError):
        return None
    is_picture = data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))
    return base64.b64encode(data).decode() if is_picture else None
