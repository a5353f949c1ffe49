"""The brief before a one-on-one: facts with their rows, put together for one reader, and the papers made of it."""

from coaching.brief.assembly import LEFT, RIGHT, brief
from coaching.brief.changes import CHANGES, DEAL_CHANGES, deal_changes, since_of
from coaching.brief.documents import Site, as_html, as_json, as_markdown, invite, is_crowded
from coaching.brief.facts import Asking, Brief, Carried, Fact, Link, Row, Section, Since, Taken
from coaching.brief.material import PREFERENCES, REVIEWED, Material
from coaching.brief.wording import Reader

__all__ = [
    "CHANGES",
    "DEAL_CHANGES",
    "LEFT",
    "PREFERENCES",
    "REVIEWED",
    "RIGHT",
    "Asking",
    "Brief",
    "Carried",
    "Fact",
    "Link",
    "Material",
    "Reader",
    "Row",
    "Section",
    "Since",
    "Site",
    "Taken",
    "as_html",
    "as_json",
    "as_markdown",
    "brief",
    "deal_changes",
    "invite",
    "is_crowded",
    "since_of",
]
