"""Putting two people together about a skill: propose, change, start, close; and the worksheets that the two write.

Who coaches both decides about a pair; the two people write what came of it. They close it, or who coaches either.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from coaching import numbers
from coaching.pairing import (
    MeetingDraft,
    PairDraft,
    key_of,
    limit_problems,
    meeting_changes,
    resting,
    standing_words,
)
from coaching.people import Viewer
from data_access.pair_places import takes_place
from data_access.queries.pairs import basis, pairs
from data_access.scope import NotPermitted
from data_access.settings import settings
from data_access.tables import peer_capacity, peer_meeting, peer_pair, person, skill
from data_access.writes import (
    EditedMeanwhile,
    finish,
    refuse_unless,
    require_coach_of,
    require_rep,
    today_of,
)

P, M = peer_pair.c, peer_meeting.c
UNDO = dt.timedelta(hours=24)
NO_SUCH_PAIR = "There is no such pair in your view."


# ---- Who coaches both decides ------------------------------------------------------------------------------------


def propose_pairs(
    viewer: Viewer, connection: sa.Connection, drafts: Sequence[PairDraft], now: dt.datetime
) -> list[int]:
    """Propose pairs, all or none; their ids. Only those who coach both see a proposal.

    Raises NotPermitted unless the viewer coaches everybody named, CommandRefused where somebody would be in more pairs
    than they take, works on the skill in one already, or met the other one too short ago.
    """
    refuse_unless([] if drafts else ["Choose at least one pair."])
    for draft in drafts:
        _require_coach_of_both(viewer, connection, draft, now)
    _take_turns(connection, [person_id for draft in drafts for person_id in (draft.strong_id, draft.learner_id)])
    today = today_of(connection, now)
    rules = _rules(viewer, connection, today)
    found = []
    for draft in drafts:
        refuse_unless(_skill_problems(connection, draft) or rules.problems(draft))
        rules.add(draft)
        row = {
            "skill_id": draft.skill_id,
            "strong_id": draft.strong_id,
            "learner_id": draft.learner_id,
            "starts_on": today,
            "status": "proposed",
            "proposed_by": viewer.person_id,
            "recorded_at": now,
        }
        found.append(int(connection.execute(sa.insert(peer_pair).values(row).returning(P.id)).scalar_one()))
        finish(viewer, connection, "propose peer pair", f"peer_pair {found[-1]}", now=now)
    return found


def change_pair(
    viewer: Viewer, connection: sa.Connection, pair_id: int, version: int, strong_id: int, now: dt.datetime
) -> None:
    """Somebody else helps, in a proposal. Raises NotPermitted, CommandRefused and EditedMeanwhile."""
    row = _led_pair(viewer, connection, pair_id, now)
    draft = PairDraft(row["skill_id"], strong_id, row["learner_id"])
    _require_coach_of_both(viewer, connection, draft, now)
    _require_version(row, version)
    refuse_unless([] if row["status"] == "proposed" else ["It has begun. Close it, and propose another one."])
    _take_turns(connection, [draft.strong_id, draft.learner_id])
    rules = _rules(viewer, connection, today_of(connection, now), without=row)
    refuse_unless(rules.problems(draft))
    _update(connection, row, strong_id=strong_id, proposed_by=viewer.person_id)
    finish(viewer, connection, "change peer pair", f"peer_pair {pair_id}", now=now)


def accept_pair(viewer: Viewer, connection: sa.Connection, pair_id: int, version: int, now: dt.datetime) -> int:
    """The pair begins today, and the two people see it; its version now.

    Limits, rests and leavers are looked at again: a proposal may be weeks old. Raises NotPermitted, CommandRefused and
    EditedMeanwhile.
    """
    row = _led_pair(viewer, connection, pair_id, now)
    _require_version(row, version)
    refuse_unless([] if row["status"] == "proposed" else ["It has begun already."])
    _take_turns(connection, [row["strong_id"], row["learner_id"]])
    today = today_of(connection, now)
    # The proposal holds its own place already, so it is left out of what is counted.
    rules = _rules(viewer, connection, today, without=row)
    refuse_unless(rules.problems(PairDraft(row["skill_id"], row["strong_id"], row["learner_id"])))
    _update(connection, row, status="accepted", starts_on=today)
    finish(viewer, connection, "start peer pair", f"peer_pair {pair_id}", now=now)
    return version + 1


def take_back_start(viewer: Viewer, connection: sa.Connection, pair_id: int, version: int, now: dt.datetime) -> None:
    """Undo of starting, on the same day and before anything was written: the proposal of the day it was made again.

    ``version``: as ``accept_pair`` gave it, so that an old button never takes back somebody's later start. Raises
    NotPermitted, CommandRefused and EditedMeanwhile.
    """
    row = _led_pair(viewer, connection, pair_id, now)
    _require_version(row, version)
    today = today_of(connection, now)
    written = connection.scalar(sa.select(M.id).where(M.peer_pair_id == pair_id).limit(1))
    is_fresh = row["status"] == "accepted" and row["starts_on"] == today and written is None
    refuse_unless([] if is_fresh else ["A start is taken back on the same day, before a meeting is written down."])
    # Written down on the day it was proposed; rows from before that was noted keep the only day they have.
    proposed_on = today if row["recorded_at"] is None else today_of(connection, row["recorded_at"])
    _update(connection, row, status="proposed", starts_on=proposed_on)
    finish(viewer, connection, "take back peer pair's start", f"peer_pair {pair_id}", now=now)


def withdraw_pair(viewer: Viewer, connection: sa.Connection, pair_id: int, version: int, now: dt.datetime) -> None:
    """Take a proposal back, as if it had not been made. Raises NotPermitted, CommandRefused and EditedMeanwhile."""
    row = _led_pair(viewer, connection, pair_id, now)
    _require_version(row, version)
    refuse_unless([] if row["status"] == "proposed" else ["It has begun. Close it instead."])
    connection.execute(sa.delete(peer_pair).where(P.id == pair_id))
    finish(viewer, connection, "withdraw peer pair", f"peer_pair {pair_id}", now=now)


def close_pair(viewer: Viewer, connection: sa.Connection, pair_id: int, version: int, now: dt.datetime) -> int:
    """The pair ends today; its version now.

    By one of the two, or by who coaches either of them: one may have left or moved meanwhile. Raises NotPermitted,
    CommandRefused and EditedMeanwhile.
    """
    row = _own_or_coached_pair(viewer, connection, pair_id, now)
    _require_version(row, version)
    refuse_unless([] if row["status"] == "accepted" else ["Only a pair that is under way can be closed."])
    _update(connection, row, status="closed", ends_on=today_of(connection, now), closed_at=now)
    finish(viewer, connection, "close peer pair", f"peer_pair {pair_id}", now=now)
    return version + 1


def reopen_pair(viewer: Viewer, connection: sa.Connection, pair_id: int, version: int, now: dt.datetime) -> None:
    """Undo of closing, within a day and while both are there and have the room. ``version``: as ``close_pair`` gave it.

    Raises NotPermitted, CommandRefused and EditedMeanwhile.
    """
    row = _own_or_coached_pair(viewer, connection, pair_id, now)
    _require_version(row, version)
    is_fresh = row["status"] == "closed" and row["closed_at"] is not None and row["closed_at"] > now - UNDO
    refuse_unless([] if is_fresh else ["Closing can be taken back within a day."])
    _take_turns(connection, [row["strong_id"], row["learner_id"]])
    today = today_of(connection, now)
    refuse_unless(_gone(connection, row, today) or _taken_meanwhile(connection, row, today))
    _update(connection, row, status="accepted", ends_on=None, closed_at=None)
    finish(viewer, connection, "reopen peer pair", f"peer_pair {pair_id}", now=now)


def _gone(connection: sa.Connection, row: dict[str, Any], today: dt.date) -> list[str]:
    """Whether one of the two has left since the pair was closed."""
    two = person.c.id.in_((row["strong_id"], row["learner_id"]))
    left = connection.scalar(sa.select(person.c.id).where(two, person.c.left_on < today).limit(1))
    return [] if left is None else ["One of the two has left, so the pair stays closed."]


def _taken_meanwhile(connection: sa.Connection, row: dict[str, Any], today: dt.date) -> list[str]:
    """Whether another pair has taken the place of a closed one by now."""
    again = sa.select(P.id).where(P.learner_id == row["learner_id"], P.skill_id == row["skill_id"], takes_place(today))
    if connection.scalar(again.limit(1)) is not None:
        return ["There is another pair about this skill by now. Close that one first."]
    usual = int(settings(connection)["pairs_at_most"])
    for person_id in (row["strong_id"], row["learner_id"]):
        own = sa.select(peer_capacity.c.pairs_at_most).where(peer_capacity.c.person_id == person_id)
        limit = connection.scalar(own)
        mine = sa.or_(P.strong_id == person_id, P.learner_id == person_id)
        load = connection.scalar(sa.select(sa.func.count()).where(mine, takes_place(today))) or 0
        if load >= (usual if limit is None else limit):
            return ["One of the two has no room for it any more. Close another pair of theirs first."]
    return []


def set_pair_limit(
    viewer: Viewer, connection: sa.Connection, person_id: int, pairs_at_most: int | None, now: dt.datetime
) -> None:
    """In how many pairs somebody takes part at a time; None = as usual. By themselves or by who coaches them.

    Pairs that there are stay. Raises NotPermitted and CommandRefused.
    """
    require_rep(viewer, connection, person_id, now)
    refuse_unless(limit_problems(pairs_at_most))
    connection.execute(sa.delete(peer_capacity).where(peer_capacity.c.person_id == person_id))
    if pairs_at_most is not None:
        row = {"person_id": person_id, "pairs_at_most": pairs_at_most, "set_by": viewer.person_id, "recorded_at": now}
        connection.execute(sa.insert(peer_capacity).values(row))
    finish(viewer, connection, "set limit of peer pairs", f"person {person_id}", now=now)


# ---- The two people write ----------------------------------------------------------------------------------------


def write_meeting(
    viewer: Viewer,
    connection: sa.Connection,
    pair_id: int,
    draft: MeetingDraft,
    now: dt.datetime,
    *,
    meeting_id: int | None = None,
    version: int | None = None,
) -> int:
    """One of the two writes down a meeting, or changes what stands there (``meeting_id`` and its ``version``); its id.

    A day of a pair has one worksheet. Raises NotPermitted for everybody else, CommandRefused with sentences,
    EditedMeanwhile where the other one saved first: the same worksheet, or a new one of that day.
    """
    # Takes the pair's row, so that two who write at the same moment take turns and the second finds the first one's.
    row = _own_pair(viewer, connection, pair_id, now)
    draft = draft.tidy()
    refuse_unless(draft.problems(row["starts_on"], row["ends_on"], today_of(connection, now)))
    values = {
        "met_on": draft.met_on,
        **{name: getattr(draft, name) or None for name in ("strong_tried", "tried", "worked", "next_step")},
    }
    if meeting_id is None:
        standing = _meeting_of(connection, pair_id, values["met_on"])
        if standing is not None:
            raise EditedMeanwhile(standing_words(standing))
        new = {**values, "peer_pair_id": pair_id, "written_by": viewer.person_id, "recorded_at": now}
        written = int(connection.execute(sa.insert(peer_meeting).values(new).returning(M.id)).scalar_one())
    else:
        written = meeting_id
        _change_meeting(connection, pair_id, meeting_id, version, values)
    finish(viewer, connection, "write peer meeting", f"peer_meeting {written}", now=now)
    return written


def _meeting_of(connection: sa.Connection, pair_id: int, met_on: dt.date | None) -> dict[str, Any] | None:
    """The worksheet of a day, with who wrote it; the latest where an older version let two stand. None without one."""
    statement = (
        sa.select(peer_meeting, person.c.name.label("written_by_name"))
        .select_from(peer_meeting.outerjoin(person, person.c.id == M.written_by))
        .where(M.peer_pair_id == pair_id, M.met_on == met_on)
        .order_by(M.id.desc())
        .limit(1)
    )
    row = connection.execute(statement).mappings().first()
    return None if row is None else dict(row)


def _change_meeting(
    connection: sa.Connection, pair_id: int, meeting_id: int, version: int | None, values: dict[str, Any]
) -> None:
    here = (M.id == meeting_id, M.peer_pair_id == pair_id)
    stored = connection.execute(sa.select(peer_meeting).where(*here).with_for_update()).mappings().first()
    if stored is None:
        raise NotPermitted(NO_SUCH_PAIR)
    if stored["version"] != version:
        raise EditedMeanwhile(meeting_changes(values, dict(stored)))
    if values["met_on"] != stored["met_on"] and _meeting_of(connection, pair_id, values["met_on"]) is not None:
        refuse_unless(["There is a worksheet of that day already. Change that one, or choose another day."])
    connection.execute(sa.update(peer_meeting).where(*here).values(**values, version=M.version + 1))


# ---- Shared ------------------------------------------------------------------------------------------------------


@dataclass
class _Rules:
    """Limits and rests as they stand, and as they would with what has been proposed in this transaction."""

    names: dict[int, str]
    loads: dict[int, int]
    limits: dict[int, int]
    never: set[tuple[int, int]]
    at_work: set[tuple[int, int]] = field(default_factory=set)
    rest_weeks: int = 0

    def problems(self, draft: PairDraft) -> list[str]:
        """Why the two cannot be put together."""
        found = draft.problems()
        if found:
            return found
        for person_id in (draft.strong_id, draft.learner_id):
            if person_id not in self.names:
                return ["Choose people who sell and have not left."]
            if self.loads[person_id] >= self.limits[person_id]:
                found.append(f"{self._name(person_id)} {self._full(person_id)}")
        if (draft.learner_id, draft.skill_id) in self.at_work:
            found.append(f"{self._name(draft.learner_id)} works on this skill in a pair already.")
        if key_of(draft.strong_id, draft.learner_id) in self.never:
            lately = f", or did within the last {numbers.plural(self.rest_weeks, 'week')}" if self.rest_weeks else ""
            found.append(f"These two meet already{lately}. Choose somebody else this time.")
        return found

    def add(self, draft: PairDraft) -> None:
        """What a new pair takes up."""
        for person_id in (draft.strong_id, draft.learner_id):
            self.loads[person_id] += 1
        self.never.add(key_of(draft.strong_id, draft.learner_id))
        self.at_work.add((draft.learner_id, draft.skill_id))

    def _full(self, person_id: int) -> str:
        if self.limits[person_id] == 0:
            return "takes no pairs at the moment. Change their limit, or choose somebody else."
        return f"is in {numbers.plural(self.loads[person_id], 'pair')} already. Close one, or change their limit."

    def _name(self, person_id: int) -> str:
        return numbers.plain_name(self.names[person_id])


def _rules(viewer: Viewer, connection: sa.Connection, today: dt.date, without: dict[str, Any] | None = None) -> _Rules:
    """``without``: a proposal that is about to be another one, and takes no place."""
    held = basis(viewer, connection, today=today)
    people, others = held["people"], held["pairs"]
    loads = dict(people.select("person_id", "load_count").iter_rows())
    at_work = set(held["at_work"].iter_rows())
    if without is not None:
        others = others.filter(others["pair_id"] != without["id"])
        at_work -= {(without["learner_id"], without["skill_id"])}
        for person_id in (without["strong_id"], without["learner_id"]):
            loads[person_id] = loads.get(person_id, 1) - 1
    return _Rules(
        names=dict(people.select("person_id", "name").iter_rows()),
        loads=loads,
        limits=dict(people.select("person_id", "pairs_at_most").iter_rows()),
        never=resting(others, today, held["rest_weeks"]),
        at_work=at_work,
        rest_weeks=held["rest_weeks"],
    )


def _skill_problems(connection: sa.Connection, draft: PairDraft) -> list[str]:
    known = sa.select(skill.c.id).where(skill.c.id == draft.skill_id, skill.c.kind == "rep")
    return [] if connection.scalar(known) is not None else ["Choose a skill of the scorecard."]


def _require_coach_of_both(viewer: Viewer, connection: sa.Connection, draft: PairDraft, now: dt.datetime) -> None:
    for person_id in (draft.strong_id, draft.learner_id):
        require_coach_of(viewer, connection, person_id, now)


def _take_turns(connection: sa.Connection, people: Sequence[int]) -> None:
    """Two proposals at the same moment would each count without the other; SQLite's take turns anyway."""
    if connection.dialect.name == "postgresql":
        ids = sa.select(person.c.id).where(person.c.id.in_(set(people))).order_by(person.c.id)
        connection.execute(ids.with_for_update(key_share=True)).all()


