"""The command line: python -m data_access migrate | demo | import | metrics | brief | settings | check | backup ...

Exit codes: 0 done, 1 a check found a fault, 2 refused and nothing written, 3 the database is not migrated.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import sqlalchemy as sa

from coaching.metrics import BY_KEY, Unit
from coaching.metrics_document import metrics_document
from coaching.people import Viewer
from data_access import audit, rollups
from data_access.checks import faults
from data_access.commands.pulse import close_waves
from data_access.commands.settings import change_setting
from data_access.data_model import data_model_document
from data_access.default_scorecard import ensure_default_scorecard
from data_access.engine import NotMigrated, backup, migrate, open_engine, reading, require_migrated, writing
from data_access.importers.refusal import ImportRefused
from data_access.progress import terminal_progress
from data_access.queries.measures import metric_values
from data_access.queries.people import viewer_named
from data_access.scope import NotPermitted, operator
from data_access.settings import SettingRefused, company_today, settings, touch

EARLIEST_AS_OF = dt.date(1990, 1, 1)
DONE, FAULT, REFUSED, NOT_MIGRATED = 0, 1, 2, 3


class Refused(Exception):
    """A request that cannot be carried out; the message says how to mend it."""


def day(text: str) -> dt.date:
    """A date argument. Raises ArgumentTypeError with the form that is understood."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date such as 2026-01-31") from None


def at_least(lowest: int) -> Callable[[str], int]:
    """A whole-number argument with a lower bound."""

    def number(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"'{text}' is not a whole number") from None
        if value < lowest:
            raise argparse.ArgumentTypeError(f"{value} is less than {lowest}")
        return value

    return number


