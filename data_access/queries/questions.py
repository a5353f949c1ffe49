"""Which situations a rep is in, by the rows that show them, and the open questions that follow from it.

Nothing in it depends on whose rows the viewer may see beside the rep's: rep, manager and leader get the same questions.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching import frames, numbers, questions
from coaching import situations as rules
from coaching.agenda import answered_parts
from coaching.people import Viewer
from coaching.periods import named_period
from coaching.questions import Chosen, Question, Situation
from coaching.sessions import ONE_ON_ONE
from data_access.knowledge import end_of_day, knowledge, recorded_by, version_on
from data_access.observation_scope import O, readable
from data_access.queries.deal_review import deals_to_look_at
from data_access.queries.deals import account_names, closed_deals, deal_names, open_deals
from data_access.queries.lessons import knowledge_gaps
from data_access.queries.measures import metric_values
from data_access.queries.peer_bands import peer_band
from data_access.queries.people import person_card
from data_access.queries.plans import objectives
from data_access.queries.sessions import commitments
from data_access.queries.skills import skill_history, skill_list
from data_access.scope import reps_in_scope
from data_access.settings import company_calendar, settings
from data_access.tables import (
    activity,
    agenda_item,
    deal_lesson,
    import_run,
    knowledge_gap,
    observation,
    person,
    question_asked,
    question_edit,
    quota,
    score,
    scorecard_anchor,
    scorecard_item,
    session,
    skill,
)

Focus = tuple[str, tuple[str, ...], str]
"""What the diagnosis points to: the key of a lever or a skill's short name, the rows behind it, and why in words."""
CONTACT_DAYS = 90
"""One contact is looked for in observations of the last 90 days."""
CONTACT_SKILL = "decision"
E = question_edit.c
_DEAL = re.compile(r"deal:[0-9]{1,18}$")


# ---- The bank ------------------------------------------------------------------------------------------------------


def question_edits(viewer: Viewer, connection: sa.Connection, as_of: dt.date | None = None) -> pl.DataFrame:
    """questions.EDITS made by the end of ``as_of`` (None = all), the earliest first.

    The bank is the same for everybody; who changed it is named to admins and coaches only.
    """
    zone = company_calendar(connection).time_zone
    named = sa.true() if viewer.loads_data or viewer.coaches else sa.false()
    statement = (
        sa.select(
            E.id.label("edit_id"),
            E.question_key,
            E.situation,
            E.about_skill,
            E.body,
            E.is_active,
            sa.case((named, E.edited_by)).label("edited_by"),
            sa.case((named, person.c.name)).label("edited_by_name"),
            E.recorded_at,
        )
        .select_from(question_edit.outerjoin(person, person.c.id == E.edited_by))
        .where(sa.true() if as_of is None else E.recorded_at < end_of_day(as_of, zone))
        .order_by(E.recorded_at, E.id)
    )
    frame = pl.read_database(statement, connection, schema_overrides=questions.EDITS)
    return frame.cast(pl.Schema(questions.EDITS))


def bank_on(viewer: Viewer, connection: sa.Connection, as_of: dt.date) -> tuple[Question, ...]:
    """The question bank as it stood at the end of ``as_of``, retired questions included."""
    return questions.merged(question_edits(viewer, connection, as_of))


# ---- The choice ----------------------------------------------------------------------------------------------------


def questions_for(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    rep_id: int,
    as_of: dt.date,
    today: dt.date,
    focus: Focus | None = None,
    to_look_at: pl.DataFrame | None = None,
) -> list[Chosen]:
    """The open questions for the rep's next one-on-one, three at most; empty for a rep out of scope.

    None that the rep heard in the last ``question_rest_sessions`` one-on-ones (a setting). ``to_look_at``: what
    ``deals_to_look_at`` gives, for whoever has read it already.
    """
    found = situations(viewer, connection, rep_id=rep_id, as_of=as_of, today=today, focus=focus, to_look_at=to_look_at)
    if not found:
        return []
    return questions.chosen(
        bank_on(viewer, connection, as_of),
        found,
        asked(viewer, connection, rep_id=rep_id, as_of=as_of, today=today),
        rest_sessions=rest_sessions(viewer, connection),
        answered=_answered(viewer, connection, rep_id, as_of, today),
    )


def rest_sessions(viewer: Viewer, connection: sa.Connection) -> int:
    """How many one-on-ones a question rests once it was asked. The same for every viewer."""
    return int(settings(connection)["question_rest_sessions"])


