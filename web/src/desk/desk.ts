/** The desk's state: who sits at it, the conversations, the open one, and the live link. */

import { computed, reactive, type ComputedRef } from "vue";
import { ApiError } from "@/chat/api";
import { Connection, pause, type LinkState, type SocketLike } from "@/chat/connection";
import { houseOfPage } from "@/chat/house";
import { newId } from "@/chat/ids";
import { joined, merge } from "@/chat/transcript";
import { shrunk } from "@/chat/shrinking";
import type { Promised } from "./later-api";
import { nameOf } from "./calling";
import { deskApi, type Agent, type Counts, type DeskConversation, type DeskFrame, type DeskNote, type DeskOrder, type DeskMessage, type History, type Mention, type OtherTalk, type Page, type Phrase, type Receiving, type Reveal, type ShopPlan, type ScheduledLine, type Summary, type Switches, type SignIn } from "./desk-api";

export type Shelf = "waiting" | "mine" | "open" | "closed";

const DRAFT_KEPT_AFTER_MS = 700;
const SEEN_TOLD_AFTER_MS = 600;
const TYPES_SEEN_MS = 6000;

export interface Unsent {
  id: string; // stays the same over retries, so that the buyer reads it once
  conversationId: string;
  text: string;
  problem: string; // "" while it is on its way
  breaksRules?: boolean; // the shop's rules for words: sent once the agent is sure
  suggestion?: number; // seq of the bot's word that it came of
  phrase?: Phrase; // whose picture goes along
  pictureId?: string; // that picture as the talk's own, once it is
}

export interface DeskState {
  agent: Agent | null;
  isKnown: boolean; // whether we have asked who is signed in
  link: LinkState;
  conversations: DeskConversation[];
  paged: number; // how many the server has listed so far
  total: number; // how many it has
  openId: string | null;
  summary: Summary | string | null;
  messages: DeskMessage[];
  revealed: Record<number, DeskMessage>; // by seq: what the agent asked to see whole
  revealedSummary: Summary | null;
  unsent: Unsent[];
  problem: string;
  card: string[];
  orders: DeskOrder[];
  notes: DeskNote[];
  others: OtherTalk[];
  drafts: Record<string, string>; // by conversation: what is typed goes to no other buyer
  attached: Record<string, Phrase>; // by conversation: a phrase whose picture goes with the next line
  counts: Counts;
  closed: DeskConversation[];
  found: DeskConversation[] | null; // of a search; null while none is on
  phrases: Phrase[];
  people: Agent[];
  isListed: boolean; // whether the list has come once
  isReading: boolean; // the open talk is on its way
  hasOlder: boolean;
  scheduled: ScheduledLine[];
  uploading: number; // pictures on their way
  met: DeskConversation[]; // found by the command bar, so that one of them can be opened
  found_seq: number; // line to be shown in the open talk; 0 = the newest
  looking: Record<string, string[]>; // agents who have it open, by conversation
  buyerTypesUntil: number; // ms; in the open talk
  heardAt: Record<number, number>; // ms, by seq: lines of the open talk that came while it was open
  seen: Record<string, number>; // the last line this agent has read, by conversation
  calls: Mention[]; // colleagues' notes that call this agent and were not seen, the newest first
  called: number[]; // of the open talk: those that were seen by opening it, by note_id
  notices: Switches | null; // null until they are known
}

