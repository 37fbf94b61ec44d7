/** What the buyer said and the server has not yet confirmed; survives a reload of the tab. */

import type { Picture, SendFrame } from "./protocol";
import type { KeyStore } from "./storage";

export interface Pending {
  id: string;
  frame: SendFrame | null; // null while its picture is still going up
  text: string; // what the bubble shows
  at: string; // ISO 8601
  state: "uploading" | "sending" | "failed";
  problem: string;
  progress: number; // of the upload, 0 to 1
  picture: Picture | null;
}

const key = (conversationId: string): string => `dianxiaoer.outbox.${conversationId}`;

/** Keeps only what can be sent again: a picture that was not yet up is gone with its page. */
export function saveOutbox(store: KeyStore, conversationId: string, outbox: readonly Pending[]): void {
  const kept = outbox
    .filter((pending) => pending.frame !== null)
    .map((pending) => ({ ...pending, picture: lasting(pending.picture) }));
  try {
    if (kept.length) store.setItem(key(conversationId), JSON.stringify(kept));
    else store.removeItem(key(conversationId));
  } catch {
    // Storage is full: the message still goes out from memory, only a reload could lose it.
  }
}

export function readOutbox(store: KeyStore, conversationId: string): Pending[] {
  try {
    return JSON.parse(store.getItem(key(conversationId)) ?? "[]") as Pending[];
  } catch {
    return [];
  }
}

/** Blob addresses end with the page. */
function lasting(picture: Picture | null): Picture | null {
  return picture?.url.startsWith("blob:") ? null : picture;
}
