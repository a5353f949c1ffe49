"""Fills an empty database with a made-up company whose true coaching effect is known. Never touches a filled one.

The company is simulated in blocks of teams (``demo_market``), each block's CRM rows are written in a short
transaction under unpublished imports (``demo_deals``), and what people recorded (``demo_roster`` and its neighbours)
follows in the transaction that publishes everything, because its tables carry no import to tell unpublished rows by.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import polars as pl
import sqlalchemy as sa

from data_access import demo_evidence, organisation, rollups
from data_access import demo_words as words
from data_access.bulk import insert_frame
from data_access.default_scorecard import (
    COACH_SCORECARD,
    COACH_SKILLS,
    REP_SCORECARD,
    REP_SKILLS,
    ensure_default_scorecard,
)
from data_access.demo_deals import (
    CURRENCY,
    FirstIds,
    Paperwork,
    monthly_sums,
    product_frame,
    sampled_deals,
)
from data_access.demo_growth import growth_frames
from data_access.demo_imports import Imports
from data_access.demo_market import Block, Effect, Simulation, true_effect
from data_access.demo_observations import coach_observation_frames, observation_frames, planned_observations
from data_access.demo_peers import peer_frames
from data_access.demo_people import (
    COACHING,
    Company,
    Request,
    account_frame,
    person_frame,
    person_record_frame,
    planned_company,
    staff_rows,
)
from data_access.demo_plans import Planning, plan_frames
from data_access.demo_pulse import pulse_frames
from data_access.demo_questions import question_frames
from data_access.demo_roster import BlockFacts, Calls, Cards, Roster, RowNumbers, holiday_days
from data_access.demo_sessions import coaching_minutes, planned_sessions, session_frames
from data_access.demo_timeline import Floats, date_column, day_of
from data_access.engine import writing
from data_access.importers.publish import ImportBusy, clear_leftovers, only_one_import
from data_access.settings import company_calendar, set_demo_state, store_setting
from data_access.tables import (
    COACHING_TABLES,
    account,
    activity,
    cadence_policy,
    call,
    call_supervision,
    deal,
    deal_version,
    demo_truth,
    holiday,
    import_run,
    metadata,
    person,
    person_record,
    product,
    programme,
    programme_cost,
    quota,
    scorecard,
    scorecard_item,
    scorecard_version,
    skill,
    stage_entry,
)

Progress = Callable[[str, int, int | None], None]
"""Called with what is being done, how much of it is done and how much there is in all."""
SMALLEST, LARGEST = 2, 50_000
SHORTEST, LONGEST = 3, 120
EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(2200, 1, 1)
COACH_HOUR, REP_HOUR = 97_22, 76_39
"""Loaded cost of an hour in cents: salary with benefits over productive hours."""
TOOLS_PER_REP, TRAINING_PER_MANAGER, EVALUATION = 150_00, 1_000_00, 15_000_00
BLOCKS_PER_REFRESH = 8


class DemoRefused(Exception):
    """The demo company cannot be made; the message says why and what to do."""


@dataclass(frozen=True)
class DemoResult:
    """What was made."""

    reps: int
    """Everybody who sells or has sold, successors included."""
    managers: int
    months: int
    first_day: dt.date
    today: dt.date
    rows: dict[str, int]
    """Rows written per table."""
    true_effect_share: float
    """True gain of coached rep-months over what they would have booked uncoached."""
    coached_months: int

    def __str__(self) -> str:
        """What the command line says."""
        return (
            f"{words.COMPANY}: {self.reps:,} reps under {self.managers:,} managers, {self.rows['deal']:,} deals from "
            f"{self.first_day.isoformat()} to {self.today.isoformat()}. True effect of coaching: "
            f"{self.true_effect_share:+.1%} of bookings."
        )


def fill_demo(
    engine: sa.Engine,
    *,
    reps: int = 60,
    months: int = 24,
    seed: int = 7,
    today: dt.date,
    progress: Progress | None = None,
) -> DemoResult:
    """Fill the empty database behind ``engine``; equal arguments give equal rows.

    Readers see nothing until everything is there. Raises DemoRefused for a database with people or imports, and for
    numbers that make no company.
    """
    _check_arguments(reps, months, seed, today)
    try:
        # An import that started now would take the demo's unpublished rows for leftovers, and the other way round.
        with only_one_import(engine):
            clear_leftovers(engine)
            return _Filling(engine, Request(reps, months, seed, today), progress).run()
    except ImportBusy as busy:
        raise DemoRefused(str(busy)) from None


def _check_arguments(reps: int, months: int, seed: int, today: dt.date) -> None:
    if not SMALLEST <= reps <= LARGEST:
        raise DemoRefused(f"A demo company has {SMALLEST} to {LARGEST:,} reps, not {reps}.")
    if not SHORTEST <= months <= LONGEST:
        raise DemoRefused(f"A demo company has {SHORTEST} to {LONGEST} months of history, not {months}.")
    if seed < 0:
        raise DemoRefused(f"The seed is a whole number from 0 on, not {seed}.")
    if not EARLIEST <= today <= LATEST:
        raise DemoRefused(f"Today lies between {EARLIEST.year} and {LATEST.year}, not on {today.isoformat()}.")


def _check_empty(connection: sa.Connection) -> None:
    for table, what in ((import_run, "imports"), (person, "people")):
        if connection.execute(sa.select(table.c.id).limit(1)).first() is not None:
            raise DemoRefused(
                f"The database already holds {what}. The demo company is only made in an empty one: name another "
                "database with COACHING_DATABASE_URL."
            )


# ---- Without a database --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DemoPanel:
    """Rep x month bookings of a demo company, and the effect that is in them."""

    rows: pl.DataFrame
    """person_id, manager_id, month, won_amount and margin_amount (minor units), coached_on; whole months only."""
    effect: Effect

    @property
    def true_effect_share(self) -> float:
        """True gain of coached rep-months as a share of what they would have booked uncoached."""
        return self.effect.gained_amount / max(self.effect.uncoached_amount, 1.0)


def demo_panel(*, reps: int = 60, months: int = 24, seed: int = 7, today: dt.date) -> DemoPanel:
    """The months of a demo company as estimators want them; the same deals that ``fill_demo`` writes.

    A rep has a row for every whole month from joining to leaving, with 0 where nothing was won.
    """
    _check_arguments(reps, months, seed, today)
    company = planned_company(Request(reps, months, seed, today))
    first, effect, parts = len(company.staff.names) + 1, Effect(), []
    for seats in company.blocks:
        block = Simulation(company, seats).run()
        paperwork = Paperwork(company, seats, block, FirstIds(first, 1, 1, 1, 1))
        parts.append(_panel_part(company, paperwork))
        effect += true_effect(block, company.timeline)
        first += len(block.reps)
    return DemoPanel(pl.concat(parts), effect)


def _panel_part(company: Company, paperwork: Paperwork) -> pl.DataFrame:
    line, reps = company.timeline, paperwork.reps
    sums = monthly_sums(paperwork, line)
    months = np.arange(line.shown, line.current)
    here = (reps.started[:, None] <= line.starts[months]) & (reps.left[:, None] >= line.starts[months + 1] - 1)
    rep, column = np.nonzero(here)
    month = months[column]
    teams = np.where(line.starts[month] < reps.transferred[rep], reps.team[rep], reps.later_team[rep])
    started = np.where(reps.coached_from < len(line.starts), reps.coached_from, 0)
    amount = sums["won_amount"][rep, month]
    return pl.DataFrame(
        {
            "person_id": paperwork.person_ids[rep],
            "manager_id": company.teams.manager_ids[teams],
            "month": date_column(line.starts[month]),
            "won_amount": amount.astype(np.int64),
            "margin_amount": (amount - sums["won_cost"][rep, month]).astype(np.int64),
            "coached_on": date_column(np.where(started[rep] > 0, line.starts[started[rep]], -1)),
        }
    )


# ---- Into a database -----------------------------------------------------------------------------------------------


@dataclass
class _Filling:
    """One run: blocks of CRM rows first, then everything else together with the publication."""

    engine: sa.Engine
    request: Request
    progress: Progress | None
    rows: dict[str, int] = field(default_factory=dict)
    effect: Effect = field(default_factory=Effect)

    def run(self) -> DemoResult:
        """Do it."""
        self.company = planned_company(self.request)
        self.line = self.company.timeline
        with writing(self.engine) as connection:
            _check_empty(connection)
            self.numbers = _free_numbers(connection)
            self.imports = Imports(self.line, self.numbers.peek("import_run"))
            self._begin(connection)
        facts = [self._fill_block(seats) for seats in self.company.blocks]
        with writing(self.engine) as connection:
            self._publish(connection, facts)
        return DemoResult(
            reps=sum(len(block.reps) for block in facts),
            managers=len(self.company.teams.names),
            months=self.request.months,
            first_day=day_of(self.line.first_day),
            today=self.request.today,
            rows=dict(sorted(self.rows.items())),
            true_effect_share=self._effect_share(),
            coached_months=self.effect.months,
        )

    def _effect_share(self) -> float:
        return self.effect.gained_amount / max(self.effect.uncoached_amount, 1.0)

    def _tell(self, what: str, seats: int) -> None:
        if self.progress is not None:
            self.progress(what, seats, self.request.reps)

    def _write(self, connection: sa.Connection, table: sa.Table, frame: pl.DataFrame) -> None:
        self.rows[table.name] = self.rows.get(table.name, 0) + insert_frame(connection, table, frame)

    # ---- CRM rows ----

    def _begin(self, connection: sa.Connection) -> None:
        """Announce the imports and write the people above the reps, and the products."""
        runs = self.imports.frame()
        self._write(connection, import_run, runs)
        self.numbers.take("import_run", runs.height)
        staff = staff_rows(self.company)
        self.numbers.take("person", len(staff.names))
        people = self.imports.ids["people"]
        self._write(connection, person, person_frame(staff, self.line, people))
        records = person_record_frame(staff, self.line, people)
        self._write(connection, person_record, records)
        self._count_people(records)
        products = product_frame(int(self.imports.ids["products"][0]))
        self.imports.count("products", np.zeros(products.height, dtype=np.int64))
        self._write(connection, product, products)

    def _count_people(self, records: pl.DataFrame) -> None:
        export = np.searchsorted(self.line.snapshots, records["known_from"].cast(pl.Int32).to_numpy())
        is_first = records["person_id"].is_first_distinct().to_numpy()
        self.imports.count("people", export[is_first], export[~is_first])

    def _fill_block(self, seats: tuple[int, int]) -> BlockFacts:
        block = Simulation(self.company, seats).run()
        self.effect += true_effect(block, self.line)
        paperwork = self._numbered(seats, block)
        with writing(self.engine) as connection:
            for table, frame in self._crm_frames(seats, paperwork):
                self._write(connection, table, frame)
        self._tell("Making up deals per rep", seats[1])
        return _facts_of(seats, paperwork)

    def _numbered(self, seats: tuple[int, int], block: Block) -> Paperwork:
        numbers = self.numbers
        names = ("person", "deal", "activity", "call", "call_supervision")
        paperwork = Paperwork(self.company, seats, block, FirstIds(*(numbers.peek(name) for name in names)))
        counts = (
            len(block.reps),
            paperwork.count,
            len(paperwork.activities["day"]),
            len(paperwork.calls["day"]),
            int((paperwork.calls["supervisor"] > 0).sum()),
        )
        for name, count in zip(names, counts, strict=True):
            numbers.take(name, count)
        return paperwork

    def _crm_frames(self, seats: tuple[int, int], paperwork: Paperwork) -> Iterator[tuple[sa.Table, pl.DataFrame]]:
        imports = self.imports
        people = paperwork.people_rows()
        yield person, person_frame(people, self.line, imports.ids["people"])
        records = person_record_frame(people, self.line, imports.ids["people"])
        self._count_people(records)
        yield person_record, records
        accounts = account_frame(self.company, seats, int(imports.ids["accounts"][0]))
        imports.count("accounts", np.zeros(accounts.height, dtype=np.int64))
        yield account, accounts
        yield quota, paperwork.quota_frame(imports)
        yield deal, paperwork.deal_frame(imports)
        yield deal_version, paperwork.version_frame(imports)
        yield stage_entry, paperwork.stage_frame(imports)
        yield activity, paperwork.activity_frame(imports)
        yield call, paperwork.call_frame(imports)
        yield call_supervision, paperwork.supervision_frame(imports)

    # ---- what people recorded, and publication ----

    def _publish(self, connection: sa.Connection, facts: list[BlockFacts]) -> None:
        """Write what was recorded, let readers see everything, and derive teams and facts, all or nothing."""
        now = dt.datetime.combine(self.request.today, dt.time(5, 30), dt.UTC)
        for key, value in (
            ("time_zone", "UTC"), ("week_starts_on", 0), ("fiscal_year_starts_in", 1), ("reporting_currency", CURRENCY),
        ):  # fmt: skip
            store_setting(connection, key, value, now)
        ensure_default_scorecard(connection)
        cards = _cards(connection)
        programme_id = self._company_rows(connection)
        minutes = np.zeros((3, len(self.company.teams.names), self.line.current + 1))
        for block in facts:
            minutes += self._record(connection, block, cards, programme_id)
            self._tell("Making up coaching per rep", block.seats[1])
        self._write(connection, programme_cost, self._costs(minutes, programme_id, facts))
        self._write(connection, demo_truth, self._truth())
        self._set_published(connection)
        organisation.rebuild_organisation(connection)
        self._write_pulses(connection)
        self._rebuild_facts(connection, facts)
        self._freeze_evidence(connection)
        set_demo_state(connection, self._state(connection))
        _advance_sequences(connection)

    def _freeze_evidence(self, connection: sa.Connection) -> None:
        """What the programme changed, as the executive froze it at the end of the last quarters."""
        executive = self.company.staff.roles.index("executive") + 1
        calendar = company_calendar(connection)
        self.rows["frozen_evidence"] = demo_evidence.freeze(connection, executive, self.request.today, calendar)

    def _rebuild_facts(self, connection: sa.Connection, facts: list[BlockFacts]) -> None:
        """The facts of all reps, some blocks at a time: all at once, they would need memory for the whole company."""
        for first in range(0, len(facts), BLOCKS_PER_REFRESH):
            some = facts[first : first + BLOCKS_PER_REFRESH]
            reps = [block.first_person + rep for block in some for rep in range(len(block.reps))]
            rollups.refresh(connection, reps)

    def _record(self, connection: sa.Connection, block: BlockFacts, cards: Cards, programme_id: int) -> Floats:
        """A block's coaching; returns the minutes it took (kind x team x month)."""
        roster, run = Roster(self.company, block), self.imports.coaching
        plans = Planning(roster, cards, self.numbers).written()
        sessions = planned_sessions(roster, self.numbers)
        found = planned_observations(roster, self.numbers)
        for table, frame in (
            *plan_frames(plans, run),
            *session_frames(roster, sessions, plans, cards, run),
            *observation_frames(roster, found, cards, run),
            *coach_observation_frames(roster, self.numbers, cards, run),
            *growth_frames(roster, self.numbers, programme_id, run),
            *peer_frames(roster, cards, self.numbers),
            *question_frames(roster, sessions),
        ):
            self._write(connection, table, frame)
        return coaching_minutes(roster, sessions)

    def _company_rows(self, connection: sa.Connection) -> int:
        """Cadence policy, holidays and the programme; the programme's row number."""
        run = self.imports.coaching
        policy = {"role": ["rep"], "every_days": [14], "tolerance_days": [3], "import_id": [run]}
        self._write(connection, cadence_policy, pl.DataFrame(policy))
        days = holiday_days(self.company)
        names = [name for _, _, name in words.HOLIDAYS] * (len(days) // len(words.HOLIDAYS))
        self._write(connection, holiday, pl.DataFrame({"on_date": date_column(days), "name": names, "import_id": run}))
        number = int(self.numbers.take("programme", 1)[0])
        start = self.line.starts[self._programme_month()]
        row = {"id": [number], "slug": ["coaching-programme"], "name": ["Coaching programme"]}
        self._write(connection, programme, pl.DataFrame({**row, "starts_on": date_column([start])}))
        return number

    def _programme_month(self) -> int:
        """Index of the first month in which somebody may be enrolled."""
        return self.line.shown + min(6, (self.line.current - self.line.shown) // 3)

    def _costs(self, minutes: Floats, programme_id: int, facts: list[BlockFacts]) -> pl.DataFrame:
        """Hours per coach and month, and tools, training and evaluation of the programme."""
        line, managers = self.line, self.company.teams.manager_ids
        parts = []
        for kind, hour, table in (
            ("coach hours", COACH_HOUR, minutes[0]),
            ("rep hours", REP_HOUR, minutes[1]),
            ("preparation", COACH_HOUR, minutes[2]),
        ):
            manager, month = np.nonzero(table)
            parts.append((kind, month, managers[manager], np.round(table[manager, month] / 60 * hour)))
        months = np.arange(self._programme_month(), line.current + 1)
        enrolled = np.zeros(len(months))
        for block in facts:
            enrolled += (block.reps.coached_from[:, None] <= months).sum(axis=0)
        nobody = np.zeros(len(months), dtype=np.int64)
        parts.append(("tools", months, nobody, enrolled * TOOLS_PER_REP))
        parts.append(("training", months, nobody, np.full(len(months), TRAINING_PER_MANAGER * len(managers))))
        quarters = months[[line.calendar_month(int(month)) % 3 == 0 for month in months]]
        parts.append(("evaluation", quarters, nobody[: len(quarters)], np.full(len(quarters), EVALUATION)))
        return pl.concat(self._cost_part(programme_id, *part) for part in parts)

    def _cost_part(
        self, programme_id: int, kind: str, month: np.ndarray, coach: np.ndarray, cents: np.ndarray
    ) -> pl.DataFrame:
        amount = cents.astype(np.int64)
        # A month that is not over has cost what it has cost up to yesterday.
        ends = np.minimum(
            self.line.starts[month + 1] - 1, max(self.line.today - 1, self.line.starts[self.line.current])
        )
        return pl.DataFrame(
            {
                "programme_id": np.full(len(month), programme_id),
                "kind": pl.Series([kind] * len(month), dtype=pl.String),
                "starts_on": date_column(self.line.starts[month]),
                "ends_on": date_column(ends),
                "amount": amount,
                "currency": pl.Series([CURRENCY] * len(month), dtype=pl.String),
                "reporting_amount": amount,
                "coach_id": pl.Series(coach).set(pl.Series(coach == 0), None),
                "import_id": np.full(len(month), self.imports.coaching),
            }
        )

    def _truth(self) -> pl.DataFrame:
        """What holds for the company, and each manager's true coaching skill."""
        teams, months = self.company.teams, max(self.effect.months, 1)
        company = {
            "true_att_share": (self._effect_share(), "gain of coached rep-months over their uncoached bookings"),
            "true_att_amount": (self.effect.gained_amount / months, "gain per coached rep-month, minor units"),
            "coached_months": (float(self.effect.months), "coached whole rep-months"),
        }
        managers = len(teams.names)
        return pl.DataFrame(
            {
                "person_id": pl.Series([None] * len(company) + [int(number) for number in teams.manager_ids]),
                "key": [*company, *(["coach_skill"] * managers)],
                "value": [value for value, _ in company.values()] + [float(value) for value in teams.skill],
                "detail": [text for _, text in company.values()] + ["0 to 1"] * managers,
            }
        )

    def _set_published(self, connection: sa.Connection) -> None:
        published = sa.update(import_run).values(rejected_count=0, ignored_count=0)
        counted = published.where(import_run.c.id == sa.bindparam("run_id")).values(
            read_count=sa.bindparam("read"), accepted_count=sa.bindparam("read"), result=sa.bindparam("text")
        )
        results = self.imports.results()
        connection.execute(counted, [{**row, "text": row["result"]} for row in results])
        written = sum(self.rows.get(table.name, 0) for table in COACHING_TABLES)
        connection.execute(counted, {"run_id": self.imports.coaching, "read": written, "text": "{}"})
        connection.execute(sa.update(import_run).values(published_at=import_run.c.started_at))

    def _write_pulses(self, connection: sa.Connection) -> None:
        """Each month's pulse, once the teams stand."""
        skills = dict(zip(self.company.teams.manager_ids.tolist(), self.company.teams.skill.tolist(), strict=True))
        random = self.request.stream(COACHING, 2**31 - 2)
        for table, frame in pulse_frames(connection, random, day_of(self.line.first_day), self.request.today, skills):
            self._write(connection, table, frame)

    def _state(self, connection: sa.Connection) -> dict[str, object]:
        """How the company was made, and how many rows people's tables hold now."""
        request = self.request
        return {
            "reps": request.reps,
            "months": request.months,
            "seed": request.seed,
            "today": request.today.isoformat(),
            "fingerprint": {
                table.name: connection.scalar(sa.select(sa.func.count()).select_from(table))
                for table in COACHING_TABLES
            },
        }


def _facts_of(seats: tuple[int, int], paperwork: Paperwork) -> BlockFacts:
    calls, activities = paperwork.calls, paperwork.activities
    rows = np.flatnonzero(calls["supervisor"] > 0)
    deals = activities["deal"][calls["activity"][rows]]
    return BlockFacts(
        seats=seats,
        first_person=paperwork.first.person,
        reps=paperwork.reps,
        sums=monthly_sums(paperwork, paperwork.timeline),
        sample=sampled_deals(paperwork),
        calls=Calls(
            call_id=paperwork.call_ids()[rows],
            person=calls["person"][rows],
            day=calls["day"][rows],
            minute=activities["minute"][calls["activity"][rows]],
            mode=calls["mode"][rows],
            deal_id=paperwork.deal_ids[deals],
            account_id=paperwork.deals["account"][deals] + 1,
        ),
    )


def _free_numbers(connection: sa.Connection) -> RowNumbers:
    """Row numbers from 1 on; later ones in tables that hold rows although the company is empty."""
    numbers = RowNumbers()
    for table in metadata.sorted_tables:
        if "id" in table.c:
            highest = connection.scalar(sa.select(sa.func.max(table.c.id)))
            numbers.following[table.name] = int(highest or 0) + 1
    return numbers


def _cards(connection: sa.Connection) -> Cards:
    """The default scorecards' row numbers."""
    found = connection.execute(
        sa.select(scorecard.c.slug, skill.c.slug, scorecard_item.c.id, skill.c.id, scorecard_version.c.id)
        .join(scorecard_version, scorecard_item.c.scorecard_version_id == scorecard_version.c.id)
        .join(scorecard, scorecard_version.c.scorecard_id == scorecard.c.id)
        .join(skill, scorecard_item.c.skill_id == skill.c.id)
        .where(scorecard_version.c.number == 1)
    ).all()
    by_slug = {(row[0], row[1]): row for row in found}
    selling = [by_slug[REP_SCORECARD, text.slug] for text in REP_SKILLS]
    coaching = [by_slug[COACH_SCORECARD, text.slug] for text in COACH_SKILLS]
    return Cards(
        rep_version=selling[0][4],
        rep_items=np.array([row[2] for row in selling]),
        rep_skills=np.array([row[3] for row in selling]),
        coach_version=coaching[0][4],
        coach_items=np.array([row[2] for row in coaching]),
    )


def _advance_sequences(connection: sa.Connection) -> None:
    """PostgreSQL numbers rows by sequences, which do not notice rows that bring their own number."""
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        if "id" not in table.c:
            continue
        sequence = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, "id")))
        if sequence:
            highest = sa.select(sa.func.max(table.c.id)).scalar_subquery()
            connection.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(highest, 1), highest.is_not(None))))
