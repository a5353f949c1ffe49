"""How a day is typed: the one format of every date input."""

TYPED = "YYYY-MM-DD"
"""Streamlit offers no names of months, and 3/4 or 3.4 is another day on either side of an ocean. This is also how a day
stands in addresses and downloads. In sentences and tables a day reads 12 Mar 2026 (``coaching.numbers.day``)."""
