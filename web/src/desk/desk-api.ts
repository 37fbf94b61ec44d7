/** What the desk asks of the server; the session is a cookie, writes carry a header of ours. */

import { ApiError, call, problemOf } from "@/chat/api";
import type { Message, Status } from "@/chat/protocol";
import type { components } from "./api-types";
import { api, OURS, post } from "./desk-call";
import type { Promised } from "./later-api";

/** Of docs/desk-api.yaml, to which the server's tests hold every answer. */
type Schemas = components["schemas"];

export type Role = "owner" | "supervisor" | "agent" | "trainer";

/** Whom a talk is passed on to: a colleague, a department, or (neither) whoever takes it from the queue. */
export interface Receiving {
  to?: string;
  department?: string;
}

export interface Agent {
  name: string;
  is_owner?: boolean;
  display_name?: string;
  role?: Role;
  department?: string;
  role_text?: string;
  is_in?: boolean;
  is_there?: boolean;
  may_answer?: boolean; // a trainer may not
  may_lead?: boolean;
  may_teach: boolean; // trainers and owners
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
  reason_text?: string; // why a person has it, or is waited for
  last_text: string;
  last_at?: string; // ISO 8601
  last_seq?: number;
  last_from?: string;
  assignee?: string | null;
  assignee_name?: string;
  last_agent_name?: string; // who had it last, and whether that one is in
  is_last_agent_in?: boolean;
  urgency?: number; // the smaller, the sooner
  unanswered_since?: string | null; // the reply clock starts here
  snoozed_until?: string | null;
  tags?: string[];
  found_seq?: number; // of the line that was looked for
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
  is_taken_back?: boolean; // its words are gone
  takes_back?: number; // seq of the line that this one says is taken back
  danger?: "fraud" | "link"; // of a buyer's line: what agents are warned of
};

/** One press that is kept: who, when, of whom; "erased" once the buyer's data are gone. */
export type Reveal = Schemas["Reveal"];

/** One browser in which an agent is signed in. */
export type SignIn = Schemas["SignIn"];

export type Erased = Schemas["Erased"];

/** What an import would do, or did. */
export type ShopPlan = Schemas["ShopPlan"];

/** One of the buyer's orders, as it stands. */
export interface DeskOrder {
  number: string;
  status_text: string;
  total: string;
  lines: string[];
  parcel: { courier: string; tracking_number: string; last: string } | null;
}

export type DeskNote = Schemas["Note"];
/** A note that calls this agent, and where it stands. */
export type Mention = Schemas["Mention"];
export type MentionListed = Schemas["MentionListed"];

export type Phrase = Schemas["Phrase"];
export type PhrasePicture = Schemas["PhrasePicture"];
export type PhraseValues = Schemas["PhraseValues"];
export type Own = Schemas["Own"];
export type Switches = Schemas["Switches"];

/** A line that goes later, if nothing has happened meanwhile. */
export interface ScheduledLine {
  line_id: number;
  agent: string;
  text: string;
  due_at: string; // ISO 8601
  status: "planned" | "held";
  why: string; // it was held back
}

/** One deed of one of the shop's people. */
export interface Done {
  agent: string;
  at: string; // ISO 8601
  deed: string;
  deed_text: string;
  conversation_id: string;
  about: string;
}

export type Counts = Schemas["Counts"];

export interface History {
  card?: string[]; // who, which order, what was tried, how long: in sentences
  orders?: DeskOrder[];
  notes?: DeskNote[];
  others?: OtherTalk[];
  draft?: string;
  conversation: DeskConversation;
  summary?: Summary | string | null;
  messages: DeskMessage[];
  scheduled?: ScheduledLine[];
  has_older?: boolean;
}

/** A chat of the same person, before a sign-in or since. */
export interface OtherTalk {
  conversation_id: string;
  is_visitors: boolean;
  first_text: string;
}

/** Buyers' lines of words, and how many of them were pressed. */
export interface Clicks {
  days: number;
  lines: number;
  buttons: number;
  questions: number;
  share: number; // 0 to 1
}