def asked(viewer: Viewer, connection: sa.Connection, *, rep_id: int, as_of: dt.date, today: dt.date) -> pl.DataFrame:
    """questions.ASKED of one rep by ``as_of``, by key; empty out of scope and for whoever reads no words."""
    if not viewer.reads_words:
        return frames.empty(questions.ASKED)
    zone = company_calendar(connection).time_zone
    inside = reps_in_scope(viewer, today)
    q, s = question_asked.c, session.c
    heard = (
        sa.select(q.question_key, sa.func.coalesce(s.held_on, q.asked_on).label("heard_on"), q.session_id)
        .select_from(question_asked.outerjoin(session, s.id == q.session_id))
        .where(
            q.rep_id == rep_id,
            q.rep_id.in_(inside),
            q.asked_on <= as_of,
            sa.or_(q.recorded_at.is_(None), q.recorded_at < end_of_day(as_of, zone)),
        )
    )
    held = sa.select(s.id, s.held_on).where(
        s.rep_id == rep_id,
        s.rep_id.in_(inside),
        s.kind.in_(ONE_ON_ONE),
        s.status == "held",
        s.held_on <= as_of,
        recorded_by(session, as_of, zone),
    )
    sessions = connection.execute(held).all()
    rows = [
        (row.question_key, sum(each.held_on > row.heard_on and each.id != row.session_id for each in sessions))
        for row in connection.execute(heard)
    ]
    return pl.DataFrame(rows, schema=questions.ASKED, orient="row").sort("question_key", "sessions_ago")


def _answered(
    viewer: Viewer, connection: sa.Connection, rep_id: int, as_of: dt.date, today: dt.date
) -> frozenset[tuple[str, str]]:
    """Key and row of the questions to which the rep has an answer ready: those stay on the list."""
    a = agenda_item.c
    before = end_of_day(as_of, company_calendar(connection).time_zone)
    statement = sa.select(a.question_key).where(
        a.rep_id == rep_id,
        a.rep_id.in_(reps_in_scope(viewer, today)),
        a.kind == "answer",
        a.session_id.is_(None),
        a.recorded_at < before,
        sa.or_(a.withdrawn_at.is_(None), a.withdrawn_at >= before),
    )
    kept = (answered_parts(each) for each in connection.scalars(statement))
    return frozenset((key, about) for key, about in kept if about is not None)


# ---- Situations ----------------------------------------------------------------------------------------------------


def situations(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    rep_id: int,
    as_of: dt.date,
    today: dt.date,
    focus: Focus | None = None,
    to_look_at: pl.DataFrame | None = None,
) -> list[Situation]:
    """What the data shows about one rep on ``as_of``, the weightiest first; "nothing stands out" is one as well.

    Empty for a rep out of scope and for whoever reads no words. ``focus``: what the diagnosis points to.
    """
    if not viewer.reads_words or person_card(viewer, connection, rep_id, as_of, today) is None:
        return []
    when: dict[str, Any] = {"rep_id": rep_id, "as_of": as_of, "today": today}
    skills_known = skill_list(viewer, connection)
    found = rules.of_focus(*focus, skills_known) if focus is not None else []
    found += _of_deals(viewer, connection, rep_id, as_of, today, to_look_at)
    found += _of_skills(viewer, connection, rep_id, as_of, today, skills_known)
    found += rules.open_gaps(knowledge_gaps(viewer, connection, **when), as_of)
    found += rules.resistant_objectives(objectives(viewer, connection, **when))
    found += rules.missed_commitments(commitments(viewer, connection, **when), rep_id, as_of)
    found += _of_results(viewer, connection, rep_id, as_of, today)
    found = _without_repeats(found)
    if len({each.key for each in found}) < questions.MOST:
        found.append(rules.steady(rep_id, len(found)))
    return sorted(found, key=lambda each: (-each.weight, each.key, each.source_ids, each.skill or ""))


def _without_repeats(found: list[Situation]) -> list[Situation]:
    """A skill that is the focus is not also a skill gap of its own; of two the first, which is the focus, stays."""
    kept: dict[tuple[str, str | tuple[str, ...]], Situation] = {}
    for each in found:
        kept.setdefault((each.key, each.skill or each.source_ids), each)
    return list(kept.values())


