/** The buyer's side of a conversation: session, live link and delivery put together. */

import { reactive } from "vue";
import { ApiError, call } from "./api";
import { browserClock, Connection, pause, type Clock, type SocketLike } from "./connection";
import { Delivery } from "./delivery";
import { newId } from "./ids";
import type { Pending } from "./outbox";
import { pictureProblem, uploadPicture } from "./pictures";
import { PAGE, type Message, type Problem, type SendFrame, type ServerFrame, type Session } from "./protocol";
import { isStale, SessionKeeper } from "./session";
import { freshState, type ChatState } from "./state";
import type { KeyStore } from "./storage";
import { merge } from "./transcript";

const TYPING_LASTS_MS = 12_000; // should the sign to stop get lost

const PASSING = new Set(["unavailable"]); // troubles of the server's that end without the buyer

export interface ClientOptions {
  base: string; // where the house stands, no slash at the end
  store: KeyStore; // lasting: token, what was seen
  tabStore: KeyStore; // of this tab: unsent messages
  openSocket: () => SocketLike;
  clock?: Clock;
}

export class ChatClient {
  readonly state: ChatState = reactive(freshState());
  productId: string | null = null;
  private readonly clock: Clock;
  private readonly keeper: SessionKeeper;
  private readonly link: Connection<ServerFrame>;
  private readonly delivery: Delivery;
  private readonly files = new Map<string, File>(); // of pictures on their way
  private starting: Promise<void> | null = null;
  private heardSeq = 0; // last message the server itself told; what comes after is asked for again
  private failures = 0;
  private typingTimer: unknown = null;
  private retryTimer: unknown = null;

  constructor(private readonly options: ClientOptions) {
    this.clock = options.clock ?? browserClock;
    this.keeper = new SessionKeeper(options.base, options.store);
    this.link = new Connection<ServerFrame>({
      openSocket: options.openSocket,
      hello: () => ({ type: "hello", token: this.keeper.token ?? "", last_seq: this.heardSeq }),
      onState: (link) => this.linkIs(link),
      onReady: () => this.ready(),
      onFrame: (frame) => this.hear(frame),
      clock: this.clock,
    });
    this.delivery = new Delivery({
      state: this.state,
      store: options.tabStore,
      transmit: (frame) => this.link.send(frame),
      reconnect: () => this.link.reconnect(),
      clock: this.clock,
    });
  }

  get token(): string | null {
    return this.keeper.token;
  }

  get hasVisited(): boolean {
    return this.token !== null;
  }

  /** Opens the session once; on failure tries again by itself, and at once when called again. */
  start(): Promise<void> {
    if (this.state.phase === "ready") return Promise.resolve();
    this.starting ??= this.open().finally(() => (this.starting = null));
    return this.starting;
  }

  /** Becomes the buyer of this token (the shop's own sign-in, or the demo switch); null = a new
   * visitor. */
  async signIn(token: string | null): Promise<void> {
    await this.starting;
    this.link.stop();
    if (token) this.keeper.use(token);
    else this.keeper.forget();
    Object.assign(this.state, freshState());
    await this.start();
  }

  /** The network is back, or the buyer asked to try at once. */
  wake(): void {
    if (this.state.phase === "failed") void this.start();
    else if (this.state.link === "offline") this.link.reconnect();
  }

  view(productId: string | null): void {
    this.productId = productId;
    if (productId) this.link.send({ type: "viewing", product_id: productId });
  }

  sendText(text: string): void {
    this.say({ type: "send", id: newId(), kind: "text", text }, text);
  }

  press(message: Message, button: number): void {
    const title = message.buttons?.[button]?.title ?? "";
    this.say({ type: "send", id: newId(), kind: "button", seq: message.seq, button }, title);
  }

  sendProduct(productId: string, name: string): void {
    this.say({ type: "send", id: newId(), kind: "product", product_id: productId }, `[商品] ${name}`);
  }

  async sendPicture(file: File): Promise<void> {
    const problem = await pictureProblem(file);
    if (problem) return this.complain(problem);
    const id = newId();
    const picture = { url: URL.createObjectURL(file), width: 0, height: 0 };
    this.files.set(id, file);
    this.delivery.add({ ...draft(id, "[图片]"), state: "uploading", picture });
    await this.upload(id);
  }

  async retry(id: string): Promise<void> {
    if (this.files.has(id)) await this.upload(id);
    else this.delivery.retry(id);
  }

  discard(id: string): void {
    this.files.delete(id);
    this.delivery.remove(id);
  }

  async loadOlder(): Promise<void> {
    const first = this.state.messages[0];
    if (!first || this.state.isComplete || this.state.isLoadingOlder) return;
    this.state.isLoadingOlder = true;
    try {
      const url = `${this.options.base}/api/chat/history?before=${first.seq}`;
      const token = this.keeper.token ?? undefined;
      const { messages } = await call<{ messages: Message[] }>(url, { token });
      this.state.messages = merge(this.state.messages, messages);
      this.state.isComplete = messages.length === 0 || messages[0]!.seq <= 1;
    } catch (error) {
      this.complain(wordsOf(error));
    } finally {
      this.state.isLoadingOlder = false;
    }
  }

