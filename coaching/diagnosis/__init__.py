"""Results, effort, knowledge, skill: where a rep stands beside like-for-like peers, and what is worth working on."""

from coaching.diagnosis.result import (
    LAYERS,
    LEVERS,
    STATUSES,
    Diagnosis,
    LayerFinding,
    LayerMeasure,
    Lever,
    not_evaluated,
)

__all__ = [
    "LAYERS",
    "LEVERS",
    "STATUSES",
    "Diagnosis",
    "LayerFinding",
    "LayerMeasure",
    "Lever",
    "not_evaluated",
]
