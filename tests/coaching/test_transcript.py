"""Reading transcripts, and counting questions and instructions by rules that can be read off the page."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coaching.transcript import (
    LARGEST_BYTES,
    TranscriptRefused,
    Turn,
    counts,
    kind_of,
    likely_coach,
    speakers,
    text_of,
    turns,
)

VTT = """WEBVTT
Kind: captions

NOTE Maya: this is a note

intro
00:00:01.000 --> 00:00:04.000 align:start
<v Maya Lindgren>How did the <b>call</b> go?</v>

2
00:00:05.000 --> 00:00:09.000
<v Ravi Nair>It went well. I asked for</v>

3
00:00:09.000 --> 00:00:12.000
<v Ravi Nair>the budget.</v>

00:13.000 --> 00:15.000
<v Maya Lindgren>Send them the summary. You should call tomorrow, okay?</v>
"""
SRT = """1
00:00:01,000 --> 00:00:04,000
Maya: What would you try next time

2
00:00:05,000 --> 00:00:08,000
Ravi: I would ask first: who decides?

3
00:00:08,500 --> 00:00:09,000
and when
"""
PLAIN = """Maya Lindgren (00:12): Tell me about the opening.
[00:13:05] Ravi Nair: I rushed it.
Then the price came.
maya lindgren: Make sure you pause. What else?
"""


def test_webvtt_with_voices_is_read_turn_by_turn() -> None:
    said = turns(VTT)
    assert said == [
        Turn("Maya Lindgren", "How did the call go?"),
        Turn("Ravi Nair", "It went well. I asked for the budget."),
        Turn("Maya Lindgren", "Send them the summary. You should call tomorrow, okay?"),
    ]
    found = counts(said, "Maya Lindgren")
    assert found.questions == ("How did the call go?",)
    assert found.instructions == ("Send them the summary.", "You should call tomorrow, okay?")
    assert (found.coach_word_count, found.word_count) == (14, 22)
    assert found.talk_share == pytest.approx(14 / 22)


def test_srt_is_read_and_a_colon_inside_a_sentence_is_no_speaker() -> None:
    assert turns(SRT) == [
        Turn("Maya", "What would you try next time"),
        Turn("Ravi", "I would ask first: who decides? and when"),
    ]


def test_lines_with_names_times_and_continuations_are_read() -> None:
    said = turns(PLAIN)
    assert [turn.speaker for turn in said] == ["Maya Lindgren", "Ravi Nair", "Maya Lindgren"]
    assert said[1].words == "I rushed it. Then the price came."
    found = counts(said, "Maya Lindgren")
    assert found.questions == ("Tell me about the opening.", "What else?")
    assert found.instructions == ("Make sure you pause.",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_file_is_read_in_the_encodings_that_meeting_tools_write(encoding: str) -> None:
    text = "Zoë: How was it? “Fine”?\nRavi: Good – very good.\n"
    assert turns(text_of(text.encode(encoding)))[0] == Turn("Zoë", "How was it? “Fine”?")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"x" * (LARGEST_BYTES + 1), "larger than 2 MB"),
        (bytes(range(32)) * 50, "no text"),
        (b"just some words without anybody", "No speaker is named"),
        (b"\n".join(b"Name%d: hello" % number for number in range(40)), "More than 30 names"),
    ],
)
def test_what_is_no_conversation_is_refused_with_a_way_to_mend_it(content: bytes, says: str) -> None:
    with pytest.raises(TranscriptRefused, match=says):
        turns(text_of(content))


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("What happened then?", "question"),
        ("So how did you open", "question"),
        ("Do you see it the same way", "question"),
        ("Walk me through the call.", "question"),
        ("You called them yesterday, right?", "question"),
        ("Would you please call them?", "question"),
        ("You should call them.", "instruction"),
        ("Well, you need to ask earlier.", "instruction"),
        ("Make sure the date is agreed.", "instruction"),
        ("Please send the summary.", "instruction"),
        ("Don't talk about price first.", "instruction"),
        ("Call them first, okay?", "instruction"),
        ("I want you to practise it twice.", "instruction"),
        ("That was clear.", None),
        ("Let me think.", None),
        ("Look, I was there too.", None),
        ("Work is going well.", None),
        ("What I liked was the pause.", None),
        ("When you paused, they talked.", None),
        ("Go on.", None),
        ("Thanks.", None),
        ("I would call them.", None),
    ],
)
def test_each_sentence_is_a_question_an_instruction_or_neither(sentence: str, kind: str | None) -> None:
    assert kind_of(sentence) == kind


def test_a_sentence_counts_once() -> None:
    found = counts([Turn("Maya", "You should call them, you need to call them. Should you call them?")], "Maya")
    assert (len(found.questions), len(found.instructions)) == (1, 1)


def test_the_coach_is_guessed_by_name_and_asked_for_where_that_settles_nothing() -> None:
    assert likely_coach(["Lindgren, Maya", "Ravi"], "Maya Lindgren", "Ravi Nair") == "Lindgren, Maya"
    assert likely_coach(["Speaker 1", "Ravi Nair"], "Maya Lindgren", "Ravi Nair") == "Speaker 1"
    assert likely_coach(["Speaker 1", "Speaker 2"], "Maya Lindgren", "Ravi Nair") is None
    assert likely_coach(["Maya One", "Maya Two"], "Maya Lindgren") is None
    assert likely_coach([], "Maya Lindgren") is None


TEXTS = st.text(alphabet=st.sampled_from("AMa b:<>v/-0123.,?!\n\r\t\x00[]()'\u2019\u202e\ud800é"), max_size=300)


@given(st.lists(TEXTS | st.sampled_from(["00:00:01.000 --> 00:00:02.000", "<v A>", "WEBVTT", "A: b?"])).map("\n".join))
@example("A: \x00")
def test_whatever_is_pasted_is_read_or_refused(text: str) -> None:
    try:
        said = turns(text)
    except TranscriptRefused:
        return
    total = sum(speakers(said).values())
    for name in speakers(said):
        found = counts(said, name)
        assert len(found.questions) + len(found.instructions) <= found.coach_word_count <= total == found.word_count
        assert found.talk_share is None or 0 <= found.talk_share <= 1


@given(st.binary(max_size=400))
def test_whatever_is_uploaded_is_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(TranscriptRefused):
        assert all(turn.speaker and turn.words for turn in turns(text_of(content)))


@pytest.mark.parametrize(
    "hostile",
    ["<" * 1_900_000, ":" * 1_900_000, "A: " + "<v " * 600_000, "A: " + "you " * 450_000, "A: " + "?" * 1_900_000,
     "A: " + " " * 1_900_000 + "b", "A:\n" * 600_000, "A: .. " * 300_000, "A" * 1_900_000],
)  # fmt: skip
def test_two_megabytes_of_nonsense_take_seconds_not_minutes(hostile: str) -> None:
    began = time.process_time()
    try:
        said = turns(hostile)
        counts(said, said[0].speaker)
    except TranscriptRefused:
        pass
    assert time.process_time() - began < 15
