/** What is planned for a buyer and what the shop has promised, as the server tells it. */

import { post, read } from "./desk-call";

export interface Planned {
  follow_up_id: number;
  kind: string;
  about: string; // what it is for, in a few words
  due_at: string; // ISO 8601
  order_number: string; // "" where it is about none
  held_back: string; // why it was not said yet; "" where nothing holds it
}

export interface Promised {
  promise_id: number;
  conversation_id: string;
  seq: number; // of the line that promises
  made_by: string; // an agent's name; "" = the bot
  matter: string;
  matter_text: string;
  text: string;
  order_number: string;
  due_at: string; // ISO 8601
  status: "found" | "open" | "kept" | "broken" | "withdrawn" | "dismissed";
  is_warned: boolean;
  is_told: boolean; // the buyer knows that it takes longer
}

export interface LaterShown {
  planned: Planned[];
  promises: Promised[];
}

export const laterApi = {
  ofBuyer: (id: string) => read<LaterShown>(`conversations/${encodeURIComponent(id)}/follow-ups`),
  stop: (one: Planned) => post<unknown>(`follow-ups/${one.follow_up_id}/stop`),
  send: (one: Planned) => post<unknown>(`follow-ups/${one.follow_up_id}/send`),
  promises: () => read<Promised[]>("promises"),
  confirm: (one: Promised) => post<Promised>(`promises/${one.promise_id}/confirm`),
  dismiss: (one: Promised) => post<Promised>(`promises/${one.promise_id}/dismiss`),
  kept: (one: Promised) => post<Promised>(`promises/${one.promise_id}/kept`),
};
