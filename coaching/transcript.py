"""Reads a transcript, and counts what the coach asked and told by rules that can be read off the page.

Understands WebVTT, SRT and "Speaker: text" lines. Counts are proposals: the page shows the sentences behind them, and
only numbers are kept. Whatever comes in is text from a stranger: every step takes time in proportion to its length.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

LARGEST_BYTES = 2_000_000
MOST_LINES = 60_000
MOST_SENTENCES = 60_000
"""A working day of talk has fewer lines and sentences; a text with more is no conversation."""
MOST_SPEAKERS = 30
LONGEST_NAME = 60
LONGEST_SENTENCE = 400
"""Characters of a sentence that are kept to be shown."""

QUESTION_RULE = (
    "A sentence is a question if it ends with a question mark, or opens like one: “what did …”, “how would …”,"
    " “do you …”, “can you …”, “tell me …”, “walk me through …”."
)
INSTRUCTION_RULE = (
    "A sentence is an instruction if it says “you should / must / need to / have to …”, “make sure …”, “I want you"
    " to …”, or starts with a verb that asks for something to be done: “call …”, “send …”, “don't …”."
)
ONCE_RULE = "Each sentence counts once; a question is not counted as an instruction as well. The rules know English."


class TranscriptRefused(ValueError):
    """The text cannot be read as a conversation; the message says how to mend it."""


@dataclass(frozen=True)
class Turn:
    """What one speaker said before another one spoke."""

    speaker: str
    words: str


@dataclass(frozen=True)
class Counts:
    """What a coach asked and told, with the sentences behind it, and how much of the talking was theirs."""

    questions: tuple[str, ...]
    instructions: tuple[str, ...]
    coach_word_count: int
    word_count: int

    @property
    def talk_share(self) -> float | None:
        """The coach's share of all words; None where nobody said any."""
        return self.coach_word_count / self.word_count if self.word_count else None


# ---- Reading ---------------------------------------------------------------------------------------------------

_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_CUE = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}")
_STAMP = re.compile(rf"^\s*[\[(]?{_TIME}[\])]?\s*[-–]?\s*")
_STAMPED = re.compile(rf"^([^:<>]{{1,80}}?)[ \t]*[\[(]?{_TIME}[\])]?[ \t]*(?::[ \t]*(.*)|)$", re.DOTALL)
"""A name, the time after it, and the words behind a colon or on the lines below."""
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,60})?[ \t]+([^<>]{1,200})>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z0-9!][^<>]*>")
_SPEAKER = re.compile(r"^([^:<>]{1,80}):(?!//)\s*(.*)$", re.DOTALL)
_NAME_PARTICLES = frozenset(
    ("de", "la", "le", "van", "von", "der", "den", "da", "di", "du", "dos", "el", "al", "bin", "of", "y")
)
_VTT_BLOCKS = ("NOTE", "STYLE", "REGION")


