"""One wording for numbers and dates everywhere: 1.2 M, 34 k, 63 %, 12 Mar 2026, "9 days ago". Computes nothing.

A missing value (None, NaN, infinite) is written "no data", never 0. Spaces inside a number do not break.
"""

from __future__ import annotations

import datetime as dt
import math
import unicodedata

from coaching.metrics import Unit

NO_DATA = "no data"
SPACE = "\u00a0"
MINUS = "\u2212"
DASH = "\u2013"
DECIMALS_FROM_N = 500
"""A tenth of a per cent means something only above this many cases."""

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "ILS": "₪"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNWANTED = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_STEPS = ((1_000_000_000, "bn"), (1_000_000, "M"), (1_000, "k"))


def known(value: float | int | None) -> bool:
    """Whether there is a number to write at all."""
    return value is not None and math.isfinite(value)


def count(value: float | int | None) -> str:
    """Whole things: 0, 35, 8,800, 34 k."""
    if value is None or not known(value):
        return NO_DATA
    whole = round(value)
    return _signed(whole, f"{abs(whole):,}" if abs(whole) < 10_000 else _short(abs(whole)))


def money(value: float | None, currency: str = "") -> str:
    """An amount in major units: $842, $34 k, CHF 1.2 M, −€3.4 k."""
    if value is None or not known(value):
        return NO_DATA
    symbol = _SYMBOLS.get(currency, f"{currency}{SPACE}" if currency else "")
    return _signed(value, symbol + _short(abs(value)))


def share(value: float | None, n: float | None = None) -> str:
    """63 %; 63.2 % only on more than 500 cases. A share short of all or of none never reads as all or none."""
    if value is None or not known(value):
        return NO_DATA
    percent = value * 100
    digits = 1 if n is not None and n > DECIMALS_FROM_N else 0
    text = f"{abs(percent):.{digits}f}"
    if percent != 0 and float(text) == 0:
        return f"{'>' if percent < 0 else '<'}{SPACE}{_signed(percent, '1')}{SPACE}%"
    if 0 < percent < 100 and float(text) == 100:
        return f">{SPACE}99{SPACE}%"
    return f"{_signed(percent, text)}{SPACE}%"


def times(value: float | None) -> str:
    """2.1×"""
    return NO_DATA if value is None or not known(value) else f"{_signed(value, f'{abs(value):.1f}')}×"


def days(value: float | None) -> str:
    """48 days, 1 day."""
    return NO_DATA if value is None or not known(value) else plural(round(value), "day")


def months(value: float | None) -> str:
    """4 months; half months stay visible because a team's value is a median."""
    if value is None or not known(value):
        return NO_DATA
    text = f"{value:.1f}".removesuffix(".0")
    return f"{text}{SPACE}{'month' if text == '1' else 'months'}"


def per_month(value: float | None) -> str:
    """Growth of a level of 0 to 100: +2.1 a month."""
    if value is None or not known(value):
        return NO_DATA
    text = f"{abs(value):.1f}"
    sign = "" if text == "0.0" else "+" if value > 0 else MINUS
    return f"{sign}{text} a month"


def plural(number: int, one: str, many: str | None = None) -> str:
    """1 rep, 4 reps, 2 people."""
    return f"{count(number)}{SPACE}{one if number == 1 else many or one + 's'}"


def value(number: float | dt.date | None, unit: Unit, currency: str = "", n: float | None = None) -> str:
    """A metric's value in its unit."""
    if isinstance(number, dt.date):
        return day(number)
    match unit:
        case Unit.MONEY:
            return money(number, currency)
        case Unit.MONEY_PER_DAY:
            return money(number, currency) + (" a day" if known(number) else "")
        case Unit.SHARE:
            return share(number, n)
        case Unit.TIMES:
            return times(number)
        case Unit.DAYS:
            return days(number)
        case Unit.MONTHS:
            return months(number)
        case Unit.MINUTES:
            return NO_DATA if not known(number) else f"{count(number)}{SPACE}min"
        case Unit.LEVEL_PER_MONTH:
            return per_month(number)
        case _:
            return count(number)


