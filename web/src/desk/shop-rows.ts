/** What is typed into a row of the shop: kept until it is saved, whatever others write meanwhile. */

import type { ShopField, ShopKind, ShopRow, ShopRows } from "./shop-api";

export type Typed = Record<string, string>;

export const KINDS: Record<ShopKind, string> = {
  products: "商品",
  skus: "规格和库存",
  sizes: "尺码表",
  coupons: "优惠券",
  promotions: "活动",
  postage: "运费",
  shop: "店铺设置",
  face: "招呼和上班时间",
};

/** Kinds of one row that is always there. */
export const isAlone = (kind: ShopKind): boolean => kind === "shop" || kind === "face";

/** A row that is not there yet; of an SKU the goods it is of. */
export const newRow = (of?: ShopRow): ShopRow => ({
  key: "",
  title: "",
  about: "",
  note: "",
  mark: "",
  axes: of?.axes ?? [],
  values: of ? { id: of.key } : {},
});

/** Columns under which a row's SKU is called; orders speak of it, so it never changes. */
const calledBy = (row: ShopRow): Set<string> => new Set([...row.axes, "colour", "size"]);

/** The cells of the page for this row, group by group; an SKU's axes are typed while it is new. */
export function groupsFor(page: ShopRows, row: ShopRow): ShopRows["groups"] {
  const isNew = !row.key;
  const shown = page.groups.map((one) => ({
    name: one.name,
    fields: one.fields.filter((each) => (isNew ? !(page.kind === "skus" && each.name === "id") : !each.is_only_new)),
  }));
  const axes: ShopField[] =
    isNew && page.kind === "skus" ? row.axes.map((name) => plainField(name, "这一种叫什么；没有就空着")) : [];
  if (axes.length) shown.unshift({ name: "哪个规格", fields: axes });
  return shown.filter((one) => one.fields.length);
}

const plainField = (name: string, hint: string): ShopField => ({
  name,
  label: name,
  form: "text",
  needed: false,
  hint,
  choices: [],
  is_fixed: false,
  is_only_new: false,
});

/** Names of what the shop tells beyond our cells: 配料, 适合肤质. */
export function ownNames(page: ShopRows, row: ShopRow): string[] {
  if (!page.has_own) return [];
  const known = new Set(page.groups.flatMap((one) => one.fields.map((each) => each.name)));
  const axes = page.kind === "skus" ? calledBy(row) : new Set<string>();
  return Object.keys(row.values).filter((name) => !known.has(name) && !axes.has(name) && /[\u4e00-\u9fff]/.test(name));
}

export const typedOf = (row: ShopRow): Typed => ({ ...row.values });

const tidy = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.replace(/^[^\S\t]+|\s+$/g, "")) // tabs part a table's cells
    .filter((line) => line.trim())
    .join("\n");

/** Only what is other than in the row. */
export function changedValues(row: ShopRow, typed: Typed): Typed {
  const found: Typed = {};
  for (const [name, text] of Object.entries(typed)) {
    const isOther = tidy(text) !== tidy(row.values[name] ?? "");
    if (isOther || (!row.key && name === "id" && text)) found[name] = tidy(text);
  }
  return found;
}

/** What was typed over a row that others have changed since: mine stays, the rest is theirs. */
export function over(now: ShopRow, before: ShopRow, typed: Typed): Typed {
  return { ...typedOf(now), ...changedValues(before, typed) };
}

/** Fields that both changed, with what stands there now. */
export function contested(now: ShopRow, before: ShopRow, typed: Typed): Typed {
  const mine = changedValues(before, typed);
  const found: Typed = {};
  for (const name of Object.keys(mine)) {
    const theirs = now.values[name] ?? "";
    if (theirs !== (before.values[name] ?? "") && theirs !== mine[name]) found[name] = theirs || "空";
  }
  return found;
}