def text_of(content: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 (with or without a mark), else Windows-1252.

    Raises TranscriptRefused where it is empty, too large or no text at all.
    """
    if len(content) > LARGEST_BYTES:
        raise TranscriptRefused("The transcript is larger than 2 MB. Upload one conversation at a time.")
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _checked(content.decode(encoding, "replace"))
    if content[:2000].count(0) > len(content[:2000]) // 5:
        odd, even = content[1:2000:2].count(0), content[0:2000:2].count(0)
        return _checked(content.decode("utf-16-le" if odd >= even else "utf-16-be", "replace"))
    try:
        return _checked(content.decode("utf-8"))
    except UnicodeDecodeError:
        return _checked(content.decode("cp1252", "replace"))


def _checked(text: str) -> str:
    if not text.strip():
        raise TranscriptRefused("The transcript is empty. Paste the conversation, or choose another file.")
    sample = text[:4000]
    odd = sum(1 for sign in sample if sign == "\ufffd" or (unicodedata.category(sign) == "Cc" and sign not in "\r\n\t"))
    if odd > len(sample) // 10:
        raise TranscriptRefused("This is no text. Export the transcript as .vtt, .srt or .txt.")
    return text


def turns(text: str) -> list[Turn]:
    """Who said what, in order; lines without a name belong to whoever spoke before.

    Raises TranscriptRefused where no speaker is named, or far too many for a conversation.
    """
    if len(text) > LARGEST_BYTES:
        raise TranscriptRefused("The transcript is longer than 2 million characters. Paste one conversation at a time.")
    if text.count("\n") + text.count("\r") > 2 * MOST_LINES or len(_SENTENCE_END.findall(text)) > MOST_SENTENCES:
        raise TranscriptRefused(
            "The transcript is longer than a working day of talk. Paste one conversation at a time."
        )
    lines = _spoken_lines(text)
    names = _speaker_names(lines)
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        speaker, words = _said_by(line, names)
        if speaker is None and not found:
            continue
        if speaker is not None and (not found or found[-1][0] != speaker):
            found.append((speaker, []))
        if words:
            found[-1][1].append(words)
    said = [Turn(speaker, " ".join(words)) for speaker, words in found if words]
    if not said:
        raise TranscriptRefused(
            "No speaker is named. Start each turn with a name and a colon, as in “Maya: How did it go?”."
        )
    if len({turn.speaker for turn in said}) > MOST_SPEAKERS:
        raise TranscriptRefused(
            f"More than {MOST_SPEAKERS} names are found before a colon. Start each turn with the speaker's name only."
        )
    return _joined(said)


def _joined(said: list[Turn]) -> list[Turn]:
    joined: list[tuple[str, list[str]]] = []
    for turn in said:
        if joined and joined[-1][0] == turn.speaker:
            joined[-1][1].append(turn.words)
        else:
            joined.append((turn.speaker, [turn.words]))
    return [Turn(speaker, " ".join(words)) for speaker, words in joined]


def _spoken_lines(text: str) -> list[str]:
    """The lines that hold speech: no header, no numbers and times of captions, no blocks that describe the file."""
    rows = [row.strip("\ufeff \t") for row in re.split(r"\r\n|\r|\n|\u2028|\u2029", text)]
    is_caption = any(_CUE.match(row) for row in rows)
    lines = []
    skips_block = False
    for number, row in enumerate(rows):
        if not row:
            skips_block = False
            continue
        if is_caption:
            if row.startswith("WEBVTT") or row.split(" ", 1)[0].rstrip(":") in _VTT_BLOCKS:
                # A cue ends such a block as well: hostile files leave the blank line out.
                skips_block = True
                continue
            if _CUE.match(row):
                skips_block = False
                continue
            follows = rows[number + 1] if number + 1 < len(rows) else ""
            if skips_block or _CUE.match(follows):
                # The line before a cue's times is its number or its name.
                continue
        lines.append(row)
    return lines


def _plain(text: str) -> str:
    kept = "".join(" " if unicodedata.category(sign) in {"Cc", "Cs"} else sign for sign in _TAG.sub(" ", text))
    return " ".join(kept.split())


def _candidate(line: str) -> tuple[str, str] | None:
    """Name and words of a line that starts like somebody's turn."""
    voice = _VOICE.match(line)
    if voice:
        return _plain(voice[1])[:LONGEST_NAME], _plain(line[voice.end() :])
    line = _STAMP.sub("", line, count=1)
    line = _plain(line) if "<" in line else line
    found = _STAMPED.match(line) or _SPEAKER.match(line)
    if found is None:
        return None
    name = _plain(found[1]).strip("-–—*•> ")
    if not name or len(name) > LONGEST_NAME or len(name.split()) > 6 or not any(sign.isalnum() for sign in name):
        return None
    if any(sign in name for sign in '?!;,"“”'):
        return None
    return name, _plain(found[2] or "")


def _speaker_names(lines: list[str]) -> dict[str, str]:
    """What is a name and not the start of a sentence: written like one, or at the start of more than one line.

    Folded name -> the name as first written.
    """
    seen: Counter[str] = Counter()
    first: dict[str, str] = {}
    for line in lines:
        candidate = _candidate(line)
        if candidate is None:
            continue
        folded = candidate[0].casefold()
        first.setdefault(folded, candidate[0])
        seen[folded] += 1
    return {folded: name for folded, name in first.items() if seen[folded] > 1 or _looks_like_a_name(name)}


def _looks_like_a_name(name: str) -> bool:
    words = name.split()
    return len(words) <= 5 and all(word[0].isupper() or word[0].isdigit() or word in _NAME_PARTICLES for word in words)


def _said_by(line: str, names: dict[str, str]) -> tuple[str | None, str]:
    candidate = _candidate(line)
    if candidate is not None and candidate[0].casefold() in names:
        return names[candidate[0].casefold()], candidate[1]
    return None, _plain(_STAMP.sub("", line, count=1))


# ---- Who is the coach ------------------------------------------------------------------------------------------


def speakers(said: list[Turn]) -> dict[str, int]:
    """Speakers with the words they said, whoever spoke first comes first."""
    found: dict[str, int] = {}
    for turn in said:
        found[turn.speaker] = found.get(turn.speaker, 0) + len(turn.words.split())
    return found


def likely_coach(names: list[str], coach: str, rep: str = "") -> str | None:
    """The speaker whose name shares most with the coach's; where none does, the other one of two beside the rep.

    None where that settles nothing: then the page asks.
    """

    def shared(name: str, other: str) -> int:
        return len(_name_words(name) & _name_words(other))

    best = max((shared(name, coach) for name in names), default=0)
    alike = [name for name in names if shared(name, coach) == best]
    if best and len(alike) == 1:
        return alike[0]
    others = [name for name in names if not shared(name, rep)]
    return others[0] if len(names) == 2 and len(others) == 1 else None


def _name_words(name: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return set(re.findall(r"[^\W\d_]{2,}", "".join(sign for sign in plain if not unicodedata.combining(sign))))


# ---- Counting --------------------------------------------------------------------------------------------------


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FILLERS = _words("""
    and so but ok okay well now then right alright also yeah yes hey oh great good sure thanks please just first next
    second finally maybe um uh hmm
""")
_BE = _words("is are was were isn't aren't wasn't weren't")
_AUXILIARY = _BE | _words("""
    am do does did have has had can could will would should shall may might doesn't didn't haven't hasn't hadn't can't
    couldn't won't wouldn't shouldn't
""")
_PERSON = _words("i you he she it we they there anyone anybody someone somebody")
_THING = _words("the this that these those your their his her my our")
_QUESTION_WORDS = _words("what why how when where who whom which whose")
_ASKS_AT_ONCE = _words("else about made makes happened happens")
"""After "what" or "who", these ask without an auxiliary."""
_INVITATIONS = (
    ("tell", "me"), ("talk", "me"), ("walk", "me"), ("take", "me"), ("help", "me"), ("say", "more"), ("describe",),
)  # fmt: skip
_TOLD = (
    "you should", "you must", "you need to", "you have to", "you've got to", "you ought to", "you had better",
    "you'd better", "you shouldn't", "you mustn't", "you'll need to", "you'll have to", "you will need to",
    "you will have to", "make sure", "be sure to", "i want you to", "i need you to", "i'd like you to",
    "i would like you to", "i expect you to", "don't forget to", "remember to",
)  # fmt: skip
_VERBS = _words("""
    add agree aim always arrange ask avoid block book bring build buy call change check choose clear close come compare
    complete confirm contact copy create cut decide define delete do don't draw drop email explain fill find finish fix
    focus follow forget get give go hold invite join keep learn leave let list log look mail make map meet mention move
    name never note offer open pause pick plan practice practise prepare present push put quit read record remember
    remove repeat reply report review rewrite run save schedule sell send set share show skip slow speak spend start
    stay stick stop study summarise summarize take talk tell test think track train try turn update use wait watch work
    write
""")
_NOT_TOLD = frozenset({
    ("let", "me"), ("let", "us"), ("go", "on"), ("go", "ahead"), ("keep", "going"), ("take", "care"), ("come", "on"),
    ("never", "mind"), ("don't", "worry"), ("don't", "you"), ("don't", "we"), ("don't", "they"), ("do", "you"),
    ("do", "we"), ("do", "they"), ("do", "i"),
})  # fmt: skip
"""Openings that look like a request and are none."""
_NEVER_AFTER_A_REQUEST = (_AUXILIARY - _words("do have")) | _words("went of seems looks sounds")
"""After these the first word is a thing, not a request: "work is good", "plan of the week"."""
_TAG_QUESTION = re.compile(
    r",?\s+(?:ok|okay|right|alright|all right|yeah|yes|understood|got it|deal|agreed|please)\s*\?+$", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”')\]]?\s+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def counts(said: list[Turn], coach: str) -> Counts:
    """Questions and instructions of one speaker, sentence by sentence, and the share of the talking."""
    questions, instructions = [], []
    for turn in said:
        if turn.speaker != coach:
            continue
        for sentence in sentences(turn.words):
            kind = kind_of(sentence)
            if kind == "question":
                questions.append(_short(sentence))
            elif kind == "instruction":
                instructions.append(_short(sentence))
    spoken = speakers(said)
    return Counts(tuple(questions), tuple(instructions), spoken.get(coach, 0), sum(spoken.values()))


def sentences(words: str) -> list[str]:
    """The sentences of a turn, as the punctuation says; without any, the turn is one sentence."""
    return [part for part in _SENTENCE_END.split(words) if _WORD.search(part)]


def kind_of(sentence: str) -> str | None:
    """ "question", "instruction" or neither; see QUESTION_RULE and INSTRUCTION_RULE."""
    text = sentence.strip(" \"“”'()[]")
    told = _TAG_QUESTION.sub("", text) if text.endswith("?") else text
    if told != text:
        # "Call them first, okay?" is told, whatever sign stands at its end.
        return "instruction" if _is_told(_opening(told), told) else "question"
    opening = _opening(text)
    if text.endswith("?") or _opens_like_a_question(opening):
        return "question"
    return "instruction" if _is_told(opening, text) else None


def _opening(text: str) -> list[str]:
    """The first words in lower case, without the fillers before them; a comma is kept as a word of its own."""
    found: list[str] = []
    for match in re.finditer(r"[^\W_]+(?:['’][^\W_]+)*|,", text[:200]):
        word = match[0].lower().replace("’", "'")
        if not found and (word in _FILLERS or word == ","):
            continue
        found.append(word)
        if len(found) == 6:
            break
    return found


def _opens_like_a_question(opening: list[str]) -> bool:
    if any(tuple(opening[: len(words)]) == words for words in _INVITATIONS):
        return True
    first, second, third = (*opening, "", "", "")[:3]
    if first in _QUESTION_WORDS:
        return second in _ASKS_AT_ONCE or (second in _AUXILIARY and third in _PERSON | _THING)
    return first in _AUXILIARY and (second in _PERSON or (first in _BE and second in _THING))


def _is_told(opening: list[str], text: str) -> bool:
    lowered = " ".join(_WORD.findall(text[:2000].lower().replace("’", "'")))
    if any(f" {words} " in f" {lowered} " for words in _TOLD):
        return True
    first, second = (*opening, "", "")[:2]
    if first not in _VERBS or not second or second == ",":
        return False
    return (first, second) not in _NOT_TOLD and second not in _NEVER_AFTER_A_REQUEST


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= LONGEST_SENTENCE else sentence[: LONGEST_SENTENCE - 1].rstrip() + "…"