export class Desk {
  readonly state: DeskState = reactive({
    agent: null,
    isKnown: false,
    link: "idle",
    conversations: [],
    paged: 0,
    total: 0,
    openId: null,
    summary: null,
    messages: [],
    revealed: {},
    revealedSummary: null,
    unsent: [],
    problem: "",
    card: [],
    orders: [],
    notes: [],
    others: [],
    drafts: {},
    attached: {},
    counts: { waiting: 0, mine: 0, open: 0, closed: 0 },
    closed: [],
    found: null,
    phrases: [],
    people: [],
    isListed: false,
    isReading: false,
    hasOlder: false,
    scheduled: [],
    uploading: 0,
    met: [],
    found_seq: 0,
    looking: {},
    buyerTypesUntil: 0,
    heardAt: {},
    seen: {},
    calls: [],
    called: [],
    notices: null,
  });
  readonly listeners = new Set<(frame: DeskFrame) => void>(); // before the state has changed
  promised: (one: Promised) => void = () => undefined; // told of a promise in a line that was sent
  private readonly keeping = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly seeing = new Map<string, ReturnType<typeof setTimeout>>();
  readonly open: ComputedRef<DeskConversation | null> = computed(
    () =>
      [...this.state.conversations, ...this.state.closed, ...(this.state.found ?? []), ...this.state.met].find(
        (one) => one.conversation_id === this.state.openId,
      ) ?? null,
  );
  private rereading: ReturnType<typeof setTimeout> | undefined;
  private toldSeq = 0; // of the open talk, up to which the house knows that it was seen
  private readonly link = new Connection<DeskFrame>({
    openSocket: () =>
      new WebSocket(`${houseOfPage().replace(/^http/, "ws")}/api/desk/socket`) as unknown as SocketLike,
    ping: { type: "ping" },
    onState: (link) => (this.state.link = link),
    onReady: () => {
      this.hear({ type: "ready" });
      this.tellLooking();
      void this.refresh(); // what happened while the link was down
    },
    onFrame: (frame) => this.hear(frame),
  });

  shelf(name: Shelf): DeskConversation[] {
    if (name === "closed") return this.state.closed;
    const me = this.state.agent?.name;
    const found = this.state.conversations.filter((one) => {
      if (name === "waiting") return one.status === "waiting";
      if (name === "mine") return one.status === "with_agent" && one.assignee === me;
      return one.status !== "closed";
    });
    return name === "waiting"
      ? found.sort(
          (one, other) =>
            (one.urgency ?? 2) - (other.urgency ?? 2) ||
            Number(one.is_behind ?? false) - Number(other.is_behind ?? false) ||
            (one.waiting_since ?? "").localeCompare(other.waiting_since ?? ""),
        )
      : found.sort((one, other) => (other.last_at ?? "").localeCompare(one.last_at ?? ""));
  }

