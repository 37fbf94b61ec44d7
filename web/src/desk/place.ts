/** Each talk has an address of its own: reload keeps it open, and a phone's "back" leads to the list. */

import { watch } from "vue";
import type { Desk } from "./desk";

const TALK = "#talk=";
const JOIN = "#join=";

export const inviteOf = (hash: string): string => (hash.startsWith(JOIN) ? decodeURIComponent(hash.slice(JOIN.length)) : "");

const talkOf = (hash: string): string | null => (hash.startsWith(TALK) ? decodeURIComponent(hash.slice(TALK.length)) || null : null);

export function keepPlace(desk: Desk): void {
  let isMoving = false; // by the browser's own back and forward
  watch(
    () => desk.state.agent?.name,
    (name) => {
      const id = talkOf(location.hash);
      if (name && id && !desk.state.openId) void desk.show(id);
    },
  );
  watch(
    () => desk.state.openId,
    (id, before) => {
      if (isMoving || !desk.state.agent) return;
      const address = id ? TALK + encodeURIComponent(id) : location.pathname + location.search;
      if (address === location.hash) return;
      if (id && before) history.replaceState(null, "", address); // one step back leads to the list
      else history.pushState(null, "", address);
    },
    { flush: "sync" },
  );
  window.addEventListener("popstate", () => {
    if (!desk.state.agent) return;
    const id = talkOf(location.hash);
    if (id === desk.state.openId) return;
    isMoving = true;
    void desk.show(id);
    isMoving = false;
  });
}
