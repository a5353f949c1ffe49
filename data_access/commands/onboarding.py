"""Noting shadowed stages and signing that a new rep may sell."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from coaching.onboarding import ShadowedStageDraft, complete_count, sign_off_problems
from coaching.people import Viewer
from data_access.queries.onboarding import sellers_to_shadow, shadowed_stages
from data_access.tables import shadowed_cycle, shadowed_stage, sign_off
from data_access.writes import CommandRefused, finish, refuse_unless, require_coach_of, require_rep, today_of

UNDO = dt.timedelta(hours=24)


def note_shadowed_stage(
    viewer: Viewer, connection: sa.Connection, rep_id: int, draft: ShadowedStageDraft, now: dt.datetime
) -> int:
    """The rep, or who coaches them, notes a stage; a stage noted before is written anew. The cycle's row number.

    Raises CommandRefused and NotPermitted.
    """
    require_rep(viewer, connection, rep_id, now)
    today = today_of(connection, now)
    refuse_unless(draft.problems(today))
    known = sellers_to_shadow(viewer, connection, rep_id=rep_id, today=today)["person_id"].to_list()
    refuse_unless([] if draft.seller_id in known else ["Choose somebody of the rep's own team."])
    cycle = _cycle(connection, rep_id, draft)
    values = {"seen_on": draft.seen_on, "noticed": draft.noticed.strip()}
    here = (shadowed_stage.c.shadowed_cycle_id == cycle, shadowed_stage.c.stage == draft.stage)
    changed = connection.execute(sa.update(shadowed_stage).where(*here).values(**values))
    if not changed.rowcount:
        connection.execute(sa.insert(shadowed_stage).values(shadowed_cycle_id=cycle, stage=draft.stage, **values))
    finish(viewer, connection, "note shadowed stage", f"shadowed_cycle {cycle}", now=now)
    return cycle


def _cycle(connection: sa.Connection, rep_id: int, draft: ShadowedStageDraft) -> int:
    here = (shadowed_cycle.c.rep_id == rep_id, shadowed_cycle.c.number == draft.number)
    found = connection.scalar(sa.select(shadowed_cycle.c.id).where(*here))
    if found is not None:
        connection.execute(sa.update(shadowed_cycle).where(*here).values(seller_id=draft.seller_id))
        return int(found)
    row = {"rep_id": rep_id, "number": draft.number, "seller_id": draft.seller_id}
    made = connection.execute(sa.insert(shadowed_cycle).values(row).returning(shadowed_cycle.c.id)).scalar_one()
    return int(made)


def sign_off_to_sell(viewer: Viewer, connection: sa.Connection, rep_id: int, note: str, now: dt.datetime) -> int:
    """Somebody who coaches the rep signs that they may sell; with fewer than ten full cycles only with a reason.

    The row number. Raises CommandRefused and NotPermitted.
    """
    signer = require_coach_of(viewer, connection, rep_id, now)
    today = today_of(connection, now)
    seen = shadowed_stages(viewer, connection, rep_id=rep_id, as_of=today, today=today)
    refuse_unless(sign_off_problems(note, complete_count(seen)))
    row = {"rep_id": rep_id, "signed_by": signer, "signed_at": now, "note": note.strip() or None}
    made = int(connection.execute(sa.insert(sign_off).values(row).returning(sign_off.c.id)).scalar_one())
    finish(viewer, connection, "sign off to sell", f"sign_off {made}", now=now)
    return made


def take_back_sign_off(viewer: Viewer, connection: sa.Connection, sign_off_id: int, now: dt.datetime) -> None:
    """Undo within a day, by who signed. Raises CommandRefused."""
    mine = (sign_off.c.id == sign_off_id, sign_off.c.signed_by == viewer.person_id, sign_off.c.signed_at > now - UNDO)
    if not connection.execute(sa.delete(sign_off).where(*mine)).rowcount:
        raise CommandRefused(["A sign-off can be taken back within a day, by who signed it."])
    finish(viewer, connection, "take back sign-off", f"sign_off {sign_off_id}", now=now)
