"""Chinese column names of tables and files, and the names the code uses for them."""

from __future__ import annotations

SECTIONS = {
    "shop": "店铺",
    "products": "商品",
    "skus": "规格",
    "coupons": "优惠券",
    "promotions": "活动",
    "postage": "运费",
    "buyers": "买家",
    "orders": "订单",
    "returns": "售后",
}
COLUMNS = {
    "id": ("编号", "商品编号"),
    "name": ("名称", "姓名"),
    "nicknames": ("别名",),
    "category": ("类目",),
    "axes": ("规格项",),
    "stacks": ("可叠加", "叠加"),
    "kind": ("类型",),
    "gender": ("性别",),
    "price": ("价格",),
    "weight_g": ("重量克",),
    "sold": ("已售",),
    "picture": ("图片",),
    "page": ("页面",),
    "selling_points": ("卖点",),
    "drawbacks": ("缺点",),
    "suits": ("适合",),
    "uses": ("用途",),
    "goes_with": ("搭配",),
    "returnable": ("退货规则",),
    "warranty_months": ("质保月数",),
    "consumable_days": ("耗用天数",),
    "floor": ("底价",),
    "bulk_from": ("大宗起数",),
    "cuts": ("让价",),
    "colour": ("颜色",),
    "size": ("尺码",),
    "stock": ("库存",),
    "restock_on": ("到货日期",),
    "material": ("面料材质", "材质"),
    "measures": ("尺寸",),
    "weight": ("重量说明",),
    "origin": ("产地",),
    "contents": ("包装清单",),
    "waterproof": ("防水",),
    "warmth": ("保暖",),
    "breathable": ("透气",),
    "care": ("洗涤保养", "保养"),
    "usage": ("使用方法",),
    "difference": ("区别",),
    "shelf_life": ("保质期",),
    "quality": ("做工",),
    "colour_note": ("色差",),
    "warranty": ("质保说明",),
}
_ENGLISH = {chinese: name for name, words in COLUMNS.items() for chinese in words}
_SECTION = {chinese: name for name, chinese in SECTIONS.items()}


def english(column: str) -> str:
    return _ENGLISH.get(column.strip(), column.strip())


def section(name: str) -> str:
    """A section by either name; an unknown one is given back as it is."""
    return _SECTION.get(name.strip(), name.strip())
