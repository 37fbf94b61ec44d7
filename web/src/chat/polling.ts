/** A line without a WebSocket: says by requests, hears by requests that wait. Looks like a socket. */

import { ApiError, call } from "./api";
import type { SocketLike } from "./connection";
import type { Message, ServerFrame, Status } from "./protocol";

const WAIT_S = 10; // shorter than the time limit of a call

interface Heard {
  conversation_id?: string;
  status: Status;
  messages: Message[];
  last_seq: number;
  read_seq?: number;
  typing?: boolean;
}

export class PollingLine implements SocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  private token = "";
  private lastSeq = 0;
  private status: Status | null = null;
  private readSeq = 0;
  private isClosed = false;

  constructor(private readonly base: string) {
    queueMicrotask(() => this.onopen?.());
  }

  send(text: string): void {
    const frame = JSON.parse(text) as { type: string; id?: string; token?: string; last_seq?: number };
    if (frame.type !== "hello") return void this.say(frame);
    this.token = frame.token ?? "";
    this.lastSeq = frame.last_seq ?? 0;
    void this.listen();
  }

  close(): void {
    this.isClosed = true;
  }

  private async say(frame: { type: string; id?: string }): Promise<void> {
    try {
      const url = `${this.base}/api/chat/messages`;
      const answer = await call<Partial<ServerFrame>>(url, { method: "POST", body: frame, token: this.token });
      if (answer.type) this.tell(answer as ServerFrame);
    } catch (error) {
      this.fail(error, frame.id);
    }
  }

  private async listen(): Promise<void> {
    let wait = 0; // the first answer greets
    while (!this.isClosed) {
      try {
        const url = `${this.base}/api/chat/messages?after=${this.lastSeq}&wait=${wait}`;
        this.heard(await call<Heard>(url, { token: this.token }));
        wait = WAIT_S;
      } catch (error) {
        return this.fail(error, undefined);
      }
    }
  }

  private heard(heard: Heard): void {
    const { conversation_id, status, last_seq, read_seq = 0 } = heard;
    if (this.status === null) this.tell({ type: "ready", conversation_id, status, last_seq, read_seq });
    else if (status !== this.status) this.tell({ type: "status", status });
    if (read_seq > this.readSeq) this.tell({ type: "read", seq: read_seq });
    this.status = status;
    this.readSeq = read_seq;
    for (const message of heard.messages) this.tell({ type: "message", message });
    if (heard.typing !== undefined) this.tell({ type: "typing", on: heard.typing });
    this.lastSeq = Math.max(this.lastSeq, ...heard.messages.map(({ seq }) => seq));
  }

  private fail(error: unknown, id: string | undefined): void {
    if (!(error instanceof ApiError)) throw error;
    const { status, code, message } = error;
    if (status) this.tell({ type: "error", error: { code, message }, ...(id ? { id } : {}) });
    if (id && status) return; // this one line was refused, the way is open
    this.isClosed = true;
    this.onclose?.();
  }

  private tell(frame: ServerFrame): void {
    if (!this.isClosed) this.onmessage?.({ data: JSON.stringify(frame) });
  }
}
