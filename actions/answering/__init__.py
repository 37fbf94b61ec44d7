"""How an answer is put together: its frame, forms and their questions, a hand-over, courtesies."""
