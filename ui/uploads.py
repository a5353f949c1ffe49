"""The upload on its way to an import: the file, how it is understood, what people correct, the check and the load.

The uploaded bytes stay in the uploader; a ``Draft`` in the session holds only what was said about them and what came
of it. It ends with the file or the kind. Text from a file is shown by captions that escape it, options and cells.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
import time
import zoneinfo
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import streamlit as st

from coaching import numbers
from coaching.people import Role
from ui import address, day_formats, loaders, plain_text
from ui.actions import imports as actions
from ui.actions.imports import Check, ImportResult, Refusal, Understood, Upload
from ui.import_words import (
    DATE_FORMATS,
    DECIMALS,
    DELIMITERS,
    ENCODINGS,
    KINDS,
    ROWS,
    STATUSES,
    field_label,
    rows_of,
)
from ui.loaders import Sight

TYPES = ["csv", "tsv", "txt", "xlsx", "parquet"]
EARLIEST = dt.date(1990, 1, 1)
CHECKED_AT_ONCE_BYTES = 4_000_000
"""A larger file is checked when somebody asks for it: a check takes about as long as the load."""
MOST_STAGES = 60
SAMPLES = 3
LONGEST_SENTENCE = 1_200

DATED_KINDS = frozenset(KINDS) - {"accounts", "products"}
TIMED_KINDS = frozenset({"deals", "stage-history", "activities", "calls", "sessions", "observations"})
MONEY_KINDS = frozenset({"deals", "quotas", "products", "stage-history", "costs"})
DECIMAL_KINDS = MONEY_KINDS | {"plans"}

_KIND, _AS_OF, _TURN = "imports_kind", "imports_as_of", "imports_turn"
_DRAFT, _OUTCOME, _SERIAL = "imports_draft", "imports_outcome", "imports_serial"


@dataclass
class Outcome:
    """What became of the last load of this session."""

    kind: str
    file_name: str
    as_of: dt.date
    result: ImportResult

    @property
    def item_count(self) -> int:
        """Accepted rows, those that repeat another not counted twice."""
        return self.result.accepted - self.result.duplicates


@dataclass
class Draft:
    """One file as one kind: what was said about it, and what is known of it. Changed in place, so that a run that is
    interrupted right after a load cannot lose the result."""

    token: str
    serial: int
    kind: str
    said: dict[str, Any] = field(default_factory=dict)
    seen: tuple[str, Understood | Refusal] | None = None
    checked: tuple[str, Check] | None = None
    shown_fields: list[str] = field(default_factory=list)
    rate_codes: list[str] = field(default_factory=list)
    state: str = ""
    """"" or "wanted" (the button was clicked) or "running"; "running" in a later run means that it was interrupted."""
    failure: tuple[str, Refusal] | None = None
    paste_problem: str = ""
    outcome: Outcome | None = None

    def key(self, name: str) -> str:
        """A widget's key that no other file shares."""
        return f"imports_{self.serial}_{name}"


# --- what and from when -------------------------------------------------------------------------------------------


def finish_last_load() -> None:
    """First of all in a run: after a load the uploader lets go of the file, and its result is shown instead."""
    draft: Draft | None = st.session_state.get(_DRAFT)
    if draft is not None and draft.outcome is not None:
        st.session_state[_OUTCOME] = draft.outcome
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
        del st.session_state[_DRAFT]
        # The result stands at the head of the page, which may be out of view by now.
        st.toast(f"{rows_of(draft.kind, draft.outcome.item_count)} loaded", icon=":material/check:")


def last_outcome() -> Outcome | None:
    """What the last load of this session came to, until another kind or file is chosen."""
    outcome: Outcome | None = st.session_state.get(_OUTCOME)
    return outcome


def demo_warning(sight: Sight) -> None:
    """While the demo company is loaded: what the first file does to it."""
    if sight.company.is_demo:
        st.warning(
            "This database holds the demo company. The first file you load removes all of it, its people, deals and"
            " coaching, in the same moment as your own data appears.",
            icon=":material/warning:",
        )


