/** What the buyer said and the server has not yet confirmed; survives a reload of the tab. */

import type { Card, Picture, SendFrame } from "./protocol";
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
  card?: Card | null; // a product that the buyer shows
}

const key = (conversationId: string): string => `dianxiaoer.outbox.${conversationId}`;

/** A picture that was not yet up is kept without its pixels (uploads.ts has them, where there is room). */
export function saveOutbox(store: KeyStore, conversationId: string, outbox: readonly Pending[]): void {
  const kept = outbox.map((pending) => ({ ...pending, picture: lasting(pending.picture) }));
  if (kept.length) store.setItem(key(conversationId), JSON.stringify(kept));
  else store.removeItem(key(conversationId));
}

export function dropOutbox(store: KeyStore, conversationId: string): void {
  store.removeItem(key(conversationId));
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
