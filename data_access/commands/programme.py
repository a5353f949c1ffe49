"""What people write down about a programme: costs, what an hour costs, who starts when, drawn orders, frozen results.

Nothing is overwritten: a cost is taken back, a rate follows a rate, an enrolment and a drawn order stay as they are.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import sqlalchemy as sa

from coaching.costs import CostDraft
from coaching.people import Role, Viewer
from coaching.programme import EnrolmentDraft, RateDraft
from coaching.roi import freezing, lottery_draw
from coaching.roi.lottery_draw import LotteryDraft
from data_access.knowledge import exists_for_readers
from data_access.queries import programme as reading
from data_access.queries import roi
from data_access.scope import NotPermitted
from data_access.settings import calendar_of, minor_digits, settings
from data_access.tables import (
    currency_rate,
    frozen_evidence,
    hour_rate,
    person,
    programme,
    programme_cost,
    programme_enrolment,
    start_lottery,
)
from data_access.writes import CommandRefused, finish, refuse_unless, today_of

DEFAULT_SLUG, DEFAULT_NAME = "coaching-programme", "Coaching programme"
NO_SUCH_COST = "There is no such cost in your view."
NO_SUCH_PROGRAMME = "There is no such programme."
FREEZERS = {Role.EXECUTIVE, Role.LEADER, Role.OPERATOR}
MONTHS_SHOWN = 24


# ---- Costs ---------------------------------------------------------------------------------------------------------


def enter_cost(viewer: Viewer, connection: sa.Connection, draft: CostDraft, now: dt.datetime) -> int:
    """Write down what coaching cost in a span of days; the id of the row.

    ``draft.programme`` = the short name of one, None = of the only one or the company. Raises NotPermitted for whoever
    does not keep the company's data, CommandRefused for a draft with problems, a cost entered already, or a currency
    that nothing is known to be worth.
    """
    _require_data_keeper(viewer)
    refuse_unless(draft.problems())
    assert draft.starts_on is not None
    assert draft.amount is not None
    assert draft.currency is not None
    today = today_of(connection, now)
    if draft.starts_on > today:
        raise CommandRefused(["A cost is entered once it has begun: choose a first day up to today."])
    people = [one for one in (draft.rep_id, draft.coach_id) if one is not None]
    there = connection.scalars(sa.select(person.c.id).where(person.c.id.in_(people), exists_for_readers(person))).all()
    if len(set(there)) < len(people):
        raise CommandRefused(["There is nobody with this id: leave the person out, or choose somebody else."])
    currency = draft.currency.upper()
    values = {
        "programme_id": None if draft.programme is None else _programme_named(connection, draft.programme),
        "kind": draft.kind,
        "starts_on": draft.starts_on,
        "ends_on": draft.ends_on,
        "rep_id": draft.rep_id,
        "coach_id": draft.coach_id,
    }
    c = programme_cost.c
    same = sa.and_(*(c[name].is_(None) if value is None else c[name] == value for name, value in values.items()))
    twin = connection.execute(
        sa.select(c.withdrawn_at).where(same, exists_for_readers(programme_cost)).order_by(c.withdrawn_at.desc())
    ).all()
    if any(row.withdrawn_at is None for row in twin):
        raise CommandRefused(
            ["A cost of this kind for just these days and people stands there already: take it back first, or add up."]
        )
    if twin and None not in values.values():
        raise CommandRefused(["Just this cost was taken back before: leave out the rep or the coach to enter it anew."])
    entry_id = connection.execute(
        sa.insert(programme_cost)
        .values(
            **values,
            amount=draft.amount,
            currency=currency,
            reporting_amount=_in_reporting_currency(connection, draft.amount, currency, draft.starts_on),
            entered_by=viewer.person_id,
            recorded_at=now,
        )
        .returning(c.id)
    ).scalar_one()
    finish(viewer, connection, "enter programme cost", f"programme_cost {entry_id}", now=now)
    return int(entry_id)


def withdraw_cost(viewer: Viewer, connection: sa.Connection, cost_id: int, now: dt.datetime) -> None:
    """Take back a cost that was entered in the product: it counts no more from today on, and did until then.

    Raises NotPermitted for whoever does not keep the company's data, CommandRefused where it came from a file or was
    taken back already.
    """
    _require_data_keeper(viewer)
    c = programme_cost.c
    row = connection.execute(
        sa.select(c.import_id, c.withdrawn_at)
        .where(c.id == cost_id, exists_for_readers(programme_cost))
        .with_for_update()
    ).first()
    if row is None:
        raise NotPermitted(NO_SUCH_COST)
    if row.import_id is not None:
        raise CommandRefused(["This cost came from a file: correct it there and load the file again."])
    if row.withdrawn_at is not None:
        raise CommandRefused(["This cost has been taken back already: reload the page."])
    connection.execute(sa.update(programme_cost).where(c.id == cost_id).values(withdrawn_at=now))
    finish(viewer, connection, "withdraw programme cost", f"programme_cost {cost_id}", now=now)


def set_hour_rate(viewer: Viewer, connection: sa.Connection, draft: RateDraft, now: dt.datetime) -> int:
    """Say what an hour of a coach or a rep costs from a day on; the id of the row. The latest word on a day holds.

    Raises NotPermitted for whoever does not keep the company's data, CommandRefused for a draft with problems or a
    currency that nothing is known to be worth.
    """
    _require_data_keeper(viewer)
    refuse_unless(draft.problems())
    assert draft.amount is not None
    assert draft.currency is not None
    currency = draft.currency.upper()
    amount = round(draft.amount * 10 ** minor_digits(currency))
    if amount <= 0:
        raise CommandRefused(["An hour costs more than that: correct the amount."])
    basis = {
        name: value
        for name in ("salary", "benefits_share", "productive_hours")
        if (value := getattr(draft, name)) is not None
    }
    on = draft.starts_on or today_of(connection, now)
    entry_id = connection.execute(
        sa.insert(hour_rate)
        .values(
            who=draft.who,
            amount=amount,
            currency=currency,
            reporting_amount=_in_reporting_currency(connection, amount, currency, on),
            basis=json.dumps(basis, sort_keys=True) if basis else None,
            starts_on=draft.starts_on,
            set_by=viewer.person_id,
            recorded_at=now,
        )
        .returning(hour_rate.c.id)
    ).scalar_one()
    finish(viewer, connection, "set hour rate", f"hour_rate {entry_id}", now=now)
    return int(entry_id)


def _in_reporting_currency(connection: sa.Connection, amount: int, currency: str, on: dt.date) -> int:
    """Minor units of the reporting currency. Raises CommandRefused where no rate of the day is known."""
    reporting = settings(connection)["reporting_currency"]
    if reporting is None:
        raise CommandRefused(["Set the reporting currency first: amounts of two currencies are never added up."])
    if currency == reporting:
        return amount
    r = currency_rate.c
    factor = connection.scalar(
        sa.select(r.rate)
        .where(
            r.currency == currency, exists_for_readers(currency_rate), sa.or_(r.starts_on.is_(None), r.starts_on <= on)
        )
        .order_by(r.starts_on.is_(None), r.starts_on.desc(), r.id.desc())
        .limit(1)
    )
    if factor is None:
        raise CommandRefused([f"Nothing says what {currency} is worth: enter the amount in {reporting}."])
    return round(amount * factor)


# ---- Who starts when -----------------------------------------------------------------------------------------------


def enrol_rep(
    viewer: Viewer, connection: sa.Connection, draft: EnrolmentDraft, now: dt.datetime, programme_id: int | None = None
) -> int:
    """Assign somebody to be coached from a day on; the id of the row. It is never changed: the effect counts from the
    day that was meant, whatever happened.

    ``programme_id`` None = the only programme, made where there is none. A leader for the people below them, whoever
    keeps the company's data for everybody; else NotPermitted. CommandRefused for a draft with problems or somebody who
    is enrolled already.
    """
    today = today_of(connection, now)
    _require_leader(viewer)
    refuse_unless(draft.problems(today))
    assert draft.starts_on is not None
    row = reading.eligible(viewer, connection, today=today).filter(person_id=draft.person_id)
    if row.is_empty():
        if draft.person_id in reading.enrolled(viewer, connection, as_of=today, today=today)["person_id"].to_list():
            raise CommandRefused(["They are enrolled already; the first day stays as it was meant."])
        raise NotPermitted("There is no such rep in your view.")
    number = _programme(connection, programme_id, draft.starts_on)
    entry_id = _enrol(viewer, connection, number, draft.person_id, draft.starts_on, draft.reason, now)
    detail = {"rep": draft.person_id, "starts_on": draft.starts_on.isoformat()}
    finish(viewer, connection, "enrol rep", f"programme_enrolment {entry_id}", now=now, detail=detail)
    return entry_id


def draw_lottery(
    viewer: Viewer, connection: sa.Connection, draft: LotteryDraft, now: dt.datetime, programme_id: int | None = None
) -> int:
    """Draw the order in which everybody eligible starts, lock it with what was fixed before, and enrol them; the id.

    The order follows from the seed and the list alone (``coaching.roi.lottery_draw``), and both are kept. It cannot be
    changed or drawn again: who was drawn is enrolled. A leader draws among the people below them, whoever keeps the
    company's data among everybody; else NotPermitted. CommandRefused for a draft with problems.
    """
    _require_leader(viewer)
    # Two draws at one moment take turns: the second finds the reps of the first enrolled.
    number = _programme(connection, programme_id, draft.first_days[0] if draft.first_days else None, locked=True)
    today = today_of(connection, now)
    there = reading.eligible(viewer, connection, today=today)
    refuse_unless(draft.problems(there.height, today))
    keys: list[str] = there["key"].to_list()
    if len(set(keys)) < len(keys):
        raise CommandRefused(
            ["Two of the reps share an id, so the draw could not be repeated. Correct the people file."]
        )
    ids: dict[str, int] = dict(there.select("key", "person_id").iter_rows())
    drawn = lottery_draw.waves(lottery_draw.drawn_order(keys, draft.seed), draft)
    terms = {
        "algorithm": lottery_draw.ALGORITHM,
        "eligible": keys,
        "coach_hours": draft.coach_hours,
        "hours_per_rep": draft.hours_per_rep,
        "reps_per_wave": draft.reps_per_wave,
        "waves": drawn[-1][1],
        "first_days": [day.isoformat() for day in draft.first_days],
        "months": MONTHS_SHOWN,
        "visible_share": roi.visible_before(viewer, connection, len(keys), MONTHS_SHOWN, today),
    }
    order = [
        {"person_id": ids[key], "key": key, "wave": wave, "starts_on": day.isoformat()} for key, wave, day in drawn
    ]
    entry_id = connection.execute(
        sa.insert(start_lottery)
        .values(
            programme_id=number,
            seed=draft.seed,
            hypothesis=draft.hypothesis.strip(),
            drawn_order=json.dumps(order),
            terms=json.dumps(terms, sort_keys=True),
            drawn_by=viewer.person_id,
            locked_at=now,
        )
        .returning(start_lottery.c.id)
    ).scalar_one()
    for key, _, day in drawn:
        _enrol(viewer, connection, number, ids[key], day, "lottery", now)
    detail = {"reps": len(order), "waves": terms["waves"]}
    finish(viewer, connection, "draw start order", f"start_lottery {entry_id}", now=now, detail=detail)
    return int(entry_id)


def _enrol(
    viewer: Viewer,
    connection: sa.Connection,
    programme_id: int,
    person_id: int,
    starts_on: dt.date,
    reason: str,
    now: dt.datetime,
) -> int:
    e = programme_enrolment.c
    row = {"programme_id": programme_id, "person_id": person_id, "starts_on": starts_on, "reason": reason}
    adding = sa.insert(programme_enrolment).values(**row, enrolled_by=viewer.person_id, recorded_at=now)
    return int(connection.execute(adding.returning(e.id)).scalar_one())


def _programme(
    connection: sa.Connection, programme_id: int | None, starts_on: dt.date | None, locked: bool = False
) -> int:
    """The programme meant: the named one, the only one, or a new one. Raises CommandRefused for an unknown one."""
    p = programme.c
    statement = sa.select(p.id).order_by(p.id)
    if programme_id is not None:
        statement = statement.where(p.id == programme_id)
    if locked:
        statement = statement.with_for_update()
    found = connection.scalars(statement).all()
    if len(found) == 1:
        return int(found[0])
    if programme_id is not None:
        raise CommandRefused([NO_SUCH_PROGRAMME])
    if found:
        raise CommandRefused(["There are several programmes: say which one."])
    if starts_on is None:
        raise CommandRefused(["Give the first day."])
    row = {"slug": DEFAULT_SLUG, "name": DEFAULT_NAME, "starts_on": starts_on}
    return int(connection.execute(sa.insert(programme).values(row).returning(p.id)).scalar_one())


def _programme_named(connection: sa.Connection, text: str) -> int:
    p = programme.c
    found = connection.scalar(sa.select(p.id).where(sa.or_(p.slug == text, p.name == text)).order_by(p.id).limit(1))
    if found is None:
        raise CommandRefused([NO_SUCH_PROGRAMME])
    return int(found)


# ---- Frozen results ------------------------------------------------------------------------------------------------


def freeze_evidence(
    viewer: Viewer, connection: sa.Connection, *, as_of: dt.date, reason: str | None, now: dt.datetime
) -> int:
    """Compute the evidence as known on ``as_of`` and keep it with its definitions, data hash and code; the id.

    One result for each fiscal quarter that is over needs no reason; every other one does. An executive, a leader or
    the operator; else NotPermitted. CommandRefused for a day to come or a missing reason.
    """
    if viewer.role not in FREEZERS:
        raise NotPermitted("Only an executive or a sales leader freezes the evidence.")
    today = today_of(connection, now)
    calendar = calendar_of(settings(connection))
    spoken_for = list(roi.frozen(viewer, connection)["as_of"])
    refuse_unless(freezing.freeze_problems(as_of, reason, spoken_for, today, calendar))
    found: dict[str, Any] | None = roi.evidence(viewer, connection, as_of=as_of, today=today)
    assert found is not None
    f = frozen_evidence.c
    entry_id = connection.execute(
        sa.insert(frozen_evidence)
        .values(
            as_of=as_of,
            result=json.dumps(found, sort_keys=True, allow_nan=False),
            definition_version=found["definition_version"],
            data_hash=found["data_hash"],
            code_version=found["code_version"],
            reason=(reason or "").strip() or None,
            frozen_by=viewer.person_id,
            frozen_at=now,
        )
        .returning(f.id)
    ).scalar_one()
    detail = {"as_of": as_of.isoformat(), "data_hash": found["data_hash"]}
    finish(viewer, connection, "freeze evidence", f"frozen_evidence {entry_id}", now=now, detail=detail)
    return int(entry_id)


def _require_data_keeper(viewer: Viewer) -> None:
    if not viewer.loads_data:
        raise NotPermitted("Only an admin enters what coaching costs.")


def _require_leader(viewer: Viewer) -> None:
    """Raise NotPermitted unless the viewer leads managers or keeps the company's data."""
    if not (viewer.loads_data or (viewer.sees_programme and viewer.coaches)):
        raise NotPermitted("Only a sales leader or an admin says who starts when.")
