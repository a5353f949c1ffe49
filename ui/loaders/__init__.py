"""Cached reads: the only way in. Every read takes who is looking and answers for that viewer alone.

The cache is shared by all sessions, so its key is one text that holds the viewer, the state of the data, the day and
every parameter; frames are never part of a key. Results are polars frames that nobody changes, so they are shared
instead of copied.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import polars as pl
import streamlit as st

from coaching.people import Role, Viewer
from data_access import scope
from data_access.engine import NotMigrated, database_url, open_engine, reading, require_migrated
from data_access.queries import coaching_events as coaching_queries
from data_access.queries import deal_review as deal_queries
from data_access.queries import imports as import_queries
from data_access.queries import measures as measure_queries
from data_access.queries import peer_bands as peer_queries
from data_access.queries import people as people_queries
from data_access.queries import stalling
from data_access.queries.settings import Company, company
from data_access.queries.stalling import WonTimes

SECONDS_KEPT = 15 * 60
ENTRIES_KEPT = 500
Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Sight:
    """Who is looking, at which company, in which state of the data: what every read needs. Made anew in every run."""

    viewer: Viewer
    company: Company
    data_version: int

    @property
    def key(self) -> str:
        """Everything that decides which rows the viewer gets, beside a read's own parameters."""
        return f"{self.viewer.role}:{self.viewer.person_id}:{self.data_version}:{self.company.today}"


@st.cache_resource(max_entries=4, show_spinner=False, on_release=lambda engine: engine.dispose())
def _engine(url: str) -> Any:
    return open_engine(url)


def engine() -> Any:
    """The engine of the shared database."""
    return _engine(database_url())


@st.cache_resource(max_entries=4, show_spinner=False)
def _migrated(url: str) -> bool:
    """Remembered only once it holds: a cached function that raises keeps nothing."""
    require_migrated(_engine(url))
    return True


@st.cache_resource(ttl=SECONDS_KEPT, max_entries=ENTRIES_KEPT, show_spinner=False)
def _kept(scope_key: str, _fetch: Callable[[Any], Kept]) -> Kept:
    with reading(_engine(database_url())) as connection:
        result = _fetch(connection)
    for frame in result.values() if isinstance(result, dict) else [result]:
        if isinstance(frame, pl.DataFrame):
            # Sessions that convert one cold frame at the same time can lock each other out for good: convert it here.
            _ = frame.dtypes, frame.to_arrow()
    return result


@st.cache_resource(ttl=SECONDS_KEPT, max_entries=ENTRIES_KEPT, show_spinner=False)
def _drawn(content_key: str, _draw: Callable[[], Kept]) -> Kept:
    return _draw()


def drawn(chart: Callable[..., Kept], *frames: pl.DataFrame, **words: Any) -> Kept:
    """``chart(*frames, **words)``, drawn once for the same content: a figure is a pure function of what it is given.

    The key is made of the frames' bytes, never of Streamlit's own hash of frames, which looks at their ends only.
    """
    fingerprint = hashlib.sha256()
    for frame in frames:
        fingerprint.update(frame.write_ipc(None).getbuffer())
    key = json.dumps(
        [chart.__module__, chart.__qualname__, fingerprint.hexdigest(), words], sort_keys=True, default=str
    )
    return _drawn(key, lambda: chart(*frames, **words))


def read(name: str, sight: Sight, parameters: dict[str, Any], fetch: Callable[[Any], Kept]) -> Kept:
    """``fetch(connection)``, remembered for this viewer, state of the data, day and ``parameters``.

    For the loaders of one topic beside this module. ``name`` tells reads apart; everything ``fetch`` depends on stands
    in ``sight`` or ``parameters``.
    """
    # Two topics may call a read by the same name: the module of whoever asks tells them apart.
    key = json.dumps([database_url(), fetch.__module__, name, sight.key, parameters], sort_keys=True, default=str)
    return _kept(key, fetch)


def of_the_company(sight: Sight) -> Sight:
    """The sight of nobody in particular, for what is the same for every viewer: read once for all of them.

    Only for what leaves as a median or a quartile of the company, never for rows that a page shows.
    """
    return replace(sight, viewer=scope.operator())


def now() -> dt.datetime:
    """The one place where the pages ask what time it is."""
    return dt.datetime.now(dt.UTC)


def problem_with_database() -> str | None:
    """Why no page can be shown, in a sentence; None where the database is ready."""
    try:
        _migrated(database_url())
    except NotMigrated as reason:
        return str(reason)
    return None


def sight_of(chosen: str | None) -> Sight | None:
    """What the chosen person ("17"), stand-in ("executive", "admin") or, for None, the first manager sees.

    None where there is no such person. Read from the database in every run: rights may have changed since the last.
    """
    moment, url = now(), database_url()
    with reading(_engine(url)) as connection:
        version = scope.data_version(connection)
        # The same for every viewer; the minute is in the key because the company's day may begin in any of them.
        key = json.dumps([url, "company", version, moment.isoformat(timespec="minutes")])
        loaded = _kept(key, lambda c: company(scope.operator(), c, moment))
        viewer = _viewer(connection, chosen, loaded.today)
    return Sight(viewer, loaded, version) if viewer else None


def _viewer(connection: Any, chosen: str | None, today: dt.date) -> Viewer | None:
    if chosen is None:
        offered = scope.local_viewers(connection, today)
        return scope.load_viewer(connection, offered["person_id"][0], today) if offered.height else _admin()
    if chosen in {Role.EXECUTIVE, Role.ADMIN}:
        return scope.stand_in(Role(chosen))
    return scope.load_viewer(connection, int(chosen), today) if chosen.isdecimal() and len(chosen) < 19 else None


def _admin() -> Viewer:
    """Nobody has been loaded yet: whoever opens the product first is the one who will load."""
    return scope.stand_in(Role.ADMIN)