def parser() -> argparse.ArgumentParser:
    """Every command with its arguments."""
    whole = argparse.ArgumentParser(prog="python -m data_access", description="The shared database of Sideline.")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")

    commands.add_parser("migrate", help="bring the database to this version's tables").set_defaults(run=run_migrate)

    demo = commands.add_parser("demo", help="fill an empty database with a made-up company")
    demo.add_argument("--reps", type=at_least(1), default=60)
    demo.add_argument("--months", type=at_least(1), default=24)
    demo.add_argument("--seed", type=int, default=7)
    demo.add_argument("--today", type=day, help="the day the demo ends on (default: today)")
    demo.add_argument("--if-empty", action="store_true", help="do nothing where the database holds data already")
    demo.set_defaults(run=run_demo)

    load = commands.add_parser("import", help="load a CRM export or a file of coaching records")
    load.add_argument("kind", choices=KINDS)
    load.add_argument("file", type=Path)
    load.add_argument("--mapping", type=Path, help="TOML file that says what the columns mean (docs/import.md)")
    load.add_argument("--as-of", type=day, help="date of the export itself (default: today)")
    load.add_argument("--timezone", help="zone of times without one (default: the company's)")
    load.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
    load.add_argument("--replace-demo", action="store_true", help="remove the demo even if coaching was recorded in it")
    load.add_argument("--format", choices=("text", "json"), default="text")
    load.set_defaults(run=run_import)

    metrics = commands.add_parser("metrics", help="print metrics")
    metrics.add_argument("--by", choices=("rep", "team", "company"), required=True)
    metrics.add_argument("--metrics", required=True, help="keys, separated by commas")
    metrics.add_argument("--from", dest="start", type=day, required=True)
    metrics.add_argument("--to", dest="end", type=day, required=True)
    metrics.add_argument("--as-of", type=day, help="what was known on this date (default: today)")
    metrics.add_argument("--every", choices=("week", "month", "quarter"))
    metrics.add_argument("--format", choices=("csv", "json"), default="csv")
    metrics.add_argument("--viewer", help="look as this person (id or name); without it as the operator")
    metrics.set_defaults(run=run_metrics)

    paper = commands.add_parser("brief", help="print the brief of a rep before a one-on-one")
    paper.add_argument("--rep", required=True, help="whose brief (id or name)")
    paper.add_argument("--as-of", type=day, help="what was known on this date (default: today)")
    paper.add_argument("--format", choices=("md", "html", "json"), default="md")
    paper.add_argument("--address", default="", help="where the application is reached, for links in md and html")
    paper.add_argument("--viewer", help="look as this person (id or name); without it as the operator")
    paper.set_defaults(run=run_brief)

    diagnose = commands.add_parser("diagnose", help="print where reps stand beside their peers, and what is worth it")
    diagnose.add_argument("--rep", help="only this rep (id or name)")
    diagnose.add_argument("--as-of", type=day, help="what was known on this date (default: today)")
    diagnose.add_argument("--format", choices=("json", "text"), default="text")
    diagnose.add_argument("--viewer", help="look as this person (id or name); without it as the operator")
    diagnose.set_defaults(run=run_diagnose)

    weekly = commands.add_parser("digest", help="print who needs somebody now, for mail or chat; sends nothing")
    weekly.add_argument("--for", dest="reader", required=True, metavar="PERSON", help="whose digest (id or name)")
    weekly.add_argument("--as-of", type=day, help="what was known on this date (default: today)")
    weekly.add_argument("--format", choices=("md", "html"), default="md")
    weekly.add_argument("--address", default="", help="where the application is reached, for links")
    weekly.set_defaults(run=run_digest)

    roi = commands.add_parser("roi", help="what the coaching programme changed; with --panel, from any panel in a file")
    roi.add_argument("--freeze", action="store_true", help="keep the result as this quarter's evidence")
    roi.add_argument("--reason", help="why it is frozen, where the quarter has a result already")
    roi.add_argument("--as-of", type=day, help="what was known on this date (default: today)")
    roi.add_argument("--viewer", help="look as this person (id or name); without it as the operator")
    roi.add_argument("--panel", type=Path, metavar="FILE", help="CSV with a row per unit and period; reads no database")
    roi.add_argument("--unit", metavar="COL")
    roi.add_argument("--team", metavar="COL", help="what units may be clustered by")
    roi.add_argument("--period", metavar="COL", help="years, 2024-01, 2024Q1, Q12024 or integers")
    roi.add_argument("--outcome", metavar="COL")
    roi.add_argument("--start", metavar="COL|VALUE", help="first treated period; empty or 0 = never")
    roi.add_argument("--treated-unit", metavar="NAME", help="the unit treated from --start VALUE on")
    roi.add_argument("--skip", type=at_least(0), default=3, help="periods before the start that are no base")
    roi.add_argument("--min-pre", type=at_least(1), default=2, help="clean periods that a unit needs")
    roi.add_argument("--control", choices=("notyet", "never"), default="notyet", help="of callaway_santanna")
    roi.add_argument("--format", choices=("json", "text"), help="default: json with --panel, else text")
    roi.set_defaults(run=run_roi)

    facts = commands.add_parser("rollups", help="check or rebuild the facts")
    facts.add_argument("action", choices=("check", "rebuild"))
    facts.set_defaults(run=run_rollups)

    option = commands.add_parser("settings", help="show or change company-wide settings")
    option.add_argument("key", nargs="?")
    option.add_argument("value", nargs="?")
    option.set_defaults(run=run_settings)

    commands.add_parser("check", help="check integrity, schema, facts and audit trail").set_defaults(run=run_check)

    commands.add_parser("data-model", help="print docs/data-model.md").set_defaults(run=run_data_model)

    commands.add_parser("metrics-document", help="print docs/metrics.md").set_defaults(run=run_metrics_document)

    copy = commands.add_parser("backup", help="copy the embedded database while it is in use")
    copy.add_argument("file", type=Path)
    copy.set_defaults(run=run_backup)
    return whole


KINDS = (
    *("people", "deals", "accounts", "products", "quotas", "stage-history", "activities", "calls"),
    *("sessions", "observations", "plans", "absences", "holidays", "policy", "costs"),
)


