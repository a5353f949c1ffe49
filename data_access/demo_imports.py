"""The import runs that the demo company pretends to have loaded: one per kind and export, and one for the coaching."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from data_access.demo_timeline import Days, Timeline, date_column, instant_column

PROVIDED = {
    "products": ["id", "name", "series", "list_amount", "currency"],
    "accounts": ["id", "name", "sector", "region", "employees"],
    "people": ["id", "name", "email", "role", "manager", "team", "region", "segment", "started_on", "left_on"],
    "quotas": ["rep", "from", "to", "amount", "currency"],
    "deals": [
        "id", "owner", "account", "product", "name", "stage", "status", "opened_on", "expected_close_on", "closed_on",
        "amount", "currency", "cost", "list_amount", "next_step", "lost_reason", "competitor",
    ],
    "stage-history": ["deal", "stage", "entered_at"],
    "activities": ["id", "deal", "rep", "at", "kind", "planned"],
    "calls": ["id", "rep", "account", "deal", "started_at", "seconds", "direction", "supervisor", "mode"],
}  # fmt: skip
"""Kinds in the order in which they are loaded, and the plain columns of their files."""
ONCE = ("products", "accounts")
"""Kinds that only the first export holds."""
WHOLE = ("people", "deals", "quotas", "products", "accounts")
"""Kinds whose files hold everything known, not only what is new."""
LOADED_AT = 5 * 60
"""Minute of the day at which the first file of an export is loaded."""


@dataclass
class Imports:
    """Ids of the import runs by kind and export, and what their files brought."""

    timeline: Timeline
    first_id: int = 1
    ids: dict[str, Days] = field(default_factory=dict)
    new: dict[str, Days] = field(default_factory=dict)
    changed: dict[str, Days] = field(default_factory=dict)
    coaching: int = 0
    """The run that carries what people recorded: kind "demo"."""

    def __post_init__(self) -> None:
        """Number the runs export by export, as they would have been loaded."""
        exports = len(self.timeline.snapshots)
        for kind in PROVIDED:
            self.ids[kind] = np.zeros(exports, dtype=np.int64)
            self.new[kind] = np.zeros(exports, dtype=np.int64)
            self.changed[kind] = np.zeros(exports, dtype=np.int64)
        following = self.first_id
        for export in range(exports):
            for kind in PROVIDED:
                if export == 0 or kind not in ONCE:
                    self.ids[kind][export] = following
                    following += 1
        self.coaching = following

    def count(self, kind: str, new: Days, changed: Days | None = None) -> None:
        """Note rows that the exports at these positions brought or changed."""
        exports = len(self.timeline.snapshots)
        self.new[kind] += np.bincount(new, minlength=exports)
        if changed is not None:
            self.changed[kind] += np.bincount(changed, minlength=exports)

    def frame(self) -> pl.DataFrame:
        """The ``import_run`` rows, unpublished and without counts."""
        rows = [
            (int(self.ids[kind][export]), kind, export, f"{kind}-{export + 1:02d}.csv", json.dumps(PROVIDED[kind]))
            for kind in PROVIDED
            for export in range(len(self.timeline.snapshots))
            if self.ids[kind][export]
        ]
        rows.append((self.coaching, "demo", len(self.timeline.snapshots) - 1, "demo", "[]"))
        schema = {"id": pl.Int64, "kind": pl.String, "export": pl.Int64, "file_name": pl.String, "provided": pl.String}
        frame = pl.DataFrame(rows, schema=schema, orient="row").sort("id")
        days = self.timeline.snapshots[frame["export"].to_numpy()]
        minutes = LOADED_AT + (frame["id"].to_numpy() - self.first_id) % len(PROVIDED)
        return frame.with_columns(
            date_column(days).alias("as_of"),
            ((pl.col("export") == 0) | (pl.col("kind") == "demo")).alias("is_base"),
            pl.lit("UTC").alias("time_zone"),
            pl.lit("{}").alias("mapping"),
            instant_column(days, minutes).alias("started_at"),
        ).drop("export")

    def results(self) -> list[dict[str, object]]:
        """Per CRM run what its file brought: run_id, read, accepted and the printed result."""
        found: list[dict[str, object]] = []
        for kind, ids in self.ids.items():
            before = np.cumsum(self.new[kind]) - self.new[kind] if kind in WHOLE else np.zeros_like(ids)
            for export in np.flatnonzero(ids):
                new, changed = int(self.new[kind][export]), int(self.changed[kind][export])
                read = new + int(before[export])
                result = {
                    "read": read, "accepted": read, "rejected": 0, "ignored": 0, "new": new, "changed": changed,
                    "unchanged": read - new - changed, "stale": 0, "unmatched": {}, "cannot_compute": [],
                }  # fmt: skip
                found.append({"run_id": int(ids[export]), "read": read, "result": json.dumps(result)})
        return found
