"""From the bytes of a text file to UTF-8 with plain line ends. Says which encoding it assumed."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from data_access.importers.refusal import ImportRefused

_CHUNK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_VALID_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
UNREADABLE = "\ufffd"


@dataclass(frozen=True)
class Decoded:
    """UTF-8 bytes with ``\\n`` line ends. ``damaged``: some bytes could not be decoded and became U+FFFD."""

    data: bytes
    encoding: str
    note: str | None
    damaged: bool = False


def decode(data: bytes, encoding: str | None) -> Decoded:
    """Decode a file by its byte-order mark, else as UTF-8, else as cp1252; ``encoding`` overrides.

    Raises ImportRefused for NUL bytes, for bytes that fit no encoding and for an unknown ``encoding``.
    """
    bom = next(((mark, name) for mark, name in _BOMS if data.startswith(mark)), None)
    if encoding is not None:
        body = data[len(bom[0]) :] if bom and _same_family(bom[1], encoding) else data
        if _is_utf8_name(encoding):
            return _finish(body, "utf-8", None) if _is_utf8(body) else _damaged_utf8(body)
        return _finish(_converted(body, _checked(encoding)), encoding, None)
    if bom is not None:
        body, name = data[len(bom[0]) :], bom[1]
        if name == "utf-8" and _is_utf8(body):
            return _finish(body, "utf-8", None)
        return _finish(_converted(body, name), name, f"Read as {name.upper()} (the file says so).")
    if _looks_like_utf16(data):
        name = "utf-16-le" if data[1::2].count(0) > data[0::2].count(0) else "utf-16-be"
        return _finish(_converted(data, name), name, f"Read as {name.upper()}, judged by its bytes.")
    if b"\0" in data:
        raise ImportRefused("The file holds NUL bytes: it is not a text table. Export it as CSV, XLSX or Parquet.")
    if _is_utf8(data):
        return _finish(data, "utf-8", None)
    if _mostly_utf8(data):
        return _damaged_utf8(data)
    note = "The file is not UTF-8, so it was read as Windows-1252 (cp1252); set encoding if names look wrong."
    return _finish(_converted(data, "cp1252"), "cp1252", note)


def _damaged_utf8(data: bytes) -> Decoded:
    text = data.decode("utf-8", errors="replace").encode()
    note = "The file is UTF-8 with damaged characters; the rows that hold them are rejected."
    return _finish(text, "utf-8", note, damaged=True)


def _finish(data: bytes, encoding: str, note: str | None, damaged: bool = False) -> Decoded:
    if b"\0" in data:
        raise ImportRefused("The file holds NUL characters: it is damaged or not a text table.", "encoding")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
        if b"\n" not in data:  # old Macintosh line ends; beside \n a lone \r is part of a cell
            data = data.replace(b"\r", b"\n")
    return Decoded(data, encoding, note, damaged)


def _checked(encoding: str) -> str:
    try:
        # Only text encodings: codecs such as zip or rot13 would unpack or transform the bytes.
        "".encode(encoding)
        "a".encode(encoding).decode(encoding)
    except (LookupError, UnicodeError, ValueError) as error:
        raise ImportRefused(
            f'"{encoding}" is not a text encoding; use one such as utf-8, cp1252 or utf-16.', "encoding"
        ) from error
    return encoding


def _same_family(bom_encoding: str, encoding: str) -> bool:
    """Whether the mark belongs to the encoding the user named; "utf-16" itself consumes its own mark."""
    return encoding.lower().replace("_", "-") == bom_encoding or (bom_encoding == "utf-8" and _is_utf8_name(encoding))


def _is_utf8_name(encoding: str) -> bool:
    return encoding.lower().replace("_", "-") in ("utf8", "utf-8", "utf-8-sig")


def _is_utf8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _CHUNK):
            decoder.decode(data[start : start + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _converted(data: bytes, encoding: str) -> bytes:
    """Transcode piece by piece: a Python text of a large file can take four times its bytes."""
    decoder = codecs.getincrementaldecoder(encoding)()
    pieces: list[bytes] = []
    try:
        pieces.extend(
            decoder.decode(data[start : start + _CHUNK]).encode("utf-8") for start in range(0, len(data), _CHUNK)
        )
        pieces.append(decoder.decode(b"", final=True).encode("utf-8"))
    except UnicodeError as error:
        raise ImportRefused(
            f"The file cannot be decoded as {encoding.upper()}; set encoding to the one it was written in.", "encoding"
        ) from error
    return b"".join(pieces)


def _looks_like_utf16(data: bytes) -> bool:
    sample = data[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    return len(sample) >= 8 and max(even, odd) > 0.3 * (len(sample) / 2) and min(even, odd) == 0


def _mostly_utf8(data: bytes) -> bool:
    """Whether high bytes form valid UTF-8 nearly everywhere: then the rest is damage, not another encoding."""
    high = len(_HIGH_BYTE.findall(data))
    valid = sum(len(found) for found in _VALID_MULTIBYTE.findall(data))
    return valid >= 10 and high - valid <= 0.2 * high
