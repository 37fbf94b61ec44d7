"""From goods in talk to an order that is placed."""