  async recognise(): Promise<void> {
    try {
      this.enter(await deskApi.me());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status !== 401) this.state.problem = error.message;
    } finally {
      this.state.isKnown = true;
    }
  }

  /** Throws ApiError when name or password are wrong. */
  async login(name: string, password: string): Promise<void> {
    await deskApi.login(name, password);
    this.enter(await deskApi.me());
  }

  async logout(): Promise<void> {
    await this.tell(() => deskApi.logout());
    this.leave();
  }

  async show(id: string | null): Promise<void> {
    const blank = { messages: [], summary: null, card: [], orders: [], notes: [], others: [], scheduled: [], revealed: {}, revealedSummary: null };
    Object.assign(this.state, { openId: id, ...blank, found_seq: 0, heardAt: {}, called: [], hasOlder: false, buyerTypesUntil: 0, isReading: id !== null });
    this.tellLooking();
    if (id) await this.tell(() => this.readHistory(id));
    if (this.state.openId === id) this.state.isReading = false;
  }

  /** Opens the talk at one line, which may be far up. */
  async showAt(id: string, seq: number): Promise<void> {
    await this.show(id);
    while (this.state.openId === id && this.state.hasOlder && (this.state.messages[0]?.seq ?? 0) > seq) await this.older();
    if (this.state.openId === id) this.state.found_seq = seq;
  }

  /** The lines ahead of those that are here. */
  async older(): Promise<void> {
    const [id, first] = [this.state.openId, this.state.messages[0]?.seq];
    if (!id || !first) return;
    const stays = this.state.hasOlder;
    this.state.hasOlder = false; // not asked for twice; on failure it may be tried again
    let read: History | null = null;
    await this.tell(async () => (read = await deskApi.history(id, first)));
    if (this.state.openId !== id) return;
    const got = read as History | null;
    this.state.hasOlder = got ? got.has_older === true : stays;
    if (got) this.state.messages = merge(got.messages, this.state.messages);
  }

  /** A buyer's line that this agent should see and has not, or a talk that a colleague has passed to them. */
  isUnread(one: DeskConversation): boolean {
    const isMine = this.isMine(one);
    const tells = one.last_from === "buyer" || (isMine && one.last_from === "system");
    return (isMine || one.status === "waiting") && tells && (one.last_seq ?? 0) > (this.state.seen[one.conversation_id] ?? 0);
  }

  /** When the page heard lines that are new to it; by this computer's clock, which need not be the server's. */
  private noteArrival(messages: DeskMessage[]): void {
    const known = new Set(this.state.messages.map((one) => one.seq));
    for (const { seq } of messages) if (!known.has(seq)) this.state.heardAt[seq] ??= Date.now();
  }

  /** Which talk is open, and up to which line an agent has it before the eyes: its buyer is told. */
  private tellLooking(): void {
    const seq = document.hidden ? 0 : this.lastSeq();
    this.toldSeq = seq;
    this.link.send({ type: "looking", conversation_id: this.state.openId ?? "", ...(seq ? { seq } : {}) });
  }

  private lastSeq(): number {
    return Math.max(0, ...this.state.messages.map((one) => one.seq));
  }

  private markSeen(id: string): void {
    const last = this.lastSeq();
    if (document.hidden) return;
    if (last > this.toldSeq) this.tellLooking();
    if (last <= (this.state.seen[id] ?? 0)) return;
    this.state.seen[id] = last;
    this.tellSeen(id);
  }

  /** A moment later: lines come one by one. What could not be told is told with the next line. */
  private tellSeen(id: string): void {
    clearTimeout(this.seeing.get(id));
    const tell = (): void => void deskApi.see(id, this.state.seen[id] ?? 0).catch(() => undefined);
    this.seeing.set(id, setTimeout(tell, SEEN_TOLD_AFTER_MS));
  }

  /** Read on this page or on another one; a mark never goes back. */
  private takeSeen(id: string, seq: number): void {
    this.state.seen[id] = Math.max(seq, this.state.seen[id] ?? 0);
  }

  async switchNotices(notices: Switches): Promise<void> {
    this.state.notices = notices;
    await this.tell(async () => void (await deskApi.switchNotices(notices)));
  }

  /** A line as it is, for as long as the conversation stays open; null where it could not be had. */
  async reveal(seq: number): Promise<DeskMessage | null> {
    const id = this.state.openId;
    if (!id) return null;
    let whole: DeskMessage | null = null;
    await this.tell(async () => (whole = (await deskApi.reveal(id, seq)).message));
    if (whole && this.state.openId === id) this.state.revealed[seq] = whole;
    return whole;
  }

  async revealSummary(): Promise<void> {
    const id = this.state.openId;
    if (!id) return;
    await this.tell(async () => {
      const { summary } = await deskApi.revealSummary(id);
      if (this.state.openId === id) this.state.revealedSummary = summary;
    });
  }

  async reveals(): Promise<Reveal[]> {
    let found: Reveal[] = [];
    await this.tell(async () => (found = await deskApi.reveals()));
    return found;
  }

  /** Gives the browser a file; what to tell of it. */
  async exportBuyer(): Promise<string> {
    const id = this.state.openId;
    let told = "";
    if (!id) return told;
    await this.tell(async () => {
      const kept = JSON.stringify(await deskApi.exportBuyer(id), null, 2);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([kept], { type: "application/json" }));
      link.download = `buyer-${id}.json`;
      link.click();
      URL.revokeObjectURL(link.href);
      told = "已导出";
    });
    return told;
  }

  /** The talk closes with it, unless the server refuses. */
  async eraseBuyer(confirm: string): Promise<string> {
    const id = this.state.openId;
    if (!id) return "";
    await this.tell(async () => {
      const { open_orders: waiting } = await deskApi.eraseBuyer(id, confirm);
      await this.readList();
      await this.show(null);
      if (waiting.length) this.state.problem = `已删除。没办完的订单 ${waiting.join("、")} 保留了收货信息，办完后请再删一次`;
    });
    return "";
  }

  /** What the buyer is signed in with, on whatever phone, opens nothing any more. */
  async signBuyerOut(): Promise<string> {
    const id = this.state.openId;
    let told = "";
    if (!id) return told;
    await this.tell(async () => {
      await deskApi.signBuyerOut(id);
      told = "已作废，这位买家要重新登录";
    });
    return told;
  }

  async signIns(): Promise<SignIn[]> {
    let found: SignIn[] = [];
    await this.tell(async () => {
      found = await deskApi.signIns();
    });
    return found;
  }

  /** Those that are left. */
  async endSignIn(id: string): Promise<SignIn[]> {
    await this.tell(async () => {
      await deskApi.endSignIn(id);
    });
    return this.signIns();
  }

  /** What an import of these would do; `problem`: why it would not, a sentence a line. */
  shopPlan = (files: File[], replace: boolean): Promise<ShopPlan | { problem: string }> =>
    this.orProblem(() => deskApi.shopPlan(files, replace));
  shopImport = (files: File[], replace: boolean, gone: number): Promise<ShopPlan | { problem: string }> =>
    this.orProblem(() => deskApi.shopImport(files, replace, gone));

  async emptyShop(confirm: string): Promise<string> {
    let told = "";
    await this.tell(async () => {
      await deskApi.emptyShop(confirm);
      told = "已清空，可以导入自己的资料了。招呼语、上班时间还是原来的，在「管店」的「招呼和上班时间」改。";
    });
    return told;
  }

  private async orProblem<T>(deed: () => Promise<T>): Promise<T | { problem: string }> {
    try {
      return await deed();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { problem: error.message };
    }
  }

  tags = (tags: string[]): Promise<unknown> => this.move((id) => deskApi.tags(id, tags));
  snooze = (minutes: number): Promise<unknown> => this.move((id) => deskApi.snooze(id, minutes));
  take = (): Promise<unknown> => this.move((id) => deskApi.take(id));
  /** What the buyer has written and is not on this page yet is the bot's to answer. */
  giveBack = (): Promise<unknown> =>
    this.move((id) => deskApi.giveBack(id, Math.max(0, ...this.state.messages.map((one) => one.seq))));
  /** Refused by the server where the buyer has written what is not on this page yet. */
  close = (): Promise<unknown> =>
    this.move((id) => deskApi.close(id, Math.max(0, ...this.state.messages.map((one) => one.seq))));

  transfer = (to: Receiving, note: string): Promise<boolean> => this.move((id) => deskApi.transfer(id, to, note));
  /** To whom a talk can go now: departments with somebody in, then who is in. */
  receivers(): { label: string; to: Receiving }[] {
    const there = this.state.people.filter((one) => one.is_there && one.may_answer && one.name !== this.state.agent?.name);
    const departments = [...new Set(there.map((one) => one.department ?? "").filter(Boolean))].sort();
    return [
      ...departments.map((department) => ({ label: `${department}（谁有空谁接）`, to: { department } })),
      ...there.map((one) => ({ label: nameOf(one, this.state.people), to: { to: one.name } })),
    ];
  }

  note = (text: string): Promise<boolean> => this.move((id) => deskApi.note(id, text));

  /** What is typed for a buyer: kept here at once, on the server a moment later. */
  keepDraft(id: string, text: string): void {
    if ((this.state.drafts[id] ?? "") === text) return;
    this.state.drafts[id] = text;
    clearTimeout(this.keeping.get(id));
    const keep = (): void => void deskApi.draft(id, text).catch(() => undefined); // it stands here all the same
    this.keeping.set(id, setTimeout(keep, DRAFT_KEPT_AFTER_MS));
  }

  async look(wanted: string): Promise<void> {
    if (wanted.trim().length < 2) {
      this.state.found = null;
      return;
    }
    await this.tell(async () => (this.state.found = await deskApi.search(wanted.trim())));
  }

  /** What the server finds; nothing where it cannot be asked. */
  async searched(wanted: string): Promise<DeskConversation[]> {
    let found: DeskConversation[] = [];
    await this.tell(async () => (found = await deskApi.search(wanted)));
    this.state.met = found;
    return found;
  }

  isMine = (one: DeskConversation): boolean => one.status === "with_agent" && one.assignee === this.state.agent?.name;
  canTake = (one: DeskConversation): boolean =>
    this.state.agent?.may_answer !== false && one.status !== "closed" && one.status !== "with_agent";

  /** Throws ApiError. */
  async schedule(id: string, text: string, at: string): Promise<void> {
    const scheduled = await deskApi.schedule(id, text, at);
    if (this.state.openId === id) this.state.scheduled = scheduled;
    if ((this.state.drafts[id] ?? "").trim() === text) this.keepDraft(id, "");
  }

  async unschedule(line: ScheduledLine): Promise<void> {
    const id = this.state.openId;
    if (!id) return;
    await this.tell(async () => {
      const scheduled = await deskApi.unschedule(id, line.line_id);
      if (this.state.openId === id) this.state.scheduled = scheduled;
    });
  }

  takeBack = (seq: number): Promise<unknown> => this.move((id) => deskApi.takeBack(id, seq));

  async sendPictures(files: File[]): Promise<void> {
    const id = this.state.openId;
    if (!id) return;
    this.state.uploading += files.length;
    for (const file of files) {
      await this.tell(async () => {
        const small = await shrunk(file, false);
        const named = small && small !== file ? new File([small], file.name, { type: small.type }) : file;
        const { picture_id } = await deskApi.picture(id, named);
        await deskApi.answer(id, newId(), "", { picture_id });
        if (this.state.openId === id) await this.readHistory(id);
      });
      this.state.uploading -= 1;
    }
  }

  async readClosed(): Promise<void> {
    await this.tell(async () => (this.state.closed = (await deskApi.conversations(0, "closed")).found));
  }

  async beIn(isIn: boolean): Promise<void> {
    await this.tell(async () => {
      await deskApi.beIn(isIn);
      if (this.state.agent) this.state.agent.is_in = isIn;
    });
  }

  async readPeople(): Promise<void> {
    await this.tell(async () => (this.state.people = await deskApi.people()));
  }

  async readPhrases(): Promise<void> {
    await this.tell(async () => (this.state.phrases = await deskApi.phrases()));
  }

  usePhrase(one: Phrase): void {
    one.uses += 1;
    if (one.picture && this.state.openId) this.state.attached[this.state.openId] = one;
    void deskApi.usePhrase(one.phrase_id).catch(() => undefined); // a count
  }

  /** The picture of a phrase stays behind. */
  detach(conversationId: string): void {
    delete this.state.attached[conversationId];
  }

  async answer(text: string, suggestion?: number): Promise<void> {
    const conversationId = this.state.openId;
    if (!conversationId) return;
    const id = newId();
    const phrase = this.state.attached[conversationId];
    this.detach(conversationId);
    this.state.unsent.push({ id, conversationId, text, problem: "", ...(suggestion ? { suggestion } : {}), ...(phrase ? { phrase } : {}) });
    clearTimeout(this.keeping.get(conversationId)); // the server drops the draft with the line
    this.state.drafts[conversationId] = "";
    await this.deliver(id);
  }

  /** `isSure`: although it breaks the shop's rules for words. */
  async deliver(id: string, isSure = false): Promise<void> {
    const unsent = this.state.unsent.find((one) => one.id === id);
    if (!unsent) return;
    unsent.problem = "";
    try {
      if (unsent.phrase && !unsent.pictureId) unsent.pictureId = (await deskApi.pictureOfPhrase(unsent.conversationId, unsent.phrase)).picture_id;
      const { promise } = await deskApi.answer(unsent.conversationId, id, unsent.text, {
        ...(unsent.suggestion ? { suggestion: unsent.suggestion } : {}),
        ...(unsent.pictureId ? { picture_id: unsent.pictureId } : {}),
        ...(isSure ? { is_sure: true } : {}),
      });
      if (unsent.conversationId === this.state.openId) {
        if (promise) this.promised(promise);
        await this.readHistory(unsent.conversationId);
      }
      this.forget(id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      unsent.problem = error.message;
      unsent.breaksRules = error.code === "words";
      if (error.status === 401) this.leave();
    }
  }

  forget(id: string): void {
    this.state.unsent = this.state.unsent.filter((one) => one.id !== id);
  }

  /** The page is looked at again, or the network is back. */
  wake(): void {
    if (this.state.agent) this.link.probe();
    if (this.state.openId) this.markSeen(this.state.openId);
    this.seeCalls();
  }

  /** The browser says that there is no network. */
  sleep(): void {
    this.link.cut();
  }

  private enter(agent: Agent): void {
    Object.assign(this.state, { agent, problem: "" });
    this.link.start();
  }

  private leave(): void {
    this.link.stop();
    Object.assign(this.state, {
      agent: null,
      conversations: [],
      openId: null,
      messages: [],
      summary: null,
      revealed: {},
      revealedSummary: null,
      attached: {},
      seen: {},
      calls: [],
      notices: null,
    });
  }

  /** What happened while the link was down: asked until it has come, for as long as the link stands. */
  private async refresh(attempt = 0): Promise<void> {
    clearTimeout(this.rereading);
    const hasCome = await this.tell(() => this.reread());
    if (hasCome || this.state.link !== "online") return;
    this.rereading = setTimeout(() => void this.refresh(attempt + 1), pause(attempt, Math.random()));
  }

  private async reread(): Promise<void> {
    const before = new Set(this.state.calls.map((one) => one.note.note_id));
    const [{ seen, mentions, notices }, page, counts] = await Promise.all([deskApi.own(), deskApi.conversations(), deskApi.counts()]);
    const known = new Set([...before, ...mentions.map((one) => one.note.note_id)]);
    this.state.calls = [...this.state.calls.filter((one) => !known.has(one.note.note_id)), ...mentions]; // what came by a frame meanwhile stays
    for (const [id, seq] of Object.entries(seen)) this.takeSeen(id, seq); // ahead of the list: nothing flashes up as unread
    this.state.notices = notices;
    this.takeList(page, counts);
    if (this.state.openId) await this.readHistory(this.state.openId);
  }

  private async readList(): Promise<void> {
    this.takeList(await deskApi.conversations(), await deskApi.counts());
  }

  private takeList({ found, total }: Page, counts: Counts): void {
    Object.assign(this.state, { conversations: found, paged: found.length, total, counts, isListed: true });
  }

  /** The next page; who moved up meanwhile stands on both and is kept once. */
  async more(): Promise<void> {
    await this.tell(async () => {
      const { found, total } = await deskApi.conversations(this.state.paged);
      const known = new Set(found.map((one) => one.conversation_id));
      const before = this.state.conversations.filter((one) => !known.has(one.conversation_id));
      const paged = this.state.paged + found.length;
      Object.assign(this.state, { conversations: [...before, ...found], paged, total: found.length ? total : paged });
    });
  }

  private async readHistory(id: string): Promise<void> {
    const history = await deskApi.history(id);
    this.place(history.conversation);
    if (this.state.openId !== id) return; // another one was opened meanwhile
    if (this.state.messages.length) this.noteArrival(history.messages);
    this.state.messages = joined(this.state.messages, history.messages);
    this.state.summary = history.summary ?? null;
    Object.assign(this.state, { card: history.card ?? [], orders: history.orders ?? [], notes: history.notes ?? [], others: history.others ?? [], scheduled: history.scheduled ?? [] });
    if (!(id in this.state.drafts)) this.state.drafts[id] = history.draft ?? "";
    if (this.state.messages[0]?.seq === history.messages[0]?.seq) this.state.hasOlder = history.has_older === true;
    this.markSeen(id);
    this.seeCalls();
  }

  private hear(frame: DeskFrame): void {
    for (const tell of this.listeners) tell(frame);
    if (frame.type === "looking") this.state.looking[frame.conversation_id] = frame.agents;
    if (frame.type === "buyer_typing" && frame.conversation_id === this.state.openId) this.state.buyerTypesUntil = Date.now() + TYPES_SEEN_MS;
    if (frame.type === "conversations") {
      this.state.counts.waiting = frame.waiting;
      for (const one of frame.conversations) {
        this.place(one);
        if (one.conversation_id === this.state.openId) this.state.summary = one.summary ?? null;
      }
    } else if (frame.type === "note") {
      this.takeNote(frame);
    } else if (frame.type === "mentions_seen") {
      this.state.calls = this.state.calls.filter((one) => one.conversation_id !== frame.conversation_id || one.note.note_id > frame.note_id);
    } else if (frame.type === "gone") {
      this.drop(frame.conversation_id);
    } else if (frame.type === "seen") {
      this.takeSeen(frame.conversation_id, frame.seq);
    } else if (frame.type === "scheduled") {
      if (frame.why) this.state.problem = `定时的那句没发：${frame.why}`;
      if (frame.conversation_id === this.state.openId) void this.tell(() => this.readHistory(frame.conversation_id));
    } else if (frame.type === "message" && frame.conversation_id === this.state.openId && !this.isFarUp(frame.message.seq)) {
      this.noteArrival([frame.message]);
      this.forget(frame.message.id);
      this.state.messages = merge(this.state.messages, [frame.message]);
      if (frame.message.from === "buyer") this.state.buyerTypesUntil = 0;
      this.markSeen(frame.conversation_id);
    }
  }

  private takeNote({ conversation_id, mentions, note }: Extract<DeskFrame, { type: "note" }>): void {
    const { calls, notes, openId } = this.state;
    if (conversation_id === openId && !notes.some((one) => one.note_id === note.note_id)) notes.push(note);
    if (!mentions.includes(this.state.agent?.name ?? "") || calls.some((one) => one.note.note_id === note.note_id)) return;
    this.state.calls = [{ conversation_id, note }, ...calls];
    this.seeCalls();
  }

  /** What calls this agent in the talk that stands before their eyes is seen; where that cannot be told, it calls again. */
  private seeCalls(): void {
    const { openId: id, calls, notes } = this.state;
    const last = Math.max(0, ...notes.map((one) => one.note_id));
    const isSeen = (one: Mention): boolean => one.conversation_id === id && one.note.note_id <= last;
    if (!id || document.hidden || !calls.some(isSeen)) return;
    this.state.called.push(...calls.filter(isSeen).map((one) => one.note.note_id));
    this.state.calls = calls.filter((one) => !isSeen(one));
    void deskApi.seeMentions(id, last).catch(() => undefined);
  }

  private drop(id: string): void {
    this.state.calls = this.state.calls.filter((one) => one.conversation_id !== id);
    for (const name of ["conversations", "closed", "met"] as const) this.state[name] = this.state[name].filter((one) => one.conversation_id !== id);
    if (this.state.found) this.state.found = this.state.found.filter((one) => one.conversation_id !== id);
    if (this.state.openId === id) void this.show(null);
  }

  /** What is known anew of a line that this page has not loaded comes when it is loaded. */
  private isFarUp(seq: number): boolean {
    return this.state.hasOlder && seq < (this.state.messages[0]?.seq ?? 0);
  }

  private place(conversation: DeskConversation): void {
    const { conversations, closed, found, met, counts } = this.state;
    const isOther = (one: DeskConversation): boolean => one.conversation_id !== conversation.conversation_id;
    const before = [...conversations, ...closed, ...(found ?? []), ...met].find((one) => !isOther(one));
    const isClosed = conversation.status === "closed";
    if (before && (before.status === "closed") !== isClosed) {
      const by = isClosed ? 1 : -1;
      [counts.closed, counts.open] = [Math.max(0, counts.closed + by), Math.max(0, counts.open - by)];
    }
    if (isClosed || closed.some((one) => !isOther(one))) this.state.closed = [...(isClosed ? [conversation] : []), ...closed.filter(isOther)];
    this.state.conversations = [conversation, ...conversations.filter(isOther)];
  }

  /** For who asks before it is done: what is refused is theirs to tell. Throws ApiError. */
  async asked(id: string, act: () => Promise<unknown>): Promise<void> {
    await act();
    if (this.state.openId === id) await this.readHistory(id);
  }

  /** Whether it was done. */
  private async move(act: (id: string) => Promise<unknown>): Promise<boolean> {
    const id = this.state.openId;
    if (!id) return false;
    return this.tell(async () => {
      await act(id);
      await this.readHistory(id);
    });
  }

  /** Whether it was done. */
  private async tell(act: () => Promise<unknown>): Promise<boolean> {
    this.state.problem = "";
    try {
      await act();
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.state.problem = error.message;
      if (error.status === 401) this.leave();
      return false;
    }
  }
}