def now() -> dt.datetime:
    """The clock: read here and in ui, never below."""
    return dt.datetime.now(dt.UTC)


def today_of(connection: sa.Connection) -> dt.date:
    """Today where the company is."""
    return company_today(settings(connection), now())


def run_migrate(arguments: argparse.Namespace) -> int:
    """migrate."""
    from data_access.commands.imports import clear_abandoned_imports  # polars readers are slow to import

    migrate()
    print("The database is up to date.")
    engine = open_engine()
    cleared = clear_abandoned_imports(operator(), engine)
    with writing(engine) as connection:
        close_waves(operator(), connection, now())
        # The scorecards ship with the product: without one nobody can write down an observation.
        ensure_default_scorecard(connection)
    engine.dispose()
    if cleared:
        print(f"Cleared what {cleared} unfinished {'import' if cleared == 1 else 'imports'} had left behind.")
    return DONE


def run_demo(arguments: argparse.Namespace) -> int:
    """demo."""
    from data_access.demo import DemoRefused, fill_demo  # slow to import and rarely needed

    engine = open_engine()
    require_migrated(engine)
    with reading(engine) as connection:
        today = arguments.today or today_of(connection)
    try:
        result = fill_demo(
            engine,
            reps=arguments.reps,
            months=arguments.months,
            seed=arguments.seed,
            today=today,
            progress=terminal_progress(),
        )
    except DemoRefused as refusal:
        if arguments.if_empty:
            print("The database holds data already; the demo was not added.")
            return DONE
        raise Refused(str(refusal)) from None
    print(result)
    return DONE


def run_import(arguments: argparse.Namespace) -> int:
    """import."""
    from data_access.commands.imports import Order, import_file  # polars readers are slow to import
    from data_access.importers.mapping import load_mapping

    engine = open_engine()
    require_migrated(engine)
    started = now()
    order = Order(
        kind=arguments.kind,
        path=arguments.file,
        file_name=arguments.file.name,
        mapping=load_mapping(arguments.mapping) if arguments.mapping else None,
        as_of=arguments.as_of,
        time_zone=arguments.timezone,
        replace_demo=arguments.replace_demo,
        dry_run=arguments.dry_run,
    )
    result = import_file(operator(), engine, order, started, terminal_progress())
    result.seconds = round((now() - started).total_seconds(), 2)
    print(result.as_json() if arguments.format == "json" else result.as_text())
    return DONE


def run_metrics(arguments: argparse.Namespace) -> int:
    """metrics."""
    engine = open_engine()
    require_migrated(engine)
    keys = [key.strip() for key in arguments.metrics.split(",") if key.strip()]
    if not keys:
        raise Refused("--metrics names no metric: give keys separated by commas, such as won_amount,win_rate_count.")
    if arguments.end < arguments.start:
        raise Refused(f"--to {arguments.end} lies before --from {arguments.start}.")
    with reading(engine) as connection:
        today = today_of(connection)
        viewer = _viewer(connection, arguments.viewer, today)
        try:
            frame = metric_values(
                viewer,
                connection,
                by=arguments.by,
                keys=keys,
                start=arguments.start,
                end=arguments.end,
                as_of=arguments.as_of or today,
                today=today,
                every=arguments.every,
            )
        except KeyError as unknown:
            raise Refused(str(unknown.args[0])) from None
    with writing(engine) as connection:
        detail = {"by": arguments.by, "metrics": keys}
        audit.record(connection, viewer.person_id, f"read metrics as {viewer.role}", detail=detail, now=now())
    print(_printed(frame, arguments), end="")
    return DONE


