/** What the house offers beside the lines: questions to press, and how the orders in cards stand now. */

import { ApiError, call } from "./api";
import type { Clock } from "./connection";
import type { Card, CaseState, Message, OrderState, Question, Shortcut } from "./protocol";
import type { ChatState } from "./state";

const SETTLED_MS = 700; // an answer may have several bubbles
const MOST_NAMED = 20;

export interface OffersOptions {
  base: string;
  state: ChatState;
  token: () => string | undefined;
  productId: () => string | null;
  clock: Clock;
}

export class Offers {
  private timer: unknown = null;
  private hasAll = false;

  constructor(private readonly options: OffersOptions) {}

  /** Something was said: what was offered may fit no longer, and cards may tell of yesterday. */
  heard(message: Message): void {
    Object.assign(this.options.state, { questions: [], tiles: [] });
    if (message.from === "buyer") return;
    this.options.clock.clearTimeout(this.timer);
    this.timer = this.options.clock.setTimeout(() => void this.renew(), SETTLED_MS);
  }

  /** Asks for next questions where nothing else is to be pressed, and for what the cards are about. */
  async renew(): Promise<void> {
    const { state } = this.options;
    const last = state.messages[state.messages.length - 1];
    const isBots = last?.from === "bot" && state.status === "with_bot";
    await Promise.all([isBots && !last.buttons?.length ? this.ask("") : undefined, this.renewCards()]);
  }

  /** The buyer looks at another product: before the first word something else is likely. */
  async looksAt(): Promise<void> {
    const last = this.options.state.messages[this.options.state.messages.length - 1];
    if (!last || this.options.state.questions.length) await this.ask("");
  }

  /** Everything that can be asked, for completing what is typed; once, and not before it is known whose chat it is. */
  async learnAll(): Promise<void> {
    if (this.hasAll || !this.options.token()) return;
    this.hasAll = true;
    await this.ask("?all=1");
  }

  /** Another buyer: nothing of the one before is offered. */
  forget(): void {
    this.hasAll = false;
    this.options.clock.clearTimeout(this.timer);
  }

  async renewCards(): Promise<void> {
    const { base, state, token } = this.options;
    const numbers = named(state.messages, (card) => (card.type === "order" ? card.number : ""));
    const cases = named(state.messages, (card) => (card.type === "return" ? card.case_id : ""));
    if (!numbers.length && !cases.length) return;
    await this.quietly(async () => {
      const url = `${base}/api/chat/orders`;
      const options = { method: "POST" as const, body: { numbers, cases }, token: token() };
      const told = await call<{ orders: OrderState[]; cases?: CaseState[] }>(url, options);
      state.orders = Object.fromEntries(told.orders.map((one) => [one.number, one]));
      state.cases = Object.fromEntries((told.cases ?? []).map((one) => [one.case_id, one]));
    });
  }

  private async ask(query: string): Promise<void> {
    const { base, state, token, productId } = this.options;
    const page = productId() ? `${query ? "&" : "?"}product_id=${encodeURIComponent(productId()!)}` : "";
    const seq = lastSeq(state.messages);
    await this.quietly(async () => {
      const url = `${base}/api/chat/questions${query}${page}`;
      const found = await call<{ questions: Question[]; all?: Question[]; shortcuts: Shortcut[] }>(url, { token: token() });
      state.shortcuts = found.shortcuts;
      if (found.all) state.known = found.all;
      else if (lastSeq(state.messages) === seq) state.questions = found.questions;
    });
  }

  /** What is offered is a help: without it the chat goes on as well. */
  private async quietly(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
}

/** Questions that what is typed may become: its characters in their order, the nearest first. */
export function completions(typed: string, known: readonly Question[], limit = 3): Question[] {
  const wanted = Array.from(typed.trim().toLowerCase());
  if (wanted.length < 1 || wanted.length > 12) return [];
  return known
    .map((question) => ({ question, gap: gapOf(wanted, question.text.toLowerCase()) }))
    .filter(({ gap, question }) => gap >= 0 && question.text !== typed.trim())
    .sort((one, other) => one.gap - other.gap)
    .slice(0, limit)
    .map(({ question }) => question);
}

/** How far apart the characters stand; -1 = they are not all there. */
function gapOf(wanted: readonly string[], text: string): number {
  let [at, gap] = [-1, 0];
  for (const sign of wanted) {
    const next = text.indexOf(sign, at + 1);
    if (next < 0) return -1;
    gap += next - at - 1;
    at = next;
  }
  return gap;
}

/** What cards are about, each once, the newest at the end. */
function named(messages: readonly Message[], name: (card: Card) => string): string[] {
  const found = messages.map(({ card }) => (card ? name(card) : ""));
  return [...new Set(found)].filter((one) => /^[\x21-\x7e]+$/.test(one)).slice(-MOST_NAMED);
}

function lastSeq(messages: readonly Message[]): number {
  return messages[messages.length - 1]?.seq ?? 0;
}
