"""What people write down about a programme: costs, what an hour costs, who starts when, drawn orders, frozen results.

Hardly anything is overwritten: a cost is taken back, a rate follows a rate, an enrolment and a drawn order stay as they
are. A slip of the last 24 hours can be taken out again; the audit trail keeps what it was.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from coaching import numbers
from coaching.costs import CostDraft
from coaching.people import Role, Viewer
from coaching.programme import HOURS_TO_UNDO, SETTINGS, CurrencyRateDraft, EnrolmentDraft, RateDraft
from coaching.roi import freezing, lottery_draw
from coaching.roi.guardrails import DEFAULTS as GUARDRAILS
from coaching.roi.lottery_draw import LotteryDraft
from coaching.roi.lottery_power import starting_months
from data_access import kept_evidence
from data_access.commands.settings import change_setting
from data_access.importers.currencies import CODES
from data_access.knowledge import exists_for_readers
from data_access.queries import programme as reading
from data_access.queries import roi
from data_access.scope import NotPermitted
from data_access.settings import SettingRefused, calendar_of, checked, guardrails_of, minor_digits, settings
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
NO_SUCH_RATE = "There is no such rate in your view."
NO_SUCH_ENROLMENT = "There is no such enrolment in your view."
TWIN = "A cost of this kind for just these days and people stands there already: take it back first, or add up."
UNDO = dt.timedelta(hours=HOURS_TO_UNDO)
TOO_LATE = f"It was entered more than {HOURS_TO_UNDO} hours ago"
FREEZERS = {Role.EXECUTIVE, Role.LEADER, Role.OPERATOR}


def _take_turns(connection: sa.Connection) -> None:
    """Two who write about the programme at one moment would each look before the other wrote; SQLite's take turns
    anyway. Held until the transaction ends; whatever is read after it sees what the other one wrote."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(7402)"))


# ---- Costs ---------------------------------------------------------------------------------------------------------


def enter_cost(viewer: Viewer, connection: sa.Connection, draft: CostDraft, now: dt.datetime) -> int:
    """Write down what coaching cost in a span of days; the id of the row.

    ``draft.programme`` = the short name of one, None = of the only one or the company. Raises NotPermitted for whoever
    does not keep the company's data, CommandRefused for a draft with problems, a cost entered already, or a currency
    that nothing is known to be worth.
    """
    _require_data_keeper(viewer)
    refuse_unless(draft.problems())
    _take_turns(connection)
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
    twin = _twins(connection, values)
    if any(row.withdrawn_at is None for row in twin):
        raise CommandRefused([TWIN])
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


def _twins(connection: sa.Connection, values: dict[str, Any]) -> Sequence[Any]:
    """Costs with the same programme, kind, days and people, taken back or not."""
    c = programme_cost.c
    same = sa.and_(*(c[name].is_(None) if value is None else c[name] == value for name, value in values.items()))
    return connection.execute(
        sa.select(c.id, c.withdrawn_at).where(same, exists_for_readers(programme_cost)).order_by(c.withdrawn_at.desc())
    ).all()


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


def restore_cost(viewer: Viewer, connection: sa.Connection, cost_id: int, now: dt.datetime) -> None:
    """Let a cost count again that was taken back today; after that day a page of the past would change.

    Raises NotPermitted for whoever does not keep the company's data, CommandRefused where it was not taken back, on an
    earlier day, or where the same cost was entered meanwhile.
    """
    _require_data_keeper(viewer)
    _take_turns(connection)
    c = programme_cost.c
    row = (
        connection.execute(sa.select(programme_cost).where(c.id == cost_id, exists_for_readers(programme_cost)))
        .mappings()
        .first()
    )
    if row is None:
        raise NotPermitted(NO_SUCH_COST)
    if row["withdrawn_at"] is None:
        raise CommandRefused(["This cost has not been taken back: reload the page."])
    if today_of(connection, row["withdrawn_at"]) < today_of(connection, now):
        raise CommandRefused(["This cost was taken back on an earlier day: enter it anew."])
    names = ("programme_id", "kind", "starts_on", "ends_on", "rep_id", "coach_id")
    if any(twin.withdrawn_at is None for twin in _twins(connection, {name: row[name] for name in names})):
        raise CommandRefused([TWIN])
    connection.execute(sa.update(programme_cost).where(c.id == cost_id).values(withdrawn_at=None))
    finish(viewer, connection, "restore programme cost", f"programme_cost {cost_id}", now=now)


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


