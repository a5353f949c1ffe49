"""The levers: what each is, which way is good, which layer it belongs to and how its cases compare. Data only."""

from __future__ import annotations

from dataclasses import dataclass

from coaching.metrics import Unit


@dataclass(frozen=True)
class LeverDefinition:
    """One lever."""

    key: str
    label: str
    layer: str
    unit: Unit
    is_good_up: bool
    kind: str
    """How cases make a figure: "share" and "mean" add, "log" multiplies, "count" counts against days."""
    cases: str
    """What one case is, in the plural."""
    formula: str
    """In words: where the registry has the figure, the registry's."""
    no_data: str
    metric_key: str = ""
    """The registry's key of ``value``; empty = explained here alone."""
    pricing: str = ""
    """What the price supposes, in words."""
    own_cases: str = ""
    """What one case of the figure itself is, in the plural, where it is counted on others than are compared."""


_SAME_DEALS = "the rest stays as it is: as many deals, of the same size, won as often"

DEFINITIONS: dict[str, LeverDefinition] = {
    entry.key: entry
    for entry in (
        LeverDefinition(
            "pipeline",
            "Deals opened",
            "effort",
            Unit.COUNT,
            True,
            "count",
            "deals opened",
            "Deals opened a quarter, by the owner at opening; compared by working days, season taken out",
            "no deal carries an open date",
            "opened_count",
            "More deals are won as often as now and are as large as now.",
        ),
        LeverDefinition(
            "qualified_share",
            "Qualified share",
            "results",
            Unit.SHARE,
            True,
            "share",
            "closed deals with a stage history",
            "Closed deals that got beyond their first stage, out of closed deals with a stage history",
            "no stage history has been loaded",
            pricing=f"Deals that are qualified out early are won as rarely as ever; {_SAME_DEALS} beyond the first "
            "stage. Part of the win rate, not beside it.",
        ),
        LeverDefinition(
            "win_rate",
            "Win rate",
            "results",
            Unit.SHARE,
            True,
            "share",
            "closed deals",
            "Deals won out of all deals won or lost",
            "no deal was won or lost",
            "win_rate_count",
            "As many deals of the same size are decided as now.",
        ),
        LeverDefinition(
            "deal_size",
            "Deal size",
            "results",
            Unit.MONEY,
            True,
            "log",
            "closed deals with an amount",
            "Won amount per deal won; compared by the size of all closed deals, won beside won and lost beside lost",
            "no won deal carries an amount",
            "average_deal_size",
            "As many deals are won as now.",
            "won deals with an amount",
        ),
        LeverDefinition(
            "cycle",
            "Sales cycle",
            "results",
            Unit.DAYS,
            False,
            "log",
            "closed deals with an open date",
            "Median days from opening to close of won deals; compared over all closed deals, won beside won and lost "
            "beside lost",
            "no closed deal carries an open date",
            "sales_cycle_days",
            "The time that is freed goes into as many deals at once as now, as in sales velocity.",
            "won deals with an open date",
        ),
        LeverDefinition(
            "no_next_step",
            "Missing next steps",
            "effort",
            Unit.SHARE,
            False,
            "share",
            "open deals, once per stage",
            "Open deals without a next step, each counted once per stage it was seen in",
            "the exports hold no next steps, or only the latest one does",
            pricing="Deals with a next step are won more often by as much as in this company so far, within each rep.",
        ),
        LeverDefinition(
            "competitor_losses",
            "Losses to a competitor",
            "results",
            Unit.SHARE,
            False,
            "share",
            "lost deals with a reason",
            "Lost deals that name a competitor out of lost deals with a reason",
            "no lost deal carries a reason",
            "competitor_loss_share",
            "A deal not lost to a competitor is won as often as the rep's other deals.",
        ),
        LeverDefinition(
            "discounting",
            "Discount",
            "results",
            Unit.SHARE,
            False,
            "mean",
            "closed deals with a list amount",
            "What is missing from the list price of won deals; compared over all closed deals, won beside won and lost "
            "beside lost",
            "no deal carries a list amount",
            "discount",
            "The same deals are won at the smaller discount.",
            "won deals with a list amount",
        ),
    )
}
