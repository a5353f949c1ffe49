"""READ and WRITE: everything that touches the database. Knows no browser and draws nothing."""