def choose_kind(sight: Sight) -> str:
    """What is loaded. The address may propose it (?kind=deals)."""
    proposed = address.text("kind")
    if st.session_state.get(_KIND) not in KINDS:
        st.session_state[_KIND] = proposed if proposed and proposed in KINDS else _first_missing(sight)
    # Not pills: the text of a chosen one is in the accent, too dark to read on a dark page.
    kind = st.radio(
        "What do you load?",
        list(KINDS),
        format_func=lambda name: KINDS[name].label,
        key=_KIND,
        horizontal=True,
        persist_state="session",
        on_change=_forget_outcome,
    )
    st.caption(f"{KINDS[kind].about} {_last_loaded(sight, kind)}")
    return kind


def open_kind(kind: str) -> None:
    """For the callback of a button that leads on to another kind."""
    st.session_state[_KIND] = kind
    _forget_outcome()


def _forget_outcome() -> None:
    st.session_state.pop(_OUTCOME, None)


def _own_runs(sight: Sight) -> pl.DataFrame:
    """What has been loaded; the demo's own entries do not count, because they go with the first file."""
    runs = loaders.import_runs(sight)
    return runs.clear() if sight.company.is_demo else runs


def _first_missing(sight: Sight) -> str:
    loaded = set(_own_runs(sight)["kind"])
    return next((kind for kind in ("people", "deals", "quotas") if kind not in loaded), "deals")


def _last_loaded(sight: Sight, kind: str) -> str:
    runs = _own_runs(sight).filter(pl.col("kind") == kind)
    if runs.is_empty():
        return "Not loaded yet."
    last = runs["as_of"].max()
    return f"The latest one loaded is the export of {numbers.day(last)}."  # type: ignore[arg-type]


def choose_file(sight: Sight, kind: str) -> tuple[Any, dt.date]:
    """The file (None while there is none) and the day it was exported."""
    today = sight.company.today
    place, day = st.columns([3, 1], gap="medium")
    with place:
        file = st.file_uploader(
            f"File with {KINDS[kind].many}",
            TYPES,
            key=f"imports_file_{st.session_state.get(_TURN, 0)}",
            help="CSV, TSV, XLSX or Parquet, as your CRM exports it: columns, dates and numbers are recognised.",
            on_change=_forget_outcome,
        )
    with day:
        as_of = st.date_input(
            "Exported on",
            format=day_formats.TYPED,
            value=today,
            min_value=EARLIEST,
            max_value=today,
            key=_AS_OF,
            persist_state="session",
            help="The day the file speaks for. An older export takes its place in time and undoes nothing newer.",
        )
    if file is None:
        # Nothing of a file that was taken back stays in the session.
        st.session_state.pop(_DRAFT, None)
    return file, as_of if isinstance(as_of, dt.date) else today


def larger_files(kind: str) -> None:
    """Where files above the upload limit go."""
    limit = st.get_option("server.maxUploadSize")
    st.caption(f"Files above {limit} MB load from the command line, in the project's folder, with the same result:")
    st.code(f".venv/bin/python -m data_access import {kind} FILE", language=None)


def draft_of(kind: str, file: Any) -> Draft:
    """What was said about this file as this kind; anew where either changed."""
    token = f"{kind}:{file.file_id}"
    draft: Draft | None = st.session_state.get(_DRAFT)
    if draft is None or draft.token != token:
        st.session_state[_SERIAL] = st.session_state.get(_SERIAL, 0) + 1
        draft = Draft(token, st.session_state[_SERIAL], kind)
        st.session_state[_DRAFT] = draft
    return draft


def upload_of(draft: Draft, file: Any, as_of: dt.date) -> Upload:
    """The file with what was said about it."""
    return Upload(draft.kind, file.name, file.getbuffer(), as_of, draft.said)


# --- how it is understood -----------------------------------------------------------------------------------------


