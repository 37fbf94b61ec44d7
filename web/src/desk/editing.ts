/** What is typed on the pages of the trainers' files: kept until it is saved, whatever the server says. */

import type { FileEntry, FilePart, FilesKind, Place } from "./teaching-api";

export const LONGEST_REPLY = 60; // characters of a bubble, as the check counts them

/** What follows a saving, in the words of the page. */
export const AFTER: Record<FilesKind, string> = {
  questions: "存好了，开着的店两秒内就会了。",
  replies: "存好了，开着的店两秒内就这样说。",
  words: "存好了，开着的店两秒内就认得。",
  situations: "存好了，开着的店两秒内就照这个听。",
};

/** Characters without what is filled in. */
export const length = (text: string): number => [...text.replace(/\{[a-z_]+\}/g, "")].length;

/** Variants have a field each; other lists one field, a line each. */
export const isByVariant = (part: FilePart): boolean => part.shape === "variants";

export const fieldsOf = (part: FilePart): string[] => (isByVariant(part) ? [...part.items] : [part.items.join("\n")]);

export function itemsOf(part: FilePart, fields: string[]): string[] {
  const typed = isByVariant(part) ? fields : (fields[0] ?? "").split("\n");
  return typed.map((one) => one.trim()).filter(Boolean);
}

const same = (one: string[], other: string[]): boolean => one.length === other.length && one.every((each, at) => each === other[at]);

/** Only the lists that are other than in the file. */
export function changesOf(entry: FileEntry, typed: string[][]): { path: Place; items: string[] }[] {
  return entry.parts
    .map((part, at) => ({ path: part.path, items: itemsOf(part, typed[at] ?? []), before: part.items }))
    .filter((one) => !same(one.items, one.before))
    .map(({ path, items }) => ({ path, items }));
}

/** Every word of what was typed stands somewhere in the entry. */
export function matchingEntries(entries: FileEntry[], typed: string): FileEntry[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return entries;
  return entries.filter((one) => {
    const text = [one.title, one.name, one.note, one.file, ...one.parts.flatMap((part) => part.items)].join("\n").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export const keyOf = (entry: FileEntry): string => `${entry.file} ${entry.name}`;
