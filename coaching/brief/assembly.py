"""Puts a brief together: what moved, one focus, topics, praise, one deal, questions, promises, the plan, what moves.

Pure: the same material gives the same brief. Every fact names its rows; what is not there is said in a sentence that
claims nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import zoneinfo
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from coaching import numbers
from coaching.agenda import next_meeting
from coaching.brief import topics
from coaching.brief.changes import CHANGES
from coaching.brief.facts import Asking, Brief, Carried, Fact, Section
from coaching.brief.material import Material
from coaching.brief.meeting import usual_time
from coaching.brief.wording import LONGEST_NAME, Reader, changed_label, changed_words, deal_name, ended, line, several
from coaching.metrics import metric
from coaching.motivation import NEVER_SUGGESTED, TRIGGER_NAMES
from coaching.objectives import action_state, headline
from coaching.observations import CHANNELS
from coaching.questions import MOST
from coaching.sessions import METHODS, ONE_ON_ONE, due_words
from coaching.situations import same_questions

LEFT = ("since_last_time", "focus", "topics", "deal", "questions")
RIGHT = ("promises", "praise_owed", "plan", "motivation", "preparation")
"""The two sides of the paper, each from top to bottom."""
OF_WORDS = frozenset({"questions", "promises", "praise_owed", "motivation", "preparation"})
OF_BOTH = frozenset({"since_last_time", "topics"})
"""Sections of figures and words together."""
NOT_THERE = "Not here on that day."
WITHHELD = "Not shown in this view, which holds no words: look as somebody who coaches, or as the rep."
ONLY_FIGURES = "Only what the figures say; what people wrote and promised is not shown in this view."
MOST_PROMISES = 3
MOST_KEPT = 2
MOST_PRAISED = 3
MOST_SEEN = 2
MOST_LEVELS = 3
MOST_OBJECTIVES = 3
MOST_BROUGHT = 3
MOST_TRIED = 3
PRAISE = ("praise", "recognition")
SHORT = 70
"""Characters of what stands in the narrow column; the whole words are one click away."""
BROUGHT_ROOM = 480
"""Characters of what was brought, all together: three topics of the usual length stand there whole."""
LONGEST_QUESTION = 160
MOVES_FROM = 3
"""Of 0 to 4: from here on somebody says that it moves them a lot."""


def brief(material: Material) -> Brief:
    """The brief of one rep as one viewer reads it."""
    reader, notice = material.reader, _not_there(material)
    if notice:
        # Nobody is asked anything on a day on which they are not there.
        material = dataclasses.replace(material, questions=())
    deal = _one_deal(material.to_look_at)
    talked = topics.chosen(material, deal)
    sections = {
        section.key: section
        for section in (
            _since_last_time(material),
            _focus(material),
            topics.section(talked),
            _deal(material, deal),
            _questions(material),
            _promises(material),
            _praise(material),
            _plan(material),
            _motivation(material),
            _preparation(material),
        )
    }
    return Brief(
        rep_id=reader.rep_id,
        rep_name=numbers.plain_name(reader.rep_name),
        as_of=material.as_of,
        since=material.since,
        about=_about(material),
        next_on=_next_on(material),
        preparation=_prepared_words(material),
        sections=tuple(_honest(sections[key], reader, notice) for key in (*LEFT, *RIGHT)),
        carried=_carried(material, talked),
        notice=notice,
        not_shown=_not_shown(sections, reader, notice),
        usual=usual_time(material.sessions, reader.rep_id, zoneinfo.ZoneInfo(material.time_zone)),
    )


def _honest(section: Section, reader: Reader, notice: str) -> Section:
    """Where words are withheld, an empty section says so: it may hold any number of them. Where nobody was there yet
    it claims nothing about them."""
    if section.facts:
        return section
    if not reader.reads_words and section.key in OF_WORDS:
        return dataclasses.replace(section, otherwise=WITHHELD)
    return dataclasses.replace(section, otherwise=NOT_THERE) if notice else section


def _not_shown(sections: Mapping[str, Section], reader: Reader, notice: str) -> tuple[str, ...]:
    """Why sections are empty that would not have to be, in sentences: withheld, or nobody was there."""
    if notice:
        return (notice,)
    if reader.reads_words:
        return ()
    empty = [key for key in (*LEFT, *RIGHT) if key in OF_WORDS and not sections[key].facts]
    found = [f"{key}: {WITHHELD}" for key in empty]
    return (*found, f"{' and '.join(key for key in LEFT if key in OF_BOTH)}: {ONLY_FIGURES}")


# ---- The head ------------------------------------------------------------------------------------------------------


def _not_there(material: Material) -> str:
    """That somebody was not there on the day, in a sentence; empty where they were, or nobody knows."""
    card, on = material.card, numbers.day(material.as_of)
    whose = "your" if material.reader.is_rep else f"{material.reader.rep}’s"
    starts, left = card["started_on"], card.get("left_on")
    if starts is not None and starts > material.as_of:
        return f"Not here yet on {on}: {whose} first day is {numbers.day(starts)}."
    if left is not None and left < material.as_of:
        return f"Not here any more on {on}: {whose} last day was {numbers.day(left)}."
    return ""


def _about(material: Material) -> str:
    card = material.card
    parts = [str(card["role"]).capitalize()]
    parts += [numbers.plain_name(card["team_name"], 40)] if card["team_name"] else []
    parts += [f"with {numbers.plain_name(card['manager_name'], 40)}"] if card["manager_name"] else []
    if card["started_on"] is not None and card["started_on"] <= material.as_of:
        parts.append(f"{numbers.tenure(card['started_on'], material.as_of)} here")
    return ", ".join(parts)


def _next_on(material: Material) -> dt.date | None:
    found = next_meeting(material.sessions, material.as_of)["planned_on"].min()
    return found if isinstance(found, dt.date) and found >= material.as_of else None


def _own_items(material: Material) -> pl.DataFrame:
    """What the rep has brought for the next meeting: added by themselves since the last one."""
    own = material.agenda.filter((pl.col("added_by") == material.reader.rep_id) & pl.col("session_id").is_null())
    held = material.sessions.filter((pl.col("status") == "held") & pl.col("kind").is_in(ONE_ON_ONE))
    last = held["held_at"].max()
    return own.filter(pl.col("added_at") > last) if isinstance(last, dt.datetime) else own


def _on_list(material: Material, *, by_rep: bool) -> pl.DataFrame:
    """Topics on the list of the next planned one-on-one, by the rep or by anybody else."""
    is_own = (pl.col("added_by") == material.reader.rep_id).fill_null(False)
    return material.session_topics.filter(is_own if by_rep else ~is_own)


def _prepared_words(material: Material) -> str:
    if not material.reader.reads_words:
        return "What was prepared is not shown in this view."
    items, who = _own_items(material), "You have" if material.reader.is_rep else f"{material.reader.rep} has"
    count = {kind: items.filter(pl.col("kind") == kind).height for kind in ("topic", "answer")}
    count["topic"] += _on_list(material, by_rep=True).height
    parts = [numbers.plural(number, kind) for kind, number in count.items() if number]
    if parts:
        return f"{who} prepared: {' and '.join(parts)}."
    left = material.agenda.filter((pl.col("added_by") == material.reader.rep_id) & pl.col("session_id").is_null())
    return f"{who} added nothing since the last one-on-one." if left.height else f"{who} not prepared anything yet."


# ---- Since last time -----------------------------------------------------------------------------------------------


def _since_last_time(material: Material) -> Section:
    reader = material.reader
    facts = []
    for change in CHANGES:
        rows = material.changes.filter(pl.col("change") == change)
        if rows.height:
            facts.append(
                Fact(
                    changed_words(change, rows.iter_rows(named=True), reader),
                    tuple(f"deal:{key}" for key in rows["deal_id"]),
                    label=changed_label(change),
                    key=change,
                )
            )
    facts += _seen(material) + _found_out(material)
    return Section(
        "since_last_time",
        f"What moved {material.since.words}",
        tuple(facts),
        "No deal was won, lost, opened or moved, and nothing was observed.",
        about="Deals as known on the two days, each told once. Slipped: its day to close has passed. Pushed: that day"
        " lies later than it did. Stalled: much longer in its stage than won deals usually are, or nothing done.",
    )


def _by_others(material: Material) -> pl.DataFrame:
    """Released observations by others after the last meeting, the latest first: the same whoever reads."""
    zone = zoneinfo.ZoneInfo(material.time_zone)
    released = pl.col("released_at").dt.convert_time_zone(str(zone)).dt.date() <= material.as_of
    return material.views.filter(
        (pl.col("kind") == "coach") & (pl.col("observed_on") > material.since.on) & released.fill_null(False)
    ).sort("observed_at", "observation_id", descending=True)


def _seen(material: Material) -> list[Fact]:
    views = _by_others(material)
    facts = []
    for view in views.head(MOST_SEEN).iter_rows(named=True):
        scores = material.scores.filter(pl.col("observation_id") == view["observation_id"]).sort("position")
        levels = several(
            [
                f"{line(row['skill_name'], 40)} {row['level']} of {row['highest']}"
                for row in scores.iter_rows(named=True)
            ]
            or ["nothing scored"],
            MOST_LEVELS,
        )
        said = f". One thing: {line(view['one_thing'], 90)}" if _may_say(view) and view["one_thing"] else ""
        how = f", {CHANNELS[view['channel']].lower()}" if view["channel"] in CHANNELS else ""
        facts.append(
            Fact(
                f"{levels}{said}",
                (f"observation:{view['observation_id']}",),
                label=f"Seen {numbers.day_and_month(view['observed_on'])}{how}",
                key="seen",
            )
        )
    rest = views.slice(MOST_SEEN)
    if rest.height:
        facts.append(
            Fact(
                f"{numbers.plural(rest.height, 'earlier observation')}",
                tuple(f"observation:{key}" for key in rest["observation_id"]),
                label="And",
                key="seen",
            )
        )
    return facts


def _may_say(view: dict[str, Any]) -> bool:
    """Words that the rep may read as well: what is one person's alone stands on no paper."""
    return bool(view["visibility"] == "shared" and view["words_shown"])