def local_viewers(sight: Sight) -> pl.DataFrame:
    """Who can be looked as in local mode: person_id, name, role, title."""
    return read("local_viewers", sight, {}, lambda connection: scope.local_viewers(connection, sight.company.today))


def teams(sight: Sight, on: dt.date) -> pl.DataFrame:
    """frames.TEAMS that the viewer may see, as the tree stood on the day."""
    today = sight.company.today
    return read("teams", sight, {"on": on}, lambda c: people_queries.teams(sight.viewer, c, on, today))


def people(sight: Sight, on: dt.date) -> pl.DataFrame:
    """frames.PEOPLE that the viewer may open, by name."""
    today = sight.company.today
    return read("people", sight, {"on": on}, lambda c: people_queries.people_in_scope(sight.viewer, c, on, today))


def person(sight: Sight, person_id: int, on: dt.date) -> dict[str, Any] | None:
    """One of ``people``; None where there is no such person or they are out of scope: both look alike."""
    today = sight.company.today
    return read(
        "person",
        sight,
        {"person_id": person_id, "on": on},
        lambda c: people_queries.person_card(sight.viewer, c, person_id, on, today),
    )


def metric_values(
    sight: Sight,
    *,
    by: str,
    keys: list[str],
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    every: str | None = None,
    team_id: int | None = None,
    rep_ids: list[int] | None = None,
) -> pl.DataFrame:
    """row_id, id, name, parent_id, period_start and the metrics' columns; see data_access.queries.measures."""
    asked = {
        "by": by,
        "keys": keys,
        "start": start,
        "end": end,
        "as_of": as_of,
        "every": every,
        "team_id": team_id,
        "rep_ids": rep_ids,
    }
    return read(
        "metric_values",
        sight,
        asked,
        lambda c: measure_queries.metric_values(sight.viewer, c, today=sight.company.today, **asked),  # type: ignore[arg-type]
    )


def team_totals(
    sight: Sight,
    *,
    team_id: int | None,
    keys: list[str],
    start: dt.date,
    end: dt.date,
    as_of: dt.date,
    every: str | None = None,
) -> pl.DataFrame:
    """``metric_values`` of one team with those below it, or (None) of everything the viewer sees; a row per period."""
    by = "company" if team_id is None else "team"
    values = metric_values(sight, by=by, keys=keys, start=start, end=end, as_of=as_of, every=every, team_id=team_id)
    return values if team_id is None else values.filter(pl.col("row_id") == team_id)


def coaching_events(sight: Sight, *, rep_id: int, start: dt.date, end: dt.date) -> pl.DataFrame:
    """frames.COACHING_EVENTS of one rep."""
    today = sight.company.today
    return read(
        "coaching_events",
        sight,
        {"rep_id": rep_id, "start": start, "end": end},
        lambda c: coaching_queries.coaching_events(
            sight.viewer, c, rep_id=rep_id, start=start, end=end, as_of=end, today=today
        ),
    )


def peer_band(
    sight: Sight, *, rep_id: int, key: str, start: dt.date, end: dt.date, as_of: dt.date, every: str
) -> pl.DataFrame:
    """period_start, median, top_quartile, n of a rep's like-for-like peers; no rows where fewer than five."""
    asked = {"rep_id": rep_id, "start": start, "end": end, "as_of": as_of, "every": every}
    bands = read(
        "peer_band",
        sight,
        {"key": key, **asked},
        lambda c: peer_queries.peer_band(sight.viewer, c, keys=[key], today=sight.company.today, **asked),  # type: ignore[arg-type]
    )
    return bands[key]


def won_times(sight: Sight, as_of: dt.date) -> WonTimes:
    """How won deals of the company went through their stages: what tells which deals stand still, for every rep."""
    everybody = of_the_company(sight)
    return read(
        "won_times", everybody, {"as_of": as_of}, lambda c: stalling.won_times(everybody.viewer, c, as_of=as_of)
    )


def deals_to_look_at(sight: Sight, *, rep_id: int, as_of: dt.date) -> pl.DataFrame:
    """frames.OPEN_DEALS with kind, reason and since_days of one rep; amounts in minor units."""
    today, won = sight.company.today, won_times(sight, as_of)
    return read(
        "deals_to_look_at",
        sight,
        {"rep_id": rep_id, "as_of": as_of},
        lambda c: deal_queries.deals_to_look_at(sight.viewer, c, rep_id=rep_id, as_of=as_of, today=today, won=won),
    )


def accounts_lost(sight: Sight, *, rep_id: int, as_of: dt.date) -> pl.DataFrame:
    """frames.ACCOUNTS_LOST of one rep; amounts in minor units."""
    today = sight.company.today
    return read(
        "accounts_lost",
        sight,
        {"rep_id": rep_id, "as_of": as_of},
        lambda c: deal_queries.accounts_lost(sight.viewer, c, rep_id=rep_id, as_of=as_of, today=today),
    )


def import_runs(sight: Sight) -> pl.DataFrame:
    """Published imports, the latest first; empty for whoever does not load data."""
    return read("import_runs", sight, {}, lambda c: import_queries.import_runs(sight.viewer, c))


def import_result(sight: Sight, import_id: int) -> dict[str, Any] | None:
    """The stored result of an import."""
    return read(
        "import_result",
        sight,
        {"import_id": import_id},
        lambda c: import_queries.import_result(sight.viewer, c, import_id),
    )


def import_rejections(sight: Sight, import_id: int) -> pl.DataFrame:
    """line, reason and raw of the rows an import rejected."""
    return read(
        "import_rejections",
        sight,
        {"import_id": import_id},
        lambda c: import_queries.rejections(sight.viewer, c, import_id),
    )
