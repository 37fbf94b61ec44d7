"""Answers from what the shop has written of a product; what nobody wrote is not made up."""

from __future__ import annotations

from actions.frame.chat import Chat
from actions.frame.phrasing import join_text
from actions.hearing.context import Talk
from actions.hearing.models import models_asked
from actions.hearing.nearly_said import closer_said, nearly_said
from actions.hearing.sheet import facts_asked, suited_asked, use_asked

_MOST = 4  # of a list that are named


def tell_facts(chat: Chat, talk: Talk, text: str) -> bool:
    """A line of the sheet, the models it fits, or yes for whom it suits; False: nothing is written."""
    product = talk.product
    if product is None:
        return False
    colour, size = talk.colour if talk.has_colour else "", talk.size if talk.has_size else ""
    models = models_asked(text, product)
    if models is not None:
        response = "utter_fits_model" if models.is_named else "utter_fits_other_models"
        listed = join_text(models.written[:_MOST])
        chat.reply(response, name=product.name, model=models.asked, models=listed)
        return True
    facts = facts_asked(text, product, colour, size) or nearly_said(text, product)
    if closer := closer_said(text, product, facts):
        facts = [closer]
    who = suited_asked(text, product)
    if who and not any(who in fact for fact in facts):  # a warning of them goes before
        suits = join_text(product.suits[:_MOST])
        chat.reply("utter_suited", name=product.name, who=who, suits=suits)
        return True
    if not facts and (use := use_asked(text, product)):
        uses = join_text(product.uses[:_MOST])
        chat.reply("utter_good_for", name=product.name, use=use, uses=uses)
        return True
    for fact in facts:
        chat.reply("utter_fact", name=product.name, fact=fact)
    return bool(facts)