export type DeskFrame =
  | { type: "ready" } // the page's own: the link stands, what was missed is to be reread
  | { type: "pong" }
  | { type: "buyer_typing"; conversation_id: string } // in a talk of this agent's
  | { type: "note"; conversation_id: string; note: DeskNote; mentions: string[] }
  | { type: "mentions_seen"; conversation_id: string; note_id: number } // up to this note, by this agent on another page
  | { type: "seen"; conversation_id: string; seq: number } // read by this agent on another page
  | { type: "scheduled"; conversation_id: string; status: string; why: string }
  | { type: "looking"; conversation_id: string; agents: string[] }
  | { type: "conversations"; conversations: DeskConversation[]; waiting: number } // that have moved, as they stand now; how many wait in all
  | { type: "gone"; conversation_id: string } // erased with its buyer
  | { type: "promise"; conversation_id: string } // made, ended, or about to break
  | { type: "message"; conversation_id: string; message: DeskMessage };

const IMPORT_LIMIT_MS = 120_000; // of files with tens of thousands of rows

/** Files as a browser's form sends them. Throws ApiError. */
export async function postFiles<T>(path: string, files: File[], fields: Record<string, string>): Promise<T> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const file of files) form.append("file", file);
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), IMPORT_LIMIT_MS);
  try {
    const answer = await fetch(api(path), { method: "POST", headers: OURS, body: form, signal: abort.signal });
    const text = await answer.text();
    if (!answer.ok) throw problemOf(answer.status, text);
    return JSON.parse(text) as T;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError(0, "unreachable", "网络不太稳，请稍后再试一次");
  } finally {
    clearTimeout(timer);
  }
}

export const workbookUrl = (blank: boolean): string => api(`shop/workbook${blank ? "?blank=1" : ""}`);
export const tradeUrl = (key: string): string => api(`shop/workbook?trade=${encodeURIComponent(key)}`);

export interface Trade {
  key: string;
  name: string;
}

// What a page rereads as its line comes back. After a change of networks a browser's old connections
// swallow what is asked over them: each that is given up makes room for a new one.
const REREAD_MS = 6_000;

const of = (id: string): string => `conversations/${encodeURIComponent(id)}`;