def _of_deals(
    viewer: Viewer,
    connection: sa.Connection,
    rep_id: int,
    as_of: dt.date,
    today: dt.date,
    to_look_at: pl.DataFrame | None,
) -> list[Situation]:
    who: dict[str, Any] = {"as_of": as_of, "today": today, "rep_ids": [rep_id]}
    standing = open_deals(viewer, connection, start=as_of, end=as_of, **who)
    standing = standing.filter(pl.col("until_on").is_null() | (pl.col("until_on") > as_of))
    if to_look_at is None:
        to_look_at = deals_to_look_at(viewer, connection, rep_id=rep_id, as_of=as_of, today=today)
    lost = to_look_at.filter(pl.col("kind") == "lost_to_competitor").select("deal_id", "since_days")
    found = rules.of_deals(to_look_at, standing, _settled(viewer, connection, rep_id, lost, as_of, today))
    is_rebuilt = knowledge(connection, "deals", as_of).is_rebuilt
    found += rules.without_next_step(
        standing,
        _planned(connection, standing["deal_id"].to_list(), as_of),
        steps_are_known=not is_rebuilt and _holds_next_steps(connection, as_of),
    )
    found += rules.single_contacts(_one_contact_seen(viewer, connection, rep_id, as_of, today), standing)
    first = as_of - dt.timedelta(days=rules.RECENT_DAYS + rules.BEFORE_DAYS)
    won = closed_deals(viewer, connection, start=first, end=as_of, **who).filter(pl.col("status") == "won")
    return found + rules.discount_creep(_named(viewer, connection, won), as_of)


def _settled(
    viewer: Viewer, connection: sa.Connection, rep_id: int, lost: pl.DataFrame, as_of: dt.date, today: dt.date
) -> frozenset[int]:
    """Of lost deals those that were talked about since: a question about it was asked, an answer was taken up by a
    session, the rep wrote down what they conclude, or it was noted that something could not be answered.

    ``lost``: deal_id, since_days. What was asked while the deal was open settles nothing, and neither does an answer
    that still waits for its meeting: that one stays on the list until then.
    """
    if lost.is_empty():
        return frozenset()
    days = {number: as_of - dt.timedelta(days=passed) for number, passed in lost.iter_rows()}
    before = end_of_day(as_of, company_calendar(connection).time_zone)
    inside = reps_in_scope(viewer, today)
    q, a, gap, lesson, s = question_asked.c, agenda_item.c, knowledge_gap.c, deal_lesson.c, session.c
    asked_about = sa.select(q.about, q.asked_on).where(
        q.rep_id == rep_id,
        q.rep_id.in_(inside),
        q.asked_on <= as_of,
        q.about.is_not(None),
        sa.or_(q.recorded_at.is_(None), q.recorded_at < before),
    )
    answered = (
        sa.select(a.question_key, s.held_on)
        .join(session, s.id == a.session_id)
        .where(a.rep_id == rep_id, a.rep_id.in_(inside), a.kind == "answer", s.status == "held", s.held_on <= as_of)
    )
    told = [(row, on) for about, on in connection.execute(asked_about) for row in about.split(",")]
    told += [(answered_parts(key)[1] or "", on) for key, on in connection.execute(answered) if key]
    talked = {int(row.partition(":")[2]): on for row, on in sorted(told, key=lambda each: each[1]) if _DEAL.match(row)}
    noted = sa.select(gap.deal_id, gap.noted_at).where(
        gap.rep_id == rep_id, gap.rep_id.in_(inside), gap.deal_id.in_(list(days)), gap.noted_at < before
    )
    for number, at in connection.execute(noted):
        talked[number] = max(at.date(), talked.get(number, dt.date.min))
    concluded = sa.select(lesson.deal_id).where(
        lesson.rep_id == rep_id, lesson.rep_id.in_(inside), lesson.deal_id.in_(list(days)), lesson.recorded_at < before
    )
    written = set(connection.scalars(concluded))
    return frozenset(
        number for number, lost_on in days.items() if number in written or talked.get(number, dt.date.min) >= lost_on
    )


def _named(viewer: Viewer, connection: sa.Connection, deals: pl.DataFrame) -> pl.DataFrame:
    """Closed deals with title and customer, for saying which one."""
    titles = deal_names(viewer, connection, deals["deal_id"].to_list())
    accounts = account_names(viewer, connection, deals["account_id"].drop_nulls().unique().to_list())
    return deals.with_columns(
        pl.col("deal_id").replace_strict(titles, default=None, return_dtype=pl.String).alias("name"),
        pl.col("account_id").replace_strict(accounts, default=None, return_dtype=pl.String).alias("account_name"),
    )


def _planned(connection: sa.Connection, deal_ids: list[int], as_of: dt.date) -> pl.DataFrame | None:
    """deal_id of those deals with an activity still to come; None where the company has loaded no activities."""
    known = version_on(activity, knowledge(connection, "activities", as_of).known_on)
    if connection.execute(sa.select(activity.c.id).where(known).limit(1)).first() is None:
        return None
    statement = (
        sa.select(activity.c.deal_id)
        .where(
            known,
            activity.c.deal_id.in_(deal_ids),
            activity.c.is_planned.is_(True),
            activity.c.happens_on >= as_of,
        )
        .distinct()
        .order_by(activity.c.deal_id)
    )
    return pl.read_database(statement, connection, schema_overrides={"deal_id": pl.Int64})