def understood(draft: Draft, upload: Upload) -> Understood | Refusal:
    """How the file is understood, read again only after something was said."""
    key = json.dumps(draft.said, sort_keys=True)
    if draft.seen is None or draft.seen[0] != key:
        with st.spinner("Reading the file …"):
            draft.seen = key, actions.preview_upload(upload)
    seen = draft.seen[1]
    if isinstance(seen, Understood) and not draft.shown_fields:
        words = KINDS[draft.kind]
        first = [*words.needed, *words.useful]
        found = [name for name in seen.fields if seen.columns.get(name) and name not in first]
        draft.shown_fields = [*first, *found]
    return seen


def refused(draft: Draft, refusal: Refusal) -> None:
    """A file that cannot be read as it is: why, and the control that settles it where there is one."""
    st.error(plain_text.label(refusal.sentence, LONGEST_SENTENCE), icon=":material/block:")
    key = refusal.mapping_key
    with st.container(width=340):
        if key == "encoding":
            _choice(draft, "encoding", "Text encoding", {name: name or "As found in the file" for name in ENCODINGS})
        elif key == "delimiter":
            _choice(draft, "delimiter", "Sign between the cells", DELIMITERS)
        elif key == "sheet":
            _sheet(draft, "")
    if draft.said:
        st.button("Undo all corrections", key=draft.key("undo"), on_click=_undo, args=(draft,))
    elif key is None:
        st.markdown("Nothing was written. Mend the file or choose another one above.")


def _undo(draft: Draft) -> None:
    draft.said = {}
    draft.failure = None


def verdict(draft: Draft, seen: Understood) -> None:
    """In a sentence: whether something is open; and whether the file is of another kind altogether."""
    if seen.looks_like is not None:
        other = KINDS[seen.looks_like]
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=draft.key("other_kind")):
            st.warning(f"These columns look like {other.many}, not like {KINDS[draft.kind].many}.", width="stretch")
            st.button(
                f"Load it as {other.many}", key=draft.key("as_other"), on_click=open_kind, args=(seen.looks_like,)
            )
    found = sum(1 for header in seen.columns.values() if header)
    columns = numbers.plural(sum(1 for header in seen.headers if header), "column")
    if not seen.questions:
        st.subheader(f"The columns are understood: {numbers.plural(found, 'field')} from {columns}", anchor=False)
        return
    many = len(seen.questions)
    st.subheader(
        "One question is open before this file can be loaded"
        if many == 1
        else f"{numbers.count(many)} questions are open before this file can be loaded",
        anchor=False,
    )
    for question in seen.questions:
        if not _has_control(draft.kind, question):
            st.warning(plain_text.label(question.sentence, LONGEST_SENTENCE), icon=":material/help:")


def _has_control(kind: str, question: Refusal) -> bool:
    table = (question.mapping_key or "").partition(".")[0]
    settled = {"columns", "encoding", "delimiter", "sheet"}
    settled |= {"date_format", "date_formats"} if kind in DATED_KINDS else set()
    settled |= {"decimal"} if kind in DECIMAL_KINDS else set()
    settled |= {"currency", "rates"} if kind in MONEY_KINDS else set()
    settled |= {"time_zone"} if kind in TIMED_KINDS else set()
    settled |= {"row", "status"} if kind == "deals" else set()
    return table in settled


def columns(draft: Draft, seen: Understood, also_asked: Sequence[Refusal]) -> None:
    """Our fields, each with the column it is read from and its first values."""
    asked = {
        question.mapping_key.removeprefix("columns."): question
        for question in [*seen.questions, *also_asked]
        if question.mapping_key and question.mapping_key.startswith("columns.")
    }
    draft.shown_fields += [name for name in asked if name in seen.fields and name not in draft.shown_fields]
    labels = _header_labels(seen.headers)
    marked = " What is open is marked below." if seen.questions else ""
    st.caption(f"Each field, the column of your file it is read from, and that column's first values.{marked}")
    with st.container(gap="small", key="imports_columns"):
        for name in draft.shown_fields:
            _field(draft, seen, name, labels, asked.get(name))
    rest = [name for name in seen.fields if name not in draft.shown_fields]
    if rest:
        with st.expander(f"{numbers.plural(len(rest), 'more field')} that a file can hold", type="compact"):
            for name in rest:
                _field(draft, seen, name, labels, None)
    with st.expander("The first rows of the file", type="compact"):
        _first_rows(draft, seen)


