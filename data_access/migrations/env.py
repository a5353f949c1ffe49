"""Alembic's entry: runs the revisions on the database that the caller named."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from data_access.columns import UtcDateTime
from data_access.tables import metadata


def rendered(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Keep revisions free of the project's own types: they must stay true when the code moves on."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """One transaction per revision; batch mode on SQLite, where ALTER is a copy of the table."""
    url = context.config.get_main_option("sqlalchemy.url") or ""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            transaction_per_migration=True,
            render_item=rendered,
            compare_server_default=False,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()


run()
