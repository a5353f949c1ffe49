"""What companies have recorded about their coaching elsewhere: sessions, observations, plans, absences, holidays,
cadence policies and costs, one module per kind. The rules are those of the forms: the drafts in ``coaching``."""