def _found_out(material: Material) -> list[Fact]:
    """Open questions that the rep has closed since, and those that are open."""
    zone = zoneinfo.ZoneInfo(material.time_zone)
    closed_on = pl.col("closed_at").dt.convert_time_zone(str(zone)).dt.date()
    closed = material.gaps.filter(closed_on > material.since.on).sort("closed_at", "gap_id", descending=True)
    still = material.gaps.filter(pl.col("closed_at").is_null())
    facts = []
    if closed.height:
        words = several([f"“{line(text, 70)}”" for text in closed["question"]])
        facts.append(Fact(words, tuple(f"knowledge_gap:{key}" for key in closed["gap_id"]), "Found out"))
    if still.height:
        words = several([_to_find_out(same, material) for same in same_questions(still)])
        facts.append(Fact(words, tuple(f"knowledge_gap:{key}" for key in still["gap_id"]), "To find out"))
    return facts


def _to_find_out(same: list[dict[str, Any]], material: Material) -> str:
    """A question with the deals it is about; of one that is won or lost that is said as well."""
    deals = {row["deal_id"]: row["deal_name"] for row in same if row["deal_id"] is not None and row["deal_name"]}
    about = []
    for deal_id, name in deals.items():
        how, on = material.gone.get(deal_id, ("", None))
        about.append(f"{line(name, LONGEST_NAME)}{f', {how} {numbers.day_and_month(on)}' if on else ''}")
    deals_said = f" ({'; '.join(about)})" if about else ""
    return f"“{line(same[0]['question'], 70)}”{deals_said}"


