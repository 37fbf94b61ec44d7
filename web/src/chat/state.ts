/** What the chat page shows, in one reactive place. */

import type { HouseWords } from "./away";
import type { LinkState } from "./connection";
import type { Pending } from "./outbox";
import type { CaseState, Message, OrderState, OrderTile, Question, Score, Shop, Shortcut, Status } from "./protocol";

export interface ChatState {
  phase: "idle" | "starting" | "ready" | "failed";
  problem: string; // why it failed, or the last thing the server refused; "" = nothing
  link: LinkState;
  conversationId: string;
  demo: boolean;
  signedIn: boolean;
  shop: Shop | null;
  status: Status;
  messages: Message[]; // by seq, each once
  pending: Pending[]; // said, not yet confirmed
  isTyping: boolean; // the other side
  isComplete: boolean; // nothing older is left on the server
  isLoadingOlder: boolean;
  questions: Question[]; // offered now
  tiles: OrderTile[]; // orders to ask about, before the first word
  known: Question[]; // all there are, for completing what is typed
  orders: Record<string, OrderState>; // by number
  cases: Record<string, CaseState>; // of returns, by id
  ratings: Record<number, { score: Score; words: string }>; // told on this page, by the seq of their card
  draft: string; // typed and not sent
  shortcuts: Shortcut[]; // beside the writing line all along
  readSeq: number; // people of the shop have read up to here
  kept: HouseWords | null; // of the last visit, for when the house does not answer
  isCutOff: boolean; // the line has been gone for a while
  seenSeq: number; // last message the buyer has had before the eyes
}

export function freshState(): ChatState {
  return {
    phase: "idle",
    problem: "",
    link: "idle",
    conversationId: "",
    demo: false,
    signedIn: false,
    shop: null,
    status: "with_bot",
    messages: [],
    pending: [],
    isTyping: false,
    isComplete: true,
    isLoadingOlder: false,
    questions: [],
    tiles: [],
    known: [],
    orders: {},
    cases: {},
    ratings: {},
    draft: "",
    shortcuts: [],
    readSeq: 0,
    kept: null,
    isCutOff: false,
    seenSeq: 0,
  };
}

export function unread(state: ChatState): number {
  return state.messages.filter(({ seq, from }) => seq > state.seenSeq && from !== "buyer").length;
}