  markSeen(): void {
    const last = this.state.messages[this.state.messages.length - 1];
    if (!last || last.seq <= this.state.seenSeq) return;
    this.state.seenSeq = last.seq;
    this.options.store.setItem(`dianxiaoer.seen.${this.state.conversationId}`, String(last.seq));
  }

  complain(problem: string): void {
    this.state.problem = problem;
  }

  private async open(): Promise<void> {
    this.clock.clearTimeout(this.retryTimer);
    if (this.state.phase === "idle") this.state.phase = "starting";
    try {
      this.welcome(await this.keeper.open(this.productId));
    } catch (error) {
      Object.assign(this.state, { phase: "failed", problem: wordsOf(error) });
      this.retryTimer = this.clock.setTimeout(
        () => void this.start(),
        pause(this.failures++, this.clock.random()),
      );
    }
  }

  private welcome(session: Session): void {
    const isSame = session.conversation_id === this.state.conversationId;
    const seen = this.options.store.getItem(`dianxiaoer.seen.${session.conversation_id}`);
    Object.assign(this.state, {
      phase: "ready",
      problem: "",
      conversationId: session.conversation_id,
      demo: session.demo,
      shop: session.shop,
      status: session.status,
      messages: merge(isSame ? this.state.messages : [], session.messages),
      isComplete: session.messages.length < PAGE || (session.messages[0]?.seq ?? 1) <= 1,
      seenSeq: Number(seen ?? 0),
    });
    this.failures = 0;
    this.heardSeq = lastSeq(session.messages);
    if (!isSame) this.delivery.load(session.conversation_id);
    this.link.start();
  }

  private linkIs(link: ChatState["link"]): void {
    this.state.link = link;
    if (link !== "online") this.state.isTyping = false;
  }

  private ready(): void {
    this.view(this.productId);
    this.delivery.flush();
  }

  private hear(frame: ServerFrame): void {
    if (frame.type === "message") this.receive(frame.message);
    else if (frame.type === "ack") this.confirmed(frame.id, frame.seq);
    else if (frame.type === "typing") this.typing(frame.on);
    else if (frame.type === "status" || frame.type === "ready") this.state.status = frame.status;
    else if (frame.type === "error") this.refused(frame.error, frame.id);
  }

  private receive(message: Message): void {
    this.heardSeq = Math.max(this.heardSeq, message.seq);
    if (message.from === "buyer") this.delivery.remove(message.id);
    else this.typing(false);
    this.state.messages = merge(this.state.messages, [message]);
  }

  private confirmed(id: string, seq: number): void {
    this.files.delete(id);
    const pending = this.delivery.remove(id);
    if (!pending || this.state.messages.some((message) => message.seq === seq)) return;
    const { text, at, picture } = pending;
    const kind = picture ? "picture" : "text";
    this.state.messages = merge(this.state.messages, [{ seq, id, from: "buyer", kind, text, at, picture }]);
  }

  private refused(error: Problem, id: string | undefined): void {
    if (id && PASSING.has(error.code)) return; // overdue soon, and then sent again by itself
    if (id) return this.delivery.fail(id, error.message);
    if (this.link.state !== "online" && isStale(error)) {
      this.link.stop(); // the token ran out: a new session, with what is still unsent kept
      this.state.phase = "starting";
      void this.start();
    } else {
      this.complain(error.message);
    }
  }

  private typing(on: boolean): void {
    this.clock.clearTimeout(this.typingTimer);
    this.state.isTyping = on;
    if (on) this.typingTimer = this.clock.setTimeout(() => this.typing(false), TYPING_LASTS_MS);
  }

  private say(frame: SendFrame, text: string): void {
    this.delivery.add({ ...draft(frame.id, text), frame });
  }

  private async upload(id: string): Promise<void> {
    const [file, pending] = [this.files.get(id), this.delivery.find(id)];
    if (!file || !pending) return;
    Object.assign(pending, { state: "uploading", problem: "", progress: 0 });
    try {
      const token = this.keeper.token ?? "";
      const progress = (share: number): void => void (pending.progress = share);
      const picture = await uploadPicture(this.options.base, token, file, progress);
      this.files.delete(id);
      URL.revokeObjectURL(pending.picture?.url ?? "");
      pending.picture = picture;
      this.delivery.release(id, { type: "send", id, kind: "picture", picture_id: picture.picture_id });
    } catch (error) {
      this.delivery.fail(id, wordsOf(error));
    }
  }
}

function draft(id: string, text: string): Pending {
  const at = new Date().toISOString();
  return { id, frame: null, text, at, state: "sending", problem: "", progress: 0, picture: null };
}

function lastSeq(messages: readonly Message[]): number {
  return messages.reduce((last, message) => Math.max(last, message.seq), 0);
}

function wordsOf(error: unknown): string {
  return error instanceof ApiError ? error.message : "出了点小问题，请稍后再试一次";
}
