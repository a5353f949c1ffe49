"""Writing down what was observed: by a coach, by the rep themselves, by a second coach, by a leader about a coach.

When the rep sees a coach's scores: at once, or (``ask_own_view``) once the rep has scored the same call, has asked to
be shown without, or after seven days. Nothing runs at night here, so ``release_overdue`` opens what is due: every
recording below does it too, and so does the first page opened after the time has come. Until then they count nowhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from coaching import numbers
from coaching.observations import HOURS_TO_UNDO, Card, ObservationDraft, Rating
from coaching.people import Role, Viewer
from data_access.knowledge import LATEST, exists_for_readers, version_on
from data_access.observation_scope import ROOT_KINDS, O, is_overdue, readable
from data_access.queries.observations import scorecard_for, scorecard_version_of
from data_access.scope import NotPermitted, holds_on, operator, reps_in_scope
from data_access.settings import company_calendar
from data_access.tables import (
    call,
    deal_version,
    membership,
    observation,
    person,
    score,
    second_rating,
    session,
)
from data_access.writes import finish, refuse_unless, require_coach_of, require_rep, today_of

NO_SUCH_OBSERVATION = "There is no such observation in your view."
NOTHING_TO_SCORE = "There is no call that waits for your scores under this address."


# ---- Recording -------------------------------------------------------------------------------------------------


def record_observation(viewer: Viewer, connection: sa.Connection, draft: ObservationDraft, now: dt.datetime) -> int:
    """Write down an observation; its id. The viewer is its observer whatever the draft says.

    Kinds: ``coach`` (who coaches the person), ``self`` (the person), ``coach_the_coach`` (a leader about a manager
    below them). With ``same_call_as`` the person's own view of the call is answered: its facts and scorecard hold, and
    both open to both. Raises NotPermitted, and CommandRefused with every problem of the draft.
    """
    observer_id = _observer(viewer, connection, draft, now)
    _take_turns(connection, draft.person_id, now)
    draft = replace(draft, observer_id=observer_id).tidy()
    zone = company_calendar(connection).time_zone
    own_view = _own_view_to_answer(viewer, connection, draft, now)
    if own_view is not None:
        draft = _about_the_same_call(draft, own_view)
        card = scorecard_version_of(viewer, connection, own_view["scorecard_version_id"])
    else:
        on = draft.observed_on(zone) if draft.observed_at.tzinfo is not None else today_of(connection, now)
        card = scorecard_for(viewer, connection, draft.scorecard, on)
    problems = draft.problems(card, now, joined_on=_joined_on(connection, draft.person_id), time_zone=zone)
    if not problems and own_view is None:
        problems = _problems_of_references(viewer, connection, draft, now) + _scored_already(connection, draft, card)
    refuse_unless(problems)
    draft = _with_its_call(connection, draft)
    is_released = draft.kind != "self" and (own_view is not None or not draft.ask_own_view)
    new_id = _insert(connection, draft, _sure(card), zone, now, released_at=now if is_released else None)
    if own_view is not None:
        changed = {"paired_observation_id": new_id, "released_at": now, "version": O.version + 1}
        connection.execute(sa.update(observation).where(O.id == own_view["id"]).values(changed))
    _open_overdue(connection, now)
    reps = [draft.person_id] if is_released else []
    finish(viewer, connection, "record observation", f"observation {new_id}", now=now, reps=reps)
    return new_id


def record_self_view(
    viewer: Viewer, connection: sa.Connection, observation_id: int, rating: Rating, now: dt.datetime
) -> int:
    """The person's own view of a call that their coach has scored; its id. Opens the coach's scores to them.

    Raises NotPermitted where nothing waits for the viewer, CommandRefused where the scores were opened already.
    """
    root = _root(connection, observation_id)
    if root is None or viewer.person_id is None or root["person_id"] != viewer.person_id:
        raise NotPermitted(NOTHING_TO_SCORE)
    _take_turns(connection, root["person_id"], now)
    root = _sure(_root(connection, observation_id))
    if root["released_at"] is not None:
        refuse_unless(
            ["Your coach's scores are open to you already. Write your view down as a conversation of its own."]
        )
    new_id = _insert_rating(viewer, connection, root, rating, "self", now, released_at=now)
    _release(connection, [observation_id], now)
    _open_overdue(connection, now)
    finish(viewer, connection, "record own view", f"observation {new_id}", now=now, reps=[root["person_id"]])
    return new_id


def skip_own_view(viewer: Viewer, connection: sa.Connection, observation_id: int, now: dt.datetime) -> None:
    """The person wants to see the coach's scores without scoring first. Raises NotPermitted where nothing waits."""
    root = _root(connection, observation_id)
    if root is None or viewer.person_id is None or root["person_id"] != viewer.person_id:
        raise NotPermitted(NOTHING_TO_SCORE)
    _take_turns(connection, root["person_id"], now)
    _release(connection, [observation_id], now)
    _open_overdue(connection, now)
    subject = f"observation {observation_id}"
    finish(viewer, connection, "open without own view", subject, now=now, reps=[root["person_id"]])


