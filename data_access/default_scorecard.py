"""The skills, scorecards and role-model texts that every company starts with, and the statement that puts them there.

The anchors describe what one can see or hear on a call, never what somebody is like.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from data_access.tables import (
    role_model_template,
    scorecard,
    scorecard_anchor,
    scorecard_item,
    scorecard_version,
    skill,
)

REP_SCORECARD = "selling"
COACH_SCORECARD = "coaching"


@dataclass(frozen=True)
class SkillText:
    """A skill with what its five levels look like, and for reps' skills the right behaviours in words."""

    slug: str
    name: str
    description: str
    anchors: tuple[str, str, str, str, str]
    role_model: str = ""


REP_SKILLS = (
    SkillText(
        "preparing",
        "Preparing the conversation",
        "Comes with a goal for the conversation and with what is already known about the customer.",
        (
            "Opens without a stated goal; asks for facts that are in the CRM.",
            "Names a topic; knows the company but not the person or the history.",
            "States a goal and knows the history; questions are made up on the spot.",
            "States a goal, builds on the last conversation and brings three questions that fit this customer.",
            "As level 4, and names what would have to happen for the goal to change; the customer adds to the agenda.",
        ),
        "Write one sentence before the call: what should be true afterwards that is not true now? Read the last two "
        "notes. Bring three questions that only this customer can answer.",
    ),
    SkillText(
        "opening",
        "Opening new business",
        "Finds the right first conversations and earns a second one.",
        (
            "Describes the product in the first minute; the customer has no reason to go on.",
            "Gives a reason for the call that would fit any company.",
            "Gives a reason that fits this company; asks for time without saying what it is for.",
            "Gives a reason that fits this person's work and agrees a next conversation with a purpose.",
            "As level 4, and leaves with a second person to talk to, named by the customer.",
        ),
        "Start with something you noticed about their work, say why it made you call, and ask whether it is worth "
        "twenty minutes. Stop after the question.",
    ),
    SkillText(
        "discovery",
        "Finding out what matters",
        "Asks until the customer's problem, its cost and who feels it are clear.",
        (
            "Asks closed questions from a list; moves on after each answer.",
            "Asks open questions; follows up rarely; the cost of the problem stays open.",
            "Follows up until the problem is clear; asks what it costs without waiting for the answer.",
            "The customer puts a number on the problem and says who else feels it.",
            "As level 4, and the customer names a consequence they had not thought of before.",
        ),
        "Ask, wait, ask again. What happens if nothing changes? Who notices first? How do you know? Write the answer "
        "down in the customer's words and read it back.",
    ),
    SkillText(
        "presenting",
        "Showing the value",
        "Shows only what answers this customer's problem and ties it to their figures.",
        (
            "Shows every function in the usual order.",
            "Leaves out what does not fit; does not come back to what the customer said.",
            "Connects each part to something the customer said; the value stays in words.",
            "Connects each part to the customer's own figure and checks after each part.",
            "As level 4, and the customer explains the value to a colleague in the room.",
        ),
        "Begin with their problem in their words. Show two things, not twelve. After each ask: would that change the "
        "figure you gave me?",
    ),
    SkillText(
        "decision",
        "Understanding the decision",
        "Knows who decides, by what steps and by when, and works with more than one person.",
        (
            "One contact; how a decision is made has not been asked.",
            "Knows the decider's name; steps and dates are guesses.",
            "Knows the steps; has met two of the people involved.",
            "Has the steps with dates from the customer, and has met the person who signs.",
            "As level 4, in a plan that both sides write in, with a step for the customer's own lawyers or buyers.",
        ),
        "Ask how they bought the last thing of this size. Who had to agree? What took longest? Write the steps down "
        "together and send them the same day.",
    ),
    SkillText(
        "objections",
        "Meeting objections",
        "Takes a doubt up calmly, finds what lies behind it and answers that.",
        (
            "Answers before the doubt has been spoken to the end.",
            "Lets the customer finish; answers with a prepared argument.",
            "Asks one question back before answering; does not check whether the answer was enough.",
            "Finds what lies behind the doubt, answers that and checks.",
            "As level 4, and brings up the doubt first when it is likely to come later.",
        ),
        "Thank them for saying it. Ask what makes it important. Answer that, not the first sentence. Then ask what is "
        "still open.",
    ),
    SkillText(
        "negotiating",
        "Holding the price",
        "Trades instead of giving; keeps value and price together.",
        (
            "Offers a lower price before being asked.",
            "Lowers the price when asked, with nothing in return.",
            "Asks for something in return, after the price was lowered.",
            "Trades one condition for another and comes back to the value first.",
            "As level 4, and leaves with a date of signature that the customer proposed.",
        ),
        "Before any number: what changes for you when this is in place? If something has to move, let something come "
        "back: a longer term, an earlier start, a reference.",
    ),
    SkillText(
        "next_steps",
        "Agreeing the next step",
        "Ends with a step, a date and a name on both sides, and writes it down.",
        (
            "Ends with a promise to be in touch.",
            "Names a next step of one's own, without a date.",
            "Agrees a step with a date; the customer has nothing to do.",
            "Both sides have a step, a date and a name; it is in the CRM the same day.",
            "As level 4, and the customer has put it in their calendar before the call ends.",
        ),
        "Keep the last five minutes free. What will each of us do, by when? Open the calendar while still talking.",
    ),
)

