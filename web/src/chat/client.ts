/** The buyer's side of a conversation: session, live link and delivery put together. */

import { reactive } from "vue";
import { ApiError, call } from "./api";
import { keepWords, keptWords } from "./away";
import { browserClock, Connection, pause, type Clock, type SocketLike } from "./connection";
import { Delivery } from "./delivery";
import { newId } from "./ids";
import { Offers } from "./offers";
import { dropOutbox, type Pending } from "./outbox";
import { fitToSend, MOST_AT_ONCE } from "./pictures";
import { PAGE, type Card, type Message, type Problem, type ProductBrief, type Score, type SendFrame, type ServerFrame, type Session } from "./protocol";
import { isStale, SessionKeeper } from "./session";
import { freshState, type ChatState } from "./state";
import type { KeyStore } from "./storage";
import { merge } from "./transcript";
import { Uploads } from "./uploads";

const TYPING_LASTS_MS = 12_000; // should the sign to stop get lost

const TYPING_TOLD_MS = 3_000; // no more often than this

const EXPIRED = "登录过期了，重新登录就能接着之前的聊";
const FOLLOWED = "您在另一个页面换了账号，这里也跟着换了";

const NO_LINE = "网络断开了，连上后再点一次";

const CUT_OFF_AFTER_MS = 12_000; // a tunnel is shorter

const PASSING = new Set(["unavailable"]); // troubles of the server's that end without the buyer

export interface ClientOptions {
  base: string; // where the house stands, no slash at the end
  store: KeyStore; // lasting: token, what was seen
  tabStore: KeyStore; // of this tab: unsent messages, drafts
  openSocket: () => SocketLike;
  /** The shop's own token of a buyer ran out: its page should sign in again. */
  onExpired?: () => void;
  clock?: Clock;
}

export class ChatClient {
  readonly state: ChatState = reactive(freshState());
  productId: string | null = null;
  private readonly clock: Clock;
  private readonly keeper: SessionKeeper;
  private readonly link: Connection<ServerFrame>;
  private readonly delivery: Delivery;
  private readonly uploads: Uploads;
  private readonly offers: Offers;
  private starting: Promise<void> | null = null;
  private heardSeq = 0; // last message the server itself told; what comes after is asked for again
  private failures = 0;
  private typingTimer: unknown = null;
  private retryTimer: unknown = null;
  private typingTold = 0;
  private cutOffTimer: unknown = null;

