"""What coaching changed and what it cost: the comparison, how sure it is, what may be said. Pure numpy, no clock."""
