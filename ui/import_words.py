"""The words of the imports page: kinds of files, their fields and settings as people call them. Holds no widget."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Kind:
    """A kind of file. ``needed`` and ``useful``: field -> why, in words that complete "needed" and "useful"."""

    label: str
    one: str
    many: str
    about: str
    needed: dict[str, str]
    useful: tuple[str, ...] = ()
    next_kind: str | None = None
    labels: dict[str, str] = field(default_factory=dict)


# In the order that helps most: people give teams and access their shape, deals the figures, quotas the attainment.
KINDS = {
    "people": Kind(
        "People",
        "person",
        "people",
        "Who sells, in which team, and who leads it. Load this first: it decides who sees whom.",
        {"name": "or an id"},
        ("id", "email", "role", "manager", "team", "started_on"),
        "deals",
        {"name": "Name", "manager": "Manager", "team": "Team", "id": "Id in the CRM"},
    ),
    "deals": Kind(
        "Deals",
        "deal",
        "deals",
        "Every deal or opportunity, open and closed: nearly every figure is made of them.",
        {"stage": "or a status", "id": "or row by row"},
        ("owner", "account", "opened_on", "amount"),
        "quotas",
        {"name": "Name of the deal", "id": "Id of the deal"},
    ),
    "quotas": Kind(
        "Quotas",
        "quota",
        "quotas",
        "What each rep is to sell in which period. Without it there is no attainment.",
        {"rep": "", "amount": "", "from": "or a period", "to": "or a period"},
        (),
        "stage-history",
    ),
    "accounts": Kind(
        "Accounts",
        "account",
        "accounts",
        "The customers, with sector and region.",
        {"name": ""},
        ("id", "sector", "region"),
        "products",
        {"name": "Name of the account", "id": "Id of the account"},
    ),
    "products": Kind(
        "Products",
        "product",
        "products",
        "What is sold, with list prices.",
        {"name": ""},
        ("id", "list_amount"),
        "accounts",
        {"name": "Name of the product", "id": "Id of the product", "list_amount": "List price"},
    ),
    "stage-history": Kind(
        "Stage history",
        "stage entry",
        "stage entries",
        "When each deal entered which stage. It dates what a single export can only guess.",
        {"deal": "", "stage": "", "entered_at": ""},
        (),
        "activities",
    ),
    "activities": Kind(
        "Activities",
        "activity",
        "activities",
        "Meetings, tasks and emails, done or planned.",
        {"at": "", "rep": "or a deal"},
        ("deal", "kind"),
        "calls",
    ),
    "calls": Kind(
        "Calls",
        "call",
        "calls",
        "Calls of the phone system, with who listened in, whispered or joined.",
        {"started_at": "", "rep": "or caller and callee"},
        ("seconds", "supervisor", "mode"),
    ),
    "sessions": Kind(
        "Sessions",
        "session",
        "sessions",
        "Coaching sessions, planned and held, with anybody who coaches. People have to be loaded before.",
        {"rep": "", "coach": "", "held_at": "or a planned day, or one date"},
        ("planned_on", "status", "minutes", "method"),
        "observations",
        {
            "id": "Id of the session",
            "kind": "Kind of session",
            "minutes": "Length in minutes",
            "on": "Date (held or planned)",
            "skill": "Skill worked on",
        },
    ),
    "observations": Kind(
        "Observations",
        "observation score",
        "observation scores",
        "What observers scored, a row per skill: rows with the same rep, observer, time and scorecard are one"
        " observation.",
        {"rep": "", "observer": "", "observed_at": "", "skill": "", "level": ""},
        ("scorecard", "evidence", "channel"),
        "plans",
        {"id": "Id of the observation", "mode": "Part the observer took", "skill": "Skill scored"},
    ),
    "plans": Kind(
        "Plans",
        "objective",
        "objectives",
        "What reps and coaches agreed to reach. Where a row gives no baseline, it is computed as of the day of"
        " agreement: load the deals before.",
        {"rep": "", "coach": "", "metric": "", "target": "", "agreed_on": "", "due_on": ""},
        ("baseline", "target_kind", "why"),
        None,
        {"id": "Id of the objective"},
    ),
    "absences": Kind(
        "Absences",
        "absence",
        "absences",
        "Days on which somebody is away: no session is expected of them then.",
        {"rep": "", "from": ""},
        ("to", "reason"),
        "holidays",
        {"reason": "Reason of the absence"},
    ),
    "holidays": Kind(
        "Holidays",
        "holiday",
        "holidays",
        "Days on which nobody is expected to be coached, everywhere or in a region.",
        {"date": ""},
        ("region", "name"),
        "policy",
        {"name": "Name of the holiday"},
    ),
    "policy": Kind(
        "Cadence policy",
        "policy",
        "policies",
        "How often people in a role are to be coached, and from when on.",
        {"role": "", "every_days": ""},
        ("tolerance_days", "from"),
        None,
        {"from": "In force from"},
    ),
    "costs": Kind(
        "Costs",
        "cost",
        "costs",
        "What coaching cost in which span of days: hours, tools, training, travel.",
        {"from": "", "to": "", "kind": "", "amount": ""},
        ("currency", "coach", "programme"),
        None,
        {"kind": "Kind of cost"},
    ),
}

LABELS = {
    "account": "Account",
    "active": "Still active",
    "agreed_on": "Agreed on",
    "angle": "Angle",
    "amount": "Amount",
    "application": "Phone application",
    "application_data": "Phone application, details",
    "at": "When",
    "baseline": "Baseline",
    "callee": "Called",
    "caller": "Caller",
    "close_on": "Close date (expected or actual)",
    "channel": "Channel",
    "closed_on": "Closed on",
    "coach": "Coach",
    "competitor": "Competitor",
    "cost": "Cost",
    "currency": "Currency",
    "date": "Day",
    "deal": "Deal",
    "deleted": "Deleted in the CRM",
    "direction": "Direction",
    "done": "Done",
    "due_on": "Due on",
    "email": "Email",
    "employees": "Employees",
    "ended_at": "Ended at",
    "entered_at": "Entered at",
    "every_days": "Days from one session to the next",
    "evidence": "Evidence",
    "expected_close_on": "Expected to close on",
    "field": "Changed field",
    "first_name": "First name",
    "from": "First day",
    "from_stage": "Stage before",
    "held_at": "Held at",
    "id": "Id",
    "instructions": "Instructions given",
    "is_closed": "Is closed",
    "is_lost": "Is lost",
    "is_won": "Is won",
    "kind": "Kind of activity",
    "last_name": "Last name",
    "left_on": "Left on",
    "level": "Level",
    "list_amount": "List amount",
    "lost_on": "Lost on",
    "lost_reason": "Reason for losing",
    "manager": "Manager",
    "method": "Method",
    "metric": "Metric",
    "milliseconds": "Length in milliseconds",
    "minutes": "Length in minutes",
    "missed_by": "Missed by",
    "mode": "Kind of supervision",
    "name": "Name",
    "next_step": "Next step",
    "observed_at": "Observed at",
    "observer": "Observer",
    "opened_on": "Opened on",
    "owner": "Owner",
    "parent": "Parent account",
    "period": "Period",
    "planned": "Planned",
    "planned_on": "Planned for",
    "product": "Product",
    "programme": "Programme",
    "questions": "Questions asked",
    "reason": "Reason",
    "record_type": "Kind of record",
    "region": "Region",
    "rep": "Rep",
    "role": "Role",
    "scorecard": "Scorecard",
    "seconds": "Length in seconds",
    "sector": "Sector",
    "segment": "Segment",
    "series": "Series",
    "skill": "Skill",
    "stage": "Stage",
    "started_at": "Started at",
    "started_on": "Started on",
    "status": "Status",
    "supervisor": "Supervisor",
    "target": "Target",
    "target_kind": "Kind of target",
    "team": "Team",
    "to": "Last day",
    "tolerance_days": "Days late that still count",
    "tone": "Tone",
    "trigger": "Motivation trigger",
    "visibility": "Visibility",
    "why": "Why it matters",
    "won_amount": "Amount won",
    "won_on": "Won on",
    "year": "Year",
}

STATUSES = {"open": "Open", "won": "Won", "lost": "Lost"}

DATE_FORMATS = {
    "": "As found in the file",
    "day first": "Day first: 31/03/2026",
    "month first": "Month first: 03/31/2026",
    "year first": "Year first: 26-03-31",
}
DECIMALS = {"": "As found in the file", ".": "Point: 1,234.50", ",": "Comma: 1.234,50"}
ROWS = {"": "Told apart by their contents", "deal": "Each row is a deal of its own"}
ENCODINGS = ("", "utf-8", "cp1252", "utf-16", "iso-8859-1", "mac-roman", "shift_jis", "gb18030")
DELIMITERS = {"": "As found in the file", ",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Bar"}


def field_label(kind: str, name: str) -> str:
    """A field as people call it."""
    return KINDS[kind].labels.get(name) or LABELS.get(name) or name.replace("_", " ").capitalize()


def rows_of(kind: str, count: int) -> str:
    """1 deal, 4,812 deals: whole numbers, because a result is compared with the CRM's own count."""
    words = KINDS[kind]
    return f"{count:,} {words.one if count == 1 else words.many}"