def release_overdue(viewer: Viewer, connection: sa.Connection, now: dt.datetime) -> int:
    """Open what has waited for the person's own view for seven days; how many. Time decides, whoever calls."""
    del viewer
    _take_turns(connection, None, now)
    return _open_overdue(connection, now)


def _open_overdue(connection: sa.Connection, now: dt.datetime) -> int:
    rows = connection.execute(sa.select(O.id, O.person_id).where(is_overdue(now)).order_by(O.id)).all()
    if not rows:
        return 0
    ids = [row.id for row in rows]
    _release(connection, ids, now)
    reps = {row.person_id for row in rows}
    # Time has done it: whoever happened to come by stands in no audit entry.
    nobody, detail = operator(), {"observations": ids}
    finish(nobody, connection, "open after seven days", "observations", now=now, reps=reps, detail=detail)
    return len(ids)


def undo_observation(viewer: Viewer, connection: sa.Connection, observation_id: int, now: dt.datetime) -> None:
    """Take back what the viewer wrote down less than a day ago, as long as nobody has answered it.

    Raises NotPermitted where it is not the viewer's, CommandRefused with the reason where it has to stay.
    """
    row = _observation(connection, observation_id)
    if row is None or viewer.person_id is None or row["observer_id"] != viewer.person_id:
        raise NotPermitted(NO_SUCH_OBSERVATION)
    _take_turns(connection, row["person_id"], now)
    row = _observation(connection, observation_id)
    if row is None:
        raise NotPermitted(NO_SUCH_OBSERVATION)
    refuse_unless(_reasons_to_stay(connection, row, now))
    connection.execute(sa.delete(second_rating).where(second_rating.c.observation_id == observation_id))
    connection.execute(sa.delete(score).where(score.c.observation_id == observation_id))
    connection.execute(sa.delete(observation).where(O.id == observation_id))
    subject = f"observation {observation_id}"
    finish(viewer, connection, "undo observation", subject, now=now, reps=[row["person_id"]])


# ---- A second coach's scores -----------------------------------------------------------------------------------


def ask_second_rating(
    viewer: Viewer, connection: sa.Connection, observation_id: int, rater_id: int, now: dt.datetime
) -> None:
    """Ask another coach of the company, of whatever team, to score the same call without seeing these scores.

    Raises NotPermitted unless the viewer coaches the person and reads the observation; CommandRefused otherwise.
    """
    today = today_of(connection, now)
    found = sa.select(O.person_id, O.observer_id, O.kind).where(
        O.id == observation_id, O.kind.in_(ROOT_KINDS), readable(viewer, today)
    )
    row = connection.execute(found).first()
    if row is None:
        raise NotPermitted(NO_SUCH_OBSERVATION)
    require_coach_of(viewer, connection, row.person_id, now)
    _take_turns(connection, row.person_id, now)
    refuse_unless(_problems_of_rater(connection, observation_id, rater_id, row.person_id, row.observer_id, today))
    connection.execute(
        sa.insert(second_rating).values(
            observation_id=observation_id, rater_id=rater_id, asked_by=viewer.person_id, asked_at=now
        )
    )
    finish(viewer, connection, "ask for a second rating", f"observation {observation_id}", now=now)