def looked_back_to(asked: dt.date | None, today: dt.date) -> dt.date:
    """The as-of date of what looks back over a year: today without one, and for a day still to come, which is said on
    the standard error.

    Raises Refused for a day before any record.
    """
    if asked is not None and asked < EARLIEST_AS_OF:
        raise Refused(f"--as-of {asked} lies before any record: give a day from {EARLIEST_AS_OF} on.")
    if asked is not None and asked > today:
        print(f"--as-of {asked} has not come yet: {today} was taken instead.", file=sys.stderr)
    return min(asked or today, today)


def run_brief(arguments: argparse.Namespace) -> int:
    """brief."""
    from data_access.brief import printed  # everything that pages read comes with it

    engine = open_engine()
    require_migrated(engine)
    with reading(engine) as connection:
        today = today_of(connection)
        viewer = _viewer(connection, arguments.viewer, today)
    text = printed(
        viewer,
        engine,
        rep=arguments.rep,
        as_of=looked_back_to(arguments.as_of, today),
        today=today,
        form=arguments.format,
        address=arguments.address,
        now=now(),
    )
    print(text, end="")
    return DONE


def run_diagnose(arguments: argparse.Namespace) -> int:
    """diagnose."""
    from data_access.diagnose import printed  # everything that pages read comes with it

    engine = open_engine()
    require_migrated(engine)
    with reading(engine) as connection:
        today = today_of(connection)
        viewer = _viewer(connection, arguments.viewer, today)
    as_of = looked_back_to(arguments.as_of, today)
    text = printed(viewer, engine, rep=arguments.rep, as_of=as_of, today=today, form=arguments.format, now=now())
    print(text, end="")
    return DONE


def run_digest(arguments: argparse.Namespace) -> int:
    """digest."""
    from data_access.digest import printed  # everything that pages read comes with it

    engine = open_engine()
    require_migrated(engine)
    with reading(engine) as connection:
        today = today_of(connection)
        reader = _viewer(connection, arguments.reader, today)
    text = printed(
        reader,
        engine,
        as_of=looked_back_to(arguments.as_of, today),
        today=today,
        form=arguments.format,
        address=arguments.address,
        now=now(),
    )
    print(text, end="")
    return DONE


def _viewer(connection: sa.Connection, text: str | None, today: dt.date) -> Viewer:
    if text is None:
        return operator()
    viewer = viewer_named(operator(), connection, text, today)
    if viewer is None:
        raise Refused(f"There is nobody with the id or name '{text}', or several people share it.")
    return viewer


def _printed(frame: pl.DataFrame, arguments: argparse.Namespace) -> str:
    leading = ["id", "name"]
    if arguments.by == "team":
        leading.append("parent_id")
    if arguments.every:
        leading.append("period_start")
    rest = [name for name in frame.columns if name not in {"row_id", "id", "name", "parent_id", "period_start"}]
    shown = whole_counts(frame.select([*leading, *rest]))
    return shown.write_csv() if arguments.format == "csv" else shown.write_json() + "\n"


WHOLE_UNITS = {Unit.COUNT, Unit.DAYS, Unit.MINUTES}


def whole_counts(frame: pl.DataFrame) -> pl.DataFrame:
    """Counts as whole numbers, so that 12 deals do not print as 12.0."""
    counts = [
        name
        for name in frame.columns
        if name.endswith("_n") or (name in BY_KEY and BY_KEY[name].unit in WHOLE_UNITS and is_whole(frame[name]))
    ]
    return frame.with_columns(pl.col(name).cast(pl.Int64) for name in counts)


def is_whole(values: pl.Series) -> bool:
    """No value has a fraction; a median of days may have one."""
    return bool((values.drop_nulls() % 1 == 0).all())


def run_roi(arguments: argparse.Namespace) -> int:
    """roi."""
    if arguments.panel is None:
        return _run_company_roi(arguments)
    from data_access import roi_panel  # the estimates come with it

    wanted = ("unit", "period", "outcome", "start")
    missing = [f"--{name}" for name in wanted if getattr(arguments, name) is None]
    if missing:
        raise Refused(f"--panel needs {', '.join(missing)} as well: which columns of the file are which.")
    if arguments.freeze or arguments.as_of or arguments.viewer or arguments.reason:
        raise Refused("--freeze, --reason, --as-of and --viewer are for the database: leave them out with --panel.")
    arguments.format = arguments.format or "json"
    print(roi_panel.run(arguments), end="")
    return DONE


