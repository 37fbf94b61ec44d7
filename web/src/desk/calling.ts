/** Colleagues by the name that one reads: whom "@" in a note may mean, and how they are told apart. */

import type { Agent } from "./desk-api";

const MOST = 6;

export const shownName = (one: Agent): string => one.display_name || one.name;

/** With the account beside it where two are called alike. */
export function nameOf(one: Agent, people: Agent[]): string {
  return isAlone(one, people) ? shownName(one) : `${shownName(one)}（账号 ${one.name}）`;
}

function isAlone(one: Agent, people: Agent[]): boolean {
  return !people.some((other) => other.name !== one.name && [shownName(other), other.name].includes(shownName(one)));
}

export interface Calling {
  from: number; // of the @
  wanted: string;
}

/** What is being written behind the last @ before the caret; null where none is. */
export function callingAt(text: string, caret: number): Calling | null {
  const before = text.slice(0, caret);
  const from = Math.max(before.lastIndexOf("@"), before.lastIndexOf("＠"));
  const wanted = before.slice(from + 1);
  return from < 0 || /\s/.test(wanted) || wanted.length > 20 ? null : { from, wanted };
}

/** By the name that is read or the account's; those whose name begins so come first. */
export function colleagues(people: Agent[], me: string, wanted: string): Agent[] {
  const typed = wanted.toLowerCase();
  const names = (one: Agent): string[] => [shownName(one).toLowerCase(), one.name.toLowerCase()];
  const found = people.filter((one) => one.name !== me && names(one).some((name) => name.includes(typed)));
  const rank = (one: Agent): number => Number(!names(one).some((name) => name.startsWith(typed)));
  return found.sort((one, other) => rank(one) - rank(other)).slice(0, MOST);
}

/** The text with the colleague called, and where the caret goes on. By the account's name where two are called alike. */
export function called(text: string, caret: number, { from }: Calling, one: Agent, people: Agent[]): { text: string; caret: number } {
  const call = `@${isAlone(one, people) ? shownName(one) : one.name} `;
  return { text: text.slice(0, from) + call + text.slice(caret).replace(/^ /, ""), caret: from + call.length };
}
