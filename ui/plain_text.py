"""Text from the database on its way into labels and Markdown: shown, never obeyed.

Streamlit reads Markdown in almost every label (metrics, buttons, tabs, toasts, errors): an image in a name would be
fetched, a link would be clickable, a colour directive could imitate the product's own words. The options of a
selectbox, table cells and figures know no Markdown: there a backslash would be seen.
"""

from __future__ import annotations

import string
import unicodedata

from coaching.numbers import plain_name

LONGEST_NAME = 80
LONGEST_TEXT = 4_000
_WORD_JOINER = "\u2060"
_ESCAPES = {ord(sign): f"\\{sign}" for sign in string.punctuation}
# Emoji shortcodes and icon directives are looked for after Markdown has taken its backslashes away.
_ESCAPES[ord(":")] = f"\\:{_WORD_JOINER}"


def label(text: str | None, longest: int = LONGEST_NAME) -> str:
    """A name from the database for a label, button or Markdown sentence: one clean line without markup."""
    return plain_name(text, longest).translate(_ESCAPES)


def cell(text: str | None, longest: int = LONGEST_NAME) -> str:
    """A name for a table cell, an option of a selectbox or another place that knows no Markdown: one clean line."""
    return plain_name(text, longest)


def paragraphs(text: str | None, longest: int = LONGEST_TEXT) -> str:
    """A longer text for ``st.text``: line breaks stay, other control and bidi characters go, cut to size."""
    kept = "".join(
        character
        for character in unicodedata.normalize("NFC", text or "")
        if character == "\n" or not unicodedata.category(character).startswith("C")
    )
    return kept if len(kept) <= longest else kept[: longest - 1].rstrip() + "…"
