/** Messages in the order of their numbers, each once, however often the server tells them. */

import type { Message } from "./protocol";

/** Adds `incoming` to `messages` (sorted by seq); a number that is already there is replaced, since
 * the server's version knows more than the one the buyer's page made up while it waited. */
export function merge<M extends { seq: number }>(messages: readonly M[], incoming: readonly M[]): M[] {
  const bySeq = new Map(messages.map((message) => [message.seq, message]));
  for (const message of incoming) bySeq.set(message.seq, message);
  return [...bySeq.values()].sort((one, other) => one.seq - other.seq);
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
