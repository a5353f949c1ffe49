"""Who is looking. Without an identity provider the app runs in local mode: on this machine anybody may look as anybody,
and the page says so. A real sign-in replaces ``chosen_person``; everything behind it stays.
"""

from __future__ import annotations

import ipaddress

import polars as pl
import streamlit as st

from coaching.people import Role
from ui import address, loaders, plain_text
from ui.loaders import Sight

MOST_OFFERED = 300
"""A longer list is no help; anybody else is reached by their id in the address."""
_WIDGET = "view_as"
TITLES = {
    Role.MANAGER: "Manager",
    Role.LEADER: "Leader",
    Role.EXECUTIVE: "Executive",
    Role.REP: "Rep",
    Role.ADMIN: "Admin",
    Role.OPERATOR: "Operator",
}


def is_from_elsewhere() -> bool:
    """Whether somebody on another machine asks, to whom local mode must not open anything.

    A second fence behind the loopback address that the server listens on: it holds when that was changed, or when a
    proxy passes strangers on.
    """
    asking = st.context.ip_address
    return isinstance(asking, str) and not is_loopback(asking)


def is_loopback(address: str) -> bool:
    """Whether an IP address is this machine's own."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback


def chosen_person() -> str | None:
    """The person that the address asks to look as (local mode); None = the first that is offered."""
    return address.text("as")


def current_sight() -> Sight:
    """What the person looking sees, read from the database now. Somebody unknown looks as the first who is offered."""
    sight = loaders.sight_of(chosen_person()) or loaders.sight_of(None)
    if sight is None:
        raise RuntimeError("The person offered first cannot be loaded: the database changed while it was read.")
    return sight


def local_mode(sight: Sight) -> None:
    """The banner of local mode, and in the sidebar the choice whose view this is."""
    offered = _offered(sight)
    chosen = _id_of(sight)
    st.session_state[_WIDGET] = chosen
    with st.sidebar:
        st.selectbox(
            "View as",
            list(offered),
            format_func=lambda person_id: offered[person_id],
            key=_WIDGET,
            on_change=_look_as,
            help="No sign-in is set up, so anybody on this machine can look as anybody. Each role sees its own scope.",
        )
    who = plain_text.label(sight.viewer.name) if sight.viewer.person_id is not None else ""
    title = TITLES[sight.viewer.role].lower()
    st.caption(
        f":material/lock_open: Local mode, no sign-in: you look as {f'{who}, {title}' if who else f'an {title}'}.",
        help="Choose another person in the sidebar. Set up a sign-in before others can reach this address.",
    )


def _look_as() -> None:
    # Another person's team or rep would only answer "not in your view": each look starts at that person's own place.
    address.put(**{"as": st.session_state[_WIDGET], "team": None, "rep": None})


def _id_of(sight: Sight) -> str:
    return str(sight.viewer.person_id) if sight.viewer.person_id is not None else str(sight.viewer.role)


def _offered(sight: Sight) -> dict[str, str]:
    """Ids with labels, one of each role first; stand-ins where the company has no executive or admin of its own."""
    people = loaders.local_viewers(sight)
    first = people.unique("role", keep="first", maintain_order=True)
    options = {str(row["person_id"]): _label(row["role"], row["name"]) for row in first.iter_rows(named=True)}
    for role in (Role.EXECUTIVE, Role.ADMIN):
        if role not in first["role"].to_list():
            options[str(role)] = TITLES[role]
    rest = people.join(first, on="person_id", how="anti", maintain_order="left").head(MOST_OFFERED)
    order = pl.Enum([str(role) for role in TITLES])
    for row in rest.sort(pl.col("role").cast(order), "name").iter_rows(named=True):
        options[str(row["person_id"])] = _label(row["role"], row["name"])
    options.setdefault(_id_of(sight), _label(sight.viewer.role, sight.viewer.name))
    return _told_apart(options)


def _label(role: str, name: str) -> str:
    return f"{TITLES[Role(role)]} · {plain_text.cell(name, 40)}"


def _told_apart(options: dict[str, str]) -> dict[str, str]:
    """The browser answers with the label, so two people of one name need two labels."""
    seen: dict[str, int] = {}
    for label in options.values():
        seen[label] = seen.get(label, 0) + 1
    return {key: f"{label} ({key})" if seen[label] > 1 else label for key, label in options.items()}
