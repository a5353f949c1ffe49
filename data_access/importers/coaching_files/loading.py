"""Loads a coaching file: everything is matched and checked first, then written in one transaction, all or nothing.

These files are small beside a CRM export, so nothing is staged: readers see all of it in the moment of the commit, and
a load that is killed leaves nothing behind.
"""

from __future__ import annotations

import polars as pl
import sqlalchemy as sa

from coaching.people import Viewer
from data_access import audit, rollups
from data_access.default_scorecard import COACH_SCORECARD, REP_SCORECARD, ensure_default_scorecard
from data_access.engine import reading, writing
from data_access.importers.coaching_files import absences, costs, holidays, observations, plans, policy, sessions
from data_access.importers.coaching_files.company import company_of
from data_access.importers.coaching_files.rows import Prepared
from data_access.importers.publish import (
    REJECTIONS_SHOWN,
    ImportResult,
    Loading,
    begin_run,
    clear_leftovers,
    currencies,
    demo_to_replace,
    keep_rejections,
    mark_published,
    only_one_import,
    remove_demo,
    settle_currency,
)
from data_access.importers.records import Records
from data_access.importers.refusal import ImportRefused
from data_access.importers.staging import Progress
from data_access.importers.versions import next_snapshot
from data_access.scope import NotPermitted, data_version
from data_access.settings import set_demo_state, settings, touch
from data_access.tables import import_run, scorecard

WITH_SCORECARDS = frozenset({"sessions", "observations"})
"""Kinds that name skills."""


def load_coaching(
    engine: sa.Engine, viewer: Viewer, records: Records, loading: Loading, progress: Progress
) -> ImportResult:
    """Load typed records of a coaching file. Raises ImportRefused (nothing written, it says what to do), NotPermitted.

    Rows are compared with what is known before the transaction. Where somebody has written since, they are compared
    once more inside it.
    """
    if not viewer.loads_data:
        raise NotPermitted("Only an admin loads files.")
    with only_one_import(engine):
        clear_leftovers(engine)
        if records.kind in WITH_SCORECARDS:
            _ensure_scorecards(engine)
        progress("comparing with what is known", 0, None)
        with reading(engine) as connection:
            version = data_version(connection)
            replaces_demo = demo_to_replace(connection, loading) is not None
            prepared = _prepared(connection, records, loading, replaces_demo)
            result = _result(connection, records, prepared, loading, replaces_demo)
        if replaces_demo and not result.accepted:
            raise ImportRefused(
                "No row of this file can be loaded: it would remove the demo company, and its people with it. Load a "
                "people file first.",
                None,
            )
        if not loading.dry_run:
            progress("writing", 0, None)
            with writing(engine, removes_whole_imports=replaces_demo) as connection:
                if data_version(connection) != version:
                    replaces_demo = demo_to_replace(connection, loading) is not None
                    prepared = _prepared(connection, records, loading, replaces_demo)
                    result = _result(connection, records, prepared, loading, replaces_demo)
                _write(connection, viewer, records, prepared, result, loading, replaces_demo)
        return result


def _ensure_scorecards(engine: sa.Engine) -> None:
    """The product's own scorecards have to be there before a file can name their skills."""
    shipped = {REP_SCORECARD, COACH_SCORECARD}
    with reading(engine) as connection:
        known = set(connection.scalars(sa.select(scorecard.c.slug)))
    if shipped <= known:
        return
    with writing(engine) as connection:
        ensure_default_scorecard(connection)
        touch(connection)


def _prepared(connection: sa.Connection, records: Records, loading: Loading, replaces_demo: bool) -> Prepared:
    """What loading the file will do, as things stand now."""
    company = company_of(connection, records.kind, loading, replaces_demo=replaces_demo)
    frame, provided = records.frame, records.provided
    if records.kind == "sessions":
        return sessions.prepare(connection, company, frame, provided)
    if records.kind == "observations":
        return observations.prepare(connection, company, frame, records.mapping.time_zone)
    if records.kind == "plans":
        return plans.prepare(connection, company, frame)
    if records.kind == "absences":
        return absences.prepare(connection, company, frame, provided)
    if records.kind == "holidays":
        return holidays.prepare(connection, company, frame, provided)
    if records.kind == "policy":
        return policy.prepare(connection, company, frame, provided)
    reporting = settings(connection)["reporting_currency"]
    return costs.prepare(connection, company, frame, *currencies(connection, records, reporting, replaces_demo))


def _rejections(records: Records, prepared: Prepared) -> pl.DataFrame:
    found = pl.DataFrame(prepared.rejections, schema=records.rejections.schema, orient="row")
    return pl.concat([records.rejections, found]).sort("line")


def _result(
    connection: sa.Connection, records: Records, prepared: Prepared, loading: Loading, replaces_demo: bool
) -> ImportResult:
    rejections = _rejections(records, prepared)
    counts = {**prepared.counts, "unchanged": prepared.counts["unchanged"] + prepared.duplicates}
    result = ImportResult(
        kind=records.kind,
        as_of=loading.as_of.isoformat(),
        read=records.read,
        accepted=records.accepted - len(prepared.rejections),
        rejected=rejections.height,
        ignored=records.ignored,
        **counts,  # type: ignore[arg-type]
        duplicates=prepared.duplicates,
        demo_removed=replaces_demo,
        dry_run=loading.dry_run,
        currency=records.currency,
        notes=[*records.notes, *prepared.notes],
        rejections=rejections.head(REJECTIONS_SHOWN).to_dicts(),
        every_rejection=rejections,
    )
    # Counted twice on purpose: a row that is neither written nor told of would be lost without a word.
    assert result.accepted == result.new + result.changed + result.unchanged + result.stale, "rows were lost"
    later = None if replaces_demo else next_snapshot(connection, records.kind, loading.as_of, frozenset())
    if later is not None:
        result.notes.append(f"A later file, of {later}, has been loaded: this one adds rows and changes none.")
    return result


def _write(
    connection: sa.Connection,
    viewer: Viewer,
    records: Records,
    prepared: Prepared,
    result: ImportResult,
    loading: Loading,
    replaces_demo: bool,
) -> None:
    if replaces_demo:
        remove_demo(connection, frozenset(connection.scalars(sa.select(import_run.c.id))))
        set_demo_state(connection, None)
    import_id = begin_run(connection, records, loading, str(settings(connection)["time_zone"]))
    result.import_id = import_id
    mark_published(connection, import_id, records.kind, result, loading.now)
    before = rollups.coaching_facts(connection, prepared.reps)
    for step in prepared.steps:
        step(connection, import_id)
    after = rollups.coaching_facts(connection, prepared.reps)
    rollups.add_to_facts(connection, rollups.difference(after, before))
    keep_rejections(connection, _rejections(records, prepared), import_id)
    if prepared.reporting_currency is not None:
        settle_currency(connection, prepared.reporting_currency, replaces_demo, loading.now)
    audit.record(
        connection,
        viewer.person_id,
        "import",
        subject=f"import_run {import_id}",
        detail={"kind": records.kind, "accepted": result.accepted, "rejected": result.rejected},
        now=loading.now,
    )
    touch(connection)
