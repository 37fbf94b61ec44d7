"""Rules of trade as pure functions of the words: sizes, prices, bargains, returns, days."""