# ---- Focus, deal, questions ----------------------------------------------------------------------------------------


def _focus(material: Material) -> Section:
    found = material.diagnosis
    about = (
        "Beside peers of the same role, segment and tenure; rates are shrunk before they are compared. The focus is"
        " what is worth most and stands out from noise."
    )
    if found is None:
        return Section("focus", "One focus", (), "There are no sales to look at.", about)
    fact = Fact(ended(line(found.sentence, 480)), found.source_ids, key=found.focus or "")
    title = "One focus" if found.focus is None else f"One focus: {line(found.focus_label or found.focus, 60)}"
    return Section("focus", title, (fact,), about=about)


def _one_deal(found: pl.DataFrame) -> dict[str, Any] | None:
    """Of the deals to look at the largest open one; without an open one the largest that went to a competitor."""
    rows = found.to_dicts()
    return next((row for row in rows if row["kind"] != "lost_to_competitor"), rows[0] if rows else None)


def _deal(material: Material, deal: dict[str, Any] | None) -> Section:
    reader = material.reader
    otherwise = "No deal stalls, has slipped or went to a competitor lately."
    if deal is None:
        return Section("deal", "One deal to look at", (), otherwise)
    source = (f"deal:{deal['deal_id']}",)
    stage, reason = line(deal["stage"], 30), line(deal["reason"])
    about = [reader.money(deal["amount"]), "" if stage and stage in reason else stage]
    if deal["account_name"] and line(deal["account_name"], 40) not in deal_name(deal):
        about.insert(0, line(deal["account_name"], 40))
    named = " · ".join([deal_name(deal), *filter(None, about)])
    facts = [Fact(f"{named}: {ended(_lower(reason))}", source, key="deal")]
    if deal["kind"] != "lost_to_competitor":
        weak = _weak_spots(material, deal)
        facts += [Fact(ended(_upper(", ".join(weak))), source, label="Weak spots")] if weak else []
        if deal["next_step"]:
            facts.append(Fact(ended(line(deal["next_step"])), source, label="Next step in the CRM"))
    others = material.to_look_at.height - 1
    about_it = f"The largest of {numbers.plural(others + 1, 'deal')} to look at." if others else ""
    return Section("deal", "One deal to look at", tuple(facts), otherwise, about_it)