def undo_hour_rate(viewer: Viewer, connection: sa.Connection, rate_id: int, now: dt.datetime) -> None:
    """Take out a rate that was entered within the last 24 hours; what held before holds again. The audit keeps it.

    Raises NotPermitted for whoever does not keep the company's data, CommandRefused for an older one.
    """
    _require_data_keeper(viewer)
    r = hour_rate.c
    row = connection.execute(sa.select(hour_rate).where(r.id == rate_id).with_for_update()).mappings().first()
    if row is None:
        raise NotPermitted(NO_SUCH_RATE)
    if now - row["recorded_at"] > UNDO:
        raise CommandRefused([f"{TOO_LATE}: enter the right rate with the same first day, the latest word holds."])
    connection.execute(sa.delete(hour_rate).where(r.id == rate_id))
    starts_on = row["starts_on"].isoformat() if row["starts_on"] else None
    detail = {**{name: row[name] for name in ("who", "amount", "currency", "basis")}, "starts_on": starts_on}
    finish(viewer, connection, "undo hour rate", f"hour_rate {rate_id}", now=now, detail=detail)


def set_currency_rate(viewer: Viewer, connection: sa.Connection, draft: CurrencyRateDraft, now: dt.datetime) -> None:
    """Say what a currency is worth from a day on, for costs entered from now on; amounts entered before stay.

    Said again for the same day it takes the place of what was said, which the audit keeps. Raises NotPermitted for
    whoever does not keep the company's data, CommandRefused for a draft with problems, the reporting currency itself,
    a code that is none, or where no reporting currency is set.
    """
    _require_data_keeper(viewer)
    refuse_unless(draft.problems())
    _take_turns(connection)
    assert draft.worth is not None
    code = draft.currency.strip().upper()
    reporting = settings(connection)["reporting_currency"]
    if reporting is None:
        raise CommandRefused(["Set the reporting currency first: it is what the others are counted in."])
    if code == reporting:
        raise CommandRefused([f"Amounts are reported in {code}: it is worth itself."])
    if code not in CODES:
        raise CommandRefused([f"'{code}' is not a currency code such as EUR."])
    rate = draft.worth * 10 ** minor_digits(reporting) / 10 ** minor_digits(code)
    r = currency_rate.c
    day = r.starts_on.is_(None) if draft.starts_on is None else r.starts_on == draft.starts_on
    there = connection.execute(sa.select(r.id, r.rate).where(r.currency == code, day)).first()
    detail: dict[str, Any] = {"currency": code, "rate": rate}
    if there is not None:
        connection.execute(sa.update(currency_rate).where(r.id == there.id).values(rate=rate))
        number, detail = there.id, {**detail, "before": there.rate}
    else:
        row = {"currency": code, "starts_on": draft.starts_on, "rate": rate}
        number = connection.execute(sa.insert(currency_rate).values(row).returning(r.id)).scalar_one()
    finish(viewer, connection, "set currency rate", f"currency_rate {number}", now=now, detail=detail)


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
        raise CommandRefused(
            [
                f"Nothing says what {currency} is worth on {numbers.day(on)}: enter the amount in {reporting}, or say"
                f" first what {currency} is worth."
            ]
        )
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
    return enrol_reps(viewer, connection, [draft], now, programme_id)[0]


