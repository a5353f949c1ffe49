"""Writes a file's records under an import that is not published yet, and says what is left to do when it is.

One function per kind of file. Each writes in short transactions of its own, so that nobody's save waits, and answers
what it found. Readers see none of it until ``publish`` says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import sqlalchemy as sa

from data_access.bulk import CHUNK_ROWS, insert_frame
from data_access.engine import reading, writing
from data_access.importers.matching import (
    Directory,
    deal_ids,
    directory,
    is_account,
    is_no_deal,
    match_texts,
    name_key,
    next_id,
    not_from,
    short_id,
)
from data_access.importers.names import normalised
from data_access.importers.roles import role_of
from data_access.importers.versions import (
    Snapshot,
    VersionPlan,
    end_versions,
    existing_versions,
    insert_versions,
    planned_versions,
    reinstate_versions,
    row_hashes,
    verdict_counts,
)
from data_access.knowledge import LATEST, exists_for_readers, version_on
from data_access.settings import minor_digits
from data_access.tables import (
    SUPERVISION_MODES,
    account,
    activity,
    call,
    call_supervision,
    deal,
    deal_version,
    person,
    person_record,
    product,
    quota,
    stage_entry,
)

Schema = Mapping[str, pl.DataType | type[pl.DataType]]
AtPublish = Callable[[sa.Connection], None]
Progress = Callable[[str, int, int | None], None]


@dataclass
class Staged:
    """What a kind's staging found and left to do."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("new", "changed", "unchanged", "stale"), 0))
    unmatched: dict[str, list[str]] = field(default_factory=dict)
    rejections: list[tuple[int, str, str]] = field(default_factory=list)
    at_publish: list[AtPublish] = field(default_factory=list)
    new_deals: pl.DataFrame | None = None
    """Versions of deals that become the latest knowledge: what the facts gain."""
    ended_deals: list[int] = field(default_factory=list)
    """Row numbers of the versions they replace: what the facts lose."""
    changes_people: bool = False
    dates_owners: bool = False
    """Stage history that dates owners: whose an opening counts as may change."""
    notes: list[str] = field(default_factory=list)
    """Sentences for the result."""


@dataclass(frozen=True)
class Staging:
    """Where and as what a file is staged."""

    engine: sa.Engine
    snapshot: Snapshot
    time_zone: str
    reporting_currency: str
    rates: dict[str, float]
    """Value of one unit of a currency in units of the reporting currency."""
    progress: Progress
    provided: frozenset[str] = frozenset()
    """Plain columns that the file has: it says nothing about the others."""

    def insert(self, table: sa.Table, frame: pl.DataFrame, what: str) -> None:
        """Append in short transactions, reporting progress."""
        done = 0
        for chunk in frame.iter_slices(CHUNK_ROWS):
            with writing(self.engine) as connection:
                insert_versions(connection, table, chunk)
            done += chunk.height
            self.progress(what, done, frame.height)

    def finish_versions(self, table: sa.Table, plan: VersionPlan, staged: Staged, what: str) -> None:
        """Insert the new versions now; end the old ones now, or at publishing where the file is late."""
        self.insert(table, plan.inserts, what)
        ids = plan.endings["version_id"].to_list()
        if self.snapshot.is_late:
            # These versions may have an ending already that readers rely on: replace it only when publishing.
            staged.at_publish.append(lambda c: reinstate_versions(c, table, plan.reinstated, self.snapshot))
            staged.at_publish.append(lambda c: end_versions(c, table, ids, self.snapshot))
            return
        for start in range(0, len(ids), CHUNK_ROWS):
            with writing(self.engine) as connection:
                end_versions(connection, table, ids[start : start + CHUNK_ROWS], self.snapshot)
            self.progress("ending older versions", min(start + CHUNK_ROWS, len(ids)), len(ids))


def _texts(frame: pl.DataFrame, *columns: str) -> list[str]:
    found: set[str] = set()
    for name in columns:
        found.update(frame[name].drop_nulls().unique().to_list())
    return sorted(found)


def _ids(frame: pl.DataFrame, column: str, ids: dict[str, int], name: str) -> pl.DataFrame:
    """``frame`` with ``name``: the row that the text in ``column`` names."""
    lookup = pl.DataFrame({column: list(ids), name: list(ids.values())}, schema={column: pl.String, name: pl.Int64})
    return frame.join(lookup, on=column, how="left", maintain_order="left")


def _named(
    staging: Staging, staged: Staged, table: sa.Table, texts: list[str], what: str, role: str | None = None
) -> dict[str, int]:
    """Match texts to rows of ``table``; rows that are only mentioned are added under the unpublished import."""
    with writing(staging.engine) as connection:
        known = directory(connection, table, set(staging.snapshot.ignoring), staging.snapshot.import_id)
        matched = match_texts(texts, known, next_id(connection, table), staging.snapshot.import_id, role)
        if matched.additions:
            insert_frame(connection, table, pl.DataFrame(matched.additions))
    if matched.unmatched:
        staged.unmatched[what] = sorted({*staged.unmatched.get(what, []), *matched.unmatched})
    return matched.ids


