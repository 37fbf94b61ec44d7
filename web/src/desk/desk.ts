/** The desk's state: who sits at it, the conversations, the open one, and the live link. */

import { computed, reactive, type ComputedRef } from "vue";
import { ApiError } from "@/chat/api";
import { Connection, type LinkState, type SocketLike } from "@/chat/connection";
import { houseOfPage } from "@/chat/house";
import { newId } from "@/chat/ids";
import { merge } from "@/chat/transcript";
import { deskApi, type Agent, type DeskConversation, type DeskFrame, type DeskMessage, type Reveal, type Summary } from "./desk-api";

export type Shelf = "waiting" | "mine" | "open";

export interface Unsent {
  id: string; // stays the same over retries, so that the buyer reads it once
  conversationId: string;
  text: string;
  problem: string; // "" while it is on its way
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
  });
  readonly open: ComputedRef<DeskConversation | null> = computed(
    () => this.state.conversations.find((one) => one.conversation_id === this.state.openId) ?? null,
  );
  private readonly link = new Connection<DeskFrame>({
    openSocket: () =>
      new WebSocket(`${houseOfPage().replace(/^http/, "ws")}/api/desk/socket`) as unknown as SocketLike,
    onState: (link) => (this.state.link = link),
    onReady: () => void this.refresh(), // what happened while the link was down
    onFrame: (frame) => this.hear(frame),
  });

  shelf(name: Shelf): DeskConversation[] {
    const me = this.state.agent?.name;
    const found = this.state.conversations.filter((one) => {
      if (name === "waiting") return one.status === "waiting";
      if (name === "mine") return one.status === "with_agent" && one.assignee === me;
      return one.status !== "closed";
    });
    return name === "waiting"
      ? found.sort(
          (one, other) =>
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
    Object.assign(this.state, { openId: id, messages: [], summary: null, revealed: {}, revealedSummary: null });
    if (id) await this.tell(() => this.readHistory(id));
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

  take = (): Promise<void> => this.move((id) => deskApi.take(id));
  giveBack = (): Promise<void> => this.move((id) => deskApi.giveBack(id));
  /** Refused by the server where the buyer has written what is not on this page yet. */
  close = (): Promise<void> =>
    this.move((id) => deskApi.close(id, Math.max(0, ...this.state.messages.map((one) => one.seq))));

  async answer(text: string): Promise<void> {
    const conversationId = this.state.openId;
    if (!conversationId) return;
    const id = newId();
    this.state.unsent.push({ id, conversationId, text, problem: "" });
    await this.deliver(id);
  }

  async deliver(id: string): Promise<void> {
    const unsent = this.state.unsent.find((one) => one.id === id);
    if (!unsent) return;
    unsent.problem = "";
    try {
      await deskApi.answer(unsent.conversationId, id, unsent.text);
      if (unsent.conversationId === this.state.openId) await this.readHistory(unsent.conversationId);
      this.forget(id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      unsent.problem = error.message;
      if (error.status === 401) this.leave();
    }
  }

  forget(id: string): void {
    this.state.unsent = this.state.unsent.filter((one) => one.id !== id);
  }

  wake(): void {
    if (this.state.link === "offline") this.link.reconnect();
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
    });
  }

  private async refresh(): Promise<void> {
    await this.tell(async () => {
      await this.readList();
      if (this.state.openId) await this.readHistory(this.state.openId);
    });
  }

  private async readList(): Promise<void> {
    const { found, total } = await deskApi.conversations();
    Object.assign(this.state, { conversations: found, paged: found.length, total });
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
    this.state.messages = merge(this.state.messages, history.messages);
    this.state.summary = history.summary ?? history.conversation.summary ?? null;
  }

  private hear(frame: DeskFrame): void {
    if (frame.type === "conversation") {
      this.place(frame.conversation);
      if (frame.conversation.conversation_id === this.state.openId) {
        this.state.summary = frame.conversation.summary ?? this.state.summary;
      }
    } else if (frame.type === "message" && frame.conversation_id === this.state.openId) {
      this.forget(frame.message.id);
      this.state.messages = merge(this.state.messages, [frame.message]);
    }
  }

  private place(conversation: DeskConversation): void {
    const others = this.state.conversations.filter(
      (one) => one.conversation_id !== conversation.conversation_id,
    );
    this.state.conversations = [conversation, ...others];
  }

  private async move(act: (id: string) => Promise<unknown>): Promise<void> {
    const id = this.state.openId;
    if (!id) return;
    await this.tell(async () => {
      await act(id);
      await this.readHistory(id);
    });
  }

  private async tell(act: () => Promise<unknown>): Promise<void> {
    this.state.problem = "";
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.state.problem = error.message;
      if (error.status === 401) this.leave();
    }
  }
}