def enrol_reps(
    viewer: Viewer,
    connection: sa.Connection,
    drafts: Sequence[EnrolmentDraft],
    now: dt.datetime,
    programme_id: int | None = None,
) -> list[int]:
    """Assign several people, all of them or none; the ids of the rows. Raises as ``enrol_rep``."""
    today = today_of(connection, now)
    _require_leader(viewer)
    if not drafts:
        raise CommandRefused(["Choose at least one rep."])
    for draft in drafts:
        refuse_unless(draft.problems(today))
    if len({draft.person_id for draft in drafts}) < len(drafts):
        raise CommandRefused(["Somebody is named twice: leave one out."])
    _take_turns(connection)
    wanted = {draft.person_id for draft in drafts}
    missing = wanted - set(reading.eligible(viewer, connection, today=today)["person_id"])
    taken = missing & set(reading.enrolled(viewer, connection, as_of=today, today=today)["person_id"])
    if missing - taken:
        raise NotPermitted("There is no such rep in your view.")
    if taken:
        who = "They are" if len(wanted) == 1 else f"{len(taken)} of them are"
        raise CommandRefused([f"{who} enrolled already; the first day stays as it was meant."])
    number = _programme(connection, programme_id, min(draft.starts_on for draft in drafts if draft.starts_on))
    entries = []
    for draft in drafts:
        assert draft.starts_on is not None
        entry_id = _enrol(viewer, connection, number, draft.person_id, draft.starts_on, draft.reason, now)
        detail = {"rep": draft.person_id, "starts_on": draft.starts_on.isoformat()}
        finish(viewer, connection, "enrol rep", f"programme_enrolment {entry_id}", now=now, detail=detail)
        entries.append(entry_id)
    return entries


def undo_enrolments(viewer: Viewer, connection: sa.Connection, enrolment_ids: Sequence[int], now: dt.datetime) -> None:
    """Take out enrolments that were entered by hand within the last 24 hours, all of them or none.

    A slip only: an enrolment is the start of the effect, so nobody takes it out once results are known. Not one that
    was drawn by lot, came from a file, or has gone into a frozen result. Whoever may enrol the rep; else NotPermitted.
    CommandRefused where it stays. The audit keeps who it was and from when.
    """
    _require_leader(viewer)
    today = today_of(connection, now)
    _take_turns(connection)
    e = programme_enrolment.c
    mine = reading.enrolled(viewer, connection, as_of=today, today=today)["enrolment_id"].to_list()
    for enrolment_id in enrolment_ids:
        row = connection.execute(sa.select(programme_enrolment).where(e.id == enrolment_id)).mappings().first()
        if row is None or enrolment_id not in mine:
            raise NotPermitted(NO_SUCH_ENROLMENT)
        refuse_unless(_why_it_stays(connection, row, now))
        connection.execute(sa.delete(programme_enrolment).where(e.id == enrolment_id))
        detail = {"rep": row["person_id"], "starts_on": row["starts_on"].isoformat()}
        finish(viewer, connection, "undo enrolment", f"programme_enrolment {enrolment_id}", now=now, detail=detail)


def _why_it_stays(connection: sa.Connection, row: sa.RowMapping, now: dt.datetime) -> list[str]:
    """A sentence why an enrolment cannot be taken out any more; empty where it can."""
    if row["import_id"] is not None or row["recorded_at"] is None:
        return ["This enrolment came from a file: it stays."]
    if row["reason"] == lottery_draw.REASON:
        return ["This start was drawn by lot and is locked: taking somebody out would end the lottery."]
    if now - row["recorded_at"] > UNDO:
        return [f"{TOO_LATE}: the first day stays as it was meant, whatever happened since."]
    f = frozen_evidence.c
    frozen = connection.scalar(sa.select(sa.func.count()).where(f.frozen_at >= row["recorded_at"]))
    return ["A result has been frozen with this enrolment in it, so it stays."] if frozen else []


