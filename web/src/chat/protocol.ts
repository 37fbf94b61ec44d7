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
  has_sizes?: boolean;
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
  pay_text?: string; // how to pay where there is no page for it
}

/** How an order stands now, whenever its card was told. */
export type OrderState = Pick<OrderCard, "number" | "status" | "status_text" | "pay_url" | "pay_text">;

/** How a return case stands now; `send_to` "" = nothing is to be sent back (any more). */
export interface CaseState {
  case_id: string;
  status: string;
  status_text: string;
  send_to: string;
}

/** An order of the buyer's that something is going on with. */
export interface OrderTile {
  number: string;
  name: string; // of its first goods
  pieces: number; // in all
  picture: string;
  status_text: string;
}

/** A question that the house offers; pressing it says what typing it would. */
export interface Question {
  id: string;
  text: string;
}

/** A question that stays beside the writing line, under a short title. */
export interface Shortcut extends Question {
  title: string;
  fetches_person: boolean;
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

export type Score = "good" | "fair" | "bad";

/** Asks how a talk with a person was; answered by a `rate` frame. */
export interface RatingCard {
  type: "rating";
  agent_name: string;
  choices: { score: Score; text: string }[];
  score?: Score; // what the buyer has said
  words?: string;
}

export type Card = ProductCard | OrderCard | SizeChartCard | ParcelCard | CouponCard | ReturnCard | RatingCard;

export interface Message {
  seq: number;
  id: string;
  from: Sender;
  kind: "text" | "picture" | "card";
  text: string;
  buttons?: { title: string; is_primary?: boolean }[]; // primary: goes on with what was asked about
  pressed?: { seq: number; button: number }; // the button that this line of the buyer's is
  picture?: Picture | null;
  card?: Card | null;
  at: string; // ISO 8601
  agent_name?: string | null;
  takes_back?: number; // seq of the line that this one says is taken back
  is_taken_back?: boolean; // its words are gone
  may_be_doubted?: boolean; // the bot's: it tries to help, and the buyer has not said that it did not
}

export interface Shop {
  name: string;
  greeting: string;
  quick_questions: string[];
  is_open: boolean; // people are at the desk now
  hours_text: string;
  notice: string;
  unreachable?: { phone: string; words: string }; // for when the house does not answer
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
  signed_in?: boolean;
  questions?: Question[]; // predicted, where the talk has not begun
  orders?: OrderTile[]; // likewise
  shortcuts?: Shortcut[];
  read_seq?: number;
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
  | { kind: "order"; number: string } // how one of the buyer's own stands
  | { kind: "question"; question: string; product_id?: string } // one of those the house offers, by its name
);

export type ClientFrame =
  | SendFrame
  | { type: "hello"; token: string; last_seq: number }
  | { type: "rate"; seq: number; score: Score; words?: string }
  | { type: "unhelpful"; seq: number }
  | { type: "typing" }
  | { type: "ping" }
  | { type: "viewing"; product_id: string };

export type ServerFrame =
  | { type: "ready"; conversation_id?: string | undefined; status: Status; last_seq: number; read_seq?: number | undefined }
  | { type: "read"; seq: number } // people of the shop have read up to here
  | { type: "pong" }
  | { type: "ack"; id: string; seq: number }
  | { type: "rated"; seq: number; score: Score }
  | { type: "unhelpful"; seq: number }
  | { type: "message"; message: Message }
  | { type: "typing"; on: boolean }
  | { type: "status"; status: Status }
  | { type: "error"; error: Problem; id?: string };

export const MAX_TEXT = 5000; // characters, counted as code points, as the server counts them
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
  colour_name?: string;
  size_name?: string;
}

export interface DemoBuyer {
  buyer_id: string;
  nickname: string;
  about: string;
}