  constructor(private readonly options: ClientOptions) {
    this.clock = options.clock ?? browserClock;
    this.state.kept = keptWords(options.store);
    this.keeper = new SessionKeeper(options.base, options.store);
    this.link = new Connection<ServerFrame>({
      openSocket: options.openSocket,
      ping: { type: "ping" },
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
    this.offers = new Offers({
      base: options.base,
      state: this.state,
      token: () => this.keeper.token ?? undefined,
      productId: () => this.productId,
      clock: this.clock,
    });
    this.uploads = new Uploads({
      base: options.base,
      token: () => this.keeper.token ?? "",
      delivery: this.delivery,
      store: options.tabStore,
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
   * visitor. Nothing of whoever was here before stays in this browser. */
  async signIn(token: string | null): Promise<void> {
    await this.starting;
    const isSame = token && !this.state.signedIn; // the visitor is that buyer
    const typed = isSame ? this.state.draft : "";
    const was = isSame && this.state.messages.length ? this.token : null;
    this.leave();
    this.state.draft = typed;
    if (token) this.keeper.use(token, was);
    else this.keeper.forget();
    await this.start();
  }

  /** Another tab may have signed in or out: then this one is that buyer too, and says so. A line
   * typed here never goes into a chat that is not on this page. */
  async follow(): Promise<void> {
    await this.starting;
    if (this.keeper.shared === this.keeper.token) return;
    const wasOpen = this.state.phase !== "idle";
    this.leave();
    this.keeper.follow();
    if (!wasOpen) return;
    await this.start();
    if (this.state.phase === "ready") this.complain(FOLLOWED);
  }

  /** The page is looked at again, the network is back, or the buyer asked to try at once. */
  wake(): void {
    if (this.state.phase === "failed") void this.start();
    else if (this.state.phase === "ready") {
      this.link.probe();
      void this.offers.renewCards(); // paid in another tab, perhaps
    }
  }

  /** The browser says that there is no network. */
  sleep(): void {
    this.link.cut();
  }

  /** The buyer is writing: kept over a closed panel and a reload, and the bot waits for the rest. */
  keepDraft(text: string): void {
    this.state.draft = text;
    this.options.tabStore.setItem(this.draftKey(), text);
    if (!text || this.state.link !== "online" || Date.now() - this.typingTold < TYPING_TOLD_MS) return;
    this.typingTold = Date.now();
    this.link.send({ type: "typing" });
  }

  view(productId: string | null): void {
    const isOther = productId !== this.productId;
    this.productId = productId;
    if (productId) this.link.send({ type: "viewing", product_id: productId });
    if (isOther && this.state.phase === "ready") void this.offers.looksAt();
  }

  sendText(text: string): void {
    this.say({ type: "send", id: newId(), kind: "text", text }, text);
  }

  press(message: Message, button: number): void {
    const title = message.buttons?.[button]?.title ?? "";
    this.say({ type: "send", id: newId(), kind: "button", seq: message.seq, button }, title);
  }

  sendProduct(product: ProductBrief): void {
    const frame: SendFrame = { type: "send", id: newId(), kind: "product", product_id: product.product_id };
    this.say(frame, `[商品] ${product.name}`, { type: "product", ...product });
  }

  /** Asks how an order of the buyer's stands. */
  askOrder(number: string): void {
    this.say({ type: "send", id: newId(), kind: "order", number }, `订单 ${number} 怎么样了`);
  }

  /** Says how a talk with a person was: the card of message `seq`. */
  rate(seq: number, score: Score, words: string): void {
    if (this.state.link !== "online") return this.complain(NO_LINE);
    this.state.ratings[seq] = { score, words };
    this.link.send({ type: "rate", seq, score, ...(words ? { words } : {}) });
  }

  /** Says that the bot's line `seq` was no help; whether it was sent. */
  unhelpful(seq: number): boolean {
    if (this.state.link !== "online") {
      this.complain(NO_LINE);
      return false;
    }
    this.link.send({ type: "unhelpful", seq });
    return true;
  }

  /** Presses a question that the house offers, about a product where a card does. */
  ask(question: string, words: string, productId?: string): void {
    const about = productId ? { product_id: productId } : {};
    this.say({ type: "send", id: newId(), kind: "question", question, ...about }, words);
  }

  /** The buyer begins to type. */
  learnQuestions(): void {
    void this.offers.learnAll();
  }

  async sendPictures(files: readonly Blob[]): Promise<void> {
    if (files.length > MOST_AT_ONCE) this.complain(`一次最多发 ${MOST_AT_ONCE} 张，后面的请再发一次`);
    for (const file of files.slice(0, MOST_AT_ONCE)) {
      const fit = await fitToSend(file);
      if ("problem" in fit) {
        this.complain(fit.problem);
        continue;
      }
      const id = newId();
      const picture = { url: URL.createObjectURL(fit.file), width: 0, height: 0 };
      this.delivery.add({ ...draft(id, "[图片]"), state: "uploading", picture });
      this.uploads.add(id, fit.file);
    }
  }

  retry(id: string): void {
    if (this.uploads.has(id)) this.uploads.retry(id);
    else this.delivery.retry(id);
  }

  discard(id: string): void {
    this.uploads.forget(id);
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
    const { store } = this.options;
    store.setItem(`dianxiaoer.seen.${this.state.conversationId}`, String(last.seq));
    store.setItem("dianxiaoer.seen", `${this.state.conversationId}:${last.seq}`); // for the next page's button
  }

  complain(problem: string): void {
    this.state.problem = problem;
  }

  private async open(): Promise<void> {
    this.clock.clearTimeout(this.retryTimer);
    if (this.state.phase === "idle") this.state.phase = "starting";
    try {
      const lookedAt = this.productId;
      this.welcome(await this.keeper.open(lookedAt));
      if (this.productId !== lookedAt) void this.offers.looksAt();
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
    const typed = this.state.draft;
    const seen = this.options.store.getItem(`dianxiaoer.seen.${session.conversation_id}`);
    Object.assign(this.state, {
      phase: "ready",
      problem: "",
      conversationId: session.conversation_id,
      demo: session.demo,
      signedIn: session.signed_in ?? false,
      shop: session.shop,
      status: session.status,
      messages: merge(isSame ? this.state.messages : [], session.messages),
      isComplete: session.messages.length < PAGE || (session.messages[0]?.seq ?? 1) <= 1,
      seenSeq: Number(seen ?? 0),
      questions: session.questions ?? [],
      tiles: session.orders ?? [],
      shortcuts: session.shortcuts ?? [],
      readSeq: session.read_seq ?? 0,
      kept: keepWords(this.options.store, session),
    });
    this.failures = 0;
    this.heardSeq = lastSeq(session.messages);
    if (!isSame) {
      this.delivery.load(session.conversation_id);
      this.uploads.restore(this.state.pending);
      this.state.draft = typed || (this.options.tabStore.getItem(this.draftKey()) ?? "");
    }
    if (this.keeper.hasExpired) {
      this.complain(EXPIRED);
      this.options.onExpired?.();
    }
    this.link.start();
    void this.offers.renewCards();
  }

  /** Forgets whoever was here: on the page, in the tab and in the browser. */
  private leave(): void {
    this.link.stop();
    this.clock.clearTimeout(this.retryTimer);
    const { store, tabStore } = this.options;
    for (const { id } of this.state.pending) this.uploads.forget(id);
    tabStore.removeItem(this.draftKey());
    dropOutbox(tabStore, this.state.conversationId);
    store.removeItem(`dianxiaoer.seen.${this.state.conversationId}`);
    store.removeItem("dianxiaoer.seen");
    this.offers.forget();
    this.clock.clearTimeout(this.cutOffTimer);
    Object.assign(this.state, freshState(), { kept: keptWords(store) });
  }

  private draftKey(): string {
    return `dianxiaoer.draft.${this.state.conversationId}`;
  }

  private linkIs(link: ChatState["link"]): void {
    this.state.link = link;
    this.clock.clearTimeout(this.cutOffTimer);
    if (link !== "offline") this.state.isCutOff = false;
    else this.cutOffTimer = this.clock.setTimeout(() => (this.state.isCutOff = true), CUT_OFF_AFTER_MS);
    if (link !== "online") this.state.isTyping = false;
  }

  private ready(): void {
    this.view(this.productId);
    this.delivery.flush();
    this.uploads.flush();
  }

  /** The line leads into another chat than the one on the page: the page starts over. */
  private isElsewhere(conversationId: string | undefined): boolean {
    if (!conversationId || conversationId === this.state.conversationId) return false;
    this.link.stop();
    Object.assign(this.state, { phase: "starting", messages: [], status: "with_bot" });
    void this.start();
    return true;
  }

  private hear(frame: ServerFrame): void {
    if (frame.type === "message") this.receive(frame.message);
    else if (frame.type === "ack") this.confirmed(frame.id, frame.seq);
    else if (frame.type === "typing") this.typing(frame.on);
    else if (frame.type === "ready" && this.isElsewhere(frame.conversation_id)) return;
    else if (frame.type === "read") this.state.readSeq = frame.seq;
    else if (frame.type === "status") this.state.status = frame.status;
    else if (frame.type === "ready") Object.assign(this.state, { status: frame.status, readSeq: frame.read_seq ?? this.state.readSeq });
    else if (frame.type === "error") this.refused(frame.error, frame.id);
  }

  private receive(message: Message): void {
    this.heardSeq = Math.max(this.heardSeq, message.seq);
    if (message.from === "buyer") this.delivery.remove(message.id);
    else this.typing(false);
    this.state.messages = merge(this.state.messages, [message]);
    this.offers.heard(message);
  }

  private confirmed(id: string, seq: number): void {
    this.uploads.forget(id);
    const pending = this.delivery.remove(id);
    if (!pending || this.state.messages.some((message) => message.seq === seq)) return;
    const { text, at, picture, card = null } = pending;
    const kind = card ? "card" : picture ? "picture" : "text";
    this.state.messages = merge(this.state.messages, [{ seq, id, from: "buyer", kind, text, at, picture, card }]);
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

  private say(frame: SendFrame, text: string, card: Card | null = null): void {
    Object.assign(this.state, { questions: [], tiles: [] });
    this.delivery.add({ ...draft(frame.id, text), frame, card });
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
