"""The platform's small XML, read without ever expanding an entity."""

import re
from typing import Any
from xml.parsers import expat

MAX_DEPTH = 12
_ENCRYPT = re.compile(
    rb"<Encrypt>\s*(?:<!\[CDATA\[([A-Za-z0-9+/=\s]*)\]\]>|([A-Za-z0-9+/=\s]*))\s*</Encrypt>"
)

# What platforms send nearly always: fields in a row, each with nothing but words in it, and none of
# the signs that XML forbids or changes. All else is expat's.
_ROOT, _END = "<xml>", "</xml>"
_NO = r"\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff"
_FIELD = re.compile(
    rf"[ \t\n]*<([A-Za-z_][A-Za-z0-9_]*)>"
    rf"(?:<!\[CDATA\[([^{_NO}]*?)\]\]>|([^{_NO}<&\]]*))</\1>[ \t\n]*"
)


class XmlError(ValueError):
    """Not XML, or XML that nobody sends in good faith."""


def encrypted(body: bytes) -> str:
    """The text of `<Encrypt>` in an envelope. Raises XmlError where there is none, or two."""
    found = _ENCRYPT.findall(body)
    if len(found) != 1:
        raise XmlError("no envelope")
    quoted, bare = found[0]
    sealed: bytes = quoted or bare
    return sealed.decode("ascii").strip()


def fields(text: str | bytes) -> dict[str, Any]:
    """The children of the root by name: text, a dict of children, or a list where one repeats.

    Words are kept as they stand, spaces too. Raises XmlError for what is no XML, declares a
    document type (the way in for entity bombs), or is nested deeper than the platform nests.
    """
    if isinstance(text, str) and (flat := _flat(text)):
        return flat
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.words
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(text, True)
    except XmlError:
        raise
    except (expat.ExpatError, LookupError, ValueError) as error:  # an encoding nobody knows, too
        raise XmlError("not well formed") from error
    if not isinstance(reader.root, dict):
        raise XmlError("no fields")
    return reader.root


def _flat(text: str) -> dict[str, Any]:
    """The same for the plain form, in a fraction of the time; empty where it is any other."""
    if not (text.startswith(_ROOT) and text.endswith(_END)):
        return {}
    found: dict[str, Any] = {}
    at, end = len(_ROOT), len(text) - len(_END)
    while at < end:
        field = _FIELD.match(text, at, end)
        if field is None:
            return {}
        name, quoted, bare = field.groups("")
        if name in found or "]]>" in quoted:
            return {}
        found[name] = quoted or bare
        at = field.end()
    return found


class _Reader:
    def __init__(self) -> None:
        self.root: Any = None
        self._open: list[tuple[dict[str, Any], list[str]]] = []

    def start(self, _name: str, _attributes: object) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise XmlError("too deep")
        self._open.append(({}, []))

    def words(self, words: str) -> None:
        if self._open:
            self._open[-1][1].append(words)

    def end(self, name: str) -> None:
        children, words = self._open.pop()
        value: Any = children or "".join(words)
        if not self._open:
            self.root = value
            return
        parent = self._open[-1][0]
        if name not in parent:
            parent[name] = value
        elif isinstance(parent[name], list):
            parent[name].append(value)
        else:
            parent[name] = [parent[name], value]


def _refuse(*_: object) -> None:
    raise XmlError("a document type")