def _field(draft: Draft, seen: Understood, name: str, labels: dict[str, str], question: Refusal | None) -> None:
    words = KINDS[draft.kind]
    label = field_label(draft.kind, name)
    hint = ""
    if name in words.needed:
        # What can come from elsewhere ("or an id") is missed only where the importer asks for it.
        is_missed = not seen.columns.get(name) and (question is not None or not words.needed[name])
        colour = "orange" if is_missed else "gray"
        hint = f" :{colour}[needed{', ' + words.needed[name] if words.needed[name] else ''}]"
    current = seen.columns.get(name, "")
    with st.container(gap="xsmall", key=draft.key(f"field_{name}")):
        said, choice, values = st.columns([4, 5, 6], vertical_alignment="center", gap="xsmall")
        said.markdown(f":small[{label}{hint}]")
        with choice:
            _choice(draft, f"columns.{name}", label, labels, current if current in labels else "", hidden=True)
        values.caption(plain_text.label(_samples(seen.rows, current), 160) if current else "")
        if question is not None:
            _ask(draft.kind, question)


def _header_labels(headers: Sequence[str]) -> dict[str, str]:
    """Headers with labels that differ, because the browser answers with the label."""
    labels = {"": "Not in this file"}
    for position, header in enumerate(headers):
        if header and header not in labels:
            text = plain_text.cell(header, 60) or f"column {position + 1}"
            labels[header] = f"{text} (column {position + 1})" if text in labels.values() else text
    return labels


def _samples(rows: pl.DataFrame, header: str) -> str:
    if header not in rows.columns:
        return ""
    texts = rows[header].drop_nulls().unique(maintain_order=True)
    filled = [plain_text.cell(text, 40) for text in texts if text.strip()]
    return "  ·  ".join(filled[:SAMPLES]) if filled else f"empty in the first {rows.height} rows"


def _first_rows(draft: Draft, seen: Understood) -> None:
    shown = seen.rows.with_columns(
        pl.col(name).map_elements(plain_text.cell, return_dtype=pl.String, skip_nulls=True)
        for name in seen.rows.columns
    )
    # Headers are the file's own, and Streamlit reads an id column's width and format from such names: neutral ones.
    renamed = shown.rename({name: f"c{position}" for position, name in enumerate(shown.columns)})
    st.dataframe(
        renamed.to_arrow(),
        key=draft.key("rows"),
        hide_index=True,
        placeholder=numbers.DASH,
        alt=f"The first {shown.height} rows of the file.",
        column_config={
            f"c{position}": st.column_config.TextColumn(plain_text.cell(name, 60))
            for position, name in enumerate(shown.columns)
        },
    )


# --- how it is written --------------------------------------------------------------------------------------------