def _weak_spots(material: Material, deal: dict[str, Any]) -> list[str]:
    """What the row itself shows; a field that the CRM does not hold is no weakness of a deal."""
    found = []
    if not deal["next_step"] and material.notes_next_steps:
        found.append("no next step")
    if deal["expected_close_on"] is None:
        found.append("no day to close")
    elif deal["expected_close_on"] < material.as_of and deal["kind"] != "slipped":
        found.append(f"its day to close passed {numbers.ago(deal['expected_close_on'], material.as_of)}")
    if deal["amount"] is None:
        found.append("no amount")
    if deal["competitor"]:
        found.append(f"{line(deal['competitor'], 30)} is in it")
    moved = material.changes.filter((pl.col("deal_id") == deal["deal_id"]) & (pl.col("change") == "pushed"))
    if moved.height:
        found.append("its day to close was moved since last time")
    return found


def _questions(material: Material) -> Section:
    facts = tuple(
        Fact(line(each.text, 240), each.source_ids, why=line(each.why, 240), key=each.question.key)
        for each in material.questions[:MOST]
    )
    return Section(
        "questions",
        "Three open questions",
        facts,
        "Nothing in the data asks for a question of its own. Ask what went well, and what made it so.",
        about="Chosen by what the data shows; none comes again to the same person too soon. Ask, then wait.",
    )


# ---- Promises, praise ----------------------------------------------------------------------------------------------


def _promises(material: Material) -> Section:
    """Open ones, the coach's first and the oldest first; below them those kept since."""
    reader, rows = material.reader, material.commitments
    still = rows.filter(pl.col("done_on").is_null()).sort(
        pl.col("side") == "rep", "due_on", "commitment_id", nulls_last=True
    )
    days_ago = dt.timedelta(days=topics.LONG_AGO_DAYS)
    long_ago = ((pl.col("side") == "rep") & (pl.col("due_on") < material.as_of - days_ago)).fill_null(False)
    left, still = still.filter(long_ago), still.filter(~long_ago)
    kept = rows.filter(pl.col("done_on") > material.since.on).sort(
        pl.col("side") == "rep", pl.col("done_on"), "commitment_id", descending=[False, True, False]
    )
    facts = [_promise(row, reader) for row in still.head(MOST_PROMISES).iter_rows(named=True)]
    facts += _rest(still.slice(MOST_PROMISES), "more open promise", reader)
    facts += [_promise(row, reader) for row in kept.head(MOST_KEPT).iter_rows(named=True)]
    facts += _rest(kept.slice(MOST_KEPT), "more promise", reader, " kept")
    whose = "of yours" if reader.is_rep else f"of {reader.rep}"
    long_due = f" {whose} due more than {topics.LONG_AGO_DAYS} days ago: keep or let go"
    facts += _rest(left, "open promise", reader, long_due)
    return Section("promises", "Promises", tuple(facts), "Nothing is promised that is still open.")


