/** The phone's back key closes the full-screen chat: while it is open, the page has a history entry
 * more. Reloaded or come back to, that entry tells that the chat was open. */

const MARK = "dianxiaoer";

function state(): Record<string, unknown> {
  const held = history.state as unknown;
  return held && typeof held === "object" ? { ...held } : {};
}

export function isMarked(): boolean {
  return state()[MARK] === 1;
}

/** The page's own state goes along, so that its router finds it on both entries. */
export function mark(): void {
  if (isMarked()) return;
  try {
    history.pushState({ ...state(), [MARK]: 1 }, "");
  } catch {
    // A page without a history of its own (a sandboxed frame): the cross in the corner closes.
  }
}

export function unmark(): void {
  if (isMarked()) history.back();
}