def _holds_next_steps(connection: sa.Connection, as_of: dt.date) -> bool:
    """Whether a deals export up to ``as_of`` brought a column of next steps along."""
    rows = connection.scalars(
        sa.select(import_run.c.provided).where(
            import_run.c.kind == "deals", import_run.c.published_at.is_not(None), import_run.c.as_of <= as_of
        )
    )
    return any("next_step" in json.loads(text) for text in rows if text)


def _one_contact_seen(
    viewer: Viewer, connection: sa.Connection, rep_id: int, as_of: dt.date, today: dt.date
) -> pl.DataFrame:
    """observation_id, deal_id, observed_on, behaviour where the level given on the decision speaks of one contact."""
    zone = company_calendar(connection).time_zone
    anchor = scorecard_anchor.c
    statement = (
        sa.select(O.id.label("observation_id"), O.deal_id, O.observed_on, anchor.behaviour)
        .select_from(observation)
        .join(score, score.c.observation_id == O.id)
        .join(scorecard_item, scorecard_item.c.id == score.c.scorecard_item_id)
        .join(skill, skill.c.id == scorecard_item.c.skill_id)
        .join(
            scorecard_anchor,
            sa.and_(anchor.scorecard_item_id == scorecard_item.c.id, anchor.level == score.c.level),
        )
        .where(
            O.person_id == rep_id,
            readable(viewer, today),
            O.kind.in_(["coach", "second_rater"]),
            O.released_at < end_of_day(as_of, zone),
            recorded_by(observation, as_of, zone),
            O.observed_on.between(as_of - dt.timedelta(days=CONTACT_DAYS), as_of),
            O.deal_id.is_not(None),
            skill.c.slug == CONTACT_SKILL,
            anchor.behaviour.ilike("%one contact%"),
        )
        .order_by(O.observed_on.desc(), O.id)
    )
    schema = {"observation_id": pl.Int64, "deal_id": pl.Int64, "observed_on": pl.Date, "behaviour": pl.String}
    return pl.read_database(statement, connection, schema_overrides=schema)


def _of_skills(
    viewer: Viewer,
    connection: sa.Connection,
    rep_id: int,
    as_of: dt.date,
    today: dt.date,
    skills_known: pl.DataFrame,
) -> list[Situation]:
    history = skill_history(viewer, connection, rep_id=rep_id, at=as_of, as_of=as_of, today=today)
    scores = history.select(list(frames.SCORES))
    return [*rules.skill_gaps(scores, skills_known, as_of), *rules.perception_gaps(scores, skills_known, as_of)]


def _of_results(
    viewer: Viewer, connection: sa.Connection, rep_id: int, as_of: dt.date, today: dt.date
) -> list[Situation]:
    """Attainment of the last full quarter beside like-for-like peers."""
    span = named_period("last_quarter", as_of, company_calendar(connection))
    when: dict[str, Any] = {"start": span.start, "end": span.end, "as_of": as_of, "today": today}
    key = "quota_attainment"
    own = metric_values(viewer, connection, by="rep", keys=[key], rep_ids=[rep_id], **when)
    attainment = own[key][0] if own.height else None
    if attainment is None or attainment < 1:
        # Peers cost a company-wide read, and below quota they decide nothing.
        return []
    band = peer_band(viewer, connection, rep_id=rep_id, keys=[key], **when)[key]
    peers = int(band["n"][0]) if band.height else 0
    top = band["top_quartile"][0] if band.height else None
    won = closed_deals(viewer, connection, rep_ids=[rep_id], **when)
    best = won.filter(pl.col("status") == "won").sort("amount", "deal_id", descending=[True, False], nulls_last=True)
    rows = tuple(f"deal:{deal_id}" for deal_id in best["deal_id"].head(rules.SHOWN_ROWS))
    quotas = sa.select(quota.c.id).where(
        quota.c.person_id == rep_id,
        quota.c.starts_on <= span.end,
        quota.c.ends_on >= span.start,
        version_on(quota, knowledge(connection, "quotas", as_of).known_on),
    )
    rows += tuple(f"quota:{number}" for number in connection.scalars(quotas.order_by(quota.c.id)))
    return rules.top_performer(attainment, top, peers, rows, numbers.span(span.start, span.end))