COACH_SKILLS = (
    SkillText(
        "asks_first",
        "Asks before telling",
        "Lets the rep think aloud before giving a view.",
        (
            "Explains what went wrong in the first minutes.",
            "Asks once, then explains.",
            "Asks several questions; gives the answer when it does not come at once.",
            "Waits for the rep's own view and builds on it.",
            "As level 4, and the rep names the next step without having been told.",
        ),
    ),
    SkillText(
        "one_action",
        "Agrees one action",
        "Ends with one thing to do, by a date, chosen by the rep.",
        (
            "Ends without an agreed action.",
            "Ends with several wishes.",
            "Ends with one action that the coach chose.",
            "Ends with one action that the rep chose, with a date.",
            "As level 4, and the coach has promised something in return.",
        ),
    ),
    SkillText(
        "evidence",
        "Speaks from evidence",
        "Refers to what was seen or heard, and to figures both can open.",
        (
            "Speaks in general terms.",
            "Mentions a deal; what happened in it stays open.",
            "Names a moment from a call or a figure.",
            "Names the moment in the words that were said, and checks whether the rep saw it the same way.",
            "As level 4, and asks how both would know that it has changed.",
        ),
    ),
    SkillText(
        "listens",
        "Listens",
        "Leaves room, takes up what was said, notices what was not.",
        (
            "Talks most of the time.",
            "Waits for a pause to go on with the own point.",
            "Lets the rep finish and answers what was said.",
            "Sums up in the rep's words before going on.",
            "As level 4, and takes up what was left out.",
        ),
    ),
    SkillText(
        "trust",
        "Keeps trust",
        "Keeps coaching apart from judging, keeps promises and keeps confidences.",
        (
            "Mixes coaching with pay or ranking.",
            "Announces coaching, then reviews the forecast.",
            "Keeps to the topic; promises of the last session are not mentioned.",
            "Starts with the own promises of the last session.",
            "As level 4, and asks for feedback on the coaching and uses it.",
        ),
    ),
)


def ensure_default_scorecard(connection: sa.Connection) -> None:
    """Add the default skills, scorecards and role-model texts that are missing. Changes nothing that is there.

    Runs within the caller's transaction; calling it twice is the same as once.
    """
    for kind, slug, name, texts in (
        ("rep", REP_SCORECARD, "Selling conversation", REP_SKILLS),
        ("coach", COACH_SCORECARD, "Coaching conversation", COACH_SKILLS),
    ):
        ids = {text.slug: _ensure_skill(connection, text, kind) for text in texts}
        if connection.scalar(sa.select(scorecard.c.id).where(scorecard.c.slug == slug)) is None:
            _add_scorecard(connection, slug, name, kind, [(ids[text.slug], text) for text in texts])
        for text in texts:
            if text.role_model:
                _ensure_template(connection, text, ids[text.slug])


def _ensure_skill(connection: sa.Connection, text: SkillText, kind: str) -> int:
    found = connection.scalar(sa.select(skill.c.id).where(skill.c.slug == text.slug))
    if found is not None:
        return int(found)
    return _added(connection, skill, slug=text.slug, name=text.name, description=text.description, kind=kind)


def _ensure_template(connection: sa.Connection, text: SkillText, skill_id: int) -> None:
    slug = f"role-model-{text.slug.replace('_', '-')}"
    if connection.scalar(sa.select(role_model_template.c.id).where(role_model_template.c.slug == slug)) is None:
        _added(connection, role_model_template, slug=slug, title=text.name, body=text.role_model, skill_id=skill_id)


def _add_scorecard(
    connection: sa.Connection, slug: str, name: str, kind: str, items: list[tuple[int, SkillText]]
) -> None:
    card = _added(connection, scorecard, slug=slug, name=name, kind=kind)
    number = _added(connection, scorecard_version, scorecard_id=card, number=1)
    for position, (skill_id, text) in enumerate(items, start=1):
        item = _added(
            connection,
            scorecard_item,
            scorecard_version_id=number,
            skill_id=skill_id,
            position=position,
            lowest=1,
            highest=len(text.anchors),
        )
        connection.execute(
            sa.insert(scorecard_anchor),
            [
                {"scorecard_item_id": item, "level": level, "behaviour": behaviour}
                for level, behaviour in enumerate(text.anchors, start=1)
            ],
        )


def _added(connection: sa.Connection, table: sa.Table, **values: object) -> int:
    key = connection.execute(sa.insert(table).values(values)).inserted_primary_key
    if key is None:
        raise RuntimeError(f"{table.name} gave no row number")
    return int(key[0])