def interval(low: float | None, high: float | None) -> str:
    """An interval of shares: 21–34 %. Empty where there is none."""
    if low is None or high is None or not known(low) or not known(high):
        return ""
    return f"{low * 100:.0f}{DASH}{high * 100:.0f}{SPACE}%"


def change(difference: float | None, unit: Unit, currency: str = "") -> str:
    """A difference with its sign: +3 points, −$34 k, +0.4×, −6 days. "unchanged" where it rounds to nothing."""
    if difference is None or not known(difference):
        return NO_DATA
    if unit is Unit.SHARE:
        points = round(difference * 100)
        text = plural(abs(points), "point")
        nothing = points == 0
    else:
        text = value(abs(difference), unit, currency)
        nothing = text == value(0.0, unit, currency)
    if nothing:
        return "unchanged"
    return ("+" if difference > 0 else MINUS) + text


def day(date: dt.date | None) -> str:
    """12 Mar 2026"""
    if date is None:
        return NO_DATA
    return f"{date.day}{SPACE}{_MONTHS[date.month - 1]}{SPACE}{date.year}"


def day_and_month(date: dt.date) -> str:
    """12 Mar"""
    return f"{date.day}{SPACE}{_MONTHS[date.month - 1]}"


def month(date: dt.date) -> str:
    """Mar 2026"""
    return f"{_MONTHS[date.month - 1]}{SPACE}{date.year}"


def span(start: dt.date, end: dt.date) -> str:
    """1 Oct – 31 Dec 2026"""
    first = day_and_month(start) if start.year == end.year else day(start)
    return f"{first} {DASH} {day(end)}"


def ago(date: dt.date | None, today: dt.date) -> str:
    """today, yesterday, 9 days ago, 5 months ago, 8.9 years ago, in 3 days; "no data" without a date."""
    if date is None:
        return NO_DATA
    distance = (today - date).days
    if distance == 0:
        return "today"
    if distance in (1, -1):
        return "yesterday" if distance == 1 else "tomorrow"
    far = abs(distance)
    text = plural(far, "day") if far < 100 else _long_time(far)
    return f"{text} ago" if distance > 0 else f"in {text}"


def tenure(started_on: dt.date | None, on: dt.date) -> str:
    """How long somebody has been there: 3 weeks, 7 months, 2.5 years; "no data" without a start or before it."""
    if started_on is None or started_on > on:
        return NO_DATA
    passed = (on - started_on).days
    if passed < 60:
        return plural(max(passed // 7, 0), "week")
    return _long_time(passed)


def _long_time(passed: int) -> str:
    if passed < 730:
        return plural(round(passed / 30.44), "month")
    text = f"{passed / 365.25:.1f}".removesuffix(".0")
    return f"{text}{SPACE}years"


def _signed(sign: float, text: str) -> str:
    return MINUS + text if sign < 0 else text


def _short(size: float) -> str:
    """A positive size with at most two leading digits of detail; rounds up across a step (999,950 is 1.0 M)."""
    for index, (step, letter) in enumerate(_STEPS):
        if size / step >= 0.9995 and (index == 0 or size < _STEPS[index - 1][0] * 0.9995):
            scaled = size / step
            return f"{scaled:.1f}{SPACE}{letter}" if scaled < 9.95 else f"{scaled:.0f}{SPACE}{letter}"
    return f"{size:.0f}"


def plain_name(text: str | None, longest: int = 80) -> str:
    """A name or short text from the database as one clean line: no control, bidi or invisible characters, cut to size.

    Says nothing about markup: who puts it into Markdown or a figure escapes it there.
    """
    if not text:
        return ""
    if text.isascii() and text.isprintable() and "  " not in text and len(text) <= longest:
        return text.strip()
    spaced = "".join(" " if character.isspace() else character for character in unicodedata.normalize("NFC", text))
    visible = "".join(character for character in spaced if unicodedata.category(character) not in _UNWANTED)
    line = " ".join(visible.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
