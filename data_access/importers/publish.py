"""Loads a file: all of it or nothing, and nobody waits for it.

Rows are written in short transactions under an import id that is not published; one short transaction publishes them.
Killed in the middle, what anyone sees is as before, and the leftovers are cleared at the next start or import.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching.people import Viewer
from data_access import audit, rollups
from data_access.bulk import insert_frame
from data_access.engine import reading, writing
from data_access.importers.mapping import dump_mapping
from data_access.importers.records import Records
from data_access.importers.refusal import ImportRefused
from data_access.importers.staging import STAGERS, Progress, Staged, Staging, stage_stage_history
from data_access.importers.versions import Snapshot, next_snapshot
from data_access.organisation import rebuild_organisation
from data_access.scope import NotPermitted
from data_access.settings import company_calendar, demo_state, set_demo_state, settings, store_setting, touch
from data_access.tables import (
    COACHING_TABLES,
    data_state,
    deal_version,
    demo_truth,
    fact_rep_period,
    hour_rate,
    import_rejection,
    import_run,
    metadata,
    programme_cost,
    quota,
    setting,
    stage_entry,
)

DEMO_KEEPS = {import_run.name, import_rejection.name, setting.name, data_state.name, "audit_entry", "alembic_version"}
"""Tables that removing the demo leaves alone, or empties by import id."""


@dataclass
class ImportResult:
    """What became of a file. read = accepted + rejected + ignored; accepted = new + changed + unchanged + stale."""

    kind: str
    as_of: str
    read: int
    accepted: int
    rejected: int
    ignored: int
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    stale: int = 0
    unmatched: dict[str, list[str]] = field(default_factory=dict)
    cannot_compute: list[str] = field(default_factory=list)
    duplicates: int = 0
    changes_as_of: dict[str, str] | None = None
    demo_removed: bool = False
    dry_run: bool = False
    import_id: int | None = None
    currency: str | None = None
    notes: list[str] = field(default_factory=list)
    rejections: list[dict[str, Any]] = field(default_factory=list)
    """The first REJECTIONS_SHOWN of them: line, reason, raw."""
    seconds: float = 0.0
    every_rejection: pl.DataFrame | None = field(default=None, repr=False, compare=False)
    """All of them, as a frame because a wrong mapping rejects a file as a whole."""

    def as_json(self) -> str:
        """The printed form, with every rejected row: of a dry run they are kept nowhere else."""
        every = self.rejections if self.every_rejection is None else self.every_rejection.to_dicts()
        return json.dumps({**self.counted(), "rejections": every}, ensure_ascii=False, indent=2)

    def counted(self) -> dict[str, Any]:
        """Everything but the rejected rows, which the database keeps in a table of their own."""
        rows = {"rejections", "every_rejection"}
        return {name: value for name, value in asdict(self).items() if name not in rows}

    def as_text(self) -> str:
        """The result in sentences."""
        lines = [
            f"{self.kind}: {self.read:,} rows read, {self.accepted:,} accepted, {self.rejected:,} rejected, "
            f"{self.ignored:,} ignored.",
            f"{self.new:,} new, {self.changed:,} changed, {self.unchanged:,} unchanged, {self.stale:,} older than what "
            "is known.",
        ]
        if self.dry_run:
            lines.insert(0, "Dry run: nothing was written.")
        if self.demo_removed:
            lines.append("The demo company was removed." if not self.dry_run else "The demo company would be removed.")
        if self.changes_as_of:
            span = self.changes_as_of
            lines.append(f"An older export: it changes only views as of {span['from']} to {span['to']}.")
        for what, names in self.unmatched.items():
            shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
            lines.append(f"No {what} found for: {shown}. Their rows are kept and matched once a file names them.")
        if self.cannot_compute:
            lines.append(f"Cannot be computed from this file: {', '.join(self.cannot_compute)}.")
        lines += self.notes
        lines += [f"Line {row['line']}: {row['reason']}" for row in self.rejections]
        if self.rejected > len(self.rejections):
            where = "--format json lists them all" if self.dry_run else "kept with their reasons"
            lines.append(f"... and {self.rejected - len(self.rejections)} more rejected rows, {where}.")
        return "\n".join(lines)


REJECTIONS_SHOWN = 20
"""How many rejected rows the result carries as sentences; JSON lists all, and the database keeps all once loaded."""


@dataclass(frozen=True)
class Loading:
    """What a file is loaded as."""

    file_name: str
    fingerprint: str
    as_of: dt.date
    now: dt.datetime
    replace_demo: bool = False
    dry_run: bool = False


def no_progress(what: str, done: int, total: int | None) -> None:
    """Progress for nobody."""


def load_records(
    engine: sa.Engine, viewer: Viewer, records: Records, loading: Loading, progress: Progress = no_progress
) -> ImportResult:
    """Load typed records. Raises ImportRefused (nothing written, the message says what to do) and NotPermitted."""
    if not viewer.loads_data:
        raise NotPermitted("Only an admin loads files.")
    with only_one_import(engine):
        clear_leftovers(engine)
        with reading(engine) as connection:
            values = settings(connection)
            demo = demo_to_replace(connection, loading)
            ignoring = frozenset(connection.scalars(sa.select(import_run.c.id))) if demo else frozenset()
            later = next_snapshot(connection, records.kind, loading.as_of, ignoring)
            currency, rates = currencies(connection, records, values["reporting_currency"], bool(demo))
        zone = str(values["time_zone"])
        with writing(engine) as connection:
            import_id = begin_run(connection, records, loading, zone)
        snapshot = Snapshot(import_id, loading.as_of, later, ignoring)
        staging = Staging(engine, snapshot, zone, currency, rates, progress, records.provided)
        try:
            staged = _stage(staging, records)
            result = _result(records, staged, loading, snapshot)
            if not loading.dry_run:
                _publish(engine, viewer, staging, records, staged, result, bool(demo), loading.now)
        except BaseException:
            _remove(engine, [import_id])
            raise
        if loading.dry_run:
            _remove(engine, [import_id])
            result.import_id = None
        result.demo_removed = bool(demo)
        return result


def _stage(staging: Staging, records: Records) -> Staged:
    staged = STAGERS[records.kind](staging, records.frame)
    if not records.stage_entries.is_empty():
        wide = stage_stage_history(staging, records.stage_entries)
        staged.unmatched |= wide.unmatched
    return staged


def _result(records: Records, staged: Staged, loading: Loading, snapshot: Snapshot) -> ImportResult:
    rejections = pl.concat(
        [
            records.rejections,
            pl.DataFrame(staged.rejections, schema=records.rejections.schema, orient="row"),
        ]
    ).sort("line")
    counts = dict(staged.counts)
    counts["unchanged"] += records.duplicates
    result = ImportResult(
        kind=records.kind,
        as_of=loading.as_of.isoformat(),
        read=records.read,
        accepted=records.accepted - len(staged.rejections),
        rejected=rejections.height,
        ignored=records.ignored,
        unmatched=staged.unmatched,
        cannot_compute=sorted(records.cannot_compute),
        duplicates=records.duplicates,
        dry_run=loading.dry_run,
        import_id=snapshot.import_id,
        currency=records.currency,
        notes=[*records.notes, *staged.notes],
        rejections=rejections.head(REJECTIONS_SHOWN).to_dicts(),
        every_rejection=rejections,
        **counts,  # type: ignore[arg-type]
    )
    if snapshot.next_as_of is not None:
        last = snapshot.next_as_of - dt.timedelta(days=1)
        result.changes_as_of = {"from": loading.as_of.isoformat(), "to": last.isoformat()}
    if not loading.dry_run and not rejections.is_empty():
        staged.at_publish.append(lambda connection: keep_rejections(connection, rejections, snapshot.import_id))
    return result


def keep_rejections(connection: sa.Connection, rejections: pl.DataFrame, import_id: int) -> None:
    """Store line, reason and raw text of the rows that were not loaded."""
    insert_frame(connection, import_rejection, rejections.with_columns(pl.lit(import_id, pl.Int64).alias("import_id")))


def begin_run(connection: sa.Connection, records: Records, loading: Loading, zone: str) -> int:
    """Number the import, unpublished. ``zone``: the company's, where the file names none."""
    row_id = connection.scalar(
        sa.insert(import_run)
        .values(
            kind=records.kind,
            file_name=loading.file_name[:200],
            file_sha256=loading.fingerprint,
            as_of=loading.as_of,
            time_zone=records.mapping.time_zone or zone,
            mapping=dump_mapping(records.mapping),
            provided=json.dumps(sorted(records.provided)),
            started_at=loading.now,
            read_count=records.read,
            rejected_count=records.rejections.height,
            ignored_count=records.ignored,
        )
        .returning(import_run.c.id)
    )
    assert row_id is not None
    return int(row_id)


