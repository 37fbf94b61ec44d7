/** What chat page and server say to each other; the one place where both sides' shapes stand. */

export type Status = "with_bot" | "waiting" | "with_agent" | "closed";
export type Sender = "buyer" | "bot" | "agent" | "system";

export interface Picture {
  url: string;
  width: number;
  height: number;
}

export interface UploadedPicture extends Picture {
  picture_id: string;
}

export interface ProductCard {
  type: "product";
  product_id: string;
  name: string;
  price_text: string;
  list_price_text?: string | null;
  picture: string;
  page: string;
  reason?: string;
  tags?: string[];
}

export interface OrderLine {
  name: string;
  colour: string;
  size: string;
  quantity: number;
  price_text: string;
  picture: string;
}

export interface OrderCard {
  type: "order";
  number: string;
  status: string;
  status_text: string;
  lines: OrderLine[];
  goods_text: string;
  postage_text: string;
  off_text?: string | null;
  savings?: { title: string; off_text: string }[]; // what took off how much
  total_text: string;
  gift?: string | null;
  receiver_text: string;
  note?: string | null;
  pay_url?: string | null;
}

export interface SizeChartCard {
  type: "size_chart";
  name: string;
  columns: string[];
  rows: string[][];
  highlight: number | null; // index of the advised row
  note: string;
}

export interface ParcelCard {
  type: "parcel";
  courier: string;
  tracking_number: string;
  state_text: string;
  due_text: string;
  events: { time_text: string; text: string }[]; // newest first
}

export interface CouponCard {
  type: "coupon";
  title: string;
  condition_text: string;
  until_text: string;
  code: string;
}

export interface ReturnCard {
  type: "return";
  case_id: string;
  name: string;
  status_text: string;
  remedy_text: string;
  refund_text: string;
  send_to?: string | null;
}

export type Card = ProductCard | OrderCard | SizeChartCard | ParcelCard | CouponCard | ReturnCard;

export interface Message {
  seq: number;
  id: string;
  from: Sender;
  kind: "text" | "picture" | "card";
  text: string;
  buttons?: { title: string }[];
  picture?: Picture | null;
  card?: Card | null;
  at: string; // ISO 8601
  agent_name?: string | null;
}

export interface Shop {
  name: string;
  greeting: string;
  quick_questions: string[];
  is_open: boolean; // people are at the desk now
  hours_text: string;
  notice: string;
  privacy?: { text: string; url: string }; // what is kept of the buyer, and where to read more
}

export interface Session {
  token: string;
  conversation_id: string;
  demo: boolean;
  shop: Shop;
  status: Status;
  messages: Message[];
  last_seq: number;
}

export interface Problem {
  code: string;
  message: string;
}

/** What a buyer sends; `id` makes a repeat harmless. */
export type SendFrame = { type: "send"; id: string } & (
  | { kind: "text"; text: string }
  | { kind: "button"; seq: number; button: number }
  | { kind: "product"; product_id: string }
  | { kind: "picture"; picture_id: string }
);

export type ClientFrame =
  | SendFrame
  | { type: "hello"; token: string; last_seq: number }
  | { type: "typing" }
  | { type: "viewing"; product_id: string };

export type ServerFrame =
  | { type: "ready"; status: Status; last_seq: number }
  | { type: "ack"; id: string; seq: number }
  | { type: "message"; message: Message }
  | { type: "typing"; on: boolean }
  | { type: "status"; status: Status }
  | { type: "error"; error: Problem; id?: string };

export const MAX_TEXT = 1000; // characters, counted as code points
export const PAGE = 50; // messages the server gives at once

/** What the demo shop front shows of a product; optional fields come with a single product. */
export interface ProductBrief {
  product_id: string;
  name: string;
  price_text: string;
  list_price_text?: string | null;
  picture: string;
  page: string;
}

export interface ProductDetail extends ProductBrief {
  kind?: string;
  selling_points?: string[];
  drawbacks?: string[];
  colours?: string[];
  sizes?: string[];
}

export interface DemoBuyer {
  buyer_id: string;
  nickname: string;
  about: string;
}