def settings(draft: Draft, seen: Understood, sight: Sight, also_asked: Sequence[Refusal]) -> None:
    """Dates, numbers, currencies, rows: what the file says by itself, unless somebody corrects it here."""
    kind = draft.kind
    questions = [*seen.questions, *also_asked]
    st.markdown("**How the file is written**")
    with st.grid(3, min_column_width=230, key="imports_settings") as grid:
        if kind in DATED_KINDS:
            with grid.cell(), _asked(draft, questions, "date_format", "date_formats"):
                _choice(draft, "date_format", "Dates", DATE_FORMATS)
        if kind in DECIMAL_KINDS:
            with grid.cell(), _asked(draft, questions, "decimal"):
                _choice(draft, "decimal", "Decimal sign", DECIMALS)
        if kind in MONEY_KINDS:
            with grid.cell(), _asked(draft, questions, "currency"):
                codes = {code: code for code in actions.currencies()}
                _choice(draft, "currency", "Currency of amounts that name none", {"": "As found in the file"} | codes)
        if kind in TIMED_KINDS:
            with grid.cell(), _asked(draft, questions, "time_zone"):
                zones = {zone: zone for zone in sorted(zoneinfo.available_timezones())}
                own = f"{sight.company.calendar.time_zone} (the company's)"
                _choice(draft, "time_zone", "Times without a zone", {"": own} | zones)
        if "sheet" in seen.settings:
            with grid.cell(), _asked(draft, questions, "sheet"):
                _sheet(draft, seen.settings["sheet"])
        for name, label, options in (
            ("encoding", "Text encoding", {name: name or "As found in the file" for name in ENCODINGS}),
            ("delimiter", "Sign between the cells", DELIMITERS),
        ):
            if name in draft.said or _about(questions, name):
                with grid.cell(), _asked(draft, questions, name):
                    _choice(draft, name, label, options)
        if kind == "deals":
            with grid.cell(), _asked(draft, questions, "row"):
                _choice(draft, "row", "Deals without an id", ROWS)
    if kind in MONEY_KINDS:
        _rates(draft, sight, questions)
    if notes := seen.notes:
        assumptions(notes)


def assumptions(notes: Sequence[str]) -> None:
    """What the importer assumed without being told, folded away."""
    with (
        st.expander(f"What was assumed ({numbers.count(len(notes))})", type="compact"),
        st.container(gap="xsmall"),
    ):
        for note in notes:
            st.caption(plain_text.label(note, LONGEST_SENTENCE))


def _about(questions: Sequence[Refusal], *names: str) -> list[Refusal]:
    return [each for each in questions if (each.mapping_key or "").partition(".")[0] in names]


@contextlib.contextmanager
def _asked(draft: Draft, questions: Sequence[Refusal], *names: str) -> Iterator[None]:
    """Around a control: what it settles is asked right below it, so that controls stay where they are."""
    with st.container(gap="xsmall", key=draft.key(f"setting_{names[0]}")):
        yield
        for question in _about(questions, *names):
            _ask(draft.kind, question)


def _ask(kind: str, question: Refusal) -> None:
    # The mapping key is for the command line: here the control stands beside the words.
    words = re.sub(r"(?:;|:|, or) set [a-z_]+[ .=].*$", ".", question.sentence, flags=re.DOTALL)
    name, colon, rest = words.partition(":")
    if colon and re.fullmatch(r"[a-z_]+", name):
        words = f"{field_label(kind, name)}:{rest}"
    st.warning(plain_text.label(words, LONGEST_SENTENCE), icon=":material/help:")


def _choice(
    draft: Draft, name: str, label: str, options: dict[str, str], current: str | None = None, *, hidden: bool = False
) -> None:
    """A choice that the mapping keeps under ``name``. "" takes the key out; of a field it says: no column."""
    key = draft.key(name)
    chosen = draft.said.get(name, "") if current is None else current
    if chosen not in options:
        options = {**options, chosen: plain_text.cell(chosen, 60)}
    st.session_state[key] = chosen
    st.selectbox(
        label,
        list(options),
        format_func=lambda option: options[option],
        key=key,
        label_visibility="collapsed" if hidden else "visible",
        on_change=_say,
        args=(draft, name, key),
    )


def _say(draft: Draft, name: str, key: str) -> None:
    _put(draft, name, st.session_state[key])


def _put(draft: Draft, name: str, value: Any) -> None:
    """Write a value into the mapping: ``date_format`` or ``columns.owner``. Nothing takes a key out."""
    draft.failure = None
    table, _, entry = name.partition(".")
    said = {each: dict(value) if isinstance(value, dict) else value for each, value in draft.said.items()}
    target = said.setdefault(table, {}) if entry else said
    # An empty column is an answer of its own: the file does not hold the field.
    if value in ("", None) and table != "columns":
        target.pop(entry or table, None)
    else:
        target[entry or table] = value
    draft.said = {each: value for each, value in said.items() if value != {}}


