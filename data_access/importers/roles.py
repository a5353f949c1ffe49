"""What a role in a people file means here. A word that says nothing is settled by who reports to the person."""

from __future__ import annotations

import re

_EXECUTIVE = re.compile(r"\b(ceo|cro|coo|cfo|chief|president|executive board|board|executive)\b")
_SELLS = re.compile(r"\b(rep|seller|agent|account executive|account manager|ae|sdr|bdr|consultant|associate)\b")
_ADMIN = re.compile(r"\b(admin|administrator|operations|ops|revops|crm)\b")
_LEADS = re.compile(r"\b(vp|vice president|director|head|leader|regional manager|area manager)\b")
_MANAGES = re.compile(r"\b(manager|supervisor|team lead|coach)\b")


def role_of(text: str | None, has_reports: bool, has_managers_below: bool) -> str:
    """rep, manager, leader, executive or admin, from the role as written and the reporting lines.

    An account executive sells and a vice president leads, so the longer readings are tried first.
    """
    word = (text or "").casefold().replace("_", " ").replace("-", " ")
    if _SELLS.search(word) and not has_reports:
        return "rep"
    if _LEADS.search(word):
        return "leader"
    if _EXECUTIVE.search(word) and not _SELLS.search(word):
        return "executive"
    if _ADMIN.search(word) and not has_reports:
        return "admin"
    if has_managers_below:
        return "leader"
    if _MANAGES.search(word) or has_reports:
        return "manager"
    return "rep"
