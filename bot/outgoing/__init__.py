"""What leaves the house: a durable outbox, and the doors by which its rows go out."""
