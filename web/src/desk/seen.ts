/** Up to which line this browser has shown each talk; what is behind it is unread. */

const KEY = "dianxiaoer-desk-seen";
const MOST = 500; // talks; the oldest are forgotten

export function readSeen(): Record<string, number> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return kept && typeof kept === "object" ? (kept as Record<string, number>) : {};
  } catch {
    return {}; // no storage, or not ours: everything counts as unread
  }
}

export function keepSeen(seen: Record<string, number>): void {
  const names = Object.keys(seen);
  for (const name of names.slice(0, Math.max(0, names.length - MOST))) delete seen[name];
  try {
    localStorage.setItem(KEY, JSON.stringify(seen));
  } catch {
    // Storage is full or forbidden: the marks hold until the page is closed.
  }
}