def _reporting(column: str, staging: Staging) -> pl.Expr:
    """Minor units of the reporting currency, from the row's own currency."""
    into = 10 ** minor_digits(staging.reporting_currency)
    factors = {
        code: rate * into / 10 ** minor_digits(code)
        for code, rate in {**staging.rates, staging.reporting_currency: 1.0}.items()
    }
    factor = pl.col("currency").fill_null(staging.reporting_currency).replace_strict(factors, return_dtype=pl.Float64)
    same = pl.col("currency").fill_null(staging.reporting_currency) == staging.reporting_currency
    return pl.when(same).then(pl.col(column)).otherwise((pl.col(column) * factor).round().cast(pl.Int64))


# --- deals ------------------------------------------------------------------------------------------------------

DEAL_HASHED = [
    "owner_id", "account_id", "product_id", "name", "stage", "status", "opened_on", "expected_close_on", "closed_on",
    "currency", "amount", "cost", "list_amount", "next_step", "lost_reason", "competitor", "is_deleted",
]  # fmt: skip


def stage_deals(staging: Staging, records: pl.DataFrame) -> Staged:
    """Deals as versions; owners, accounts and products matched or mentioned."""
    staged = Staged()
    owners = _named(staging, staged, person, _texts(records, "owner"), "owner", role="rep")
    accounts = _named(staging, staged, account, _texts(records, "account"), "account")
    products = _named(staging, staged, product, _texts(records, "product"), "product")
    staged.unmatched = _only_missing_references(staging, staged.unmatched)
    staging.progress("comparing with what is known", 0, None)
    rows = _ids(records.drop("line", "raw", "id"), "owner", owners, "owner_id")
    rows = _ids(_ids(rows, "account", accounts, "account_id"), "product", products, "product_id")
    rows = rows.rename({"key": "source_key"}).with_columns(
        pl.col("deleted").fill_null(False).alias("is_deleted"),
        pl.col("owner_id").alias("opening_owner_id"),
        pl.lit(staging.snapshot.as_of).alias("first_known_on"),
        *(_reporting(name, staging).alias(f"reporting_{name}") for name in ("amount", "cost", "list_amount")),
    )
    # An amount without a currency says the same before and after the company's own has been settled.
    told = rows.with_columns(pl.col("currency").fill_null(staging.reporting_currency))
    rows = rows.with_columns(row_hashes(told, DEAL_HASHED))
    backwards = rows.filter(pl.col("closed_on") < pl.col("opened_on")).height
    if backwards:
        staged.notes.append(f"{backwards} deals close before they open: their sales cycle is left out.")
    rows = _with_deal_ids(staging, rows, records)
    with reading(staging.engine) as connection:
        also: Schema = {
            "owner_id": pl.Int64,
            "opening_owner_id": pl.Int64,
            "first_known_on": pl.Date,
            "stage": pl.String,
        }
        existing = existing_versions(connection, deal_version, ["deal_id"], also, staging.snapshot.ignoring)
    plan = planned_versions(rows, existing, ["deal_id"], staging.snapshot, ["opening_owner_id", "first_known_on"])
    staging.finish_versions(deal_version, plan, staged, "writing deals")
    staged.counts = verdict_counts(plan.verdicts)
    if not staging.snapshot.is_late:
        _stage_moves(staging, plan)
        staged.new_deals = plan.inserts
        staged.ended_deals = plan.endings["version_id"].to_list()
    return staged


def _only_missing_references(staging: Staging, unmatched: dict[str, list[str]]) -> dict[str, list[str]]:
    """Accounts and products are only "unmatched" once a reference file of that kind has been loaded."""
    tables = {"account": account, "product": product}
    kept = {}
    with reading(staging.engine) as connection:
        for what, names in unmatched.items():
            table = tables.get(what)
            if table is not None:
                has_reference = connection.scalar(
                    sa.select(sa.func.count()).where(
                        table.c.is_reference.is_(True),
                        exists_for_readers(table),
                        not_from(table, set(staging.snapshot.ignoring)),
                    )
                )
                if not has_reference:
                    continue
            kept[what] = names
    return kept


