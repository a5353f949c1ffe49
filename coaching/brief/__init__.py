"""The brief before a one-on-one: facts with their rows, put together for one reader, and the papers made of it."""

from coaching.brief.assembly import LEFT, RIGHT, brief
from coaching.brief.changes import CHANGES, DEAL_CHANGES, deal_changes, since_of
from coaching.brief.documents import Site, as_html, as_json, as_markdown, invite, is_crowded
from coaching.brief.facts import PAGE, Asking, Brief, Carried, Fact, Link, Row, Section, Since, Taken, fact_link
from coaching.brief.material import PREFERENCES, REVIEWED, Material
from coaching.brief.meeting import Proposal, Usual, proposed, usual_time
from coaching.brief.wording import Reader

__all__ = [
    "CHANGES",
    "DEAL_CHANGES",
    "LEFT",
    "PAGE",
    "PREFERENCES",
    "REVIEWED",
    "RIGHT",
    "Asking",
    "Brief",
    "Carried",
    "Fact",
    "Link",
    "Material",
    "Proposal",
    "Reader",
    "Row",
    "Section",
    "Since",
    "Site",
    "Taken",
    "Usual",
    "as_html",
    "as_json",
    "as_markdown",
    "brief",
    "deal_changes",
    "fact_link",
    "invite",
    "is_crowded",
    "proposed",
    "since_of",
    "usual_time",
]