def _publish(
    engine: sa.Engine,
    viewer: Viewer,
    staging: Staging,
    records: Records,
    staged: Staged,
    result: ImportResult,
    replaces_demo: bool,
    now: dt.datetime,
) -> None:
    import_id = staging.snapshot.import_id
    staging.progress("publishing", 0, None)
    # What changes in the facts is worked out before the publishing transaction, so that it stays short.
    with reading(engine) as connection:
        calendar = company_calendar(connection)
        delta = None if replaces_demo else _facts_delta(connection, staged, import_id)
    with writing(engine, removes_whole_imports=replaces_demo) as connection:
        if replaces_demo:
            remove_demo(connection, staging.snapshot.ignoring)
            set_demo_state(connection, None)
        mark_published(connection, import_id, records.kind, result, now)
        for step in staged.at_publish:
            step(connection)
        if staged.changes_people:
            rebuild_organisation(connection, import_id)
        if replaces_demo or staged.changes_people or company_calendar(connection) != calendar:
            rollups.rebuild(connection)
        elif delta is not None:
            rollups.add_to_facts(connection, delta)
        if _holds_money(records):
            settle_currency(connection, staging.reporting_currency, replaces_demo, now)
        audit.record(
            connection,
            viewer.person_id,
            "import",
            subject=f"import_run {import_id}",
            detail={"kind": records.kind, "accepted": result.accepted, "rejected": result.rejected},
            now=now,
        )
        touch(connection)
        _follow_numbers(connection)


