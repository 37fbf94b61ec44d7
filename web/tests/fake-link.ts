/** A hand-written clock and socket: time passes when a test says so, and the server is the test. */

import type { Clock, SocketLike } from "@/chat/connection";

export class FakeClock implements Clock {
  private now = 0;
  private count = 0;
  private readonly timers = new Map<number, { at: number; run: () => void }>();
  chance = 0;

  setTimeout(run: () => void, ms: number): number {
    this.count += 1;
    this.timers.set(this.count, { at: this.now + ms, run });
    return this.count;
  }

  clearTimeout(timer: unknown): void {
    this.timers.delete(timer as number);
  }

  random(): number {
    return this.chance;
  }

  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.timers].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.timers.delete(due[0]);
      this.now = Math.max(this.now, due[1].at);
      due[1].run();
    }
    this.now = end;
  }
}

export class FakeSocket implements SocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly sent: Record<string, unknown>[] = [];
  isClosed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(): void {
    this.isClosed = true;
  }

  tell(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** Opens and greets, as the real server does. */
  accept(lastSeq = 0, missed: unknown[] = []): void {
    this.onopen?.();
    for (const message of missed) this.tell({ type: "message", message });
    this.tell({ type: "ready", status: "with_bot", last_seq: lastSeq });
  }

  breakOff(): void {
    this.onclose?.();
  }

  sentOf(type: string): Record<string, unknown>[] {
    return this.sent.filter((frame) => frame["type"] === type);
  }
}
