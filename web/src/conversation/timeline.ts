/** Turns messages into rows: where a time stands above, and where a run of one sender begins. */

import { startsGroup, timeLabel } from "@/chat/times";

/** What a row needs to know of a message; the desk's have senders that a buyer never sees. */
interface Line {
  seq: number;
  id: string;
  from: string;
  at: string;
  agent_name?: string | null;
  takes_back?: number;
}

export interface Row<M> {
  key: string;
  message: M;
  time: string; // "" = none above this row
  isFirst: boolean;
}

/** A line that only says that another one is taken back has no row: that one says it. */
export function rowsOf<M extends Line>(all: readonly M[], now: Date = new Date()): Row<M>[] {
  const messages = all.filter((message) => message.takes_back === undefined);
  return messages.map((message, index) => {
    const before = messages[index - 1];
    const time = startsGroup(message.at, before?.at) ? timeLabel(message.at, now) : "";
    const isSame = before?.from === message.from && before.agent_name === message.agent_name;
    // The buyer's own id stays when a message is confirmed, so its bubble is not built anew.
    return { key: message.id || String(message.seq), message, time, isFirst: !isSame || time !== "" };
  });
}
