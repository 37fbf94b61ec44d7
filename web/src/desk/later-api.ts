/** What is planned for a buyer and what the shop has promised, as the server tells it. */

import type { components } from "./api-types";
import { post, read } from "./desk-call";

/** Of docs/desk-api.yaml, to which the server's tests hold every answer. */
type Schemas = components["schemas"];

export type Planned = Schemas["PlannedFollowUp"];
export type Promised = Schemas["Promise"];
export type LaterShown = Schemas["LaterForBuyer"];
export type AmendsOfMonth = Schemas["AmendsOfMonth"];

export const laterApi = {
  amends: () => read<{ amends: AmendsOfMonth | null }>("amends"), // owners alone
  ofBuyer: (id: string) => read<LaterShown>(`conversations/${encodeURIComponent(id)}/follow-ups`),
  stop: (one: Planned) => post<unknown>(`follow-ups/${one.follow_up_id}/stop`),
  send: (one: Planned) => post<unknown>(`follow-ups/${one.follow_up_id}/send`),
  promises: () => read<Promised[]>("promises"),
  confirm: (one: Promised) => post<Promised>(`promises/${one.promise_id}/confirm`),
  dismiss: (one: Promised) => post<Promised>(`promises/${one.promise_id}/dismiss`),
  kept: (one: Promised) => post<Promised>(`promises/${one.promise_id}/kept`),
};
