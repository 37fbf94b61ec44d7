"""What the shop's port speaks of: goods, orders, prices, errors. Nothing here knows how it is kept."""
