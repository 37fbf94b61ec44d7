/** What is said where the house does not answer: its browser keeps that from the buyer's last visit. */

import type { Session } from "./protocol";
import type { KeyStore } from "./storage";

export const PHONE = "dianxiaoer.phone"; // alone, for the button, which reads nothing else
const WORDS = "dianxiaoer.house";

export interface HouseWords {
  name: string;
  greeting: string; // as strangers are greeted: the next one at this browser may be another
  phone: string;
  words: string;
}

/** Answers what is kept from now on. */
export function keepWords(store: KeyStore, { shop, signed_in }: Session): HouseWords {
  const { phone = "", words = "" } = shop.unreachable ?? {};
  const greeting = signed_in ? (keptWords(store)?.greeting ?? "") : shop.greeting;
  const kept = { name: shop.name, greeting, phone, words };
  store.setItem(WORDS, JSON.stringify(kept));
  if (phone) store.setItem(PHONE, phone);
  else store.removeItem(PHONE);
  return kept;
}

export function keptWords(store: KeyStore): HouseWords | null {
  try {
    return JSON.parse(store.getItem(WORDS) ?? "null") as HouseWords | null;
  } catch {
    return null;
  }
}