def _with_deal_ids(staging: Staging, rows: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with deal_id; identities that are new are numbered and written."""
    with reading(staging.engine) as connection:
        known = deal_ids(connection, set(staging.snapshot.ignoring))
        first = next_id(connection, deal)
    rows = rows.join(known, on="source_key", how="left", maintain_order="left")
    fresh = pl.col("deal_id").is_null()
    rows = rows.with_columns(
        pl.when(fresh).then(fresh.cum_sum().cast(pl.Int64) + first - 1).otherwise(pl.col("deal_id")).alias("deal_id")
    )
    outside = records.select(pl.col("key").alias("source_key"), pl.col("id").alias("external_id"))
    new = rows.filter(pl.col("deal_id") >= first).select("deal_id", "source_key")
    identities = new.join(outside, on="source_key", how="left", maintain_order="left").select(
        pl.col("deal_id").alias("id"),
        "source_key",
        "external_id",
        pl.lit(staging.snapshot.import_id, pl.Int64).alias("import_id"),
    )
    staging.insert(deal, identities, "naming deals")
    return rows


def _stage_moves(staging: Staging, plan: VersionPlan) -> None:
    """A deal seen in another stage than in the export before has entered it by this export's date."""
    if plan.previous.is_empty() or "stage_before" not in plan.previous.columns:
        return
    moved = (
        plan.inserts.select("deal_id", "stage", "status", "owner_id", "reporting_amount")
        .join(plan.previous.select("deal_id", "stage_before"), on="deal_id", how="inner")
        .filter(
            pl.col("stage").is_not_null()
            & pl.col("stage_before").is_not_null()
            & (pl.col("stage") != pl.col("stage_before"))
        )
    )
    day = pl.lit(staging.snapshot.as_of)
    entries = moved.select(
        "deal_id",
        "stage",
        "status",
        "owner_id",
        "reporting_amount",
        day.alias("entered_on"),
        day.cast(pl.Datetime("us"))
        .dt.replace_time_zone(staging.time_zone)
        .dt.convert_time_zone("UTC")
        .alias("entered_at"),
    )
    _insert_stage_entries(staging, entries)


def _insert_stage_entries(staging: Staging, entries: pl.DataFrame) -> int:
    """Write the entries that are not known yet; the number written."""
    if entries.is_empty():
        return 0
    identity = ["deal_id", "entered_at", "stage"]
    with reading(staging.engine) as connection:
        known = pl.read_database(
            sa.select(*(stage_entry.c[name] for name in identity)).where(
                exists_for_readers(stage_entry, staging.snapshot.import_id),
                not_from(stage_entry, set(staging.snapshot.ignoring)),
            ),
            connection,
            schema_overrides={"deal_id": pl.Int64, "entered_at": pl.Datetime("us", "UTC"), "stage": pl.String},
        ).with_columns(pl.col("entered_at").cast(pl.Datetime("us", "UTC")))
    fresh = entries.unique(identity, keep="first", maintain_order=True).join(
        known, on=identity, how="anti", maintain_order="left"
    )
    staging.insert(
        stage_entry,
        fresh.with_columns(
            pl.lit(staging.snapshot.as_of).alias("known_from"),
            pl.lit(staging.snapshot.import_id, pl.Int64).alias("import_id"),
        ),
        "writing stage history",
    )
    return fresh.height


# --- stage history, activities, calls ---------------------------------------------------------------------------


def _matched_deals(
    staging: Staging, staged: Staged, records: pl.DataFrame, *, may_be_other: bool = False
) -> pl.DataFrame:
    """``records`` with deal_id, by id, else by a name that only one deal has; unknown ones become bare identities.

    ``may_be_other``: what a row is related to can be an account, a contact or a case as well; that is no deal, and such
    a row gets no deal_id.
    """
    texts = _texts(records, "deal")
    with writing(staging.engine) as connection:
        ignoring = set(staging.snapshot.ignoring)
        known = dict(deal_ids(connection, ignoring, staging.snapshot.import_id).iter_rows())
        names = _deal_names(connection, ignoring)
        first = next_id(connection, deal)
        ids: dict[str, int] = {}
        additions: list[dict[str, Any]] = []
        for text in texts:
            found = known.get(short_id(text)) or known.get(text) or names.get(normalised(text) or "")
            if found is None and may_be_other and is_no_deal(text):
                continue
            if found is None:
                found = first + len(additions)
                additions.append(
                    {
                        "id": found,
                        "source_key": short_id(text),
                        "external_id": text,
                        "import_id": staging.snapshot.import_id,
                    }
                )
                staged.unmatched.setdefault("deal", []).append(text)
            ids[text] = found
        if additions:
            insert_frame(connection, deal, pl.DataFrame(additions))
    rows = _ids(records, "deal", ids, "deal_id")
    elsewhere = rows.filter(pl.col("deal").is_not_null() & pl.col("deal_id").is_null()).height
    if elsewhere:
        staged.notes.append(f"{elsewhere} rows are related to an account or another record, not to a deal.")
    return rows


def _deal_names(connection: sa.Connection, ignoring: set[int]) -> dict[str, int]:
    """Normalised titles that only one deal has."""
    rows = connection.execute(
        sa.select(deal_version.c.name, deal_version.c.deal_id)
        .where(exists_for_readers(deal_version), not_from(deal_version, ignoring), deal_version.c.name.is_not(None))
        .distinct()
    )
    found: dict[str, int | None] = {}
    for name, deal_id in rows:
        key = normalised(name)
        if key:
            found[key] = deal_id if found.get(key, deal_id) == deal_id else None
    return {key: deal_id for key, deal_id in found.items() if deal_id is not None}


def _local_date(column: str, time_zone: str) -> pl.Expr:
    return pl.col(column).dt.convert_time_zone(time_zone).dt.date()


def stage_stage_history(staging: Staging, records: pl.DataFrame) -> Staged:
    """Stage entries; an entry that is known already stays as it is."""
    staged = Staged()
    rows = _matched_deals(staging, staged, records)
    owners = _named(staging, staged, person, _texts(records, "owner"), "owner", role="rep")
    entries = _ids(rows, "owner", owners, "owner_id").select(
        "deal_id",
        "stage",
        "status",
        "entered_at",
        _local_date("entered_at", staging.time_zone).alias("entered_on"),
        _reporting("amount", staging).alias("reporting_amount"),
        "owner_id",
    )
    staged.dates_owners = bool(entries["owner_id"].is_not_null().any())
    written = _insert_stage_entries(staging, entries)
    verdict = "stale" if staging.snapshot.is_late else "new"
    staged.counts |= {verdict: written, "unchanged": records.height - written}
    return staged


def stage_activities(staging: Staging, records: pl.DataFrame) -> Staged:
    """Activities as versions: what was planned may be done in a later export."""
    staged = Staged()
    rows = _matched_deals(staging, staged, records, may_be_other=True)
    people = _named(staging, staged, person, _texts(records, "rep"), "rep", role="rep")
    rows = _ids(rows, "rep", people, "person_id").select(
        pl.col("key").alias("source_key"),
        "deal_id",
        "person_id",
        pl.col("at").alias("happens_at"),
        _local_date("at", staging.time_zone).alias("happens_on"),
        "kind",
        pl.col("planned").fill_null(False).alias("is_planned"),
    )
    return _stage_events(staging, staged, activity, rows, ["deal_id", "person_id", "happens_at", "kind", "is_planned"])


def stage_calls(staging: Staging, records: pl.DataFrame) -> Staged:
    """Calls as versions, and who listened, whispered or barged in: several people may have, each in a row."""
    staged = Staged()
    rows = _with_related_accounts(_matched_deals(staging, staged, records, may_be_other=True))
    people = _named(staging, staged, person, _texts(records, "rep", "supervisor"), "rep", role="rep")
    accounts = _named(staging, staged, account, _texts(rows, "account"), "account")
    rows = _ids(_ids(rows, "rep", people, "person_id"), "account", accounts, "account_id")
    rows = _ids(rows, "supervisor", people, "supervisor_id")
    calls = rows.unique("key", keep="first", maintain_order=True).select(
        pl.col("key").alias("source_key"),
        "person_id",
        "account_id",
        "deal_id",
        "started_at",
        _local_date("started_at", staging.time_zone).alias("started_on"),
        "seconds",
        "direction",
    )
    hashed = ["person_id", "account_id", "deal_id", "started_at", "seconds", "direction"]
    _stage_events(staging, staged, call, calls, hashed)
    _stage_supervisions(staging, staged, rows)
    return staged


def _with_related_accounts(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with the account that a call is related to where it names no other."""
    related = {text: is_account(text) for text in rows["deal"].drop_nulls().unique()}
    is_one = pl.col("deal").replace_strict(related, default=False, return_dtype=pl.Boolean)
    account_id = pl.when(pl.col("deal_id").is_null() & is_one).then("deal")
    return rows.with_columns(pl.coalesce("account", account_id).alias("account"))


def _supervision_key() -> pl.Expr:
    """The call and the supervisor; a second mode of the same two is told apart by its name."""
    modes = pl.col("mode").fill_null("unknown").cast(pl.Enum(SUPERVISION_MODES))
    further = modes.rank("ordinal").over("key", "supervisor") > 1
    key = pl.col("key") + "/" + pl.col("supervisor").fill_null("")
    return pl.when(further).then(key + "/" + modes.cast(pl.String)).otherwise(key)


def _stage_supervisions(staging: Staging, staged: Staged, rows: pl.DataFrame) -> None:
    """Who listened in; a mode that a later file corrects is corrected when publishing."""
    is_first = pl.col("line") == pl.col("line").min().over("key")
    listened = pl.col("supervisor_id").is_not_null() | pl.col("mode").is_not_null()
    watched = rows.with_columns(is_first.alias("is_first")).filter(listened)
    watched = watched.select(
        _supervision_key().alias("source_key"),
        "is_first",
        "supervisor_id",
        pl.col("person_id").alias("rep_id"),
        pl.col("mode").fill_null("unknown"),
        "started_at",
        "seconds",
        pl.lit(staging.snapshot.import_id, pl.Int64).alias("import_id"),
    )
    table = call_supervision.c
    with reading(staging.engine) as connection:
        known = dict(
            connection.execute(
                sa.select(table.source_key, table.mode).where(
                    exists_for_readers(call_supervision), not_from(call_supervision, set(staging.snapshot.ignoring))
                )
            ).all()
        )
    seen = pl.col("source_key").is_in(list(known))
    staging.insert(call_supervision, watched.filter(~seen), "writing supervision")
    corrected = [
        {"key": key, "corrected": mode}
        for key, mode in watched.filter(seen).select("source_key", "mode").iter_rows()
        if known[key] != mode
    ]
    # A call counts once, by its first row; the rows of further listeners count by themselves.
    further = rows.height - rows["key"].n_unique()
    unseen = watched.filter(~seen & ~pl.col("is_first")).height
    staged.counts["stale" if staging.snapshot.is_late else "new"] += unseen
    staged.counts["unchanged"] += further - unseen
    if not corrected or staging.snapshot.is_late:
        return
    statement = sa.update(call_supervision).where(table.source_key == sa.bindparam("key"))
    statement = statement.values(mode=sa.bindparam("corrected"))
    staged.at_publish.append(lambda connection: _update_references(connection, statement, corrected))
    moved = min(len(corrected), staged.counts["unchanged"])
    staged.counts["unchanged"] -= moved
    staged.counts["changed"] += moved


def _stage_events(staging: Staging, staged: Staged, table: sa.Table, rows: pl.DataFrame, hashed: list[str]) -> Staged:
    rows = rows.with_columns(row_hashes(rows, hashed))
    with reading(staging.engine) as connection:
        existing = existing_versions(connection, table, ["source_key"], {}, staging.snapshot.ignoring)
    plan = planned_versions(rows, existing, ["source_key"], staging.snapshot, [])
    staging.finish_versions(table, plan, staged, f"writing {table.name}s")
    staged.counts = verdict_counts(plan.verdicts)
    return staged


# --- quotas -----------------------------------------------------------------------------------------------------


def stage_quotas(staging: Staging, records: pl.DataFrame) -> Staged:
    """Quotas as versions; one that overlaps another of the same person with other days is rejected with a reason."""
    staged = Staged()
    people = _named(staging, staged, person, _texts(records, "rep"), "rep", role="rep")
    rows = _ids(records, "rep", people, "person_id").rename({"from": "starts_on", "to": "ends_on"})
    nobody = rows.filter(pl.col("person_id").is_null())
    for line, text, raw in nobody.select("line", "rep", "raw").iter_rows():
        reason = f'Two people are called "{text}": name the rep by id or address.'
        staged.rejections.append((line, reason, raw))
    rows = rows.filter(pl.col("person_id").is_not_null())
    with reading(staging.engine) as connection:
        existing = existing_versions(
            connection, quota, ["person_id", "starts_on", "ends_on"], {}, staging.snapshot.ignoring
        )
    replaced = _replaced_quotas(rows, existing, staging.snapshot)
    standing = existing.filter(~pl.col("version_id").is_in(replaced))
    rows = _without_overlaps(rows, standing, staged, staging.snapshot.as_of)
    rows = rows.with_columns(
        pl.col("currency").fill_null(staging.reporting_currency),
        _reporting("amount", staging).alias("reporting_amount"),
    )
    rows = rows.with_columns(row_hashes(rows, ["amount", "currency"]))
    identity = ["person_id", "starts_on", "ends_on"]
    columns = [*identity, "amount", "currency", "reporting_amount", "row_hash"]
    plan = planned_versions(rows.select(columns), existing, identity, staging.snapshot, [])
    staging.finish_versions(quota, plan, staged, "writing quotas")
    with writing(staging.engine) as connection:
        end_versions(connection, quota, replaced, staging.snapshot)
    staged.counts = verdict_counts(plan.verdicts)
    return staged


def _replaced_quotas(rows: pl.DataFrame, existing: pl.DataFrame, snapshot: Snapshot) -> list[int]:
    """Versions that a later file cuts anew: months instead of a quarter, or the other way round.

    Only where the file's own spans cover every day of the old one: a quota never vanishes for days nobody spoke of.
    """
    if snapshot.is_late:
        return []
    told: dict[int, set[tuple[dt.date, dt.date]]] = {}
    for person_id, starts, ends in rows.select("person_id", "starts_on", "ends_on").iter_rows():
        told.setdefault(person_id, set()).add((starts, ends))
    older = existing.filter((pl.col("known_from") < snapshot.as_of) & pl.col("known_to").is_null())
    columns = older.select("version_id", "person_id", "starts_on", "ends_on")
    return [
        version_id
        for version_id, person_id, starts, ends in columns.iter_rows()
        if (starts, ends) not in told.get(person_id, set()) and _covers(told.get(person_id, set()), starts, ends)
    ]


def _covers(spans: set[tuple[dt.date, dt.date]], starts: dt.date, ends: dt.date) -> bool:
    reached = starts
    for first, last in sorted(spans):
        if first <= reached <= last:
            reached = last + dt.timedelta(days=1)
    return reached > ends


def _without_overlaps(rows: pl.DataFrame, existing: pl.DataFrame, staged: Staged, as_of: dt.date) -> pl.DataFrame:
    taken: dict[int, list[tuple[dt.date, dt.date]]] = {}
    current = existing.filter(pl.col("known_to").is_null() | (pl.col("known_to") > as_of))
    for person_id, starts, ends in current.select("person_id", "starts_on", "ends_on").iter_rows():
        taken.setdefault(person_id, []).append((starts, ends))
    kept = []
    for row in rows.iter_rows(named=True):
        span = (row["starts_on"], row["ends_on"])
        clash = next(
            (other for other in taken.get(row["person_id"], []) if other != span and _overlap(other, span)), None
        )
        if clash:
            reason = f"Overlaps this rep's quota from {clash[0]} to {clash[1]}: use the same days or days outside it."
            staged.rejections.append((row["line"], reason, row["raw"]))
            continue
        taken.setdefault(row["person_id"], []).append(span)
        kept.append(row["line"])
    return rows.filter(pl.col("line").is_in(kept))


def _overlap(one: tuple[dt.date, dt.date], other: tuple[dt.date, dt.date]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


# --- accounts and products --------------------------------------------------------------------------------------


def stage_accounts(staging: Staging, records: pl.DataFrame) -> Staged:
    """Accounts: described by the latest file that names them."""
    columns = {"sector": "sector", "region": "region", "parent": "parent_name", "employees": "employees"}
    return _stage_references(staging, account, records, columns)


def stage_products(staging: Staging, records: pl.DataFrame) -> Staged:
    """Products: described by the latest file that names them."""
    columns = {"series": "series", "list_amount": "list_amount", "currency": "currency"}
    named = records.with_columns(pl.col("currency").fill_null(staging.reporting_currency))
    return _stage_references(staging, product, named, columns)


def _stage_references(staging: Staging, table: sa.Table, records: pl.DataFrame, columns: dict[str, str]) -> Staged:
    staged = Staged()
    as_of = staging.snapshot.as_of
    additions: list[dict[str, Any]] = []
    updates: list[dict[str, Any]] = []
    with reading(staging.engine) as connection:
        known = directory(connection, table, set(staging.snapshot.ignoring))
        stored = {row["id"]: dict(row) for row in connection.execute(sa.select(table)).mappings()}
        first = next_id(connection, table)
    for row in records.iter_rows(named=True):
        values = {target: row[source] for source, target in columns.items()}
        values |= {"external_id": row["id"], "name": row["name"], "name_key": name_key(row["name"])}
        row_id = _reference_row(known, row["id"], row["name"])
        if row_id is None:
            row_id = first + len(additions)
            additions.append({"id": row_id, **values, "is_reference": True, "known_from": as_of})
            known.add(row_id, row["name"], row["id"], None, reference=True)
            staged.counts["new"] += 1
            continue
        verdict = _reference_verdict(stored.get(row_id, {}), values, as_of)
        staged.counts[verdict] += 1
        if verdict in {"new", "changed"}:
            updates.append({"row_id": row_id, **values, "is_reference": True, "known_from": as_of})
    if additions:
        schema_frame = pl.DataFrame(additions, infer_schema_length=None).with_columns(
            pl.lit(staging.snapshot.import_id, pl.Int64).alias("import_id")
        )
        staging.insert(table, schema_frame, f"writing {table.name}s")
    if updates:
        names = [name for name in updates[0] if name != "row_id"]
        statement = (
            sa.update(table)
            .where(table.c.id == sa.bindparam("row_id"))
            .values({name: sa.bindparam(f"v_{name}") for name in names})
        )
        rows = [{"row_id": u["row_id"], **{f"v_{n}": u[n] for n in names}} for u in updates]
        staged.at_publish.append(lambda connection: _update_references(connection, statement, rows))
    _name_what_is_missing(staging, staged, table, {update["row_id"] for update in updates})
    return staged


MENTIONED_BY: dict[str, dict[str, tuple[sa.Column[Any], ...]]] = {
    "account": {"account": (deal_version.c.account_id, call.c.account_id)},
    "product": {"product": (deal_version.c.product_id,)},
    "person": {
        "owner": (deal_version.c.owner_id,),
        "rep": (quota.c.person_id, activity.c.person_id, call.c.person_id),
    },
}
"""Which columns of the other kinds refer to a reference table, and what a result calls them."""


def _name_what_is_missing(staging: Staging, staged: Staged, table: sa.Table, described: set[int]) -> None:
    """Name the rows that deals, calls ... mention today and that neither this reference file nor an earlier one has.

    ``described``: rows that were only mentioned so far and that this file describes.
    """
    ignoring = set(staging.snapshot.ignoring)
    only_mentioned = sa.and_(table.c.is_reference.is_(False), exists_for_readers(table), not_from(table, ignoring))
    with reading(staging.engine) as connection:
        for what, columns in MENTIONED_BY[table.name].items():
            mentions = sa.union(
                *(
                    sa.select(column).where(version_on(column.table, LATEST), not_from(column.table, ignoring))
                    for column in columns
                )
            )
            rows = connection.execute(
                sa.select(table.c.id, table.c.name).where(only_mentioned, table.c.id.in_(mentions))
            )
            missing = {name for row_id, name in rows if row_id not in described}
            if missing:
                staged.unmatched[what] = sorted(missing)


def _update_references(connection: sa.Connection, statement: sa.Update, rows: list[dict[str, Any]]) -> None:
    connection.execute(statement, rows)


def _reference_row(known: Directory, outside: str | None, name: str | None) -> int | None:
    """The row a reference record describes; one that is known by another id is somebody else's."""
    if outside and (found := known.by_id.get(short_id(outside))) is not None:
        return found
    candidates = [
        row_id
        for text in (name, outside)
        for row_id in known.by_name.get(name_key(text), [])
        if not (outside and row_id in known.identified)
    ]
    unique = sorted(set(candidates))
    return unique[0] if len(unique) == 1 else None


def _reference_verdict(stored: dict[str, Any], values: dict[str, Any], as_of: dt.date) -> str:
    if not stored.get("is_reference"):
        return "new"
    if all(stored.get(name) == value for name, value in values.items()):
        return "unchanged"
    known_from = stored.get("known_from")
    return "stale" if known_from and known_from > as_of else "changed"


# --- people -----------------------------------------------------------------------------------------------------

PERSON_HASHED = [
    "name", "email", "role", "manager_id", "team", "region", "segment", "started_on", "left_on", "active",
]  # fmt: skip


def stage_people(staging: Staging, records: pl.DataFrame) -> Staged:
    """People as versions of what files say; teams and memberships are derived from them when publishing."""
    staged = Staged(changes_people=True)
    rows, known = _people_rows(staging, records, staged)
    rows = _with_managers(staging, staged, rows, known)
    rows = _with_what_was_said_before(staging, rows)
    rows = rows.with_columns(row_hashes(rows, PERSON_HASHED))
    with reading(staging.engine) as connection:
        existing = existing_versions(connection, person_record, ["person_id"], {}, staging.snapshot.ignoring)
    plan = planned_versions(rows, existing, ["person_id"], staging.snapshot, [])
    staging.finish_versions(person_record, plan, staged, "writing people")
    staged.counts = verdict_counts(plan.verdicts)
    if not staging.snapshot.is_late:
        updates = _person_updates(rows)
        staged.at_publish.append(lambda connection: _update_people(connection, updates))
    described = set() if staging.snapshot.is_late else set(rows["person_id"])
    _name_what_is_missing(staging, staged, person, described)
    return staged


def _people_rows(staging: Staging, records: pl.DataFrame, staged: Staged) -> tuple[pl.DataFrame, Directory]:
    """``records`` with person_id; people nobody has named yet are added under the unpublished import."""
    additions: list[dict[str, Any]] = []
    ids: list[int] = []
    with writing(staging.engine) as connection:
        known = directory(connection, person, set(staging.snapshot.ignoring))
        first = next_id(connection, person)
        for row in records.iter_rows(named=True):
            name = row["name"] or row["email"] or row["id"]
            row_id = _known_person(known, row)
            if row_id is None or row_id in ids:
                row_id = first + len(additions)
                additions.append(
                    {
                        "id": row_id,
                        "external_id": row["id"],
                        "name": name,
                        "name_key": name_key(name),
                        "email": row["email"],
                        "role": "rep",
                        "is_reference": True,
                        "import_id": staging.snapshot.import_id,
                    }
                )
            known.add(row_id, name, row["id"], row["email"], reference=True)
            ids.append(row_id)
        if additions:
            insert_frame(connection, person, pl.DataFrame(additions, infer_schema_length=None))
    rows = records.with_columns(
        pl.Series("person_id", ids, dtype=pl.Int64),
        pl.coalesce("name", "email", "id").alias("name"),
        pl.col("active").fill_null(True),
    ).rename({"id": "external_id"})
    return rows, known


def _known_person(known: Directory, row: dict[str, Any]) -> int | None:
    """The person a record is about: by id, by address, or by a name (or id used as a name) that carries no other id."""
    outside, email = row["id"], row["email"]
    if outside and (found := known.by_id.get(short_id(outside))) is not None:
        return found
    if email:
        same = [p for p in known.by_email.get(email.casefold(), []) if not (outside and p in known.identified)]
        if len(same) == 1:
            return same[0]
    return _reference_row(known, outside, row["name"])


def _with_managers(staging: Staging, staged: Staged, rows: pl.DataFrame, known: Directory) -> pl.DataFrame:
    """``rows`` with manager_id; a manager without a row of their own is added as a person who is only mentioned."""
    texts = _texts(rows, "manager")
    with writing(staging.engine) as connection:
        matched = match_texts(texts, known, next_id(connection, person), staging.snapshot.import_id, "manager")
        if matched.additions:
            insert_frame(connection, person, pl.DataFrame(matched.additions))
    missing = [text for text in texts if text not in matched.ids]
    if missing:
        staged.unmatched["manager"] = missing
    return _ids(rows, "manager", matched.ids, "manager_id").with_columns(
        pl.when(pl.col("manager_id") != pl.col("person_id")).then(pl.col("manager_id")).alias("manager_id")
    )


SAID_BY = {
    "email": "email",
    "role": "role",
    "manager_id": "manager",
    "team": "team",
    "region": "region",
    "segment": "segment",
    "started_on": "started_on",
    "left_on": "left_on",
}
"""Columns of a person record and the file's column each comes from."""


def _with_what_was_said_before(staging: Staging, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with the columns that this file does not have filled from the record before: silence is no news."""
    silent = [name for name, source in SAID_BY.items() if source not in staging.provided]
    if not silent:
        return rows
    also = {name: rows.schema[name] for name in silent}
    with reading(staging.engine) as connection:
        existing = existing_versions(connection, person_record, ["person_id"], also, staging.snapshot.ignoring)
    before = (
        existing.filter(pl.col("known_from") <= staging.snapshot.as_of)
        .sort("known_from", "version_id")
        .group_by("person_id", maintain_order=True)
        .last()
        .select("person_id", *(pl.col(name).alias(f"{name}_before") for name in silent))
    )
    return rows.join(before, on="person_id", how="left", maintain_order="left").with_columns(
        pl.coalesce(name, f"{name}_before").alias(name) for name in silent
    )


def _told_role(row: dict[str, Any], managers: set[int], upper: set[int]) -> str | None:
    """The role that the file tells, or None where it tells nothing and nobody reports to the person."""
    if row["role"] is None and row["person_id"] not in managers:
        return None
    return role_of(row["role"], row["person_id"] in managers, row["person_id"] in upper)


def _person_updates(rows: pl.DataFrame) -> list[dict[str, Any]]:
    managers = set(rows["manager_id"].drop_nulls().to_list())
    upper = set(rows.filter(pl.col("person_id").is_in(list(managers)))["manager_id"].drop_nulls().to_list())
    return [
        {
            "row_id": row["person_id"],
            "v_external_id": row["external_id"],
            "v_name": row["name"],
            "v_name_key": name_key(row["name"]),
            "v_email": row["email"],
            "v_role": _told_role(row, managers, upper),
            "v_started_on": row["started_on"],
            "v_left_on": row["left_on"],
            "v_region": row["region"],
            "v_segment": row["segment"],
        }
        for row in rows.iter_rows(named=True)
    ] + [{"row_id": m, "v_role": role_of(None, True, m in upper)} for m in sorted(managers - set(rows["person_id"]))]


KEPT_WHERE_SILENT = ("external_id", "email", "region", "segment", "started_on")
"""What a file that says nothing about it does not take away. A blank last day does: people come back."""


def _update_people(connection: sa.Connection, updates: list[dict[str, Any]]) -> None:
    """Everybody as the latest file describes them; a manager who is only mentioned gets nothing but the role."""
    for update in updates:
        values: dict[str, Any] = {name.removeprefix("v_"): value for name, value in update.items() if name != "row_id"}
        if "name" in values:
            values = {
                name: value for name, value in values.items() if value is not None or name not in KEPT_WHERE_SILENT
            }
            values["is_reference"] = True
            if values["role"] is None:
                del values["role"]
        elif connection.scalar(sa.select(person.c.is_reference).where(person.c.id == update["row_id"])):
            continue
        connection.execute(sa.update(person).where(person.c.id == update["row_id"]).values(values))


STAGERS: dict[str, Callable[[Staging, pl.DataFrame], Staged]] = {
    "people": stage_people,
    "deals": stage_deals,
    "accounts": stage_accounts,
    "products": stage_products,
    "quotas": stage_quotas,
    "stage-history": stage_stage_history,
    "activities": stage_activities,
    "calls": stage_calls,
}
