"""All entities of a message: the surest rules take their characters first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.amounts import amounts
from bot.nlu.addresses import Places, changed_doors, doors, is_street
from bot.nlu.bare_numbers import bare_number, of_somebody, told_anew
from bot.nlu.body import body_measures
from bot.nlu.cards import cards
from bot.nlu.catalogue import Catalogue, current_catalogue
from bot.nlu.codes import codes
from bot.nlu.contacts import companies, contacts
from bot.nlu.counting import ordinals, quantities
from bot.nlu.couriers import with_refusals
from bot.nlu.dates import dates
from bot.nlu.discounts import discounts
from bot.nlu.found import Claims, Found, Laid, just_before
from bot.nlu.goods_names import GoodsNames
from bot.nlu.layers import layers
from bot.nlu.links import links
from bot.nlu.money import money
from bot.nlu.money_roles import role_of
from bot.nlu.phrases import IGNORED, PATTERNS, PhraseBook, read_patterns
from bot.nlu.settling import comes_along, settled
from bot.nlu.size_steps import is_usual, size_steps
from bot.nlu.sizes import sizes, small_sizes
from bot.nlu.stand_ins import stand_ins

_EXCHANGE = re.compile(r"换(?:个|成|一个|双|件|条)?(?:再)?(?:大|小)\S{1,4}$")
CUE = "cue"
NAMES = frozenset(("region", "address", "receiver_name", "company"))
NO_CUE = "none"  # words that hold a cue's words and mean another thing
# After these a colour, size or number is one of other goods.
_GOODS = frozenset(("product", "kind", "category", "goods", "gender"))
_FRAME, _DEED = "note_frame", "deed"  # cues; 不退 能换吗 holds two deeds


class EntityRules:
    """Finds entities in normalised texts; the catalogue is the one in use at that moment."""

    def __init__(self, patterns: Path = PATTERNS) -> None:
        every = read_patterns(patterns)
        phrases = [phrase for phrase in every if phrase.entity != CUE]
        self._words = PhraseBook(phrases)
        self._goods_names = GoodsNames()
        self._cues = PhraseBook(phrase for phrase in every if phrase.entity == CUE)
        self._regions = Places(one.text for one in phrases if one.entity == "region")
        self._places = PhraseBook(
            phrase for phrase in phrases if phrase.entity in ("region", IGNORED)
        )

    def find(self, text: str, today: date, catalogue: Catalogue | None = None) -> list[Found]:
        """Entities by their start; a place inside of an address comes beside the address."""
        goods = catalogue or current_catalogue()
        if bare := bare_number(text) or of_somebody(text):
            return (
                [replace(bare, value=goods.own_size(bare.value))]
                if bare.entity == "size"
                else [bare]
            )
        claims = Claims()
        claims.add(stand_ins(text))
        claims.add(links(claims.masked(text), goods.product_ids))
        claims.add(cards(claims.masked(text)))
        claims.add(codes(claims.masked(text)))
        claims.add(companies(claims.masked(text)))
        claims.add(changed_doors(claims.masked(text)))
        phones = [one for one in claims.found if one.entity == "phone"]
        claims.add(contacts(claims.masked(text), phones, self._regions))
        claims.add(doors(claims.masked(text)))
        claims.add(layers(claims.masked(text)))
        claims.add(size_steps(claims.masked(text)))
        claims.add(goods.shapes.find(claims.masked(text)))
        phrases = [_own_kind(one, goods) for one in self._phrases(claims.masked(text), goods)]
        claims.add(one for one in phrases if _length(one) > 1)
        claims.add(goods.packs.find(claims.masked(text)))
        claims.add(body_measures(claims.masked(text), text))
        # After the measures: the 米 of 一米六 is not a shop's 米色.
        claims.add(one for one in phrases if _length(one) == 1)
        claims.add(discounts(claims.masked(text)))
        claims.add(dates(claims.masked(text), today))
        claims.add(money(claims.masked(text)))
        claims.add(ordinals(claims.masked(text)))
        claims.add(
            replace(one, value=goods.own_size(one.value)) for one in sizes(claims.masked(text))
        )
        claims.add(small_sizes(claims.masked(text), claims.found, goods.made_sizes))
        claims.add(quantities(claims.masked(text)))
        claims.add(_measured(claims.masked(text)))
        found = [one for one in claims.found if not one.entity.startswith(IGNORED)]
        found = with_refusals(
            list(self._goods_names.with_roles(_detailed(found, text), text)), text
        )
        found += self._places_inside(found)
        # What is said in set words holds other values: 两双都要, 寄老地方. It claims nothing, but
        # what lies across the border of a name is chance: the 都要 of 成都要不要邮费.
        names = Laid(one for one in found if one.entity in NAMES)
        cues = self._cues.find_each(text, hiding=NO_CUE)
        found += told_anew(text, cues, found)
        found += [
            _quoted(cue, text)
            for cue in cues
            if not any(_crosses(cue, one) for one in names.over(cue))
        ]
        found += [*settled(text), *comes_along(text, found)]
        found = sorted(_joined_places(found, text), key=lambda one: (one.start, -one.end))
        return _meant_once(found)

    def _phrases(self, text: str, goods: Catalogue) -> Iterator[Found]:
        """The shop's words and the general ones; where they overlap, the longer, then the shop's."""
        general = [one for one in self._words.find(text) if not _is_street(one, text)]
        worn = Laid(one for one in general if one.entity == "thick_socks" and "穿" in text)
        shop = [one for one in goods.phrases(text) if not worn.over(one)]
        of_all, of_shop = Laid(general), Laid(shop)
        for one in shop:
            if not any(_length(other) > _length(one) for other in of_all.over(one)):
                yield one
        for one in general:
            if not any(_length(other) >= _length(one) for other in of_shop.over(one)):
                yield one
        yield from self._unlisted(text, goods, of_all, of_shop)

    def _unlisted(self, text: str, goods: Catalogue, general: Laid, shop: Laid) -> Iterator[Found]:
        """Goods by their head; 面条机 wins over the list's 面条, 茶针茶刀 stays two listed things."""
        for one in self._goods_names.find(text, goods.own_heads, goods.own_sorts):
            over = general.over(one)
            fits = all(it.entity in ("goods", IGNORED) and _is_part(it, one) for it in over)
            names = [it for it in over if it.entity == "goods"]
            if fits and len(names) < 2 and not shop.over(one):
                yield one

    def _places_inside(self, found: Iterable[Found]) -> list[Found]:
        return [
            place.moved(one.start)
            for one in found
            if one.entity == "address"
            for place in self._places.find(one.value)
            if place.entity == "region" and not _is_street(place, one.value)
        ][:2]