def _promise(row: dict[str, Any], reader: Reader) -> Fact:
    who = reader.who(row["by_id"], row["by_name"])
    due = due_words(row["due_on"], row["done_on"], reader.as_of)
    return Fact(
        f"{line(row['promise'], SHORT)} ({due})",
        (f"commitment:{row['commitment_id']}",),
        label=f"{who} kept" if row["done_on"] is not None else who,
        key="promise",
    )


def _rest(rows: pl.DataFrame, what: str, reader: Reader, how: str = "") -> list[Fact]:
    if rows.is_empty():
        return []
    words = f"{numbers.plural(rows.height, what)}{how}"
    sources = tuple(f"commitment:{key}" for key in rows["commitment_id"])
    return [Fact(words, sources, label="And")]


def _praise(material: Material) -> Section:
    """Facts since last time that nobody has named yet: no praise was written down after their day."""
    praised = material.uses.filter(pl.col("trigger").is_in(PRAISE))["used_on"].max()
    # Whoever may not read that praise was noted cannot say that it is owed.
    news = _good_news(material) if material.reader.reads_words else ()
    owed = [fact for on, fact in news if not isinstance(praised, dt.date) or on is None or on > praised]
    return Section(
        "praise_owed",
        "What went well" if material.reader.is_rep else "Praise owed",
        tuple(owed[:MOST_PRAISED]),
        "The records name nothing new. What did you see yourself?"
        if not material.reader.is_rep
        else "The records name nothing new. Name what went well yourself.",
    )


def _good_news(material: Material) -> Iterable[tuple[dt.date | None, Fact]]:
    """What deserves to be named, the rarest first, each with its day (None = it holds now)."""
    reader = material.reader
    for goal, found in material.goals:
        if (
            goal["status"] == "accepted"
            and found.verdict == "met"
            and (found.now_on or dt.date.min) > material.since.on
        ):
            words = f"{metric(goal['metric_key']).label} has reached its target"
            yield found.now_on, Fact(words, (f"objective:{goal['objective_id']}",))
    views = _by_others(material)
    for name, on in material.mastered:
        rows = views.filter(pl.col("observed_on") == on)
        if rows.height:
            sources = tuple(f"observation:{key}" for key in rows["observation_id"])
            yield on, Fact(f"{line(name, 60)} has reached mastery", sources)
    won = material.changes.filter(pl.col("change") == "won")
    for row in won.head(1).iter_rows(named=True):
        amount = f" ({reader.money(row['amount'])})" if row["amount"] is not None else ""
        more = f", and {numbers.count(won.height - 1)} more" if won.height > 1 else ""
        sources = tuple(f"deal:{key}" for key in won["deal_id"])
        yield row["happened_on"], Fact(f"Won {deal_name(row)}{amount}{more}", sources)
    for view in views.iter_rows(named=True):
        if view["went_well"] and _may_say(view):
            yield (
                view["observed_on"],
                Fact(
                    f"{numbers.day_and_month(view['observed_on'])}: {line(view['went_well'], SHORT)}",
                    (f"observation:{view['observation_id']}",),
                ),
            )
    kept = material.commitments.filter((pl.col("side") == "rep") & (pl.col("done_on") > material.since.on))
    for row in kept.sort("done_on", "commitment_id", descending=True).iter_rows(named=True):
        yield row["done_on"], Fact(f"Kept: {line(row['promise'], SHORT)}", (f"commitment:{row['commitment_id']}",))
    for row in material.actions:
        if row["done_on"] is not None and row["done_on"] > material.since.on:
            words = f"Done: {line(row['action'], SHORT) or 'an action of the plan'}"
            yield row["done_on"], Fact(words, (f"plan_action:{row['action_id']}",))


# ---- The plan, what moves, preparation -----------------------------------------------------------------------------


def _next_action(material: Material) -> dict[str, Any] | None:
    """The open action that is due first; those without a day come last."""
    still = [row for row in material.actions if row["done_on"] is None]
    return min(still, key=lambda row: (row["due_on"] or dt.date.max, row["action_id"]), default=None)


