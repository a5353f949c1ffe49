"""A pasted or uploaded transcript: read, counted, shown for checking. Nothing of it is stored or put into a draft."""

from __future__ import annotations

import streamlit as st

from coaching import numbers
from coaching.transcript import (
    INSTRUCTION_RULE,
    LARGEST_BYTES,
    ONCE_RULE,
    QUESTION_RULE,
    Counts,
    TranscriptRefused,
    Turn,
    counts,
    likely_coach,
    speakers,
    text_of,
    turns,
)
from ui import plain_text

SHOWN = 100
"""Sentences listed under each count."""
_FRESH = "transcript_fresh"


def show(form: str, coach: str, rep: str) -> tuple[int, int] | None:
    """The reader; how many questions and instructions of the coach it found, None while there is nothing to count."""
    # A widget cannot be emptied from outside, so each transcript that was taken over is followed by a new widget.
    fresh = st.session_state.setdefault(_FRESH, {}).get(form, 0)
    st.caption("A .vtt, .srt or .txt file, or lines such as “Maya: How did it go?”. Only the two numbers are kept.")
    upload = st.file_uploader(
        "Transcript", type=["vtt", "srt", "txt"], key=f"transcript_file|{form}|{fresh}", max_upload_size=2
    )
    pasted = st.text_area("Or paste it", height=120, key=f"transcript_text|{form}|{fresh}", max_chars=LARGEST_BYTES)
    if upload is None and not (pasted or "").strip():
        return None
    try:
        said = turns(text_of(upload.getvalue()) if upload is not None else pasted)
    except TranscriptRefused as refusal:
        st.warning(plain_text.label(str(refusal), 300), icon=":material/error:")
        return None
    chosen = _who_is_the_coach(form, fresh, said, coach, rep)
    if chosen is None:
        return None
    found = counts(said, chosen)
    _results(found)
    return len(found.questions), len(found.instructions)


def forget(form: str) -> None:
    """Empty the reader of this form."""
    fresh = st.session_state.setdefault(_FRESH, {})
    fresh[form] = fresh.get(form, 0) + 1


def _who_is_the_coach(form: str, fresh: int, said: list[Turn], coach: str, rep: str) -> str | None:
    names = list(speakers(said))
    guess = likely_coach(names, coach, rep)
    labels = {name: plain_text.cell(name, 60) for name in names}
    chosen: str | None = st.selectbox(
        "Which speaker is the coach?",
        names,
        index=names.index(guess) if guess is not None else None,
        format_func=lambda name: labels[name],
        placeholder="Choose the speaker",
        key=f"transcript_coach|{form}|{fresh}|{len(names)}",
    )
    return chosen


def _results(found: Counts) -> None:
    asked, told = len(found.questions), len(found.instructions)
    share = numbers.share(found.talk_share)
    st.markdown(
        f"**{numbers.plural(asked, 'question')} and {numbers.plural(told, 'instruction')}.**"
        f" The coach said {share} of {numbers.plural(found.word_count, 'word')}."
    )
    for title, listed, rule in (
        (f"{numbers.plural(asked, 'sentence')} counted as questions", found.questions, QUESTION_RULE),
        (f"{numbers.plural(told, 'sentence')} counted as instructions", found.instructions, INSTRUCTION_RULE),
    ):
        with st.popover(title, width="stretch"):
            st.caption(f"{rule} {ONCE_RULE}")
            for sentence in listed[:SHOWN]:
                st.markdown(plain_text.label(sentence, 400))
            if len(listed) > SHOWN:
                st.caption(f"And {numbers.count(len(listed) - SHOWN)} more.")
