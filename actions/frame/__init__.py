"""What every action stands on: the turn, the shop, replies, cards."""