def _pair(connection: sa.Connection, pair_id: int) -> dict[str, Any]:
    row = connection.execute(sa.select(peer_pair).where(P.id == pair_id).with_for_update()).mappings().first()
    if row is None:
        raise NotPermitted(NO_SUCH_PAIR)
    return dict(row)


def _seen(viewer: Viewer, connection: sa.Connection, pair_id: int, now: dt.datetime) -> tuple[dict[str, Any], Any]:
    """The pair's row, and how the viewer reads it; nobody finds out whether a pair exists that they may not read."""
    row, today = _pair(connection, pair_id), today_of(connection, now)
    read = pairs(viewer, connection, as_of=today, today=today, pair_id=pair_id).to_dicts()
    if not read:
        raise NotPermitted(NO_SUCH_PAIR)
    return row, read[0]


def _led_pair(viewer: Viewer, connection: sa.Connection, pair_id: int, now: dt.datetime) -> dict[str, Any]:
    row, read = _seen(viewer, connection, pair_id, now)
    if not read["is_led"]:
        raise NotPermitted("Only somebody who coaches both decides about a pair.")
    return row


def _own_pair(viewer: Viewer, connection: sa.Connection, pair_id: int, now: dt.datetime) -> dict[str, Any]:
    row, read = _seen(viewer, connection, pair_id, now)
    if not read["is_mine"]:
        raise NotPermitted("Only the two people of a pair write its worksheets.")
    return row


def _own_or_coached_pair(viewer: Viewer, connection: sa.Connection, pair_id: int, now: dt.datetime) -> dict[str, Any]:
    row, read = _seen(viewer, connection, pair_id, now)
    if not (read["is_mine"] or viewer.coaches):
        raise NotPermitted("Only the two people, or somebody who coaches one of them, do that.")
    return row


def _require_version(row: dict[str, Any], version: int) -> None:
    if row["version"] == version:
        return
    words = {"proposed": "It is another proposal now.", "accepted": "It has begun.", "closed": "It is closed."}
    raise EditedMeanwhile([words[row["status"]]])


def _update(connection: sa.Connection, row: dict[str, Any], **values: Any) -> None:
    connection.execute(sa.update(peer_pair).where(P.id == row["id"]).values(**values, version=P.version + 1))
