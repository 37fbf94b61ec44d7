/** What the desk asks of the server; the session is a cookie, writes carry a header of ours. */

import { call } from "@/chat/api";
import { houseOfPage } from "@/chat/house";
import type { Message, Status } from "@/chat/protocol";

export interface Agent {
  name: string;
  is_owner?: boolean;
  display_name?: string;
}

/** What the bot leaves for whoever takes over; every part may be missing. */
export interface Summary {
  reason?: string;
  reason_text?: string;
  note?: string;
  said?: string[];
  facts?: Record<string, string>; // Chinese label → Chinese text
  is_masked?: boolean; // phones and addresses only in part
}

export interface DeskConversation {
  conversation_id: string;
  status: Status;
  buyer_name: string;
  waiting_since?: string | null;
  summary?: Summary | string | null;
  last_text: string;
  last_at?: string; // ISO 8601
  assignee?: string | null;
  is_behind?: boolean; // one of many from the same place: after all others who wait
}

export interface Page {
  found: DeskConversation[];
  total: number; // in all pages
}

export interface Understood {
  intent?: string;
  confidence?: number;
}

/** As the buyer sees it, with what only the desk may see: suggestions and what was understood. */
export type DeskMessage = Omit<Message, "from"> & {
  from: Message["from"] | "suggestion";
  understood?: Understood[];
  is_masked?: boolean; // its phones and addresses only in part
};

/** One press that is kept: who, when, of whom. */
export interface Reveal {
  agent: string;
  at: string; // ISO 8601
  conversation_id: string;
  buyer_id: string; // "erased" once the buyer's data are gone
  what: "message" | "summary" | "export" | "erase";
  seq: number | null;
}

export interface Erased {
  rows: Record<string, number>; // by table
  files: number;
  open_orders: string[]; // kept their receiver
}

export interface History {
  conversation: DeskConversation;
  summary?: Summary | string | null;
  messages: DeskMessage[];
}

export type DeskFrame =
  | { type: "ready" }
  | { type: "conversation"; conversation: DeskConversation }
  | { type: "message"; conversation_id: string; message: DeskMessage };

// A foreign page cannot set this header without asking first, so its forged writes are refused.
const OURS = { "X-Requested-With": "dianxiaoer" };

const api = (path: string): string => `${houseOfPage()}/api/desk/${path}`;
function post<T>(path: string, body: unknown = {}): Promise<T> {
  return call<T>(api(path), { method: "POST", body, headers: OURS });
}
const of = (id: string): string => `conversations/${encodeURIComponent(id)}`;

export const deskApi = {
  me: () => call<Agent>(api("me")),
  login: (name: string, password: string) => post<Agent>("login", { name, password }),
  logout: () => post<unknown>("logout"),
  /** The server gives some 200 a page; `offset`: how many it has given before. */
  conversations: async (offset = 0): Promise<Page> => {
    let total = 0;
    const found = await call<DeskConversation[]>(api(`conversations?offset=${offset}`), {
      heard: (headers) => (total = Number(headers.get("X-Total-Count") ?? 0)),
    });
    return { found, total: Math.max(total, offset + found.length) };
  },
  history: (id: string) => call<History>(api(of(id))),
  /** The line (or the summary) as it is; the server keeps who asked. */
  reveal: (id: string, seq: number) => post<{ message: DeskMessage }>(`${of(id)}/reveal`, { seq }),
  revealSummary: (id: string) => post<{ summary: Summary }>(`${of(id)}/reveal`),
  reveals: () => call<Reveal[]>(api("reveals")),
  exportBuyer: (id: string) => post<unknown>(`${of(id)}/buyer/export`),
  eraseBuyer: (id: string, confirm: string) => post<Erased>(`${of(id)}/buyer/erase`, { confirm }),
  take: (id: string) => post<unknown>(`${of(id)}/take`),
  giveBack: (id: string) => post<unknown>(`${of(id)}/return`),
  close: (id: string, seen: number) => post<unknown>(`${of(id)}/close`, { seen }),
  answer: (id: string, messageId: string, text: string) =>
    post<unknown>(`${of(id)}/messages`, { id: messageId, text }),
};
