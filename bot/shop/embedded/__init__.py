"""A shop of our own in the database, behind the same port."""
