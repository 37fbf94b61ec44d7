"""What the bot does when rules and stories call for more than words."""