def draw_lottery(
    viewer: Viewer,
    connection: sa.Connection,
    draft: LotteryDraft,
    now: dt.datetime,
    programme_id: int | None = None,
    *,
    months: int = lottery_draw.USUAL_MONTHS,
    seen: str | None = None,
) -> int:
    """Draw the order in which everybody eligible starts, lock it with what was fixed before, and enrol them; the id.

    The order follows from the seed and the list alone (``coaching.roi.lottery_draw``), and both are kept. It cannot be
    changed or drawn again: who was drawn is enrolled. ``months``: for how long the smallest visible effect was shown,
    which is kept with the terms. ``seen``: ``lottery_draw.list_code`` of the list that was looked at. A leader draws
    among the people below them, whoever keeps the company's data among everybody; else NotPermitted. CommandRefused for
    a draft with problems, or where the list is not the one that was seen.
    """
    _require_leader(viewer)
    # The second of two draws finds the reps of the first enrolled.
    _take_turns(connection)
    today = today_of(connection, now)
    there = reading.eligible(viewer, connection, today=today)
    keys: list[str] = there["key"].to_list()
    if seen is not None and seen != lottery_draw.list_code(keys):
        raise CommandRefused(
            [
                "Who can start has changed since you looked: somebody was enrolled, joined or left. Look again,"
                " then draw."
            ]
        )
    refuse_unless(draft.problems(there.height, today))
    if not lottery_draw.SHORTEST_MONTHS <= months <= lottery_draw.LONGEST_MONTHS:
        shortest, longest = lottery_draw.SHORTEST_MONTHS, lottery_draw.LONGEST_MONTHS
        raise CommandRefused([f"Look {shortest} to {longest} months ahead."])
    number = _programme(connection, programme_id, draft.first_days[0])
    if len(set(keys)) < len(keys):
        raise CommandRefused(
            ["Two of the reps share an id, so the draw could not be repeated. Correct the people file."]
        )
    ids: dict[str, int] = dict(there.select("key", "person_id").iter_rows())
    starts = starting_months(len(keys), draft.first_days, draft.reps_per_wave)
    drawn = lottery_draw.waves(lottery_draw.drawn_order(keys, draft.seed), draft)
    terms = {
        "algorithm": lottery_draw.ALGORITHM,
        "eligible": keys,
        "list_code": lottery_draw.list_code(keys),
        "coach_hours": draft.coach_hours,
        "hours_per_rep": draft.hours_per_rep,
        "reps_per_wave": draft.reps_per_wave,
        "waves": drawn[-1][1],
        "first_days": [day.isoformat() for day in draft.first_days],
        "months": months,
        "visible_share": roi.visible_by_plan(viewer, connection, starts=starts, months=months, today=today),
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
        _enrol(viewer, connection, number, ids[key], day, lottery_draw.REASON, now)
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


def _programme(connection: sa.Connection, programme_id: int | None, starts_on: dt.date) -> int:
    """The programme meant: the named one, the only one, or a new one. Raises CommandRefused for an unknown one."""
    p = programme.c
    statement = sa.select(p.id).order_by(p.id)
    if programme_id is not None:
        statement = statement.where(p.id == programme_id)
    found = connection.scalars(statement).all()
    if len(found) == 1:
        return int(found[0])
    if programme_id is not None:
        raise CommandRefused([NO_SUCH_PROGRAMME])
    if found:
        raise CommandRefused(["There are several programmes: say which one."])
    row = {"slug": DEFAULT_SLUG, "name": DEFAULT_NAME, "starts_on": starts_on}
    return int(connection.execute(sa.insert(programme).values(row).returning(p.id)).scalar_one())


def _programme_named(connection: sa.Connection, text: str) -> int:
    p = programme.c
    found = connection.scalar(sa.select(p.id).where(sa.or_(p.slug == text, p.name == text)).order_by(p.id).limit(1))
    if found is None:
        raise CommandRefused([NO_SUCH_PROGRAMME])
    return int(found)


# ---- Thresholds ----------------------------------------------------------------------------------------------------


def set_guardrail(viewer: Viewer, connection: sa.Connection, name: str, value: float | None, now: dt.datetime) -> float:
    """Set one threshold of the verdict (None = as delivered), the others as they are; the value that holds.

    Raises NotPermitted for whoever does not keep the settings, CommandRefused for an unknown name or a value that
    cannot be.
    """
    _require_data_keeper(viewer)
    _take_turns(connection)
    values: dict[str, Any] = {**settings(connection)["programme_guardrails"]}
    if value is None:
        values.pop(name, None)
    else:
        values[name] = value
    try:
        if not hasattr(GUARDRAILS, name):
            raise SettingRefused(f"There is no threshold '{name}'.")
        stored = change_setting(viewer, connection, "programme_guardrails", values, now)
    except SettingRefused as refusal:
        raise CommandRefused([str(refusal)]) from None
    return float(getattr(guardrails_of(stored), name))


def set_programme_settings(
    viewer: Viewer, connection: sa.Connection, values: dict[str, Any], now: dt.datetime
) -> dict[str, Any]:
    """Change settings ``programme_*`` by name, all of them or none; those that changed, with what they were.

    Raises NotPermitted for whoever does not keep the settings, CommandRefused for a value that cannot be.
    """
    _require_data_keeper(viewer)
    before = settings(connection)
    changed = {}
    for key, value in values.items():
        if key not in SETTINGS:
            raise CommandRefused([f"There is no setting '{key}' of the programme."])
        try:
            if checked(key, value) != before[key]:
                change_setting(viewer, connection, key, value, now)
                changed[key] = before[key]
        except SettingRefused as refusal:
            raise CommandRefused([str(refusal)]) from None
    return changed


# ---- Frozen results ------------------------------------------------------------------------------------------------


def freeze_evidence(
    viewer: Viewer, connection: sa.Connection, *, as_of: dt.date, reason: str | None, now: dt.datetime
) -> int:
    """Compute the evidence as known on ``as_of`` and keep it with its definitions, data hash and code; the id.

    One result for each fiscal quarter that is over needs no reason; every other one does. An executive, a leader or
    the operator; else NotPermitted. CommandRefused for a day to come, a missing reason, or a result that is kept
    already.
    """
    if viewer.role not in FREEZERS:
        raise NotPermitted("Only an executive or a sales leader freezes the evidence.")
    _take_turns(connection)
    today = today_of(connection, now)
    calendar = calendar_of(settings(connection))
    spoken_for = list(roi.frozen(viewer, connection)["as_of"])
    refuse_unless(freezing.freeze_problems(as_of, reason, spoken_for, today, calendar))
    found: dict[str, Any] | None = roi.evidence(viewer, connection, as_of=as_of, today=today)
    assert found is not None
    f = frozen_evidence.c
    same = connection.scalar(
        sa.select(sa.func.max(f.id)).where(f.as_of == as_of, f.result == kept_evidence.as_text(found))
    )
    if same is not None:
        raise CommandRefused(
            [f"Result {same} speaks for {numbers.day(as_of)} already and has just these figures: nothing was frozen."]
        )
    words = freezing.reason_kept(reason) or None
    entry_id = kept_evidence.keep(
        connection, found, as_of=as_of, reason=words, frozen_by=viewer.person_id, frozen_at=now
    )
    detail = {"as_of": as_of.isoformat(), "data_hash": found["data_hash"]}
    finish(viewer, connection, "freeze evidence", f"frozen_evidence {entry_id}", now=now, detail=detail)
    return entry_id


def _require_data_keeper(viewer: Viewer) -> None:
    if not viewer.loads_data:
        raise NotPermitted("Only an admin enters what coaching costs.")


def _require_leader(viewer: Viewer) -> None:
    """Raise NotPermitted unless the viewer leads managers or keeps the company's data."""
    if not (viewer.loads_data or (viewer.sees_programme and viewer.coaches)):
        raise NotPermitted("Only a sales leader or an admin says who starts when.")