export const deskApi = {
  me: () => call<Agent>(api("me")),
  login: (name: string, password: string) => post<Agent>("login", { name, password }),
  logout: () => post<unknown>("logout"),
  /** The server gives some fifty a page; `offset`: how many it has given before. */
  conversations: async (offset = 0, shelf = ""): Promise<Page> => {
    let total = 0;
    const found = await call<DeskConversation[]>(api(`conversations?offset=${offset}&shelf=${shelf}`), {
      limitMs: REREAD_MS,
      heard: (headers) => (total = Number(headers.get("X-Total-Count") ?? 0)),
    });
    return { found, total: Math.max(total, offset + found.length) };
  },
  history: (id: string, before = 0) => call<History>(api(`${of(id)}${before ? `?before=${before}` : ""}`)),
  /** The line (or the summary) as it is; the server keeps who asked. */
  reveal: (id: string, seq: number) => post<{ message: DeskMessage }>(`${of(id)}/reveal`, { seq }),
  revealSummary: (id: string) => post<{ summary: Summary }>(`${of(id)}/reveal`),
  reveals: () => call<Reveal[]>(api("reveals")),
  exportBuyer: (id: string) => post<unknown>(`${of(id)}/buyer/export`),
  eraseBuyer: (id: string, confirm: string) => post<Erased>(`${of(id)}/buyer/erase`, { confirm }),
  signBuyerOut: (id: string) => post<unknown>(`${of(id)}/buyer/sign-out`),
  signIns: () => call<SignIn[]>(api("sign-ins")),
  endSignIn: (id: string) => post<unknown>(`sign-ins/${encodeURIComponent(id)}/end`),
  shopPlan: (files: File[], replace: boolean) =>
    postFiles<ShopPlan>("shop/plan", files, { replace: replace ? "1" : "" }),
  shopImport: (files: File[], replace: boolean, gone: number) =>
    postFiles<ShopPlan>("shop/import", files, { replace: replace ? "1" : "", gone: String(gone) }),
  trades: async () => (await call<{ trades: Trade[] }>(api("shop/trades"))).trades,
  emptyShop: (confirm: string) => post<{ rows: Record<string, number> }>("shop/empty", { confirm }),
  take: (id: string) => post<unknown>(`${of(id)}/take`),
  giveBack: (id: string, seen: number) => post<unknown>(`${of(id)}/return`, { seen }),
  close: (id: string, seen: number) => post<unknown>(`${of(id)}/close`, { seen }),
  picture: (id: string, file: File) => postFiles<{ picture_id: string }>(`${of(id)}/pictures`, [file], {}),
  takeBack: (id: string, seq: number) => post<unknown>(`${of(id)}/messages/${seq}/take-back`),
  schedule: (id: string, text: string, at: string) => post<ScheduledLine[]>(`${of(id)}/scheduled`, { text, at }),
  unschedule: (id: string, line_id: number) => post<ScheduledLine[]>(`${of(id)}/scheduled/cancel`, { line_id }),
  answer: (id: string, messageId: string, text: string, more: { suggestion?: number; is_sure?: boolean; picture_id?: string } = {}) =>
    post<{ promise?: Promised }>(`${of(id)}/messages`, { id: messageId, text, ...more }),
  counts: () => call<Counts>(api("counts"), { limitMs: REREAD_MS }),
  clicks: () => call<Clicks>(api("clicks?days=30")),
  search: (wanted: string) => call<DeskConversation[]>(api(`search?q=${encodeURIComponent(wanted)}`)),
  people: () => call<Agent[]>(api("people")),
  beIn: (isIn: boolean) => post<unknown>("presence", { is_in: isIn }),
  transfer: (id: string, to: Receiving, note: string) => post<unknown>(`${of(id)}/transfer`, { ...to, note }),
  note: (id: string, text: string) => post<DeskNote[]>(`${of(id)}/notes`, { text }),
  mentions: (before = 0) => call<MentionListed[]>(api(`mentions?before=${before}`)),
  seeMentions: (id: string, note_id: number) => post<unknown>(`${of(id)}/mentions/seen`, { note_id }),
  draft: (id: string, text: string) => post<unknown>(`${of(id)}/draft`, { text }),
  own: () => call<Own>(api("own"), { limitMs: REREAD_MS }),
  see: (id: string, seq: number) => post<unknown>(`conversations/${id}/seen`, { seq }),
  switchNotices: (switches: Switches) => post<unknown>("notices", switches),
  phrases: () => call<Phrase[]>(api("phrases")),
  addPhrase: (one: PhraseValues) => post<unknown>("phrases", one),
  changePhrase: (id: number, one: PhraseValues) => post<unknown>(`phrases/${id}`, one),
  removePhrase: (one: Phrase) => post<unknown>(`phrases/${one.phrase_id}/remove`, { is_shops: one.is_shops }),
  /** CSV or Excel. */
  importPhrases: (file: File, is_shops: boolean) => postFiles<{ new: number; known: number }>(`phrases/file?is_shops=${is_shops ? 1 : 0}`, [file], {}),
  phrasePicture: (file: File) => postFiles<PhrasePicture>("phrases/pictures", [file], {}),
  /** The phrase's picture as one of this talk's. */
  pictureOfPhrase: (id: string, one: Phrase) => post<{ picture_id: string }>(`${of(id)}/phrases/${one.phrase_id}/picture`),
  tags: (id: string, tags: string[]) => post<unknown>(`${of(id)}/tags`, { tags }),
  snooze: (id: string, minutes: number) => post<unknown>(`${of(id)}/snooze`, { minutes }),
  invite: (role: Role) => post<{ token: string; until: string }>("invites", { role }),
  join: (token: string, name: string, display_name: string, password: string) =>
    post<{ name: string }>("join", { token, name, display_name, password }),
  changePerson: (name: string, values: { role?: Role; display_name?: string; department?: string }) =>
    post<unknown>(`people/${encodeURIComponent(name)}`, values),
  removePerson: (name: string) => post<unknown>(`people/${encodeURIComponent(name)}/remove`),
  audit: (offset = 0) => call<Done[]>(api(`audit?offset=${offset}`)),
  usePhrase: (id: number) => post<unknown>(`phrases/${id}/used`),
};