def _run_company_roi(arguments: argparse.Namespace) -> int:
    from data_access.roi_command import printed  # the estimates come with it
    from data_access.writes import CommandRefused

    engine = open_engine()
    require_migrated(engine)
    with reading(engine) as connection:
        today = today_of(connection)
        viewer = _viewer(connection, arguments.viewer, today)
    try:
        text = printed(viewer, engine, arguments, today=today, now=now())
    except CommandRefused as refusal:
        raise Refused(str(refusal)) from None
    print(text, end="")
    return DONE


def run_rollups(arguments: argparse.Namespace) -> int:
    """rollups."""
    engine = open_engine()
    require_migrated(engine)
    if arguments.action == "rebuild":
        with writing(engine) as connection:
            rows = rollups.rebuild(connection)
            touch(connection)
        print(f"{rows} facts rebuilt.")
        return DONE
    with reading(engine) as connection:
        wrong = rollups.differences(connection)
    if wrong.is_empty():
        print("The facts equal the rows.")
        return DONE
    print(f"{wrong.height} facts differ from the rows: run python -m data_access rollups rebuild", file=sys.stderr)
    print(wrong.head(20).write_csv(), file=sys.stderr)
    return FAULT


def run_settings(arguments: argparse.Namespace) -> int:
    """settings."""
    engine = open_engine()
    require_migrated(engine)
    if arguments.key is None or arguments.value is None:
        with reading(engine) as connection:
            for key, value in settings(connection).items():
                if arguments.key in {None, key}:
                    print(f"{key} = {value}")
        return DONE
    with writing(engine) as connection:
        value = change_setting(operator(), connection, arguments.key, arguments.value, now())
    print(f"{arguments.key} = {value}")
    return DONE


def run_check(arguments: argparse.Namespace) -> int:
    """check."""
    engine = open_engine()
    require_migrated(engine)
    with reading(engine) as connection:
        found = faults(connection)
    for fault in found:
        print(fault, file=sys.stderr)
    if not found:
        print("No fault found.")
    return FAULT if found else DONE


def run_data_model(arguments: argparse.Namespace) -> int:
    """data-model."""
    print(data_model_document(), end="")
    return DONE


def run_metrics_document(arguments: argparse.Namespace) -> int:
    """metrics-document."""
    print(metrics_document(), end="")
    return DONE


def run_backup(arguments: argparse.Namespace) -> int:
    """backup."""
    engine = open_engine()
    if engine.dialect.name != "sqlite":
        raise Refused("Back up PostgreSQL with pg_dump, as the role that owns the tables.")
    if arguments.file.exists():
        raise Refused(f"{arguments.file} exists already: name a new file.")
    backup(engine, arguments.file)
    print(f"Copied to {arguments.file}.")
    return DONE


def main(words: list[str] | None = None) -> int:
    """Run one command; the exit code."""
    arguments = parser().parse_args(words)
    try:
        return int(arguments.run(arguments))
    except (ImportRefused, Refused, SettingRefused, NotPermitted) as refusal:
        key = getattr(refusal, "mapping_key", None)
        print(f"Refused, nothing was written. {refusal}", file=sys.stderr)
        if key:
            print(f"Mapping key: {key}", file=sys.stderr)
        return REFUSED
    except NotMigrated as state:
        print(f"{state} Run: python -m data_access migrate", file=sys.stderr)
        return NOT_MIGRATED
    except sa.exc.OperationalError as problem:
        print(f"The database cannot be reached: {problem.orig}", file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        return DONE


if __name__ == "__main__":
    sys.exit(main())
