import { describe, expect, it } from "vitest";
import { fenOf, yuan } from "@/desk/order-api";
import type { ShopField, ShopRow, ShopRows } from "@/desk/shop-api";
import { changedValues, contested, groupsFor, newRow, over, ownNames, typedOf } from "@/desk/shop-rows";

const field = (name: string, more: Partial<ShopField> = {}): ShopField => ({
  name, label: name, form: "text", needed: false, hint: "", choices: [], is_fixed: false, is_only_new: false, ...more,
});
const page = (kind: ShopRows["kind"], fields: ShopField[]): ShopRows => ({
  kind, title: "商品", may_edit: true, has_own: true, groups: [{ name: "一", fields }], rows: [], total: 0,
});
const nut: ShopRow = {
  key: "nut", title: "夏威夷果", about: "", note: "", mark: "m1", axes: ["口味", "规格"],
  values: { name: "夏威夷果", price: "29.90", nicknames: "坚果\n果仁", 配料: "果仁" },
};

describe("a row of the shop on its page", () => {
  it("sends only what is other, whatever blanks were typed", () => {
    const typed = typedOf(nut);
    expect(changedValues(nut, typed)).toEqual({});
    typed["nicknames"] = " 坚果 \n\n果仁\n";
    expect(changedValues(nut, typed)).toEqual({});
    typed["price"] = "32";
    typed["配料"] = "";
    expect(changedValues(nut, typed)).toEqual({ price: "32", 配料: "" });
  });

  it("keeps mine and takes theirs, and names what both have changed", () => {
    const mine = { ...typedOf(nut), price: "32" };
    const now: ShopRow = { ...nut, mark: "m2", values: { ...nut.values, price: "31", 配料: "果仁、盐" } };
    expect(over(now, nut, mine)).toMatchObject({ price: "32", 配料: "果仁、盐" });
    expect(contested(now, nut, mine)).toEqual({ price: "31" });
    expect(changedValues(now, over(now, nut, mine))).toEqual({ price: "32" });
  });

  it("asks of a new SKU what its goods differ in, and of an old one never", () => {
    const skus = page("skus", [field("id", { is_fixed: true }), field("stock")]);
    const fresh = newRow(nut);
    const names = (row: ShopRow): string[] => groupsFor(skus, row).flatMap((one) => one.fields.map((each) => each.name));
    expect(names(fresh)).toEqual(["口味", "规格", "stock"]);
    expect(names({ ...fresh, key: "nut/原味/大包" })).toEqual(["id", "stock"]);
    expect(changedValues(fresh, { ...typedOf(fresh), stock: "3" })).toEqual({ id: "nut", stock: "3" });
  });

  it("has stock beside the price of new goods alone", () => {
    const goods = page("products", [field("name"), field("stock", { is_only_new: true })]);
    expect(groupsFor(goods, newRow())[0]!.fields).toHaveLength(2);
    expect(groupsFor(goods, nut)[0]!.fields).toHaveLength(1);
    expect(ownNames(goods, nut)).toEqual(["配料"]);
  });
});

describe("a sum that is typed", () => {
  it("is fen without a float on the way", () => {
    expect(["12", "12.5", "12.50", "0.29", "19.99元"].map(fenOf)).toEqual([1200, 1250, 1250, 29, 1999]);
    expect(["", "十二", "1.234", "-1", "1e3"].map(fenOf)).toEqual([null, null, null, null, null]);
    expect([1200, 1250, 29].map(yuan)).toEqual(["12", "12.50", "0.29"]);
  });
});
