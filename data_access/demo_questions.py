"""What people of the demo company brought to their one-on-ones, and which questions were asked in them."""

from __future__ import annotations

import numpy as np
import polars as pl
import sqlalchemy as sa

from coaching.agenda import answered_key
from coaching.questions import SITUATIONS, bank
from data_access import demo_words as words
from data_access.demo_deals import picked
from data_access.demo_roster import Phrases, Roster
from data_access.demo_sessions import HELD, OWN_MANAGER, PLANNED, SKILL_NAMES, Sessions
from data_access.demo_timeline import NEVER, Days, date_column, instant_column, reference_column
from data_access.tables import agenda_item, question_asked

Rows = list[tuple[sa.Table, pl.DataFrame]]
STREAM = 7
"""Random numbers of its own, so that nothing else in the company changes with it."""
ASKED_DAYS = 100
PER_SESSION = 3
ASKS = 0.8
BROUGHT_BEFORE, PREPARED = 0.35, 0.6
FOUR_IN_THE_AFTERNOON, EIGHT_IN_THE_EVENING = 16 * 60, 20 * 60
ANSWERS = (
    ("stalled.waits", "They wait for their finance team, I wait for a date. I could ask who else can say yes."),
    ("stalled.changed", "Their project lead left in autumn. I have not met the new one yet."),
    ("lost_to_competitor.earlier", "I would ask in the first call what they compare us with."),
    ("no_next_step.choose", "A visit on site with the person who runs the shift."),
    ("skill_gap.next_call", "In the call on Thursday, with the questions about what a stop costs them."),
    ("steady.customer", "The bakery: they showed me how they decide, without my asking."),
)
TOPICS = Phrases.of(words.TOPICS, SKILL_NAMES)


def question_frames(roster: Roster, sessions: Sessions) -> Rows:
    """The rows of one block: questions asked lately, topics of past sessions, and what is ready for the next."""
    random = roster.company.request.stream(STREAM, roster.facts.seats[0])
    return [
        (question_asked, _asked(roster, sessions, random)),
        (agenda_item, _taken_up(roster, sessions, random)),
        (agenda_item, _to_come(roster, sessions, random)),
    ]


def _recent(roster: Roster, sessions: Sessions) -> Days:
    """Places of the one-on-ones that reps' own managers held lately."""
    held = (sessions.status == HELD) & (sessions.kind == OWN_MANAGER)
    return np.flatnonzero(held & (sessions.held >= roster.line.today - ASKED_DAYS))


def _asked(roster: Roster, sessions: Sessions, random: np.random.Generator) -> pl.DataFrame:
    """Three questions a session, none twice to the same rep."""
    keys = [each.key for each in bank() if each.situation in SITUATIONS and each.about_skill is None]
    order = np.argsort(random.random((len(roster), len(keys))), axis=1)
    place = _recent(roster, sessions)
    place = place[random.random(len(place)) < ASKS]
    rep = sessions.rep[place]
    turn = pl.DataFrame({"rep": rep}).select(pl.int_range(pl.len()).over("rep")).to_series().to_numpy()
    column = (turn[:, None] * PER_SESSION + np.arange(PER_SESSION)) % len(keys)
    which = order[np.repeat(rep, PER_SESSION), column.ravel()]
    session = np.repeat(place, PER_SESSION)
    return pl.DataFrame(
        {
            "rep_id": roster.person_ids[sessions.rep[session]],
            "session_id": sessions.ids[session],
            "question_key": picked(keys, which),
            "asked_on": date_column(sessions.held[session]),
            "asked_by": sessions.coach[session],
            "recorded_at": instant_column(sessions.held[session], np.full(len(session), EIGHT_IN_THE_EVENING)),
        }
    )


def _taken_up(roster: Roster, sessions: Sessions, random: np.random.Generator) -> pl.DataFrame:
    place = _recent(roster, sessions)
    place = place[random.random(len(place)) < BROUGHT_BEFORE]
    day = np.maximum(sessions.held[place] - 1, roster.first[sessions.rep[place]])
    topic = random.integers(0, len(TOPICS.texts) // TOPICS.fillings, len(place))
    return _items(
        roster, sessions.rep[place], "topic", None, TOPICS.pick(topic, random), day, FOUR_IN_THE_AFTERNOON,
        sessions.ids[place],
    )  # fmt: skip


def _to_come(roster: Roster, sessions: Sessions, random: np.random.Generator) -> pl.DataFrame:
    """Who has a date ahead has often prepared: a topic, and every second time an answer."""
    ahead = np.unique(sessions.rep[(sessions.status == PLANNED) & (sessions.kind == OWN_MANAGER)])
    ready = ahead[random.random(len(ahead)) < PREPARED]
    ready = ready[(roster.reps.left[ready] >= roster.line.today) & (roster.first[ready] < roster.line.today)]
    yesterday = np.full(len(ready), roster.line.today - 1)
    topic = random.integers(0, len(TOPICS.texts) // TOPICS.fillings, len(ready))
    topics = _items(
        roster,
        ready,
        "topic",
        None,
        TOPICS.pick(topic, random),
        yesterday,
        EIGHT_IN_THE_EVENING,
        np.zeros(len(ready), dtype=np.int64),
    )
    answers = ready[random.random(len(ready)) < 0.5]
    which = random.integers(0, len(ANSWERS), len(answers))
    texts = picked([text for _, text in ANSWERS], which)
    yesterday = np.full(len(answers), roster.line.today - 1)
    deals = roster.sampled(roster.facts.sample.deal_id, roster.deal_on(answers, yesterday))
    keys = pl.Series(
        [_answered(ANSWERS[place][0], deal) for place, deal in zip(which, deals, strict=True)], dtype=pl.String
    )
    answered = _items(
        roster, answers, "answer", keys, texts, yesterday, EIGHT_IN_THE_EVENING + 5, np.zeros(len(answers), np.int64)
    )
    return pl.concat([topics, answered])


def _answered(key: str, deal_id: int) -> str:
    """The question with the deal that it is about, where it is about one and the demo knows which."""
    about_deals = "deal" in SITUATIONS[key.partition(".")[0]].blanks
    return answered_key(key, f"deal:{deal_id}" if about_deals and deal_id else None)


def _items(
    roster: Roster,
    rep: Days,
    kind: str,
    keys: pl.Series | None,
    body: pl.Series,
    day: Days,
    minute: int,
    session: Days,
) -> pl.DataFrame:
    who = roster.person_ids[rep]
    return pl.DataFrame(
        {
            "rep_id": who,
            "kind": pl.Series([kind] * len(rep), dtype=pl.String),
            "question_key": pl.Series([None] * len(rep), dtype=pl.String) if keys is None else keys,
            "body": body,
            "added_by": who,
            "recorded_at": instant_column(np.where(day < NEVER, day, NEVER), np.full(len(rep), minute)),
            "session_id": reference_column(session),
        }
    )