def _sheet(draft: Draft, current: str) -> None:
    key = draft.key("sheet")
    st.session_state[key] = draft.said.get("sheet", current)
    st.text_input("Sheet of the workbook", key=key, max_chars=100, on_change=_say, args=(draft, "sheet", key))


def _rates(draft: Draft, sight: Sight, questions: Sequence[Refusal]) -> None:
    """What one unit of each foreign currency is worth, once a file holds several."""
    found = _about(questions, "rates")
    known = set(actions.currencies())
    named = [code for each in found for code in re.findall(r"\b[A-Z]{3}\b", each.sentence) if code in known]
    codes = [*draft.rate_codes, *draft.said.get("rates", {}), *named]
    draft.rate_codes = sorted(set(codes))
    target = draft.said.get("currency") or sight.company.currency
    foreign = [code for code in draft.rate_codes if code != target]
    if not foreign:
        return
    with _asked(draft, questions, "rates"), st.grid(3, min_column_width=180, gap="small") as grid:
        for code in foreign:
            with grid.cell():
                key = draft.key(f"rates.{code}")
                st.session_state[key] = draft.said.get("rates", {}).get(code)
                st.number_input(
                    f"1 {code} in {target}",
                    min_value=0.0,
                    max_value=1e8,
                    value=None,
                    step=0.01,
                    format="%.6g",
                    key=key,
                    placeholder="Rate",
                    on_change=_say_rate,
                    args=(draft, code, target, key),
                )


def _say_rate(draft: Draft, code: str, target: str, key: str) -> None:
    rate = st.session_state[key]
    _put(draft, f"rates.{code}", rate or None)
    others = {name: value for name, value in draft.said.get("rates", {}).items() if name != target}
    # The currency that the rates convert to is the one that is worth itself.
    draft.said = {name: value for name, value in draft.said.items() if name != "rates"}
    if others:
        draft.said["rates"] = {**others, target: 1.0}


def stages(draft: Draft, check: Check | None) -> None:
    """Which words of the file stand for open, won and lost: the one guess that moves every figure."""
    if check is None or not check.stages:
        return
    st.markdown("**What the stages mean**")
    with st.grid(3, min_column_width=230, gap="small", key="imports_stages") as grid:
        for place, stage in enumerate(check.stages[:MOST_STAGES]):
            with grid.cell():
                key = draft.key(f"stage_{place}")
                st.session_state[key] = stage.status
                st.radio(
                    f"{plain_text.label(stage.word, 40)} :gray[{stage.row_count:,}]",
                    list(STATUSES),
                    format_func=lambda status: STATUSES[status],
                    key=key,
                    horizontal=True,
                    on_change=_say_stage,
                    args=(draft, stage.word, key),
                )
    if len(check.stages) > MOST_STAGES:
        st.caption(
            f"{numbers.count(len(check.stages) - MOST_STAGES)} rarer words are not listed; a mapping file can name them"
            " under [status]."
        )


def _say_stage(draft: Draft, word: str, key: str) -> None:
    draft.failure = None
    draft.said = {**draft.said, "status": {**draft.said.get("status", {}), word: st.session_state[key]}}


# --- the mapping as a file ----------------------------------------------------------------------------------------


def mapping_file(draft: Draft, seen: Understood, as_of: dt.date) -> None:
    """The mapping as TOML: to keep, for the command line, and for the next export of the same shape."""
    with st.expander("The mapping as a file, for next month or the command line", type="compact"):
        st.caption("Keep this text as mapping.toml:")
        st.code(seen.toml, language="toml")
        st.code(
            f".venv/bin/python -m data_access import {draft.kind} FILE --mapping mapping.toml --as-of {as_of}",
            language=None,
        )
        key = draft.key("paste")
        st.text_area(
            "Use a mapping that you have kept",
            key=key,
            height=120,
            placeholder='[columns]\nowner = "Sales rep"',
            max_chars=60_000,
        )
        st.button("Use it", key=draft.key("use"), on_click=_use_mapping, args=(draft, key))
        if draft.paste_problem:
            st.error(plain_text.label(draft.paste_problem, LONGEST_SENTENCE), icon=":material/block:")


