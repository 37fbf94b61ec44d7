/** One line kept alive: greets after opening, asks a silent one whether it lives, comes back with
 * growing pauses, never gives up. */

export type LinkState = "idle" | "connecting" | "online" | "offline";

export interface SocketLike {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  send(text: string): void;
  close(): void;
}

export interface Clock {
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  random(): number; // [0, 1)
}

export const browserClock: Clock = {
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
  random: () => Math.random(),
};

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const READY_WITHIN_MS = 10_000;
const STEADY_AFTER_MS = 5_000; // a link that breaks sooner does not reset the pauses
// A line that swallows everything (another network, a long sleep) says nothing of it: after so long
// a silence it is asked, and without an answer it is dead. Together less than 25 seconds.
const SILENT_MS = 15_000;
const ANSWER_WITHIN_MS = 7_000;
const PROBE_WITHIN_MS = 4_000; // the page came back to sight: somebody is looking

/** Pause before try `attempt` (0, 1, …): half of it fixed, half by chance, so that a server that
 * comes back is not met by everybody at once. */
export function pause(attempt: number, random: number): number {
  const full = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt, 10));
  return full / 2 + (full / 2) * random;
}

export interface ConnectionOptions<Frame> {
  openSocket: () => SocketLike;
  /** First frame; undefined = the server needs none and the link counts as ready once open. */
  hello?: () => unknown;
  /** Asks whether the other side lives; any frame answers. undefined = it is not asked. */
  ping?: unknown;
  onState: (state: LinkState) => void;
  onReady?: () => void;
  onFrame: (frame: Frame) => void;
  clock?: Clock;
}

export class Connection<Frame extends { type: string }> {
  state: LinkState = "idle";
  private socket: SocketLike | null = null;
  private attempt = 0;
  private timer: unknown = null;
  private pulse: unknown = null; // until the silence is asked, or has not answered
  private readonly clock: Clock;

  constructor(private readonly options: ConnectionOptions<Frame>) {
    this.clock = options.clock ?? browserClock;
  }

  start(): void {
    if (this.state !== "idle") return;
    this.open();
  }

  stop(): void {
    this.drop();
    this.attempt = 0;
    this.become("idle");
  }

  /** The page came back to sight or the network came back: is this line still one? */
  probe(): void {
    if (this.state === "online") this.ask(PROBE_WITHIN_MS);
    else this.reconnect();
  }

  /** The browser says that there is no network: then nothing is on its way either. */
  cut(): void {
    if (this.state === "idle" || this.state === "offline") return;
    this.drop();
    this.retryLater();
  }

  /** Tries again at once: the network came back, or the buyer asked. */
  reconnect(): void {
    if (this.state === "idle") return;
    this.drop();
    this.open();
  }

  /** True when the frame went out on a ready link; false = nothing was sent. */
  send(frame: unknown): boolean {
    if (this.state !== "online" || !this.socket) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  private open(): void {
    this.become(this.attempt === 0 ? "connecting" : "offline");
    let socket: SocketLike;
    try {
      socket = this.options.openSocket();
    } catch {
      return this.retryLater(); // a content policy or a bad address: same as no network
    }
    this.socket = socket;
    this.timer = this.clock.setTimeout(() => this.lost(socket), READY_WITHIN_MS);
    socket.onopen = () => {
      if (this.options.hello) socket.send(JSON.stringify(this.options.hello()));
      else this.ready();
    };
    socket.onmessage = (event) => {
      if (this.socket === socket) this.read(event.data);
    };
    socket.onclose = () => this.lost(socket);
  }

  private read(data: unknown): void {
    if (this.state === "online") this.listen();
    let frame: Frame;
    try {
      frame = JSON.parse(String(data)) as Frame;
    } catch {
      return; // not ours: a proxy's stray text must not end the chat
    }
    if (frame.type === "ready") this.ready(frame);
    else if (frame.type === "pong") return;
    else this.options.onFrame(frame);
  }

  private ready(frame?: Frame): void {
    this.clock.clearTimeout(this.timer);
    this.timer = this.clock.setTimeout(() => (this.attempt = 0), STEADY_AFTER_MS);
    this.become("online");
    this.listen();
    if (frame) this.options.onFrame(frame);
    this.options.onReady?.();
  }

  private listen(): void {
    this.clock.clearTimeout(this.pulse);
    if (this.options.ping === undefined) return;
    this.pulse = this.clock.setTimeout(() => this.ask(ANSWER_WITHIN_MS), SILENT_MS);
  }

  private ask(within: number): void {
    const socket = this.socket;
    if (!socket || !this.send(this.options.ping)) return;
    this.clock.clearTimeout(this.pulse);
    this.pulse = this.clock.setTimeout(() => this.lost(socket), within);
  }

  private lost(socket: SocketLike): void {
    if (this.socket !== socket) return;
    this.drop();
    this.retryLater();
  }

  private retryLater(): void {
    const wait = pause(this.attempt, this.clock.random());
    this.attempt += 1;
    this.become("offline");
    this.timer = this.clock.setTimeout(() => this.open(), wait);
  }

  private drop(): void {
    this.clock.clearTimeout(this.timer);
    this.clock.clearTimeout(this.pulse);
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private become(state: LinkState): void {
    if (this.state === state) return;
    this.state = state;
    this.options.onState(state);
  }
}
