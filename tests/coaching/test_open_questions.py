"""What an open question is: the delivered bank keeps the rules, and closed, leading and accusing ones are refused."""

from __future__ import annotations

import re

import pytest

from coaching import open_questions, questions
from coaching.questions import INFORMATION, SITUATIONS, bank
from data_access.default_scorecard import REP_SKILLS
from tests.availability import PROJECT

BANK = bank()


@pytest.mark.parametrize("question", BANK, ids=lambda each: each.key)
def test_a_delivered_question_is_open_short_and_filled_in_by_its_situation(question: questions.Question) -> None:
    others = [each.text for each in BANK if each.key != question.key]
    assert questions.problems(question.text, question.situation, others) == []


def test_the_bank_holds_more_than_sixty_questions_under_keys_of_their_own() -> None:
    assert len(BANK) >= 90
    assert len({each.key for each in BANK}) == len(BANK)
    assert {each.situation for each in BANK} == set(SITUATIONS)


def test_every_situation_has_two_questions_and_every_skill_of_the_scorecard_a_set_of_its_own() -> None:
    by_situation = {key: [each for each in BANK if each.situation == key] for key in SITUATIONS}
    assert {key for key, found in by_situation.items() if len(found) < 2} == set()
    for skill in REP_SKILLS:
        assert len([each for each in BANK if each.about_skill == skill.slug]) >= 3, skill.slug
    known = {skill.slug for skill in REP_SKILLS}
    assert {each.about_skill for each in BANK} - {None} == known


def test_the_information_questions_ask_how_we_know_where_to_check_and_what_would_change_the_picture() -> None:
    texts = " ".join(each.text for each in BANK if each.is_information)
    for words in ("How do we know", "Where could we check", "change the picture"):
        assert words in texts
    assert {each.situation for each in BANK if each.is_information} == set(questions.INFORMATIONS)
    # One for each of the sessions in which the others rest.
    assert sum(each.situation == INFORMATION for each in BANK) > questions.REST_SESSIONS
    assert sum(each.situation == questions.INFORMATION_LOST for each in BANK) > questions.REST_SESSIONS


OPEN_WORDS = re.compile(r"\b(stands|worth a call|next step|will close|moves on)\b")


@pytest.mark.parametrize("situation", ["lost_to_competitor", "information_lost", "information_won", "discount_creep"])
def test_a_question_about_a_deal_that_is_over_never_speaks_of_it_as_if_it_were_open(situation: str) -> None:
    texts = [each.text for each in BANK if each.situation == situation]
    assert len(texts) >= 5
    assert not [text for text in texts if OPEN_WORDS.search(text)]


CLOSED = """
Do you know who signs?
Does it matter to them?
Did you follow up?
Is there a next step, and who owns it?
Are you sure what they want?
Was it the price?
Were you prepared?
Can we talk about the deal?
Could it be the price?
Have you asked about the budget?
Has anything changed?
Had they decided?
Will they sign?
Would it help to call?
Should we call?
May I ask about it?
Might they leave?
Isn't it late?
Wouldn't it be better to call?
What do you think, is it real?
After the last call, did you follow up?
In the last call were you prepared?
When you look back would you do it again?
Looking at the deal: was it the price?
If you had more time, would it help?
What did you do? Could you do more?
So, can we talk?
And is it the price?
Tell me, did you call?
Given the delay do you expect it to close?
""".strip().splitlines()


@pytest.mark.parametrize("text", CLOSED)
def test_what_can_be_answered_with_yes_or_no_is_refused(text: str) -> None:
    [problem] = [each for each in open_questions.problems(text, ()) if "yes or no" in each]
    assert "Begin with what, how" in problem


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't you think that the price is too high?", "which answer it expects"),
        ("What about the price, isn't it too high?", "which answer it expects"),
        ("How is the deal, right?", "which answer it expects"),
        ("What would happen, and surely you asked?", "which answer it expects"),
        ("Who knows, maybe you should call?", "which answer it expects"),
        ("Why did you give the discount?", "What led to"),
        ("What happened, and why did you wait?", "What led to"),
        ("How come it is stuck?", "What led to"),
        ("You know what I mean?", "does not ask openly"),
        ("Any ideas?", "does not ask openly"),
        ("The deal is late.", "does not ask openly"),
        ("What is next", "question mark"),
        ("What is next.", "question mark"),
        ("What\nis next?", "one line"),
        ("What is \u202enext?", "one line"),
        ("What is {nothing} like?", "cannot be filled in"),
        ("What is {deal like?", "cannot be filled in"),
        ("What " + "really " * 30 + "matters?", "characters"),
        ("", "Write the question"),
        ("   ", "Write the question"),
    ],
)
def test_other_questions_that_are_none_are_refused_in_words(text: str, words: str) -> None:
    assert words in " ".join(open_questions.problems(text, ("deal",)))


@pytest.mark.parametrize(
    "text",
    [
        "What led to the discount?",
        "To what extent is it real?",
        "When was it last discussed?",
        "Where in your calls does their figure come up?",
        "If nothing changed for a month, what would that tell us?",
        "Looking back, what would you do earlier?",
        "Tell me about a moment that went well.",
        "Tell me about a moment that went well. What was different?",
        "With whom have you spoken, and what did they say?",
        "How do we know, and where could we check?",
        "What about {deal} have you heard from the customer?",
    ],
)
def test_open_questions_pass(text: str) -> None:
    assert open_questions.problems(text, ("deal",)) == []


def test_the_same_words_twice_are_refused_whatever_their_case_and_punctuation() -> None:
    assert open_questions.problems("What is next, then?", (), ["what is next then"]) != []
    assert open_questions.problems("What is next, then?", (), ["what is last then"]) == []


def test_the_document_says_of_every_situation_when_it_holds_and_what_it_fills_in() -> None:
    document = (PROJECT / "docs" / "questions.md").read_text(encoding="utf-8")
    for key, kind in SITUATIONS.items():
        blanks = ", ".join(f"`{{{name}}}`" for name in kind.blanks) or "–"
        assert f"| `{key}`: {kind.title} | {kind.when} | " in document, key
        assert f" | {blanks} |" in document, key
