"""Which line of an order a message means, and what it changes in it: 43那双改成44, 袜子不要了."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from actions.frame.chat import Chat
from actions.frame.heard import hears
from actions.frame.turn import Turn
from actions.hearing.counted import counted_among
from actions.hearing.order_lines import SaidLine, only_choice
from actions.hearing.references import own_colour
from actions.ordering.order_draft import Line
from bot.shop.rules.sizing import size_further
from bot.shop.words.goods import Product, ProductQuery

# Of goods in an order that is not placed yet these mean: leave them out.
_LEAVING_OUT = ("return_request", "cancel_order", "deny")


@dataclass(frozen=True, kw_only=True)
class Change:
    """What becomes of the meant line; None: stays."""

    colour: str | None = None
    size: str | None = None
    quantity: int | None = None
    by: int = 0  # so many pieces more, or fewer where below nought
    step: float = 0.0  # so many sizes further, smaller where below nought: 女的要小一码

    @property
    def is_any(self) -> bool:
        told = (self.colour, self.size, self.quantity)
        return any(one is not None for one in told) or bool(self.by or self.step)

    def of(self, line: Line) -> Line:
        """The line as it is after the change; 0 pieces: it is left out."""
        quantity = line.quantity + self.by if self.quantity is None else self.quantity
        colour = own_colour(line.product, self.colour) if self.colour else line.colour
        size = self.size or size_further(line.product.sizes, line.size, self.step)
        return replace(line, colour=colour, size=size, quantity=max(0, quantity))


def change_said(turn: Turn) -> Change:
    """Of 43那双改成44 the last size is the new one, 再加一双 adds and 减一双 takes away."""
    colours, sizes = turn.values("colour"), turn.values("size")
    numbers = [
        (int(one["value"]), one.get("role"))
        for one in turn.entities
        if one.get("entity") == "quantity"
    ]
    number, role = next(
        ((n, role) for n, role in reversed(numbers) if role == "set"),
        numbers[-1] if numbers else (None, None),
    )
    by = {"add": 1, "less": -1}.get(str(role), 0) * (number or 0)
    return Change(
        colour=str(colours[-1]) if colours else None,
        size=str(sizes[-1]) if sizes else None,
        quantity=None if by else number,
        by=by,
        step=float(turn.value("size_step") or 0) if not sizes else 0.0,
    )


async def with_change(chat: Chat, lines: Sequence[Line]) -> list[Line]:
    """The lines with what this message changes in the one that it names: 垫子要两个, 我妈的换39."""
    told, named = change_said(chat.turn), await lines_named(chat, lines)
    if not told.is_any or not named or len(named) != 1:
        return list(lines)
    changed = [told.of(line) if at == named[0] else line for at, line in enumerate(lines)]
    return [line for line in changed if line.quantity]


async def lines_named(chat: Chat, lines: Sequence[Line]) -> list[int] | None:
    """Places of the lines that the goods, number, person or old value said point at.

    None: nothing was said that could point at one.
    """
    turn, found = chat.turn, None
    if turn.has("product", "kind", "category"):
        found = await _of_goods(chat, lines)
    elif (ordinal := turn.value("ordinal")) is not None:
        place = int(ordinal) - 1 if int(ordinal) > 0 else len(lines) - 1
        found = [place] if place < len(lines) else []
    elif turn.has("person"):
        people = set(map(str, turn.values("person")))
        found = [place for place, line in enumerate(lines) if line.person in people] or None
    elif turn.has("gender"):
        genders = turn.values("gender")
        found = [p for p, line in enumerate(lines) if line.product.gender in genders] or None
    else:
        found = counted_among(turn, [line.product for line in lines]) or None  # 再加一双
    return _by_old_value(turn, lines, found)


def _by_old_value(turn: Turn, lines: Sequence[Line], named: list[int] | None) -> list[int] | None:
    """Among these, the ones that have what was said before something else: 43那双改成44."""
    within = range(len(lines)) if named is None else named
    sizes = [str(size) for size in turn.values("size")]
    colours = [str(colour) for colour in turn.values("colour")]
    is_more = turn.has("quantity") or _leaves_out(turn)  # the value itself is not what is new
    of_size = [place for place in within if sizes and lines[place].size == sizes[0]]
    if of_size and (len(sizes) > 1 or colours or is_more):
        return of_size
    of_colour = [
        place
        for place in within
        if colours and own_colour(lines[place].product, colours[0]) == lines[place].colour
    ]
    if of_colour and (len(colours) > 1 or sizes or is_more):
        return of_colour
    return named


async def _of_goods(chat: Chat, lines: Sequence[Line]) -> list[int]:
    """Lines of the named goods; a kind that none of them is stands for its category."""
    turn = chat.turn
    names = {str(value) for name in ("product", "kind", "category") for value in turn.values(name)}
    found = [
        place
        for place, line in enumerate(lines)
        if {line.product.product_id, line.product.kind, line.product.category} & names
    ]
    if not found and turn.has("product") and hears(turn, "leave_out", "called_off", "unwanted"):
        return await _of_its_category(chat, lines)
    if found or not turn.has("kind"):
        return found
    like = await chat.shop.recommend(
        ProductQuery(kind=str(turn.value("kind")), in_stock_only=False, limit=1)
    )
    category = like[0].product.category if like else ""
    return [place for place, line in enumerate(lines) if line.product.category == category]


async def _of_its_category(chat: Chat, lines: Sequence[Line]) -> list[int]:
    """背包不要了, of a child's rucksack: the word is another's nickname, and the one bag is meant."""
    product = await chat.shop.product(str(chat.turn.value("product")))
    category = product.category if product is not None else ""
    alike = [place for place, line in enumerate(lines) if line.product.category == category]
    return alike if len(alike) == 1 and len(lines) > 1 else []


def _leaves_out(turn: Turn) -> bool:
    is_new = turn.has("quantity") or hears(turn, "change", "add_line")
    is_said = hears(turn, "leave_out", "called_off", "unwanted")
    # 算了 鞋还是黑的 is a no to what was changed, and tells what it shall be.
    is_other = turn.intent == "deny" and turn.has("colour", "size")
    is_no = is_said or (turn.intent in _LEAVING_OUT and not is_other)
    return is_no and not is_new and bool(turn.text)


async def left_out(chat: Chat, lines: Sequence[Line]) -> int | None:
    """The place of the line that the buyer wants no more; None: nothing of the kind was said."""
    if not _leaves_out(chat.turn) or len(set(chat.turn.values("size"))) > 1:
        return None
    named = await lines_named(chat, lines)
    return named[0] if named is not None and len(named) == 1 else None


async def refused_beside(chat: Chat, lines: Sequence[Line]) -> str:
    """先不要袜子了, of goods that are in no line: what was refused, as it is called; else nothing."""
    turn = chat.turn
    names = {str(value) for name in ("product", "kind", "category") for value in turn.values(name)}
    is_no = hears(turn, "unwanted", "leave_out", "called_off")
    if not is_no or turn.asks or len(names) != 1 or hears(turn, "add_line", "change", "not"):
        return ""
    if await lines_named(chat, lines):
        return ""
    [name] = names
    product = await chat.shop.product(name) if turn.has("product") else None
    return product.name if product is not None else name


def lines_it_fits(change: Change, lines: Sequence[Line], at: int) -> list[int]:
    """Where nothing points at a line: the one in work while it is not whole, else all it may be;
    灯要橙的, of a line in work that comes in no such colour, is another's."""
    fitting = [
        place
        for place, line in enumerate(lines)
        if (not change.colour or own_colour(line.product, change.colour) in line.product.colours)
        and (not change.size or change.size in line.product.sizes)
    ]
    if len(lines) == 1 or not fitting or (at in fitting and not lines[at].is_chosen):
        return [at]
    return fitting


