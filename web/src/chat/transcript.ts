/** Messages in the order of their numbers, each once, however often the server tells them. */

import type { Pending } from "./outbox";
import type { Message } from "./protocol";

/** What is asked of a message here; `takes_back` is the seq of another one. */
interface Line {
  seq: number;
  takes_back?: number;
}

/** Adds `incoming` to `messages` (sorted by seq); a number that is already there is replaced, since
 * the server's version knows more than the one the buyer's page made up while it waited. */
export function merge<M extends Line>(messages: readonly M[], incoming: readonly M[]): M[] {
  const bySeq = new Map(messages.map((message) => [message.seq, message]));
  for (const message of incoming) bySeq.set(message.seq, message);
  for (const { takes_back: gone } of incoming) {
    const line = gone === undefined ? undefined : bySeq.get(gone);
    if (line) bySeq.set(line.seq, { ...line, text: "", picture: null, card: null, is_taken_back: true });
  }
  return [...bySeq.values()].sort((one, other) => one.seq - other.seq);
}

/** `merge` with the newest lines as the server gives them. So many may have been missed that there is a
 * hole between: then what was here before it goes, to be loaded again on the way up. */
export function joined<M extends Line>(messages: readonly M[], newest: readonly M[]): M[] {
  const all = merge(messages, newest);
  let from = all.findIndex((one) => one.seq === newest[0]?.seq);
  if (from < 0) return all;
  while (from > 0 && all[from - 1]!.seq === all[from]!.seq - 1) from -= 1;
  return all.slice(from);
}

/** The seq of the one message whose buttons still count: the last one with buttons, as long as the
 * buyer has said nothing since; null where there is none. */
export function activeButtons(messages: readonly Message[], buyerIsSending: boolean): number | null {
  if (buyerIsSending) return null;
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const message = messages[index]!;
    if (message.from === "buyer") return null;
    if (message.buttons?.length) return message.seq;
  }
  return null;
}

/** Cards of orders and cases that a later card tells of anew, by the seq of their message. */
export function superseded(messages: readonly Message[]): Set<number> {
  const newest = new Map<string, number>();
  const old = new Set<number>();
  for (const { seq, card } of messages) {
    const name = card?.type === "order" ? card.number : card?.type === "return" ? card.case_id : "";
    const before = newest.get(name);
    if (name && before !== undefined) old.add(before);
    if (name) newest.set(name, seq);
  }
  return old;
}

/** Which buttons the buyer has pressed, by the seq of their message; the press may be on its way. */
export function chosenButtons(messages: readonly Message[], pending: readonly Pending[]): Map<number, number> {
  const chosen = new Map<number, number>();
  for (const { pressed } of messages) if (pressed) chosen.set(pressed.seq, pressed.button);
  for (const { frame } of pending) if (frame?.kind === "button") chosen.set(frame.seq, frame.button);
  return chosen;
}