def _plan(material: Material) -> Section:
    reader = material.reader
    facts = []
    action = _next_action(material)
    if action is not None:
        how = [METHODS[action["method"]].lower()] if action["method"] in METHODS else []
        how += [line(action["skill_name"], 50)] if action["skill_name"] else []
        details = ", ".join([*how, action_state(action, material.as_of)])
        words = line(action["action"], 90) or "An action of the plan"
        facts.append(Fact(f"{words} ({details})", (f"plan_action:{action['action_id']}",), "Next"))
    agreed = [pair for pair in material.goals if pair[0]["status"] == "accepted"]
    for goal, found in agreed[:MOST_OBJECTIVES]:
        words = ended(headline(goal, found, reader.currency))
        facts.append(Fact(words, (f"objective:{goal['objective_id']}",), key="objective"))
    if len(agreed) > MOST_OBJECTIVES:
        rest = tuple(f"objective:{goal['objective_id']}" for goal, _ in agreed[MOST_OBJECTIVES:])
        facts.append(Fact(numbers.plural(len(rest), "more objective"), rest, "And"))
    otherwise = "No plan holds at the moment." if material.plan is None else "The plan names no open action."
    return Section("plan", "The plan’s next action", tuple(facts), otherwise)


def _motivation(material: Material) -> Section:
    """What the rep says, whole as on their own page, and what followed; the doubting challenge is never suggested."""
    reader = material.reader
    facts = []
    says = material.preferences.filter(pl.col("weight") >= MOVES_FROM)
    if says.height:
        rows = list(says.iter_rows(named=True))
        triggers = [TRIGGER_NAMES[row["trigger"]].lower() for row in rows]
        more = [f"{numbers.count(len(triggers) - MOST_TRIED)} more"] if len(triggers) > MOST_TRIED else []
        names = several([*triggers[:MOST_TRIED], *more], MOST_TRIED + 1)
        own = next((line(row["words"], SHORT) for row in rows if row["words"]), "")
        who = "You say" if reader.is_rep else f"{reader.rep} says"
        verb = "moves" if len(rows) == 1 else "move"
        whom = "you" if reader.is_rep else "them"
        sources = tuple(f"motivation_preference:{row['preference_id']}" for row in rows)
        facts.append(Fact(ended(f"{who} that {names} {verb} {whom}{f': “{own}”' if own else ''}"), sources))
    facts += _followed(material)
    return Section(
        "motivation",
        "What moves you" if reader.is_rep else f"What moves {reader.rep}",
        tuple(facts),
        "You have not said yet what moves you." if reader.is_rep else f"{reader.rep} has not said yet. Ask.",
        about="Counted from sessions; coaches choose to suit the day, so this shows what went together.",
    )


def _followed(material: Material) -> list[Fact]:
    known = material.uses.filter(pl.col("followed").is_not_null() & (pl.col("trigger") != NEVER_SUGGESTED))
    if known.is_empty():
        return []
    tried = (
        known.group_by("trigger")
        .agg(pl.len().alias("n"), pl.col("followed").sum().alias("followed"), pl.col("use_id").sort())
        .sort("n", "followed", "trigger", descending=[True, True, False])
        .head(MOST_TRIED)
    )
    words = [
        f"{TRIGGER_NAMES[row['trigger']].lower()} {row['followed']} of {numbers.plural(row['n'], 'time')}"
        for row in tried.iter_rows(named=True)
    ]
    words[1:] = [each.rsplit(numbers.SPACE, 1)[0] for each in words[1:]]
    sources = tuple(f"trigger_use:{key}" for keys in tried["use_id"] for key in keys)
    return [Fact(ended(f"Something followed: {several(words)}"), sources, "Tried")]