def record_second_rating(
    viewer: Viewer, connection: sa.Connection, observation_id: int, rating: Rating, now: dt.datetime
) -> int:
    """The viewer's own scores of a call they were asked to score blind; the new observation's id.

    It opens to the rep together with the first coach's. Raises NotPermitted where the viewer was not asked.
    """
    root = _root(connection, observation_id)
    if root is None or not _was_asked(viewer, connection, observation_id):
        raise NotPermitted(NOTHING_TO_SCORE)
    _take_turns(connection, root["person_id"], now)
    root = _sure(_root(connection, observation_id))
    theirs = sa.select(O.id).where(
        O.paired_observation_id == observation_id, O.observer_id == viewer.person_id, O.kind == "second_rater"
    )
    if connection.scalar(theirs) is not None:
        refuse_unless(["You have scored this call already. Nothing was added."])
    released_at = now if root["released_at"] is not None else None
    new_id = _insert_rating(viewer, connection, root, rating, "second_rater", now, released_at=released_at)
    _open_overdue(connection, now)
    reps = [root["person_id"]] if released_at else []
    finish(viewer, connection, "record second rating", f"observation {new_id}", now=now, reps=reps)
    return new_id


def decline_second_rating(viewer: Viewer, connection: sa.Connection, observation_id: int, now: dt.datetime) -> None:
    """The viewer does not score the call they were asked to score. Raises NotPermitted where nothing was asked."""
    asked = (
        sa.update(second_rating)
        .where(
            second_rating.c.observation_id == observation_id,
            second_rating.c.rater_id == viewer.person_id,
            second_rating.c.declined_at.is_(None),
        )
        .values(declined_at=now)
    )
    if not viewer.coaches or not connection.execute(asked).rowcount:
        raise NotPermitted(NOTHING_TO_SCORE)
    finish(viewer, connection, "decline a second rating", f"observation {observation_id}", now=now)


# ---- Who may ---------------------------------------------------------------------------------------------------


def _observer(viewer: Viewer, connection: sa.Connection, draft: ObservationDraft, now: dt.datetime) -> int:
    """The viewer's id. Raises NotPermitted unless they may write this kind of observation about this person."""
    if draft.kind == "self":
        if viewer.person_id is None or viewer.person_id != draft.person_id:
            raise NotPermitted("Only people themselves write down their own view.")
        require_rep(viewer, connection, draft.person_id, now)
        return viewer.person_id
    if draft.kind not in ROOT_KINDS:
        raise NotPermitted("A second coach is asked first, and then scores that call.")
    observer_id = require_coach_of(viewer, connection, draft.person_id, now)
    if draft.kind == "coach_the_coach":
        leads = sa.select(_leads(draft.person_id, today_of(connection, now)))
        if viewer.role is not Role.LEADER or not connection.scalar(leads):
            raise NotPermitted("Only a leader scores the coaching of a coach below them.")
    return observer_id


def _leads(person_id: int, today: dt.date) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        membership.c.person_id == person_id, membership.c.kind == "leader", holds_on(membership, today)
    )


def _was_asked(viewer: Viewer, connection: sa.Connection, observation_id: int) -> bool:
    if not viewer.coaches or viewer.person_id is None:
        return False
    found = sa.select(second_rating.c.id).where(
        second_rating.c.observation_id == observation_id,
        second_rating.c.rater_id == viewer.person_id,
        second_rating.c.declined_at.is_(None),
    )
    return connection.scalar(found) is not None


def _problems_of_rater(
    connection: sa.Connection, observation_id: int, rater_id: int, person_id: int, observer_id: int, today: dt.date
) -> list[str]:
    there = sa.select(person.c.name).where(
        person.c.id == rater_id,
        exists_for_readers(person),
        sa.or_(person.c.left_on.is_(None), person.c.left_on >= today),
        _leads(rater_id, today),
    )
    name = connection.scalar(there)
    if name is None:
        return ["Only somebody who leads a team can score as a second coach. Choose one from the list."]
    if rater_id in (person_id, observer_id):
        return ["Somebody who has scored this call, or whose call it is, cannot score it blind. Ask another coach."]
    asked = connection.execute(
        sa.select(second_rating.c.declined_at).where(
            second_rating.c.observation_id == observation_id, second_rating.c.rater_id == rater_id
        )
    ).first()
    if asked is not None:
        shown = numbers.plain_name(name)
        done = "has declined" if asked.declined_at is not None else "was asked already"
        return [f"{shown} {done}. Ask another coach."]
    return []


# ---- Rules that need the database ------------------------------------------------------------------------------


def _joined_on(connection: sa.Connection, person_id: int) -> dt.date | None:
    joined: dt.date | None = connection.scalar(sa.select(person.c.started_on).where(person.c.id == person_id))
    return joined


