"""From a file on disk to typed records: what it is, what is in it, what cannot be read. Never touches the database."""