def _preparation(material: Material) -> Section:
    """What was brought for the meeting: the rep's topics and answers first, then everybody else's topics."""
    reader = material.reader
    still = material.agenda.filter(pl.col("session_id").is_null()).sort(
        pl.col("added_by") != reader.rep_id, pl.col("kind") == "answer", "added_at", "item_id"
    )
    lists = [
        [_on_list_words(row, reader) for row in _on_list(material, by_rep=own).to_dicts()] for own in (True, False)
    ]
    is_own = pl.col("added_by") == reader.rep_id
    items = [[_item_words(row, material) for row in still.filter(own).to_dicts()] for own in (is_own, ~is_own)]
    brought = [*items[0], *lists[0], *items[1], *lists[1]]
    # Sorted by what they are: topics of the rep, then their answers, then what others put there.
    brought.sort(key=lambda each: (each.is_others, each.fact.key == "answer"))
    shown, rest = brought[:MOST_BROUGHT], brought[MOST_BROUGHT:]
    facts = _fitting([each.fact for each in shown])
    if rest:
        sources = tuple(dict.fromkeys(source for each in rest for source in each.fact.source_ids))
        facts.append(Fact(numbers.plural(len(rest), "more item"), sources, "And"))
    return Section(
        "preparation",
        "What you bring" if reader.is_rep else f"What {reader.rep} brings",
        tuple(facts),
        "Add topics and answers under My coaching." if reader.is_rep else "Nothing yet.",
    )


@dataclasses.dataclass(frozen=True)
class _Brought:
    """Something that was brought, in whole words."""

    fact: Fact
    is_others: bool


def _item_words(row: dict[str, Any], material: Material) -> _Brought:
    words = line(row["body"], BROUGHT_ROOM)
    question = _question_of(row, material) if row["kind"] == "answer" else ""
    if question:
        words = f"“{line(question, LONGEST_QUESTION)}” – {words}"
    return _as_brought(words, row, f"agenda_item:{row['item_id']}", row["kind"], material.reader)


def _question_of(row: dict[str, Any], material: Material) -> str:
    """What an answer answers: as it is asked now where it still is, with every blank filled in."""
    asked = (
        each.question.key == row["question_key"] and each.source_ids[0] == row["about"] for each in material.questions
    )
    same = next((each.text for each, is_it in zip(material.questions, asked, strict=True) if is_it), None)
    return same or row["question"] or ""


def _on_list_words(row: dict[str, Any], reader: Reader) -> _Brought:
    return _as_brought(line(row["topic"], BROUGHT_ROOM), row, f"session:{row['session_id']}", "topic", reader)


def _as_brought(words: str, row: dict[str, Any], source: str, kind: str, reader: Reader) -> _Brought:
    is_others = row["added_by"] != reader.rep_id
    who = f", from {reader.whom(row['added_by'] or 0, row['added_by_name'])}" if is_others else ""
    return _Brought(Fact(words, (source,), f"{'Topic' if kind == 'topic' else 'Answer'}{who}", key=kind), is_others)


def _fitting(facts: list[Fact]) -> list[Fact]:
    """The facts with their whole words, cut evenly only where together they would not fit on the page."""
    if sum(len(fact.text) for fact in facts) <= BROUGHT_ROOM:
        return facts
    share = BROUGHT_ROOM // len(facts)
    spared = sum(max(share - len(fact.text), 0) for fact in facts)
    long = sum(len(fact.text) > share for fact in facts)
    return [dataclasses.replace(fact, text=line(fact.text, share + spared // long)) for fact in facts]


# ---- What goes along into the session ------------------------------------------------------------------------------


def _carried(material: Material, talked: list[topics.Topic]) -> Carried:
    action = _next_action(material)
    found = material.diagnosis
    skill = found.focus if found is not None and found.focus_kind == "skill" else None
    waiting = material.sessions.filter(
        pl.col("is_mine") & (pl.col("status") == "planned") & (pl.col("planned_on") <= material.as_of)
    ).sort("planned_on", "session_id", descending=True)
    return Carried(
        topics=tuple((topic.words, topic.item_ids) for topic in talked),
        questions=tuple(
            Asking(
                each.question.key,
                line(each.text, 240),
                each.source_ids,
                each.situation.deal_id,
                _answers_to(material, each.question.key),
            )
            for each in material.questions[:MOST]
        ),
        plan_action_id=action["action_id"] if action else None,
        skill=skill or (action["skill"] if action else None),
        session_id=waiting["session_id"][0] if waiting.height else None,
    )


def _answers_to(material: Material, key: str) -> tuple[int, ...]:
    ready = material.agenda.filter(
        (pl.col("kind") == "answer") & pl.col("session_id").is_null() & (pl.col("question_key") == key)
    )
    return tuple(ready["item_id"])


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
