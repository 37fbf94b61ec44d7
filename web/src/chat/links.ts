/** Which addresses may be clicked: the shop's own and the page's own, nothing a stranger typed. */

import { inHouse } from "./house";

export interface TextPart {
  text: string;
  href?: string;
}

const ADDRESS = /https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+/g;

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

/** Splits a text so that own addresses can be links; foreign ones stay plain text. */
export function splitLinks(text: string, base: string, origins: string[]): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const href = ownLink(match[0], base, origins);
    if (!href) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ text: match[0], href });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** The page about privacy: the house's, or the shop's own at another place, which its owner has set. */
export function privacyPage(address: string, house: string): string {
  return /^https?:\/\//.test(address) ? address : inHouse("/privacy", house);
}