def _use_mapping(draft: Draft, key: str) -> None:
    parsed = actions.parsed_mapping(st.session_state[key])
    if isinstance(parsed, Refusal):
        draft.paste_problem = parsed.sentence
    else:
        draft.paste_problem = ""
        draft.failure = None
        draft.said = parsed


# --- check and load -----------------------------------------------------------------------------------------------


class ShownProgress:
    """Rows done and seconds left, on anything that takes longer than two seconds."""

    QUIET_SECONDS = 2.0
    STEP_SECONDS = 0.3

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._place = st.empty()
        self._clock = clock
        self._started = self._since = clock()
        self._drawn = 0.0
        self._what = ""

    def __call__(self, what: str, done: int, total: int | None) -> None:
        """Called by the command as it goes on."""
        moment = self._clock()
        if what != self._what:
            self._what, self._since = what, moment
        elif moment - self._drawn < self.STEP_SECONDS:
            return
        if moment - self._started < self.QUIET_SECONDS:
            return
        self._drawn = moment
        share = min(done / total, 1.0) if total else 0.0
        self._place.progress(share, text=progress_words(what, done, total, moment - self._since))

    def done(self) -> None:
        """Leave nothing behind."""
        self._place.empty()


def progress_words(what: str, done: int, total: int | None, seconds: float) -> str:
    """Writing deals: 40,000 of 120,000 rows, about 6 seconds left (once there is something to judge by)."""
    words = f"{what[:1].upper()}{what[1:]}"
    if not total:
        return f"{words} …"
    share = done / total
    left = ""
    if 0 < share < 1 and seconds >= 1:
        left = f", about {numbers.plural(max(round(seconds / share * (1 - share)), 1), 'second')} left"
    return f"{words}: {done:,} of {total:,} rows{left}"


def checked(draft: Draft, seen: Understood, upload: Upload, sight: Sight) -> Check | None:
    """What loading would do; None while questions are open, or until somebody asks for it (large files)."""
    if seen.questions:
        return None
    key = _state_of(draft, upload, sight)
    if draft.checked is not None and draft.checked[0] == key:
        return draft.checked[1]
    if draft.state == "wanted":
        # Somebody has decided: the load itself tells the result.
        return None
    if len(upload.content) > CHECKED_AT_ONCE_BYTES:
        st.caption("A large file: checking it takes about as long as loading it.")
        if not st.button("Check without loading", key=draft.key("check"), icon=":material/fact_check:"):
            return None
    progress = ShownProgress()
    with st.spinner("Checking every row …"):
        check = actions.check_upload(upload, progress)
    progress.done()
    if check.refusal is None or not check.refusal.is_busy:
        draft.checked = key, check
    return check


def _state_of(draft: Draft, upload: Upload, sight: Sight) -> str:
    """All that the result of a check or load depends on."""
    return json.dumps([draft.said, upload.as_of.isoformat(), sight.data_version], sort_keys=True)


def open_problem(draft: Draft, check: Check | None, upload: Upload, sight: Sight) -> Refusal | None:
    """Why the file cannot be loaded although its columns are understood; None where it can."""
    if draft.failure is not None and draft.failure[0] == _state_of(draft, upload, sight):
        return draft.failure[1]
    return check.refusal if check is not None else None


def last_known_problem(draft: Draft) -> list[Refusal]:
    """The refusal of the last check or load, so that the control which settles it can be marked above the result."""
    found = [draft.failure[1] if draft.failure else None, draft.checked[1].refusal if draft.checked else None]
    return [refusal for refusal in found if refusal is not None and refusal.mapping_key][:1]


