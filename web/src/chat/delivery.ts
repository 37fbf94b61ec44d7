/** Getting what the buyer said to the server once: queue, confirmations, repeats, failures. */

import { browserClock, type Clock } from "./connection";
import { readOutbox, saveOutbox, type Pending } from "./outbox";
import type { SendFrame } from "./protocol";
import type { ChatState } from "./state";
import type { KeyStore } from "./storage";

const ACK_WITHIN_MS = 10_000;
const MOST_TRIES = 3;
const NOT_DELIVERED = "没有送达，点一下重发";

export interface DeliveryOptions {
  state: ChatState;
  store: KeyStore;
  /** True when the frame went out on a ready link. */
  transmit: (frame: SendFrame) => boolean;
  /** The link looks alive but confirms nothing. */
  reconnect: () => void;
  clock?: Clock;
}

export class Delivery {
  private readonly clock: Clock;
  private readonly waits = new Map<string, unknown>(); // timers of unconfirmed messages
  private readonly tries = new Map<string, number>();

  constructor(private readonly options: DeliveryOptions) {
    this.clock = options.clock ?? browserClock;
  }

  /** Takes up what an earlier life of this tab left unsent, before what was said while the session
   * was being opened (or opened anew). */
  load(conversationId: string): void {
    for (const timer of this.waits.values()) this.clock.clearTimeout(timer);
    this.waits.clear();
    this.tries.clear();
    const { state, store } = this.options;
    const known = new Set([...state.messages, ...state.pending].map(({ id }) => id));
    const left = readOutbox(store, conversationId).filter(({ id }) => !known.has(id));
    state.pending = [...left, ...state.pending];
    this.save();
  }

  add(pending: Pending): void {
    this.options.state.pending.push(pending);
    if (pending.frame) this.release(pending.id, pending.frame);
    else this.save();
  }

  /** The message can go now (a picture is up, or it never had to wait). */
  release(id: string, frame: SendFrame): void {
    const pending = this.find(id);
    if (!pending) return;
    Object.assign(pending, { frame, state: "sending", problem: "" });
    this.save();
    this.put(pending);
  }

  /** Sends everything unconfirmed again, in the order it was said; the server knows repeats by id. */
  flush(): void {
    for (const pending of this.options.state.pending) {
      if (pending.state === "sending") this.put(pending);
    }
  }

  retry(id: string): void {
    const pending = this.find(id);
    if (!pending?.frame) return;
    this.tries.delete(id);
    this.release(id, pending.frame);
  }

  fail(id: string, problem: string): void {
    this.settle(id);
    const pending = this.find(id);
    if (pending) Object.assign(pending, { state: "failed", problem });
    this.save();
  }

  /** Takes the message out: confirmed, come back by the server, or given up by the buyer. */
  remove(id: string): Pending | null {
    this.settle(id);
    const { state } = this.options;
    const pending = this.find(id);
    state.pending = state.pending.filter((other) => other.id !== id);
    this.save();
    return pending;
  }

  find(id: string): Pending | null {
    return this.options.state.pending.find((pending) => pending.id === id) ?? null;
  }

  private put(pending: Pending): void {
    if (!pending.frame || !this.options.transmit(pending.frame)) return; // goes out with the next flush
    this.clock.clearTimeout(this.waits.get(pending.id));
    this.waits.set(pending.id, this.clock.setTimeout(() => this.overdue(pending.id), ACK_WITHIN_MS));
  }

  private overdue(id: string): void {
    const tries = (this.tries.get(id) ?? 0) + 1;
    this.tries.set(id, tries);
    if (tries >= MOST_TRIES) this.fail(id, NOT_DELIVERED);
    else this.options.reconnect();
  }

  private settle(id: string): void {
    this.clock.clearTimeout(this.waits.get(id));
    this.waits.delete(id);
  }

  private save(): void {
    const { conversationId, pending } = this.options.state;
    if (conversationId) saveOutbox(this.options.store, conversationId, pending);
  }
}
