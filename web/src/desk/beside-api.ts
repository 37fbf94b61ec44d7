/** What stands beside a chat, and the deeds that are done from there. */

import { post, read } from "./desk-call";

export interface BesideBuyer {
  nickname: string;
  orders_count: number;
  spent: string;
  last_order_on: string | null;
  attributes: { name: string; label: string; value: string }[];
}

export interface BesideOrder {
  number: string;
  status: string;
  status_text: string;
  total: string;
  total_fen: number;
  created_at: string;
  goods: { line_id: string; product_id: string; name: string; kind: string; quantity: number; price: string; picture: string }[];
  savings: string[];
  postage: string;
  note: string;
  receiver: string;
  may_change_address: boolean;
  may_change_price: boolean;
  may_return: boolean;
  ships_on: string | null;
  ships_late: boolean;
  parcel: { courier: string; tracking_number: string; last: string } | null;
  events: { at: string; text: string }[];
  due_on: string | null;
  is_late: boolean;
  remarks: Remark[];
}

export interface Remark {
  agent: string;
  agent_name: string;
  at: string;
  text: string;
}

export interface BesideGoods {
  product_id: string;
  name: string;
  picture: string;
  page: string;
  price: string;
  stock: number;
  skus: { kind: string; price: string; stock: number; restock_on: string | null }[];
}

export interface BesideCase {
  case_id: string;
  order_number: string;
  name: string;
  remedy_text: string;
  status: string;
  status_text: string;
  refund: string;
  refund_fen: number;
  photos: number;
  wanted: string;
  may: string[]; // what can be made of it now
}

export interface BesideCoupon {
  code: string;
  title: string;
  off: string;
  condition: string;
  is_within_limit: boolean;
}

export interface EarlierTalk {
  conversation_id: string;
  first_seq: number;
  began_at: string;
  ended_at: string | null;
  ended_text: string;
  person_was_in: boolean;
  text: string;
}

export interface BesideShown {
  buyer: BesideBuyer | null;
  labels: Record<string, string>; // of attributes, by name
  orders: BesideOrder[];
  goods: BesideGoods[];
  cases: BesideCase[];
  coupons: BesideCoupon[];
  talks: EarlierTalk[];
  limits: { price_percent: number | null; coupon: string | null; refund_fen: number | null };
  is_our_shop: boolean; // orders are kept here: price, coupons and cases can be dealt with
}

export interface Terms {
  allowed: boolean;
  refusal: string;
  needs_photos: number;
  remedies: { remedy: string; text: string; refund_fen: number }[];
}

export interface Receiver {
  name: string;
  phone: string;
  address: string;
}

const of = (id: string): string => `conversations/${encodeURIComponent(id)}`;
const at = (id: string, number: string): string => `${of(id)}/orders/${encodeURIComponent(number)}`;

/** `deed` is the deed's own id: sent again it happens once. */
export const besideApi = {
  read: (id: string) => read<BesideShown>(`${of(id)}/beside`),
  attribute: (id: string, name: string, value: string) => post<unknown>(`${of(id)}/attributes`, { [name]: value }),
  receiver: (id: string, number: string) => post<Receiver>(`${at(id, number)}/reveal`),
  remark: (id: string, number: string, text: string) => post<Remark[]>(`${at(id, number)}/remarks`, { text }),
  quoteAddress: (id: string, number: string, deed: string, to: Receiver) =>
    post<{ total_fen: number; total: string; differs: boolean }>(`${at(id, number)}/address/quote`, { id: deed, ...to }),
  address: (id: string, number: string, deed: string, to: Receiver, total_fen: number) =>
    post<unknown>(`${at(id, number)}/address`, { id: deed, ...to, total_fen }),
  price: (id: string, number: string, deed: string, total_fen: number, seen_fen: number) =>
    post<{ total: string }>(`${at(id, number)}/price`, { id: deed, total_fen, seen_fen }),
  orderCard: (id: string, number: string, deed: string) => post<unknown>(`${at(id, number)}/card`, { id: deed }),
  goodsCard: (id: string, product: string, deed: string) =>
    post<unknown>(`${of(id)}/products/${encodeURIComponent(product)}/card`, { id: deed }),
  terms: (id: string, number: string, deed: string, line_id: string, reason: string) =>
    post<Terms>(`${at(id, number)}/terms`, { id: deed, line_id, reason }),
  offer: (id: string, number: string, deed: string, line_id: string, reason: string) =>
    post<unknown>(`${at(id, number)}/offer`, { id: deed, line_id, reason }),
  openReturn: (id: string, number: string, body: Record<string, unknown>) => post<BesideCase>(`${at(id, number)}/return`, body),
  settle: (id: string, caseId: string, deed: string, status: string, refund_fen: number) =>
    post<unknown>(`${of(id)}/cases/${encodeURIComponent(caseId)}`, { id: deed, status, refund_fen }),
  coupon: (id: string, deed: string, code: string) => post<unknown>(`${of(id)}/coupon`, { id: deed, code }),
};