def problem(draft: Draft, refusal: Refusal) -> None:
    """Why nothing was loaded, and where to settle it."""
    if refusal.is_busy:
        st.warning("Another import is running. This file can be loaded once that has finished.", icon=":material/sync:")
        st.button("Try again", key=draft.key("again"))
        return
    settled = _has_control(draft.kind, refusal)
    where = " Settle it where it is marked above." if settled else ""
    st.error(f"{plain_text.label(refusal.sentence, LONGEST_SENTENCE)}{where}", icon=":material/block:")


def load_button(draft: Draft, upload: Upload, sight: Sight, seen: Understood, check: Check | None) -> bool:
    """The button that loads; whether it was clicked. Off while anything is open."""
    refusal = open_problem(draft, check, upload, sight)
    about_demo = sight.company.is_demo and refusal is not None and _is_about_demo(draft, refusal)
    replaces = _confirm_demo(draft, about_demo or (check is not None and check.needs_replace_demo))
    if refusal is not None and not about_demo:
        problem(draft, refusal)
    is_open = bool(seen.questions) or (refusal is not None and not refusal.is_busy and not about_demo)
    if is_open and draft.state == "wanted":
        draft.state = ""
    if draft.state == "running":
        draft.state = "stopped"
    if draft.state == "stopped":
        st.warning("The load was stopped before it was done: nothing of it was kept.", icon=":material/info:")
    result = check.result if check else None
    label = f"Load {rows_of(draft.kind, result.accepted - result.duplicates)}" if result else "Load"
    wanted = draft.state == "wanted"
    st.button(
        label,
        type="primary",
        icon=":material/upload:",
        key=draft.key("load"),
        disabled=is_open or not replaces or wanted,
        on_click=_want_load,
        args=(draft, sight),
    )
    if seen.questions:
        st.caption("Answer the open questions above first.")
    return wanted and not is_open


def _is_about_demo(draft: Draft, refusal: Refusal) -> bool:
    """A load that was refused although every row was understood, and for a reason that no mapping settles."""
    return refusal.mapping_key is None and draft.failure is not None and draft.failure[1] is refusal


def _confirm_demo(draft: Draft, is_asked: bool) -> bool:
    """Where coaching was recorded in the demo company, its end needs a word; whether nothing stands in the way."""
    if not is_asked:
        return True
    st.warning(
        "Somebody has recorded coaching in the demo company. Loading your own data removes the demo with everything"
        " that was recorded in it, and nothing brings it back.",
        icon=":material/warning:",
    )
    return st.checkbox("Replace the demo and what was recorded in it", key=draft.key("replace_demo"))


def _want_load(draft: Draft, sight: Sight) -> None:
    if draft.outcome is not None:
        return  # a second click on a load that is done
    draft.state = "wanted"
    # Who looks as a stand-in, or as an admin who goes with the demo, would be somebody else after the load.
    if sight.company.is_demo:
        address.put(**{"as": str(Role.ADMIN), "team": None, "rep": None})
    elif sight.viewer.person_id is None:
        address.put(**{"as": str(Role.ADMIN)})


def load(draft: Draft, upload: Upload, sight: Sight) -> None:
    """Load the file and start the page anew with the result."""
    draft.state = "running"
    replace_demo = bool(st.session_state.get(draft.key("replace_demo"), False))
    key = _state_of(draft, upload, sight)
    st.caption("Stay on this page until it is done: leaving it stops the load, and nothing of it is kept.")
    progress = ShownProgress()
    with st.spinner("Loading …"):
        result = actions.import_upload(upload, replace_demo=replace_demo, progress=progress)
        # Before anything that Streamlit may interrupt: from here on the result cannot be lost.
        if isinstance(result, Refusal):
            draft.failure = key, result
        else:
            draft.outcome = Outcome(draft.kind, plain_text.cell(upload.name, 120), upload.as_of, result)
        draft.state = ""
    st.rerun()
