"""Which of two goods is better for this buyer, and why: computed from the shop's data alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from actions.choosing.bodies import comes_in_their_size
from actions.hearing.goods_facts import PRICE, better_on, judge, judge_height, says
from actions.hearing.profile import GIFT, Profile
from actions.hearing.sheet import says_the_words
from bot.shop.rules.speaking import clauses_of
from bot.shop.words.goods import Product

_POINTS = ("weight", "warmth", "waterproof", "breathable", "measures")
_OF_PERSONS = {"爸爸": ("爸妈", "老人"), "妈妈": ("爸妈", "老人"), "老人": ("老人", "爸妈")}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    winner: Product
    other: Product
    reasons: tuple[str, ...]  # best first, short clauses
    strength: str  # what the other one is better at
    is_told: bool  # something the buyer said decided; False: only what the shop sells most

    @classmethod
    def by_clause(cls, winner: Product, other: Product, clause: str) -> Verdict:
        """The one whose own data say so, in this clause."""
        return cls(
            winner=winner,
            other=other,
            reasons=(clause, *winner.selling_points),
            strength=strengths_text(other, winner),
            is_told=True,
        )

    def for_winner(self, product_id: str) -> Verdict:
        """The same two, where this one has won before."""
        if self.winner.product_id == product_id:
            return replace(self, is_told=True)
        winner, other = self.other, self.winner
        return Verdict(
            winner=winner,
            other=other,
            reasons=winner.selling_points,
            strength=strengths_text(other, winner),
            is_told=True,
        )


def verdict(
    first: Product, second: Product, profile: Profile, *, topics: Sequence[str] = ()
) -> Verdict:
    """On the points asked about, else by what the buyer told, else by what sells."""
    for topic in topics:
        if (better := better_on(topic, first, second)) is not None:
            winner = better.winner
            other = second if winner is first else first
            facts = [f"{better.says}：{better.fact}" if better.fact else better.says]
            return Verdict(
                winner=winner,
                other=other,
                reasons=(*facts, *winner.selling_points),
                strength=strengths_text(other, winner),
                is_told=True,
            )
    weighed = [suits(product, profile) for product in (first, second)]
    scores = [sum(points for points, _ in one) for one in weighed]
    is_told = scores[0] != scores[1]
    if is_told:
        at = 0 if scores[0] > scores[1] else 1
    else:
        at = 0 if first.sold >= second.sold else 1
    winner, other = (first, second)[at], (first, second)[1 - at]
    told = [
        reason
        for points, reason in sorted(weighed[at], key=lambda one: -one[0])
        if points > 0 and reason
    ]
    guides = [*_guides(winner, other, profile), *_only_there(winner, other, profile)]
    points = [point for point in winner.selling_points if point not in told]
    return Verdict(
        winner=winner,
        other=other,
        reasons=tuple(dict.fromkeys((*guides, *told, *points))),
        strength=strengths_text(other, winner),
        is_told=is_told,
    )


def said_by_the_shop(text: str, first: Product, second: Product) -> Verdict | None:
    """By a clause of the shop's own comparison that speaks of the very word asked: 过夜选 50 升.

    None where none does, or where it names neither of the two and both.
    """
    for owner, other in ((first, second), (second, first)):
        for clause in clauses_of(owner.fact("difference") or ""):
            if not says_the_words(text, clause, (first, second)):
                continue
            is_of_other = _is_named(other, clause)
            if is_of_other and _is_named(owner, clause):
                continue
            winner, loser = (other, owner) if is_of_other else (owner, other)
            return Verdict.by_clause(winner, loser, clause)
    return None


def _is_named(product: Product, clause: str) -> bool:
    return any(len(name) > 1 and name in clause for name in (*product.nicknames, product.name))


def _only_there(winner: Product, other: Product, profile: Profile) -> list[str]:
    """What the buyer told that the other goods miss: the budget, and a size for this body."""
    told, budget = [], profile.budget_fen
    if budget is not None and winner.price_fen <= budget < other.price_fen:
        told.append(f"在您{budget // 100}元的预算里")
    if comes_in_their_size(winner, profile) and comes_in_their_size(other, profile) is False:
        told.append("有您能穿的码")
    return told


def suits(product: Product, profile: Profile) -> list[tuple[float, str]]:
    """(weight, clause) of everything told that speaks for these goods, or against (below 0)."""
    found: list[tuple[float, str]] = []
    for amount in profile.amounts:
        judged = judge(product, amount)
        if judged is not None:
            reason = judged.fact if judged.fact != product.name else ""  # its name is no reason
            found.append((3.0 if judged.fits else -3.0, reason))
    if profile.use and product.uses:
        if profile.use in product.uses:
            made_for_it = product.uses[0] == profile.use
            clause = _speaking(product, (profile.use,)) or f"{profile.use}正合用"
            found.append((2.0 + made_for_it, clause))
        else:
            found.append((0.0 if profile.is_gift else -2.0, ""))
    for word in (*_OF_PERSONS.get(profile.person, (profile.person,)), GIFT * profile.is_gift):
        if word and word in product.suits:
            found.append((1.5, _speaking(product, (word,)) or f"适合{word}"))
            break
    if profile.likes and (clause := says(product, profile.likes)):
        found.append((2.0, clause))
    if comes_in_their_size(product, profile) is False:
        found.append((-4.0, ""))
    if profile.height_cm and not product.size_chart:
        judged = judge_height(product, profile.height_cm)
        if judged is not None:
            found.append((2.0 if judged.fits else -3.0, judged.fact))
    if profile.gender and product.gender and product.gender != profile.gender:
        found.append((-4.0, ""))
    if profile.budget_fen is not None and product.price_fen > profile.budget_fen:
        found.append((-3.0, ""))
    return found


def _guides(winner: Product, other: Product, profile: Profile) -> list[str]:
    """Clauses of the shop's own comparison (平路多选林步) that speak of the use and the winner."""
    if not profile.use:
        return []
    facts = [fact for product in (winner, other) if (fact := product.fact("difference"))]
    names = [name for name in (*winner.nicknames, winner.name) if len(name) > 1]
    return [
        clause
        for fact in facts
        for clause in clauses_of(fact)
        if profile.use in clause and any(name in clause for name in names)
    ]


def _speaking(product: Product, words: Iterable[str]) -> str:
    points = (*product.selling_points, product.fact("usage") or "")
    return next((point for word in words for point in points if word in point), "")


def strengths_text(product: Product, other: Product) -> str:
    """更轻、更实惠: what these goods are better at, else their own best point."""
    points = _POINTS if product.category == other.category else ()  # no cup is warmer than a coat
    better = [_better(topic, product, other) for topic in (*points, PRICE)]
    says = [one for one in better if one]
    own = product.selling_points[0] if product.selling_points else product.kind
    return "、".join(says[:2]) if says else own


def _better(topic: str, product: Product, other: Product) -> str:
    found = better_on(topic, product, other)
    return found.says if found is not None and found.winner is product else ""
