"""15pro is 远川 15 Pro where no other make has a 15 Pro."""

from __future__ import annotations

import pytest

from bot.shop.words.fitting import models_without_make


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (["远川 15 Pro", "远川 15 Pro Max", "远川 15"], {"15 Pro": "远川 15 Pro", "15 Pro Max": "远川 15 Pro Max"}),
        (["远川 15 Pro", "星河 15 Pro"], {}),
        (["远川 15 Pro", "远川 15 Pro"], {"15 Pro": "远川 15 Pro"}),
        (["大号 500ml", "一包 20W", "XL", "15 Pro"], {}),
        (["Tophone 9 Plus"], {"9 Plus": "Tophone 9 Plus"}),
    ],
)  # fmt: skip
def test_a_model_is_named_without_its_make(values: list[str], names: dict[str, str]) -> None:
    assert dict(models_without_make(values)) == names
