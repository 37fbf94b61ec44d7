/** The shop's orders, as docs/desk-api.yaml has them. */

import { newId } from "@/chat/ids";
import type { components } from "./api-types";
import { post, read } from "./desk-call";

type Schemas = components["schemas"];
export type ShopOrders = Schemas["ShopOrders"];
export type ShopOrder = Schemas["ShopOrder"];
export type ShopOrderLine = Schemas["ShopOrderLine"];
export type ShopCase = Schemas["Case"];

const of = (number: string): string => `orders/${encodeURIComponent(number)}`;

/** `id` makes a deed happen once, however often it is sent. */
export const orderApi = {
  newId,
  list: (status: string, wanted: string, offset = 0) =>
    read<ShopOrders>(`orders?${new URLSearchParams({ status, q: wanted, offset: String(offset) })}`),
  one: (number: string) => read<ShopOrder>(of(number)),
  paid: (number: string, id: string, total_fen: number) => post<ShopOrder>(`${of(number)}/paid`, { id, total_fen }),
  ship: (number: string, courier: string, tracking_number: string) => post<ShopOrder>(`${of(number)}/ship`, { courier, tracking_number }),
  signed: (number: string) => post<ShopOrder>(`${of(number)}/signed`),
  close: (number: string, id: string, reason: string) => post<ShopOrder>(`${of(number)}/close`, { id, reason }),
  cancel: (number: string, id: string, reason: string, refund_fen: number) => post<ShopOrder>(`${of(number)}/cancel`, { id, reason, refund_fen }),
  refund: (number: string, id: string, line_id: string, refund_fen: number, reason: string) =>
    post<ShopOrder>(`${of(number)}/refund`, { id, line_id, refund_fen, reason }),
  reveal: (number: string) => post<{ name: string; phone: string; address: string }>(`${of(number)}/reveal`),
  settle: (number: string, id: string, one: ShopCase, status: string) =>
    post<ShopOrder>(`${of(number)}/cases/${encodeURIComponent(one.case_id)}`, { id, status, refund_fen: one.refund_fen }),
};

export const yuan = (fen: number): string => (fen / 100).toFixed(2).replace(/\.00$/, "");

/** Fen of what was typed, 12.5 → 1250; null for what is no sum. */
export function fenOf(text: string): number | null {
  const found = /^(\d{1,7})(?:\.(\d{1,2}))?$/.exec(text.trim().replace(/元$/, ""));
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
}
