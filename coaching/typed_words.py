"""Words that people type, as they are kept: what can be seen, in a line or in paragraphs. Says nothing about markup."""

from __future__ import annotations

from coaching.numbers import plain_name

_LOOKS_EMPTY = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that show nothing, although they are no control characters."""
_VARIANTS = range(0xFE00, 0xFE10)
"""They choose between forms of the character before them, and alone show nothing."""
_GROWS = 4
"""Composing may lengthen a text; nothing is cut here, drafts say themselves how long they may be."""


def line(text: str | None) -> str:
    """The text as one line without control, bidi and invisible characters; empty where nothing would be seen."""
    told = plain_name(text, _GROWS * len(text or "") + 1)
    return told if any(_shows(sign) for sign in told) else ""


def paragraphs(text: str | None) -> str:
    """The same line by line; empty lines stay between others, none around."""
    return "\n".join(line(part) for part in (text or "").splitlines()).strip()


def same_words(one: str, other: str) -> bool:
    """Whether two texts are the same but for capitals and spacing."""
    return one.casefold().split() == other.casefold().split()


def _shows(sign: str) -> bool:
    return not sign.isspace() and sign not in _LOOKS_EMPTY and ord(sign) not in _VARIANTS