def _facts_delta(connection: sa.Connection, staged: Staged, import_id: int) -> pl.DataFrame | None:
    """What publishing the import will change in the facts, as frames.FACTS; None = nothing."""
    if staged.dates_owners:
        return rollups.moved_openings(connection, import_id)
    if staged.new_deals is None:
        return None
    old = rollups.versions_of_deals(connection, staged.ended_deals)
    new = rollups.versions_written_by(connection, import_id, staged.new_deals)
    return rollups.difference(rollups.deal_facts(connection, new), rollups.deal_facts(connection, old))


def _holds_money(records: Records) -> bool:
    """Amounts that totals are made of. A stage history that names no currency takes that of the deals, now or later."""
    told = records.kind in {"deals", "quotas"} or (records.kind == "stage-history" and records.currency is not None)
    return told and bool(records.frame["amount"].is_not_null().any())


def settle_currency(connection: sa.Connection, currency: str, replaces_demo: bool, now: dt.datetime) -> None:
    """The first amounts settle the reporting currency, also where the file named none and one was assumed."""
    stored = settings(connection)["reporting_currency"]
    if stored is None or replaces_demo or stored != currency:
        store_setting(connection, "reporting_currency", currency, now)


def mark_published(
    connection: sa.Connection, import_id: int, kind: str, result: ImportResult, now: dt.datetime
) -> None:
    """Readers see the import from here on. The first date of a kind that was loaded is its base for good."""
    runs = import_run.c
    base = connection.scalar(
        sa.select(sa.func.min(runs.as_of)).where(
            runs.kind == kind, runs.is_base.is_(True), runs.published_at.is_not(None)
        )
    )
    as_of = dt.date.fromisoformat(result.as_of)
    connection.execute(
        sa.update(import_run)
        .where(runs.id == import_id)
        .values(
            published_at=now,
            is_base=base is None or base == as_of,
            accepted_count=result.accepted,
            rejected_count=result.rejected,
            result=json.dumps(result.counted()),
        )
    )


def _follow_numbers(connection: sa.Connection) -> None:
    """PostgreSQL's sequences do not notice rows that bring their own number."""
    if connection.dialect.name != "postgresql":
        return
    for name in ("person", "account", "product", "deal"):
        connection.execute(
            sa.text(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), "
                f"greatest((SELECT coalesce(max(id), 1) FROM {name}), 1))"
            )
        )


# --- currencies -------------------------------------------------------------------------------------------------


def currencies(
    connection: sa.Connection, records: Records, reporting: str | None, replaces_demo: bool
) -> tuple[str, dict[str, float]]:
    """The reporting currency after this import and the rates into it. Raises ImportRefused where they are missing."""
    has_amounts = not replaces_demo and _holds_amounts(connection)
    used = _used_currencies(records)
    target = reporting if reporting and has_amounts else (records.mapping.currency or records.currency or reporting)
    if target is None:
        target = next(iter(used)) if len(used) == 1 else "USD"
    target = target.upper()
    rates = {code: rate for code, rate in records.mapping.rates.items() if code != target}
    missing = sorted(used - {target} - set(rates))
    if missing:
        raise ImportRefused(
            f"Amounts are in {', '.join(missing)}, the company reports in {target}, and there is no rate. "
            f"Currencies are never added up: set rates.{missing[0]} in the mapping, "
            f"what one {missing[0]} is worth in {target}.",
            "rates",
        )
    return target, rates


def _used_currencies(records: Records) -> set[str]:
    if "currency" not in records.frame.columns:
        return set()
    money = [name for name in ("amount", "cost", "list_amount") if name in records.frame.columns]
    priced = records.frame.filter(pl.any_horizontal(pl.col(money).is_not_null()))
    return set(priced["currency"].drop_nulls().unique().to_list())


def _holds_amounts(connection: sa.Connection) -> bool:
    amounts = (
        deal_version.c.amount,
        quota.c.amount,
        stage_entry.c.reporting_amount,
        programme_cost.c.reporting_amount,
        hour_rate.c.reporting_amount,
    )
    return any(connection.execute(sa.select(sa.true()).where(each.is_not(None)).limit(1)).first() for each in amounts)