def _problems_of_references(
    viewer: Viewer, connection: sa.Connection, draft: ObservationDraft, now: dt.datetime
) -> list[str]:
    """A deal, an account or a call has to be the person's own: anybody else's would leak a name out of scope."""
    problems = []
    sold = sa.select(deal_version.c.id).where(
        deal_version.c.owner_id == draft.person_id, exists_for_readers(deal_version)
    )
    if draft.deal_id is not None and not _any(connection, sold.where(deal_version.c.deal_id == draft.deal_id)):
        problems.append("This deal is none of theirs. Choose one from the list, or leave it open.")
    spoke = sa.select(call.c.id).where(call.c.person_id == draft.person_id, version_on(call, LATEST))
    if draft.account_id is not None and not (
        _any(connection, sold.where(deal_version.c.account_id == draft.account_id))
        or _any(connection, spoke.where(call.c.account_id == draft.account_id))
    ):
        problems.append("This account is none of theirs. Choose one from the list, or leave it open.")
    if draft.call_id is not None and not _any(connection, spoke.where(call.c.id == draft.call_id)):
        problems.append("This call is none of theirs. Choose one from the list, or leave it open.")
    if draft.session_id is not None:
        held = sa.select(session.c.id).where(
            session.c.id == draft.session_id,
            session.c.rep_id.in_(reps_in_scope(viewer, today_of(connection, now))),
            sa.or_(session.c.coach_id == draft.person_id, session.c.rep_id == draft.person_id),
            exists_for_readers(session),
        )
        if not _any(connection, held):
            problems.append("There is no such session of theirs. Choose one from the list, or leave it open.")
    return problems


def _with_its_call(connection: sa.Connection, draft: ObservationDraft) -> ObservationDraft:
    """A call knows its deal and its account."""
    if draft.call_id is None:
        return draft
    known = connection.execute(sa.select(call.c.deal_id, call.c.account_id).where(call.c.id == draft.call_id)).one()
    return replace(
        draft,
        deal_id=known.deal_id if draft.deal_id is None else draft.deal_id,
        account_id=known.account_id if draft.account_id is None else draft.account_id,
    )


def _scored_already(connection: sa.Connection, draft: ObservationDraft, card: Card | None) -> list[str]:
    """The same conversation twice, by a second click or in a second window."""
    twice = sa.select(O.id).where(
        O.person_id == draft.person_id,
        O.observer_id == draft.observer_id,
        O.kind == draft.kind,
        O.observed_at == draft.observed_at,
        O.scorecard_version_id == (card.version_id if card else None),
        exists_for_readers(observation),
    )
    if _any(connection, twice):
        return ["You have written down this conversation already, at the same time of the same day. Change the time."]
    return []


def _own_view_to_answer(
    viewer: Viewer, connection: sa.Connection, draft: ObservationDraft, now: dt.datetime
) -> dict[str, Any] | None:
    """The person's own view that the draft answers, to be paired; None where it answers none."""
    if draft.same_call_as is None or draft.kind == "self":
        return None
    row = _observation(connection, draft.same_call_as)
    if row is None or row["kind"] != "self" or row["person_id"] != draft.person_id:
        raise NotPermitted(NOTHING_TO_SCORE)
    if row["paired_observation_id"] is not None:
        refuse_unless(["Another coach has scored this call meanwhile. Both views of it are open to you now."])
    return row


def _about_the_same_call(draft: ObservationDraft, own_view: dict[str, Any]) -> ObservationDraft:
    names = ("observed_at", "time_zone", "channel", "deal_id", "account_id", "call_id", "session_id")
    return replace(draft, **{name: own_view[name] for name in names})


def _reasons_to_stay(connection: sa.Connection, row: dict[str, Any], now: dt.datetime) -> list[str]:
    answered = sa.select(O.id).where(O.paired_observation_id == row["id"])
    if row["import_id"] is not None:
        return ["This observation came with a file, so it is corrected by loading a corrected file."]
    if row["paired_observation_id"] is not None or _any(connection, answered):
        return ["Somebody else has scored the same call, and both views are open by now: this one stays."]
    if row["consented_at"] is not None:
        return ["It has been shared as an example with the rep's consent: withdraw the example first."]
    if now - row["recorded_at"] > dt.timedelta(hours=HOURS_TO_UNDO):
        return [f"More than {HOURS_TO_UNDO} hours have passed, so it stays. Write down another observation instead."]
    return []