def _meant_once(found: Iterable[Found]) -> list[Found]:
    """Said twice is meant once; but 手套L 袜子L, 42一双43一双 say it of two goods."""
    first: dict[tuple[str, str, int], Found] = {}
    goods = kinds = 0
    for one in found:
        goods += one.entity in _GOODS
        kinds += one.entity in _GOODS or one.entity in ("colour", "size")
        of = {"colour": goods, "size": goods, "quantity": kinds}.get(one.entity, 0)
        of = one.start if one.value in (_FRAME, _DEED) else of  # every frame is cut off
        first.setdefault((one.entity, repr(one.value), of), one)
    return list(first.values())


def _detailed(found: Iterable[Found], text: str) -> Iterator[Found]:
    """With what the words beside them tell: the role of an amount, whether a size is the usual one."""
    ordered = sorted(found, key=lambda one: one.start)
    amounts = [one for one in ordered if one.entity == "money"]
    roles = [role_of(text, one.start, one.end) for one in amounts]
    for at in range(1, len(amounts)):  # of 四百到五百以内 both ends are a budget
        if _is_range(text[amounts[at - 1].end : amounts[at].start]):
            roles[at - 1] = roles[at] = roles[at] or roles[at - 1]
    role_at = {one.start: role for one, role in zip(amounts, roles, strict=True) if role}
    for one in ordered:
        if one.entity == "money" and one.start in role_at:
            yield one.with_detail("role", role_at[one.start])
        elif one.entity == "size" and is_usual(text, one):
            yield one.with_detail("usual", True)
        else:
            yield one
        if one.entity == "size_step" and _EXCHANGE.search(just_before(text, one.end)):
            yield Found("remedy", "exchange", one.start, one.end)


def _measured(text: str) -> Iterator[Found]:
    """零下5度, 2升: `value` in the basic unit of what `of` names (data/patterns/units.yml)."""
    for one in amounts(text):
        found = Found("amount", one.low, one.start, one.end).with_detail("of", one.of)
        yield found.with_detail("up_to", one.high) if one.is_range else found


def _is_range(between: str) -> bool:
    return between.strip() in ("", "-", "到", "至", "或", "块到", "元到")


def _is_street(one: Found, text: str) -> bool:
    return one.entity == "region" and is_street(text, one.end)


def _own_kind(one: Found, goods: Catalogue) -> Found:
    """Goods by a general word that fits a kind of the shop's are that kind."""
    if one.entity != "goods" or (kind := goods.kind_like(str(one.value))) is None:
        return one
    return replace(one, entity="kind", value=kind)


def _is_part(part: Found, whole: Found) -> bool:
    """Whether a head behind it makes the part another thing: 面条机, and not 接显示器."""
    return whole.start <= part.start and part.end < whole.end


def _quoted(cue: Found, text: str) -> Found:
    """A frame around what shall be noted is cut off by its own words."""
    return cue.with_detail("words", text[cue.start : cue.end]) if cue.value == _FRAME else cue


def _crosses(one: Found, other: Found) -> bool:
    """Whether two spans overlap and neither holds the other."""
    first, second = sorted((one, other), key=lambda found: (found.start, -found.end))
    return first.start < second.start < first.end < second.end


def _length(one: Found) -> int:
    return one.end - one.start


def _joined_places(found: list[Found], text: str) -> list[Found]:
    """浙江省杭州市 is one place, the nearer one."""
    places = sorted((one for one in found if one.entity == "region"), key=lambda one: one.start)
    joined: list[Found] = []
    for place in places:
        if joined and not text[joined[-1].end : place.start].strip():
            joined[-1] = replace(place, start=joined[-1].start)
        else:
            joined.append(place)
    # 从石家庄到武汉: where it goes is the place; where it comes from, none beside another.
    bound = [place for place in joined if text[: place.start].rstrip()[-1:] not in ("从", "由")]
    if whence := [place for place in joined if place not in bound]:
        bound = [place.with_detail("whence", whence[0].value) for place in bound]
    return [one for one in found if one.entity != "region"] + (bound or joined)
