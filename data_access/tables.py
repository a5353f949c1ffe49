"""The tables of the shared database, private to data_access. Core tables only: no mapped classes, no queries.

Four habits run through the model:
- what a CRM export says is kept as versions (``known_from`` inclusive, ``known_to`` exclusive), both dates of exports;
- who belongs where, who owes what and which policy holds is effective-dated (``starts_on`` included, ``ends_on`` not);
- what people write is append-only or carries a ``version``;
- whatever an import wrote names its ``import_id``: rows of an import that is not published do not exist for readers.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from data_access.columns import (
    BigId,
    choice,
    day,
    flag,
    identity,
    instant,
    money,
    number,
    real,
    reference,
    version,
    word,
)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = sa.MetaData(naming_convention=NAMING)

ROLES = ("rep", "manager", "leader", "executive", "admin")
STATUSES = ("open", "won", "lost")
TRIGGERS = (
    "praise",
    "recognition",
    "relationships",
    "money",
    "competition",
    "challenge_positive",
    "challenge_negative",
)
METHODS = (
    "training",
    "reinforcement",
    "role_play",
    "test",
    "challenge",
    "questioning",
    "technology",
    "demonstration",
)
CHANNELS = ("field", "phone", "video", "recorded", "role_play")
LIVE_MODES = ("none", "listen", "whisper", "barge")
SUPERVISION_MODES = ("listen", "whisper", "barge", "unknown")
VISIBILITIES = ("shared", "private")
SALES_STAGES = ("prospecting", "discovery", "presentation", "negotiation", "close")


def table(name: str, about: str, *columns: Any) -> sa.Table:
    """A table with the sentence that docs/data-model.md prints above its columns."""
    return sa.Table(name, metadata, *columns, info={"about": about})


def written_by_import() -> sa.Column[Any]:
    """Which import wrote the row; null where a person or the product itself did."""
    return reference("import_id", "import_run", "import that wrote the row", index=False)


def once_per_import(name: str) -> tuple[sa.UniqueConstraint, ...]:
    """A key that an import uses once. Rows of a demo that is about to go may hold the same key a moment longer."""
    return (sa.UniqueConstraint(name, "import_id"),)


def superseded_by() -> sa.Column[Any]:
    """Keeps what was known before a later file corrected a row: such a row stands beside the corrected one."""
    return reference("superseded_by", "import_run", "file that corrected it; empty = the row as it is now", index=False)


def known_versions() -> tuple[sa.Column[Any], ...]:
    """Columns of a row that an export said: since when known, until when, and by which import it ended."""
    return (
        day("known_from", "date of the export that first said so", required=True),
        day("known_to", "date of the export that said otherwise; empty = still so"),
        reference("ended_by", "import_run", "import that said otherwise; counts once that is published", index=False),
        reference("import_id", "import_run", "import that wrote the row", required=True, index=False),
    )


# --- settings ---------------------------------------------------------------------------------------------------
setting = table(
    "setting",
    "Company-wide settings: time zone, fiscal year start, week start, reporting currency, thresholds of metrics.",
    sa.Column("key", sa.Text, primary_key=True, doc="name of the setting"),
    word("value", "JSON value", required=True),
    instant("changed_at", "when it was last changed"),
)
data_state = table(
    "data_state",
    "One row that changes with every write: what caches are keyed on, and whether the company is the demo.",
    sa.Column("id", sa.Integer, primary_key=True, doc="always 1"),
    number("data_version", "grows with every write", required=True, default=0),
    word("demo", "JSON: how the demo company was made and what it held; empty = real data"),
)
holiday = table(
    "holiday",
    "Days on which nobody is expected to be coached.",
    identity(),
    day("on_date", "the day", required=True),
    word("region", "region it holds in; empty = everywhere"),
    word("name", "name of the holiday"),
    written_by_import(),
    sa.UniqueConstraint("on_date", "region"),
)
cadence_policy = table(
    "cadence_policy",
    "How often a role is to be coached, effective-dated.",
    identity(),
    choice("role", ROLES, "role it holds for"),
    number("every_days", "days from one slot to the next", required=True),
    number("tolerance_days", "days after the slot's end that still count", required=True),
    day("starts_on", "first day it holds; empty = since ever"),
    written_by_import(),
    superseded_by(),
    sa.UniqueConstraint("role", "starts_on", "superseded_by"),
)
currency_rate = table(
    "currency_rate",
    "What one minor unit of a currency is worth in minor units of the reporting currency, dated.",
    identity(),
    word("currency", "ISO code", required=True),
    day("starts_on", "first day it holds; empty = since ever"),
    real("rate", "reporting minor units per minor unit", required=True),
    written_by_import(),
    sa.UniqueConstraint("currency", "starts_on"),
)

# --- imports ----------------------------------------------------------------------------------------------------
import_run = table(
    "import_run",
    "A CRM snapshot or another file that was loaded. Its rows exist for readers once published_at is set.",
    identity(),
    word("kind", "people, deals, ..., observations, sessions, plans, costs, ..., demo", required=True),
    word("file_name", "name of the file as given, never used as a path"),
    word("file_sha256", "fingerprint of the file's bytes and of the mapping", index=True),
    day("as_of", "date of the export itself", required=True),
    flag("is_base", "of the first loaded snapshot of its kind: history before it is rebuilt from it"),
    word("time_zone", "zone of times without one"),
    word("mapping", "JSON of the mapping that was used"),
    word("provided", "JSON list of the plain columns that the file supplied"),
    word("result", "JSON of the printed result"),
    instant("started_at", "when loading began", required=True),
    instant("published_at", "when readers could see it; empty = unfinished", index=True),
    number("read_count", "rows read"),
    number("accepted_count", "rows accepted"),
    number("rejected_count", "rows rejected"),
    number("ignored_count", "footers and blank lines"),
)
import_rejection = table(
    "import_rejection",
    "A row that was not loaded, with its raw text and the reason, so that it can be mended and loaded again.",
    identity(),
    reference("import_id", "import_run", "import it was read in", required=True),
    number("line", "line in the file", required=True),
    word("reason", "what is wrong and how to mend it", required=True),
    word("raw", "the row as it stood in the file", required=True),
)

# --- people and teams -------------------------------------------------------------------------------------------
person = table(
    "person",
    "Everybody who sells, coaches, leads or looks.",
    identity(),
    word("external_id", "id in the CRM", index=True),
    word("name", "display name", required=True),
    word("name_key", "name without case, spaces and punctuation", required=True, index=True),
    word("email", "address", index=True),
    choice("role", ROLES, "role today"),
    day("started_on", "first day in the company"),
    day("left_on", "last day in the company"),
    word("region", "region, for holidays and peers"),
    word("segment", "market segment, for peers"),
    flag("is_reference", "named by a people file; otherwise only mentioned as an owner"),
    written_by_import(),
    version(),
    *once_per_import("external_id"),
)
person_record = table(
    "person_record",
    "What people files said about a person, as versions: the source from which teams and memberships are derived.",
    identity(),
    reference("person_id", "person", "who", required=True),
    word("name", "name", required=True),
    word("email", "address"),
    word("role", "role as written"),
    reference("manager_id", "person", "manager named in the file", index=False),
    word("team", "team named in the file"),
    word("region", "region"),
    word("segment", "segment"),
    day("started_on", "first day in the company"),
    day("left_on", "last day in the company"),
    flag("active", "not marked as inactive", default=True),
    word("row_hash", "fingerprint of what the row says", required=True),
    *known_versions(),
    sa.UniqueConstraint("person_id", "known_from", "import_id"),
)
person_login = table(
    "person_login",
    "Which identity of an identity provider is which person.",
    identity(),
    reference("person_id", "person", "who", required=True),
    word("issuer", "provider", required=True),
    word("subject", "identity at the provider", required=True),
    instant("valid_after", "sessions older than this are refused"),
    sa.UniqueConstraint("issuer", "subject"),
)
team = table(
    "team",
    "A node of the org tree.",
    identity(),
    word("source_key", "stable key: label or leader", required=True, unique=True),
    word("external_id", "id or name outside", required=True),
    word("name", "display name", required=True),
    reference("leader_id", "person", "who leads it now"),
    written_by_import(),
)
team_placement = table(
    "team_placement",
    "Where a team stands in the org tree, effective-dated.",
    identity(),
    reference("team_id", "team", "the team", required=True),
    reference("parent_id", "team", "the team above; empty = top"),
    day("starts_on", "first day; empty = open-ended backwards"),
    day("ends_on", "first day no longer so; empty = still so"),
    written_by_import(),
)
membership = table(
    "membership",
    "Which team a person belongs to or leads, effective-dated. Derived from person_record.",
    identity(),
    reference("person_id", "person", "who", required=True),
    reference("team_id", "team", "in which team", required=True),
    choice("kind", ("member", "leader"), "belongs to it or leads it"),
    flag("is_home", "the team the person's own sales count for", default=True),
    day("starts_on", "first day; empty = open-ended backwards"),
    day("ends_on", "first day no longer so; empty = still so"),
    day("known_from", "date of the file that first placed the person", required=True),
    written_by_import(),
    sa.CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on > starts_on", name="ends_after_start"),
)
absence = table(
    "absence",
    "Days on which a person is not there to be coached.",
    identity(),
    reference("person_id", "person", "who", required=True),
    day("starts_on", "first day", required=True),
    day("ends_on", "last day", required=True),
    word("reason", "vacation, leave, ..."),
    written_by_import(),
    sa.UniqueConstraint("person_id", "starts_on", "ends_on"),
)
quota = table(
    "quota",
    "What a person is to sell in a span of days, as versions.",
    identity(),
    reference("person_id", "person", "who", required=True),
    day("starts_on", "first day", required=True),
    day("ends_on", "last day", required=True),
    money("amount", "quota", required=True),
    word("currency", "ISO code", required=True),
    money("reporting_amount", "quota in the reporting currency", required=True),
    word("row_hash", "fingerprint of what the row says"),
    *known_versions(),
    sa.UniqueConstraint("person_id", "starts_on", "ends_on", "known_from", "import_id"),
)

# --- CRM --------------------------------------------------------------------------------------------------------
account = table(
    "account",
    "A customer or prospect.",
    identity(),
    word("external_id", "id in the CRM", index=True),
    word("name", "display name", required=True),
    word("name_key", "name without case, spaces and punctuation", required=True, index=True),
    word("sector", "industry"),
    word("region", "place"),
    word("parent_name", "parent company"),
    number("employees", "size"),
    flag("is_reference", "named by an accounts file; otherwise only mentioned by a deal"),
    day("known_from", "date of the latest file that named it"),
    written_by_import(),
    *once_per_import("external_id"),
)
product = table(
    "product",
    "Something that is sold.",
    identity(),
    word("external_id", "id in the CRM", index=True),
    word("name", "display name", required=True),
    word("name_key", "name without case, spaces and punctuation", required=True, index=True),
    word("series", "family"),
    money("list_amount", "list price"),
    word("currency", "ISO code of the list price"),
    flag("is_reference", "named by a products file; otherwise only mentioned by a deal"),
    day("known_from", "date of the latest file that named it"),
    written_by_import(),
    *once_per_import("external_id"),
)
deal = table(
    "deal",
    "The identity of an opportunity; what is known of it stands in deal_version.",
    identity(),
    word("source_key", "id in the CRM or the key built from the row", required=True, index=True),
    word("external_id", "id in the CRM"),
    written_by_import(),
    *once_per_import("source_key"),
)
deal_version = table(
    "deal_version",
    "What an export said about a deal. A later export writes a new version only where something changed.",
    identity(),
    reference("deal_id", "deal", "which deal", required=True, index=False),
    *known_versions(),
    day("first_known_on", "date of the first export that held the deal", required=True),
    reference("owner_id", "person", "who owns it", index=False),
    reference("opening_owner_id", "person", "who owned it when it was first seen", index=False),
    reference("account_id", "account", "for whom", index=False),
    reference("product_id", "product", "what", index=False),
    word("name", "title"),
    word("stage", "stage as written in the CRM"),
    choice("status", STATUSES, "what the stage means"),
    day("opened_on", "when it was opened"),
    day("expected_close_on", "when it is expected to close"),
    day("closed_on", "when it was won or lost"),
    word("currency", "ISO code of the amounts"),
    money("amount", "amount"),
    money("cost", "cost of what was sold"),
    money("list_amount", "amount at list price"),
    money("reporting_amount", "amount in the reporting currency"),
    money("reporting_cost", "cost in the reporting currency"),
    money("reporting_list_amount", "list amount in the reporting currency"),
    word("next_step", "what happens next"),
    word("lost_reason", "why it was lost"),
    word("competitor", "to whom it was lost, or who else is in"),
    flag("is_deleted", "the export marks it as deleted"),
    word("row_hash", "fingerprint of what the row says", required=True),
    sa.Index("ix_deal_version_deal_known", "deal_id", "known_from"),
    sa.Index("ix_deal_version_status_closed", "status", "closed_on"),
    sa.Index("ix_deal_version_opened", "opened_on"),
    sa.Index("ix_deal_version_owner", "owner_id"),
)
stage_entry = table(
    "stage_entry",
    "A deal entered a stage.",
    identity(),
    reference("deal_id", "deal", "which deal", required=True, index=False),
    word("stage", "stage as written in the CRM", required=True),
    choice("status", STATUSES, "what the stage means", required=False),
    instant("entered_at", "when", required=True),
    day("entered_on", "when, in the company time zone", required=True),
    money("reporting_amount", "amount at that moment, reporting currency"),
    reference("owner_id", "person", "owner at that moment", index=False),
    day("known_from", "date of the export that said so", required=True),
    reference("import_id", "import_run", "import that wrote the row", required=True, index=False),
    sa.UniqueConstraint("deal_id", "entered_at", "stage"),
)
activity = table(
    "activity",
    "A call, mail, meeting or task in the CRM, done or planned.",
    identity(),
    word("source_key", "id in the CRM or the key built from the row", required=True, index=True),
    reference("deal_id", "deal", "on which deal"),
    reference("person_id", "person", "by whom"),
    instant("happens_at", "when", required=True),
    day("happens_on", "when, in the company time zone", required=True),
    word("kind", "call, mail, meeting, task, ..."),
    flag("is_planned", "still to come when exported"),
    word("row_hash", "fingerprint of what the row says", required=True),
    *known_versions(),
)
call = table(
    "call",
    "A telephone or video call with a customer.",
    identity(),
    word("source_key", "id in the phone system or the key built from the row", required=True, index=True),
    reference("person_id", "person", "the rep"),
    reference("account_id", "account", "with whom", index=False),
    reference("deal_id", "deal", "about which deal", index=False),
    instant("started_at", "when", required=True),
    day("started_on", "when, in the company time zone", required=True),
    number("seconds", "how long"),
    word("direction", "inbound, outbound, internal"),
    word("row_hash", "fingerprint of what the row says", required=True),
    *known_versions(),
)
call_supervision = table(
    "call_supervision",
    "A coach listened to, whispered into or barged into a live call.",
    identity(),
    word("source_key", "key of the call and the supervisor", required=True, index=True),
    reference("call_id", "call", "the call, where it could be found"),
    reference("supervisor_id", "person", "the coach"),
    reference("rep_id", "person", "the rep"),
    choice("mode", SUPERVISION_MODES, "how"),
    instant("started_at", "when", required=True),
    number("seconds", "how long"),
    written_by_import(),
    *once_per_import("source_key"),
)

# --- skills and observations ------------------------------------------------------------------------------------
skill = table(
    "skill",
    "Something a rep or a coach can get better at.",
    identity(),
    word("slug", "short name in keys and links", required=True, unique=True),
    word("name", "display name", required=True),
    word("description", "what it is"),
    choice("kind", ("rep", "coach"), "whose skill"),
)
scorecard = table(
    "scorecard",
    "A named set of skills that are scored together.",
    identity(),
    word("slug", "short name", required=True, unique=True),
    word("name", "display name", required=True),
    choice("kind", ("rep", "coach"), "who is scored on it"),
)
scorecard_version = table(
    "scorecard_version",
    "A scorecard as it stood between two dates; scores keep the version they were given on.",
    identity(),
    reference("scorecard_id", "scorecard", "which scorecard", required=True),
    number("number", "1, 2, 3, ...", required=True),
    day("starts_on", "first day in use"),
    day("ends_on", "first day no longer in use"),
    sa.UniqueConstraint("scorecard_id", "number"),
)
scorecard_item = table(
    "scorecard_item",
    "A skill on a version of a scorecard, with its scale.",
    identity(),
    reference("scorecard_version_id", "scorecard_version", "on which version", required=True),
    reference("skill_id", "skill", "which skill", required=True),
    number("position", "order on the form", required=True),
    number("lowest", "lowest level", required=True, default=1),
    number("highest", "highest level", required=True, default=5),
    sa.UniqueConstraint("scorecard_version_id", "skill_id"),
)
scorecard_anchor = table(
    "scorecard_anchor",
    "What a level looks like in words.",
    identity(),
    reference("scorecard_item_id", "scorecard_item", "of which item", required=True),
    number("level", "level", required=True),
    word("behaviour", "what one sees or hears at this level", required=True),
    sa.UniqueConstraint("scorecard_item_id", "level"),
)
observation = table(
    "observation",
    "Somebody watched a rep sell (or a coach coach) and wrote down what happened.",
    identity(),
    word("source_key", "key of the row in a file", unique=True),
    reference("person_id", "person", "who was observed", required=True),
    reference("observer_id", "person", "who observed", required=True),
    choice("kind", ("coach", "self", "second_rater", "coach_the_coach"), "from which seat"),
    reference("paired_observation_id", "observation", "the other view of the same call"),
    instant("observed_at", "when", required=True),
    day("observed_on", "when, in the company time zone", required=True, index=True),
    word("time_zone", "zone in which the time was given; empty = the company's"),
    choice("channel", CHANNELS, "how", required=False),
    choice("live_mode", LIVE_MODES, "part the observer took", required=False),
    reference("deal_id", "deal", "about which deal"),
    reference("account_id", "account", "about which account"),
    reference("call_id", "call", "on which call"),
    reference("session_id", "session", "in which session"),
    reference("scorecard_version_id", "scorecard_version", "scored on", required=True),
    word("went_well", "what went well"),
    word("one_thing", "one thing to reinforce or correct"),
    choice("visibility", VISIBILITIES, "who may read the words"),
    instant("released_at", "when the rep could see it"),
    flag("is_example", "offered as an example for the library"),
    instant("consented_at", "when the rep agreed to that"),
    instant("recorded_at", "when it was written down", required=True),
    written_by_import(),
    version(),
)
score = table(
    "score",
    "A level on one skill of an observation, with the evidence. Append-only.",
    identity(),
    reference("observation_id", "observation", "of which observation", required=True),
    reference("scorecard_item_id", "scorecard_item", "on which item", required=True),
    number("level", "level given", required=True),
    word("evidence", "what was seen or heard"),
    sa.UniqueConstraint("observation_id", "scorecard_item_id"),
)

second_rating = table(
    "second_rating",
    "Another coach was asked to score the same call without seeing the first scores.",
    identity(),
    reference("observation_id", "observation", "the first view of the call", required=True),
    reference("rater_id", "person", "who is asked", required=True),
    reference("asked_by", "person", "who asks", required=True, index=False),
    instant("asked_at", "when", required=True),
    instant("declined_at", "when the other coach declined"),
    sa.UniqueConstraint("observation_id", "rater_id"),
)

# --- plans ------------------------------------------------------------------------------------------------------
plan = table(
    "plan",
    "A rep's development plan; what it says stands in its revisions.",
    identity(),
    word("source_key", "key of the row in a file", unique=True),
    reference("rep_id", "person", "whose plan", required=True),
    reference("coach_id", "person", "with which coach", required=True),
    day("starts_on", "first day", required=True),
    day("ends_on", "last day"),
    choice("status", ("draft", "active", "closed"), "where it stands"),
    written_by_import(),
    version(),
)
plan_revision = table(
    "plan_revision",
    "What a plan says from a moment on, and why it was changed. Append-only.",
    identity(),
    reference("plan_id", "plan", "which plan", required=True),
    number("number", "1, 2, 3, ...", required=True),
    word("reason", "why it was changed", required=True),
    word("summary", "the plan in a sentence"),
    reference("recorded_by", "person", "who changed it", index=False),
    instant("recorded_at", "when", required=True),
    sa.UniqueConstraint("plan_id", "number"),
)
plan_action = table(
    "plan_action",
    "Something the rep does to get better, tied to a skill.",
    identity(),
    reference("plan_revision_id", "plan_revision", "in which revision", required=True),
    reference("skill_id", "skill", "for which skill"),
    choice("method", METHODS, "how", required=False),
    word("action", "what", required=True),
    number("repetitions", "how often"),
    day("due_on", "until when"),
    day("done_on", "when it was done"),
    version(),
)
plan_signature = table(
    "plan_signature",
    "A person signed the verdict on a plan; it takes two.",
    identity(),
    reference("plan_id", "plan", "which plan", required=True),
    reference("person_id", "person", "who signed", required=True),
    word("verdict", "met, not met, adjusted", required=True),
    instant("signed_at", "when", required=True),
    sa.UniqueConstraint("plan_id", "person_id"),
)
objective = table(
    "objective",
    "An outcome on a CRM metric that rep and coach agreed; the baseline is frozen at agreement.",
    identity(),
    word("source_key", "key of the row in a file", unique=True),
    reference("plan_id", "plan", "of which plan", required=True),
    word("metric_key", "key in the metric registry", required=True),
    real("baseline_value", "value at agreement"),
    number("baseline_count", "events behind it"),
    day("baseline_as_of", "date it was taken at"),
    word("baseline_basis", "how it was taken: given, the mean of the last three snapshots, or the value of a period"),
    real("target_value", "target as given", required=True),
    choice("target_kind", ("absolute", "relative", "points"), "how the target is meant"),
    day("agreed_on", "when it was agreed", required=True),
    day("due_on", "until when", required=True),
    word("why_business", "why it matters to the business"),
    word("why_rep", "why it matters to the rep"),
    choice("status", ("proposed", "accepted", "countered", "objected", "closed"), "where it stands"),
    written_by_import(),
    version(),
)
objective_response = table(
    "objective_response",
    "The rep accepted, countered or objected. Append-only.",
    identity(),
    reference("objective_id", "objective", "which objective", required=True),
    reference("person_id", "person", "who answered", required=True),
    choice("response", ("accept", "counter", "object"), "what"),
    real("counter_value", "target proposed instead; empty in a counter = the counter before it is withdrawn"),
    word("reason", "why"),
    instant("answered_at", "when", required=True),
)
resistance_step = table(
    "resistance_step",
    "How an objection was met; pulling rank is the last resort. Append-only.",
    identity(),
    reference("objective_id", "objective", "which objective", required=True),
    choice("step", ("listen_again", "other_angle", "difficult_conversation", "escalate"), "what was tried"),
    reference("recorded_by", "person", "by whom", index=False),
    day("taken_on", "when", required=True),
    word("note", "what came of it"),
)

# --- sessions ---------------------------------------------------------------------------------------------------
session = table(
    "session",
    "A coaching conversation, planned or held.",
    identity(),
    word("source_key", "key of the row in a file", unique=True),
    reference("rep_id", "person", "with whom", required=True),
    reference("coach_id", "person", "by whom", required=True),
    choice("kind", ("own_manager", "other_coach", "peer", "group"), "what kind"),
    day("planned_on", "planned for"),
    instant("held_at", "when it was held"),
    day("held_on", "when, in the company time zone", index=True),
    choice("status", ("planned", "held", "moved", "missed", "excused"), "what became of it"),
    choice("missed_by", ("rep", "coach"), "who missed it", required=False),
    reference("moved_from_id", "session", "the session that this one was moved from"),
    number("minutes", "how long"),
    number("preparation_minutes", "preparation"),
    choice("method", METHODS, "how", required=False),
    word("angle", "from which side"),
    reference("skill_id", "skill", "which skill was worked on"),
    reference("plan_action_id", "plan_action", "which action of the plan"),
    number("questions", "questions asked by the coach"),
    number("instructions", "instructions given by the coach"),
    choice("trigger", TRIGGERS, "motivation trigger used", required=False),
    word("tone", "tone it was used in"),
    word("note", "what was said"),
    choice("visibility", VISIBILITIES, "who may read the note"),
    instant("recorded_at", "when it was written down", required=True),
    written_by_import(),
    superseded_by(),
    version(),
)
session_participant = table(
    "session_participant",
    "Who else sat in a group session.",
    reference("session_id", "session", "which session", required=True),
    reference("person_id", "person", "who", required=True),
    sa.PrimaryKeyConstraint("session_id", "person_id"),
)
session_topic = table(
    "session_topic",
    "What was on the table, in order.",
    identity(),
    reference("session_id", "session", "which session", required=True),
    number("position", "order", required=True),
    word("topic", "what", required=True),
    reference("added_by", "person", "by whom", index=False),
)
commitment = table(
    "commitment",
    "A promise, of the coach as much as of the rep.",
    identity(),
    reference("session_id", "session", "made in which session"),
    reference("by_id", "person", "who promised", required=True),
    reference("to_id", "person", "to whom", required=True),
    word("promise", "what", required=True),
    day("made_on", "when", required=True),
    day("due_on", "until when"),
    day("done_on", "when it was kept"),
    version(),
)
note = table(
    "note",
    "Words about a person: private (its author, nobody else, ever) or shared (the person and the line above).",
    identity(),
    reference("about_id", "person", "about whom", required=True),
    reference("author_id", "person", "by whom", required=True),
    choice("visibility", VISIBILITIES, "who may read it"),
    word("body", "the words", required=True),
    instant("recorded_at", "when", required=True),
    version(),
)

# --- motivation, onboarding, peers ------------------------------------------------------------------------------
motivation_preference = table(
    "motivation_preference",
    "What a person says moves them, as they changed it over time.",
    identity(),
    reference("person_id", "person", "who", required=True),
    choice("trigger", TRIGGERS, "which"),
    number("weight", "0 not at all .. 4 very much", required=True),
    word("words", "in their own words"),
    instant("stated_at", "when", required=True),
)
trigger_use = table(
    "trigger_use",
    "A motivation trigger was used, and what followed.",
    identity(),
    reference("session_id", "session", "in which session"),
    reference("rep_id", "person", "with whom", required=True),
    reference("coach_id", "person", "by whom", required=True),
    choice("trigger", TRIGGERS, "which"),
    word("tone", "in which tone"),
    day("used_on", "when", required=True),
    sa.Column(
        "followed", sa.Boolean(create_constraint=False), doc="agreed action done or skill up; empty = not yet known"
    ),
    day("followed_on", "when that was known"),
)
shadowed_cycle = table(
    "shadowed_cycle",
    "A full sales cycle that a new rep sat in on.",
    identity(),
    reference("rep_id", "person", "who sat in", required=True),
    reference("seller_id", "person", "who sold", index=False),
    number("number", "1 to 10", required=True),
    reference("account_id", "account", "with which customer", index=False),
    sa.UniqueConstraint("rep_id", "number"),
)
shadowed_stage = table(
    "shadowed_stage",
    "A stage of a shadowed cycle and what was noticed in it.",
    identity(),
    reference("shadowed_cycle_id", "shadowed_cycle", "of which cycle", required=True),
    choice("stage", SALES_STAGES, "which stage"),
    day("seen_on", "when", required=True),
    word("noticed", "what was noticed"),
    sa.UniqueConstraint("shadowed_cycle_id", "stage"),
)
sign_off = table(
    "sign_off",
    "Somebody signed that a new rep may sell.",
    identity(),
    reference("rep_id", "person", "who", required=True),
    reference("signed_by", "person", "by whom", required=True, index=False),
    instant("signed_at", "when", required=True),
    word("note", "what was seen"),
)
role_model_template = table(
    "role_model_template",
    "The right behaviours in words, for new reps to read.",
    identity(),
    word("slug", "short name", required=True, unique=True),
    word("title", "title", required=True),
    word("body", "text", required=True),
    reference("skill_id", "skill", "for which skill"),
)
peer_pair = table(
    "peer_pair",
    "Two people who meet about a skill: one strong in it, one who would gain.",
    identity(),
    reference("skill_id", "skill", "about which skill", required=True),
    reference("strong_id", "person", "who is strong", required=True),
    reference("learner_id", "person", "who would gain", required=True),
    day("starts_on", "first day", required=True),
    day("ends_on", "last day"),
    choice("status", ("proposed", "accepted", "closed"), "where it stands"),
    reference("proposed_by", "person", "by whom; empty = the product", index=False),
    instant("recorded_at", "when it was proposed"),
    instant("closed_at", "when it was closed"),
    version(),
)
peer_capacity = table(
    "peer_capacity",
    "In how many pairs somebody can be at a time, where it is not the company's usual number.",
    identity(),
    sa.Column("person_id", BigId, sa.ForeignKey("person.id"), nullable=False, unique=True, doc="who"),
    number("pairs_at_most", "pairs at a time; 0 = none", required=True),
    reference("set_by", "person", "by whom", index=False),
    instant("recorded_at", "when", required=True),
)
peer_meeting = table(
    "peer_meeting",
    "What a pair tried, what worked, what comes next.",
    identity(),
    reference("peer_pair_id", "peer_pair", "which pair", required=True),
    day("met_on", "when", required=True),
    word("tried", "what the one who would gain tried"),
    word("strong_tried", "what the one who is strong tried"),
    word("worked", "what worked"),
    word("next_step", "what next"),
    reference("written_by", "person", "by whom", index=False),
    instant("recorded_at", "when it was written down"),
    version(),
)
pulse = table(
    "pulse",
    "Three taps about being coached; names nobody, not even to the database's owner.",
    identity(),
    word("wave", "which round", required=True),
    word("respondent_hash", "keyed hash whose key is destroyed when the round closes", required=True),
    reference("team_id", "team", "team at the time", required=True),
    number("useful", "1..5", required=True),
    number("heard", "1..5", required=True),
    number("clear", "1..5", required=True),
    sa.UniqueConstraint("wave", "respondent_hash"),
)
pulse_wave = table(
    "pulse_wave",
    "A round of the pulse. Its key keeps answers to one per person and is destroyed when the round closes.",
    sa.Column("wave", sa.Text, primary_key=True, doc="which round, 2026-11"),
    word("secret", "key of the hashes; empty = closed, nobody can be told from their hash any more"),
    day("closes_on", "last day", required=True),
)
knowledge_gap = table(
    "knowledge_gap",
    "A question the rep could not answer yet, where to find out, and when it was closed by the rep.",
    identity(),
    reference("rep_id", "person", "whose", required=True),
    reference("deal_id", "deal", "about which deal"),
    word("question", "what", required=True),
    word("where_to_look", "where to find out"),
    reference("noted_by", "person", "by whom", index=False),
    instant("noted_at", "when", required=True),
    word("answer", "what the rep found"),
    instant("closed_at", "when the rep closed it"),
)
deal_lesson = table(
    "deal_lesson",
    "What the rep concludes from a lost deal; the coach may add a question, not a verdict.",
    identity(),
    reference("deal_id", "deal", "which deal", required=True),
    reference("rep_id", "person", "who concludes", required=True),
    word("conclusion", "what", required=True),
    word("coach_question", "a question back"),
    instant("recorded_at", "when", required=True),
    version(),
)
question_asked = table(
    "question_asked",
    "Which open question was put to whom, so that none comes again too soon.",
    identity(),
    reference("rep_id", "person", "to whom", required=True),
    reference("session_id", "session", "in which session"),
    word("question_key", "key in the question bank", required=True),
    day("asked_on", "when", required=True),
    reference("asked_by", "person", "by whom", index=False),
    word("about", "rows that led to it, such as deal:12"),
    instant("recorded_at", "when it was noted"),
)
question_edit = table(
    "question_edit",
    "What an admin changed in the question bank. Append-only: the latest row of a key holds.",
    identity(),
    word("question_key", "key in the question bank", required=True),
    word("situation", "when it is asked", required=True),
    word("about_skill", "slug of the skill it is about"),
    word("body", "the question", required=True),
    flag("is_active", "whether it is asked at all", default=True),
    reference("edited_by", "person", "by whom", index=False),
    instant("recorded_at", "when", required=True),
)
agenda_item = table(
    "agenda_item",
    "What somebody brings to the next one-on-one: a topic, or an answer to a question that will be asked.",
    identity(),
    reference("rep_id", "person", "whose one-on-one", required=True),
    choice("kind", ("topic", "answer"), "what it is"),
    word("question_key", "which question it answers"),
    word("body", "in words", required=True),
    reference("added_by", "person", "by whom", required=True, index=False),
    instant("recorded_at", "when", required=True),
    reference("session_id", "session", "session that took it up; empty = still to come"),
    instant("withdrawn_at", "when it was taken back"),
    version(),
)

# --- programme --------------------------------------------------------------------------------------------------
programme = table(
    "programme",
    "A coaching programme that people are enrolled in and that costs money.",
    identity(),
    word("slug", "short name", required=True, unique=True),
    word("name", "display name", required=True),
    day("starts_on", "first day", required=True),
)
programme_enrolment = table(
    "programme_enrolment",
    "From when on a rep was assigned to be coached; the start in every effect estimate.",
    identity(),
    reference("programme_id", "programme", "which programme", required=True),
    reference("person_id", "person", "who", required=True),
    day("starts_on", "first day", required=True),
    word("reason", "why then: lottery, chosen, all at once"),
    reference("enrolled_by", "person", "by whom; empty = a file or the product", index=False),
    instant("recorded_at", "when it was written down; empty = with the file"),
    written_by_import(),
    sa.UniqueConstraint("programme_id", "person_id"),
)
hour_rate = table(
    "hour_rate",
    "What an hour of a coach or a rep costs the company, effective-dated. Append-only: the latest row of a day holds.",
    identity(),
    choice("who", ("coach", "rep"), "whose hour"),
    money("amount", "cost of one hour", required=True),
    word("currency", "ISO code", required=True),
    money("reporting_amount", "the same in the reporting currency", required=True),
    word("basis", "JSON: how it was computed (salary, benefits, productive hours)"),
    day("starts_on", "first day it holds; empty = since ever"),
    reference("set_by", "person", "by whom", index=False),
    instant("recorded_at", "when", required=True),
)
programme_cost = table(
    "programme_cost",
    "What coaching cost in a span of days.",
    identity(),
    reference("programme_id", "programme", "which programme"),
    word("kind", "coach hours, rep hours, tools, training, preparation, evaluation", required=True),
    day("starts_on", "first day", required=True),
    day("ends_on", "last day", required=True),
    money("amount", "cost", required=True),
    word("currency", "ISO code", required=True),
    money("reporting_amount", "cost in the reporting currency", required=True),
    reference("rep_id", "person", "for which rep", index=False),
    reference("coach_id", "person", "for which coach", index=False),
    reference("entered_by", "person", "by whom; empty = a file", index=False),
    instant("recorded_at", "when it was entered; empty = with the file"),
    instant("withdrawn_at", "when it was taken back"),
    written_by_import(),
    sa.UniqueConstraint("programme_id", "kind", "starts_on", "ends_on", "rep_id", "coach_id"),
)
frozen_evidence = table(
    "frozen_evidence",
    "A computed effect as it was frozen: numbers, data hash, definitions, who froze it and why. Append-only.",
    identity(),
    reference("programme_id", "programme", "which programme"),
    day("as_of", "date it speaks for", required=True),
    word("result", "JSON of all numbers", required=True),
    word("definition_version", "which definitions", required=True),
    word("data_hash", "fingerprint of the panel", required=True),
    word("code_version", "which code", required=True),
    word("reason", "why it was frozen"),
    reference("frozen_by", "person", "by whom", index=False),
    instant("frozen_at", "when", required=True),
)
start_lottery = table(
    "start_lottery",
    "A drawn starting order, locked before the first start.",
    identity(),
    reference("programme_id", "programme", "which programme", required=True),
    word("seed", "seed of the draw", required=True),
    word("hypothesis", "what is expected", required=True),
    word("drawn_order", "JSON list of person and wave", required=True),
    word("terms", "JSON of what was fixed before the draw: waves, their first days, hours, smallest visible effect"),
    reference("drawn_by", "person", "by whom", index=False),
    instant("locked_at", "when it was locked", required=True),
)

# --- alerts, drafts, audit --------------------------------------------------------------------------------------
alert_snooze = table(
    "alert_snooze",
    "Somebody put an alert off, with a reason.",
    identity(),
    word("rule_key", "which rule", required=True),
    reference("about_id", "person", "about whom", required=True),
    reference("by_id", "person", "by whom", required=True, index=False),
    word("reason", "why", required=True),
    day("until_on", "until when", required=True),
    instant("recorded_at", "when it was put off"),
    instant("lifted_at", "when it was taken back"),
)
draft = table(
    "draft",
    "A half-filled form, so that a reload or a lost connection costs nothing.",
    identity(),
    reference("author_id", "person", "whose", required=True),
    word("form", "which form", required=True),
    word("body", "JSON of what was filled in", required=True),
    instant("saved_at", "when", required=True),
    sa.UniqueConstraint("author_id", "form"),
)
record_look = table(
    "record_look",
    "Somebody opened a page about a rep: what the rep reads under who looked at my record. One row a day and page.",
    identity(),
    reference("rep_id", "person", "whose record", required=True, index=False),
    reference("viewer_id", "person", "who looked; empty = a stand-in or the operator", index=False),
    word("page", "which page", required=True),
    day("looked_on", "when, in the company time zone", required=True),
    instant("first_at", "first time that day", required=True),
    sa.UniqueConstraint("rep_id", "viewer_id", "page", "looked_on"),
)
audit_entry = table(
    "audit_entry",
    "Who did what to whose record, chained by hashes so that a change or a gap is found. Append-only, ids only.",
    identity(),
    instant("happened_at", "when", required=True),
    # No reference: the trail outlives the people in it, those of a demo company that has gone included.
    sa.Column("actor_id", BigId, doc="person who did it; empty = the operator at the command line"),
    word("action", "what", required=True),
    word("subject", "on what: table and id"),
    word("detail", "JSON, no bodies"),
    word("previous_hash", "hash of the entry before", required=True),
    word("hash", "hash of this entry and the one before", required=True),
)

# --- facts and demo ---------------------------------------------------------------------------------------------
fact_rep_period = table(
    "fact_rep_period",
    "Additive facts of the latest knowledge per rep, team of the event's date and atom (week within a month).",
    sa.Column("rep_key", BigId, nullable=False, doc="person whose events these are; 0 = deals without an owner"),
    sa.Column("team_key", BigId, nullable=False, doc="team of the event's date; 0 = none"),
    day("atom_on", "first day of the atom: the later of week start and first of month", required=True),
    number("opened_count", "deals opened", required=True, default=0),
    number("opened_amount_count", "of those, with an amount", required=True, default=0),
    money("opened_amount", "amount opened", required=True),
    number("won_count", "deals won", required=True, default=0),
    number("won_amount_count", "of those, with an amount", required=True, default=0),
    money("won_amount", "amount won", required=True),
    number("lost_count", "deals lost", required=True, default=0),
    number("lost_amount_count", "of those, with an amount", required=True, default=0),
    money("lost_amount", "amount lost", required=True),
    number("margin_count", "won deals with amount and cost", required=True, default=0),
    money("margin_amount", "their amount", required=True),
    money("margin_cost", "their cost", required=True),
    number("discount_count", "won deals with amount and list amount", required=True, default=0),
    money("discount_amount", "their amount", required=True),
    money("discount_list_amount", "their list amount", required=True),
    number("lost_reason_count", "lost deals with a reason", required=True, default=0),
    number("lost_competitor_count", "lost deals with a competitor", required=True, default=0),
    number("session_count", "coaching sessions held with the rep", required=True, default=0),
    number("session_minutes", "their minutes", required=True, default=0),
    number("observation_count", "released observations by others", required=True, default=0),
    sa.PrimaryKeyConstraint("atom_on", "rep_key", "team_key"),
    sa.Index("ix_fact_rep_period_rep", "rep_key", "atom_on"),
)
demo_truth = table(
    "demo_truth",
    "What the generator of the demo company knows and the product has to find: tests compare with it.",
    identity(),
    reference("person_id", "person", "about whom; empty = the company", index=False),
    word("key", "what", required=True),
    real("value", "how much"),
    word("detail", "in words"),
)

COACHING_TABLES = (
    observation, score, plan, plan_revision, plan_action, plan_signature, objective, objective_response,
    resistance_step, session, session_participant, session_topic, commitment, note, motivation_preference,
    trigger_use, shadowed_cycle, shadowed_stage, sign_off, peer_pair, peer_meeting, pulse, knowledge_gap,
    deal_lesson, question_asked, question_edit, agenda_item, peer_capacity,
)  # fmt: skip
"""What people record; once any of it changes, a demo company is somebody's work and is not removed silently."""
