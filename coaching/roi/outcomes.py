"""What a programme's effect may be measured on. Apart, because settings know the names and nothing of the estimates."""

MARGIN, BOOKINGS = "margin", "bookings"
OUTCOMES = (MARGIN, BOOKINGS)
