"""What makes a question open: rules over its words, each with the sentence that says how to mend it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable

from coaching import numbers

LONGEST = 160
BLANK = re.compile(r"\{([^{}]*)\}")
_AUXILIARIES = frozenset(
    """do does did is are was were am can could have has had will would shall should may might must ought need dare
    don't doesn't didn't isn't aren't wasn't weren't can't couldn't haven't hasn't hadn't won't wouldn't shan't
    shouldn't mightn't mustn't needn't cannot ain't""".split()  # noqa: SIM905
)
_OPENINGS = frozenset(
    {"what", "what's", "how", "how's", "which", "where", "where's", "when", "who", "who's", "whom", "whose"}
)
_SCENES = frozenset({"when", "where"})
"""They ask only where a verb or a place follows: "When did it close" asks, "When you look back" sets a scene."""
_PLACES = frozenset({"in", "on", "at", "of", "along", "between", "else", "exactly"})
_REQUESTS = ("tell me", "describe", "walk me through", "talk me through", "show me", "take me through")
_LEADS = frozenset(
    "and or but so then now in on at to from for by with of about until since under through".split()  # noqa: SIM905
)
"""Words before the question word: "To whom", "And what"."""
_PERSONS = frozenset({"you", "they", "it", "we", "he", "she", "there", "this", "that", "anybody", "anyone", "anything"})
_LEADING = re.compile(
    r"\b(?:do|does|did|is|are|was|were|would|could|should|have|has|ca|wo|will|can)n['’]?t (?:you|it|they|we|that|this"
    r"|there|he|she|the)\b|\b(?:maybe|perhaps|you should|you must|you need to)\b"
    r"|\b(?:surely|obviously|of course|clearly|agree that|admit|honestly|finally)\b"
    r"|,\s*(?:right|ok|okay|no|yes|correct|true|huh)\s*\?",
    re.IGNORECASE,
)
_DEFENCE = re.compile(
    r"\bwhy\b|\bwhat made you (?:not|forget|fail)\b|\bhow come\b|\bwhat were you thinking\b", re.IGNORECASE
)
_BEGIN = "Begin with what, how, which, where, when, who or Tell me"


def problems(text: str, blanks: Collection[str], others: Iterable[str] = ()) -> list[str]:
    """Why a question cannot be asked like this, each a sentence that says how to mend it; empty = fine.

    One line of up to 160 characters, of which no part can be answered with yes or no; not leading, not "why did you";
    only ``blanks`` that are filled in; and not the words of one of ``others`` again.
    """
    if not text.strip():
        return ["Write the question."]
    found = [*_form_problems(text), *_blank_problems(text, blanks), *_closed_problems(text)]
    if _DEFENCE.search(text):
        found.append('"Why" asks for a defence. Ask for the way there instead, as in "What led to ...".')
    if _LEADING.search(text):
        found.append("The question says which answer it expects. Leave the answer open.")
    if plain(text) in {plain(other) for other in others}:
        found.append("This question is in the bank already. Change the other one, or say it differently.")
    return found


def plain(text: str) -> str:
    """The words alone, for telling whether two questions are the same."""
    return " ".join(re.findall(r"[\w{}]+", text.casefold()))


def _form_problems(text: str) -> list[str]:
    found = []
    if len(text) > LONGEST:
        found.append(f"The question has {len(text):,} characters. Say it in {LONGEST} or fewer.")
    if text != numbers.plain_name(text, len(text) + 1):
        found.append("Write the question as one line without special characters.")
    if not text.endswith("?") and not (text.endswith(".") and _is_request(_clauses(text)[0])):
        found.append("End the question with a question mark.")
    return found


def _blank_problems(text: str, blanks: Collection[str]) -> list[str]:
    unknown = [name for name in BLANK.findall(text) if name not in blanks]
    if unknown or set("{}") & set(BLANK.sub("", text)):
        offered = ", ".join(f"{{{name}}}" for name in blanks) or "none"
        return [f"A blank in it cannot be filled in. This situation knows: {offered}."]
    return []


def _closed_problems(text: str) -> list[str]:
    sentences = [clauses for part in re.split(r"(?<=[?.!])\s+", text) if (clauses := _clauses(part))]
    if any(_is_closed(clause) for clauses in sentences for clause in clauses):
        return [f"A part of it can be answered with yes or no. {_BEGIN}."]
    asks = [clauses for part, clauses in zip(re.split(r"(?<=[?.!])\s+", text), sentences, strict=False) if "?" in part]
    if not sentences or any(not any(_is_open(clause) for clause in clauses) for clauses in asks or sentences[:1]):
        return [f"It does not ask openly. {_BEGIN}."]
    return []


def _clauses(text: str) -> list[list[str]]:
    """The words of each part between punctuation marks, without "and", "so" or a preposition in front."""
    found = []
    for part in re.split(r"[,;:.?!()\u2013\u2014]|\s-\s", text.lower().replace("’", "'")):
        words = re.findall(r"[a-z']+|\{[^}]*\}|\d+", part)
        while len(words) > 1 and words[0] in _LEADS:
            words = words[1:]
        if words:
            found.append(words)
    return found


def _is_request(words: list[str]) -> bool:
    return " ".join(words).startswith(_REQUESTS)


def _is_open(words: list[str]) -> bool:
    if words[0] in _SCENES:
        return len(words) > 1 and (words[1] in _AUXILIARIES or words[1] in _PLACES)
    return words[0] in _OPENINGS or _is_request(words)


def _is_closed(words: list[str]) -> bool:
    """It opens with a verb ("Did you"), or sets a scene and then does ("When you look back would you")."""
    if words[0] in _AUXILIARIES:
        return True
    if _is_open(words):
        return False
    return any(first in _AUXILIARIES and second in _PERSONS for first, second in itertools.pairwise(words))