# --- the demo company -------------------------------------------------------------------------------------------


def coaching_fingerprint(connection: sa.Connection) -> dict[str, int]:
    """How many rows each coaching table holds: how recorded coaching in a demo company is noticed."""
    return {
        table.name: int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)
        for table in COACHING_TABLES
    }


def _recorded_since(connection: sa.Connection, state: dict[str, Any]) -> bool:
    """Whether people's tables hold other rows than the demo wrote; a table younger than the demo held none."""
    then = state.get("fingerprint") or {}
    return any(rows != (then.get(table) or 0) for table, rows in coaching_fingerprint(connection).items())


def demo_to_replace(connection: sa.Connection, loading: Loading) -> dict[str, Any] | None:
    """The demo's state if this import is to replace it. Raises ImportRefused once somebody has worked in it."""
    state = demo_state(connection)
    if state is None:
        return None
    if _recorded_since(connection, state) and not loading.replace_demo:
        raise ImportRefused(
            "The database holds the demo company, and coaching has been recorded in it. Importing your own data "
            "removes the demo with everything recorded in it: add --replace-demo to do that.",
            None,
        )
    return state


def remove_demo(connection: sa.Connection, demo_imports: frozenset[int]) -> None:
    """Every row of the demo company, within the publishing transaction. Settings and the audit trail stay."""
    for table in reversed(metadata.sorted_tables):
        if table.name in DEMO_KEEPS:
            continue
        statement = sa.delete(table)
        if "import_id" in table.c:
            mine = sa.or_(table.c.import_id.is_(None), table.c.import_id.in_(demo_imports))
            statement = statement.where(mine)
        elif table is not fact_rep_period and table is not demo_truth and _is_shared_reference(table):
            continue
        connection.execute(statement)
    connection.execute(sa.delete(import_rejection).where(import_rejection.c.import_id.in_(demo_imports)))
    connection.execute(sa.delete(import_run).where(import_run.c.id.in_(demo_imports)))


def _is_shared_reference(table: sa.Table) -> bool:
    """Scorecards and templates ship with the product: real companies keep them."""
    return table.name in {
        "skill",
        "scorecard",
        "scorecard_version",
        "scorecard_item",
        "scorecard_anchor",
        "role_model_template",
    }


# --- leftovers and turns ----------------------------------------------------------------------------------------


def clear_leftovers(engine: sa.Engine) -> int:
    """Remove what killed imports left behind; the number of imports cleared. Call only while holding the turn."""
    with reading(engine) as connection:
        dead = list(connection.scalars(sa.select(import_run.c.id).where(import_run.c.published_at.is_(None))))
    if dead:
        _remove(engine, dead)
    return len(dead)


def clear_abandoned(engine: sa.Engine) -> int:
    """Remove what killed imports left behind unless an import is running; the number of imports cleared."""
    with reading(engine) as connection:
        unfinished = connection.execute(
            sa.select(import_run.c.id).where(import_run.c.published_at.is_(None)).limit(1)
        ).first()
    if unfinished is None:
        return 0
    try:
        with only_one_import(engine):
            return clear_leftovers(engine)
    except ImportBusy:
        # The turn belongs to the process that imports: while one holds it, what is unfinished may be its own.
        return 0


def _remove(engine: sa.Engine, import_ids: list[int]) -> None:
    with writing(engine, removes_whole_imports=True) as connection:
        for table in metadata.sorted_tables:
            if "ended_by" in table.c:
                connection.execute(
                    sa.update(table).where(table.c.ended_by.in_(import_ids)).values(known_to=None, ended_by=None)
                )
        for table in reversed(metadata.sorted_tables):
            if "import_id" in table.c:
                connection.execute(sa.delete(table).where(table.c.import_id.in_(import_ids)))
        connection.execute(sa.delete(import_run).where(import_run.c.id.in_(import_ids)))


class ImportBusy(ImportRefused):
    """Another import is running."""


@contextlib.contextmanager
def only_one_import(engine: sa.Engine) -> Iterator[None]:
    """One import at a time. The lock belongs to the process, so a killed import never blocks the next one.

    Raises ImportBusy while another import runs.
    """
    busy = ImportBusy("Another import is running. Wait until it has finished, then try again.", None)
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            if not connection.scalar(sa.text("SELECT pg_try_advisory_lock(7400)")):
                raise busy
            connection.commit()
            try:
                yield
            finally:
                connection.execute(sa.text("SELECT pg_advisory_unlock(7400)"))
                connection.commit()
        return
    name = engine.url.database
    if not name or name == ":memory:":
        yield
        return
    with Path(f"{name}.import.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise busy from None
        yield
