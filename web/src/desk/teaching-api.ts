/** What trainers and owners ask of the desk's server: the inbox, publishing, and why a line was heard so. */

import { call } from "@/chat/api";
import { houseOfPage } from "@/chat/house";

export interface InboxRow {
  line: string; // the most frequent; phones and addresses masked, as in all of these
  count: number;
  lines: string[];
  why: [string, number][]; // what came of them, with counts
  heard: string;
  heard_title: string;
  nearest: { intent: string; title: string; chance: number }[];
  around: [string, string][]; // who, what
  answer: string; // what a person answered; "" = nobody did
  agent: string;
}

export interface Release {
  release_id: number;
  at: string; // ISO 8601
  by: string;
  status: "running" | "published" | "stopped" | "failed" | "rolled_back" | "registered" | "trying" | "dropped";
  status_text: string;
  step: string;
  why: string;
  figures: {
    sentences?: { right: number; of: number; before?: number };
    replay?: { lines: number; different: number; regressions: number };
    conversations?: { of: number; failed: string[] };
  };
}

/** What one of two models that answer side by side came to. */
export interface OfSide {
  side: "present" | "new";
  name: string;
  chats: number;
  wishes: number;
  figures: { name: string; label: string; count: number; share: number; interval: [number, number] }[];
}

/** The last release that answered a share of chats beside the model in use. */
export interface Trial extends Release {
  model: string;
  share: number;
  tried_until: string | null; // null: it still does
  sides: OfSide[];
  verdict: string;
}

export interface Difference {
  message: string;
  count: number;
  before: { intents: string[]; replies: string[] };
  after: { intents: string[]; replies: string[] };
  is_regression: boolean;
}

export interface WhyWish {
  text: string;
  intent: string;
  title: string;
  sureness: number | null;
  margin: number | null;
  runners_up: { intent: string; title: string; chance: number }[];
  decided_by: string;
  decided_at: string; // file:line, "" = no row decided
  outcome_text: string;
  corrected: boolean;
  meant: string;
  replies: { response: string; place: string; text: string }[];
}

export interface NearLine {
  text: string;
  intent: string;
  file: string;
  likeness: number;
}

export type FilesKind = "questions" | "replies" | "words" | "situations";
export type Place = (string | number)[];

export interface FilePart {
  label: string;
  path: Place;
  shape: "lines" | "words" | "variants" | "one" | "absent";
  items: string[];
}

export interface FileEntry {
  file: string;
  name: string;
  title: string;
  note: string;
  parts: FilePart[];
}

export interface TrainersFiles {
  entries: FileEntry[];
  files: Record<string, { mark: string; about: string }>; // the mark goes along with a change
}

export interface Tried {
  wishes: {
    text: string;
    intent: string;
    title: string;
    sureness: number;
    second: string;
    second_sureness: number;
    decided_by: string;
    decided_at: string;
    outcome_text: string;
  }[];
  replies: { text: string; buttons: string[]; response: string; place: string }[];
  hands_over: boolean;
}

const api = (path: string): string => `${houseOfPage()}/api/desk/${path}`;
const limitMs = 60_000; // all training lines are read, while buyers go first
const post = <T>(path: string, body: unknown = {}): Promise<T> =>
  call<T>(api(path), { method: "POST", body, limitMs, headers: { "X-Requested-With": "dianxiaoer" } });

export const teachingApi = {
  inbox: (days: number) => call<{ count: number; rows: InboxRow[] }>(api(`inbox?days=${days}`), { limitMs }),
  intents: () => call<{ intents: { intent: string; title: string }[] }>(api("intents")),
  accept: (lines: string[], intent: string) => post<{ places: string[] }>("inbox/accept", { lines, intent }),
  question: (lines: string[], title: string, answer: string) =>
    post<{ places: string[] }>("inbox/question", { lines, title, answer }),
  skip: (lines: string[]) => post<unknown>("inbox/skip", { lines }),
  nearest: (text: string, intent: string) =>
    call<{ nearest: NearLine[] }>(
      api(`inbox/nearest?text=${encodeURIComponent(text)}&intent=${encodeURIComponent(intent)}`),
      { limitMs },
    ),
  files: (kind: FilesKind) => call<TrainersFiles>(api(`files?kind=${kind}`), { limitMs }),
  save: (kind: FilesKind, file: string, mark: string, changes: { path: Place; items: string[] }[]) =>
    post<{ mark: string; advice: string[] }>("files", { kind, file, mark, changes }),
  tryLine: (lines: string[], situation = "", product = "") => post<Tried>("try", { lines, situation, product }),
  releases: () => call<{ is_going_on: boolean; trial: Trial | null; releases: Release[] }>(api("releases")),
  differences: (id: number) => call<{ differences: Difference[] }>(api(`releases/${id}/differences`)),
  publish: (share?: number) => post<unknown>("releases", share ? { share } : {}),
  decide: (how: "adopt" | "drop") => post<unknown>("releases/trial", { how }),
  rollback: () => post<unknown>("releases/rollback"),
  why: (conversation: string, seq: number) =>
    call<{ wishes: WhyWish[] }>(api(`conversations/${encodeURIComponent(conversation)}/why?seq=${seq}`)),
};
