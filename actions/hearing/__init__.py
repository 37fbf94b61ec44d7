"""What a line and its talk say: goods, lines of an order, values, refusals."""
