/** Which addresses may be clicked: the shop's own and the page's own, and whatever the shop itself has
 * written; nothing a stranger typed. */

import { inHouse } from "./house";

export interface TextPart {
  text: string;
  href?: string;
}

const ADDRESS = /https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+/g;
const ENDS_A_SENTENCE = /[.,;:!?'")\]]+$/; // and is no part of the address before it

/** The address made absolute against the house at `base`; null unless it stays on one of the `origins`. */
export function ownLink(address: string | null | undefined, base: string, origins: string[]): string | null {
  if (!address) return null;
  try {
    const url = new URL(inHouse(address, base), base);
    const isWeb = url.protocol === "http:" || url.protocol === "https:";
    return isWeb && origins.includes(url.origin) ? url.href : null;
  } catch {
    return null;
  }
}

/** A courier's page, or the shop's own at another place; null where it says one name and leads to
 * another (https://shop.test@evil.test/). */
function anyLink(address: string): string | null {
  try {
    const url = new URL(address);
    return url.username || url.password ? null : url.href;
  } catch {
    return null;
  }
}

/** Splits a text so that its addresses can be links. Foreign ones stay plain text unless `isShops`:
 * a person or the owner of the shop has written it. */
export function splitLinks(text: string, base: string, origins: string[], isShops = false): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(ENDS_A_SENTENCE, "");
    const href = ownLink(address, base, origins) ?? (isShops ? anyLink(address) : null);
    if (!href) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** The page about privacy: the house's, or the shop's own at another place, which its owner has set. */
export function privacyPage(address: string, house: string): string {
  return /^https?:\/\//.test(address) ? address : inHouse("/privacy", house);
}