def line_of(product: Product, said: SaidLine) -> Line:
    """A line as it was said; what there is but one of need not be."""
    colour = own_colour(product, said.colour) if said.colour else only_choice(product.colours)
    size = said.size or only_choice(product.sizes)
    return Line(
        product=product,
        colour=colour,
        size=size,
        quantity=said.quantity or 1,
        person=said.person or "",
    )


def completed(lines: Sequence[Line]) -> list[Line]:
    """38和39各一双 黑色: what one line of a product does not say it takes from another of it."""
    done = []
    for line in lines:
        alike = [one for one in lines if one.product.product_id == line.product.product_id]
        colour = line.colour or next((one.colour for one in alike if one.colour), line.colour)
        size = line.size or next((one.size for one in alike if one.size), line.size)
        done.append(replace(line, colour=colour, size=size))
    return done


def merged(lines: Sequence[Line]) -> list[Line]:
    """Whole lines of the very same pieces become one."""
    found: list[Line] = []
    for line in lines:
        for place, other in enumerate(found):
            if line.is_chosen and _same(line, other):
                found[place] = replace(other, quantity=other.quantity + line.quantity)
                break
        else:
            found.append(line)
    return found


def _same(one: Line, other: Line) -> bool:
    return (one.product.product_id, one.colour, one.size) == (
        other.product.product_id,
        other.colour,
        other.size,
    )
