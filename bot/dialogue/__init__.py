"""What a line means where it stands: what the shop said last, and what the buyer is about.

Plain Python over data a trainer can read; knows neither Rasa, the web, a database nor the shop.
"""