def _any(connection: sa.Connection, statement: sa.Select[Any]) -> bool:
    return connection.execute(statement.limit(1)).first() is not None


# ---- Rows ------------------------------------------------------------------------------------------------------


def _take_turns(connection: sa.Connection, person_id: int | None, now: dt.datetime) -> None:
    """Whoever writes about the same people at the same time waits here. SQLite has one writer at a time anyway.

    Everybody whose rows this transaction will touch is locked at once, in one order: two writers cannot block each
    other. The rows are read again afterwards.
    """
    people = sa.or_(person.c.id == person_id, person.c.id.in_(sa.select(O.person_id).where(is_overdue(now))))
    connection.execute(sa.select(person.c.id).where(people).order_by(person.c.id).with_for_update(key_share=True))


def _observation(connection: sa.Connection, observation_id: int) -> dict[str, Any] | None:
    found = connection.execute(
        sa.select(observation).where(O.id == observation_id, exists_for_readers(observation))
    ).mappings()
    row = found.first()
    return dict(row) if row is not None else None


def _root(connection: sa.Connection, observation_id: int) -> dict[str, Any] | None:
    """A coach's view of a call, which other views point to; None where there is none with this id."""
    row = _observation(connection, observation_id)
    return row if row is not None and row["kind"] in ROOT_KINDS else None


def _insert_rating(
    viewer: Viewer,
    connection: sa.Connection,
    root: dict[str, Any],
    rating: Rating,
    kind: str,
    now: dt.datetime,
    *,
    released_at: dt.datetime | None,
) -> int:
    """Another view of the call of ``root``: its facts and its scorecard, the viewer's scores."""
    card = scorecard_version_of(viewer, connection, root["scorecard_version_id"])
    names = ("person_id", "observed_at", "time_zone", "channel", "deal_id", "account_id", "call_id", "session_id")
    draft = ObservationDraft(
        **{name: root[name] for name in names},
        observer_id=viewer.person_id,
        kind=kind,
        scorecard=card.slug if card else "",
    )
    draft = draft.rated(rating).tidy()
    refuse_unless(draft.problems(card, now))
    zone = company_calendar(connection).time_zone
    return _insert(connection, draft, _sure(card), zone, now, released_at=released_at, paired_with=root["id"])


def _insert(
    connection: sa.Connection,
    draft: ObservationDraft,
    card: Card,
    zone: str,
    now: dt.datetime,
    *,
    released_at: dt.datetime | None,
    paired_with: int | None = None,
) -> int:
    written = connection.execute(
        sa.insert(observation).values(
            person_id=draft.person_id,
            observer_id=draft.observer_id,
            kind=draft.kind,
            paired_observation_id=paired_with,
            observed_at=draft.observed_at,
            observed_on=draft.observed_on(zone),
            time_zone=draft.time_zone,
            channel=draft.channel,
            live_mode=draft.live_mode,
            deal_id=draft.deal_id,
            account_id=draft.account_id,
            call_id=draft.call_id,
            session_id=draft.session_id,
            scorecard_version_id=card.version_id,
            went_well=draft.went_well or None,
            one_thing=draft.one_thing or None,
            visibility=draft.visibility,
            released_at=released_at,
            recorded_at=now,
        )
    )
    new_id = int(_sure(written.inserted_primary_key)[0])
    items = {item.skill: item.item_id for item in card.items}
    connection.execute(
        sa.insert(score),
        [
            {
                "observation_id": new_id,
                "scorecard_item_id": items[each.skill],
                "level": each.level,
                "evidence": each.evidence or None,
            }
            for each in draft.scores
        ],
    )
    return new_id


def _release(connection: sa.Connection, roots: Collection[int], now: dt.datetime) -> None:
    """Open these observations to the person, and every second coach's scores of the same calls with them."""
    ids = list(roots)
    for column in (O.id, O.paired_observation_id):
        connection.execute(
            sa.update(observation)
            .where(column.in_(ids), O.released_at.is_(None))
            .values(released_at=now, version=O.version + 1)
        )


def _sure(value: Any) -> Any:
    """What has just been checked or written is there; a fault and no refusal otherwise."""
    if value is None:
        raise RuntimeError("a row that was there a moment ago is gone")
    return value
