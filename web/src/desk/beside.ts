/** What stands beside the open chat, and the question that is asked before a deed. */

import { reactive } from "vue";
import { ApiError } from "@/chat/api";
import { besideApi, type BesideShown, type Receiver } from "./beside-api";
import type { Question } from "./questions";

export interface BesideState {
  id: string; // of the talk that `shown` belongs to
  shown: BesideShown | null;
  isReading: boolean;
  problem: string;
  question: Question | null;
  told: string; // of the last deed
  revealed: Record<string, Receiver>; // by order number, for as long as the talk is open
  isOpen: boolean; // as a drawer, where there is no room beside the chat
}

export class Beside {
  readonly state: BesideState = reactive({
    id: "",
    shown: null,
    isReading: false,
    problem: "",
    question: null,
    told: "",
    revealed: {},
    isOpen: false,
  });

  /** Of another talk than before: what was there is not shown for the new one. */
  async show(id: string | null): Promise<void> {
    Object.assign(this.state, { id: id ?? "", shown: null, problem: "", question: null, told: "", revealed: {}, isOpen: false });
    if (id) await this.read();
  }

  async read(): Promise<void> {
    const { id } = this.state;
    if (!id) return;
    this.state.isReading = true;
    try {
      const shown = await besideApi.read(id);
      if (this.state.id === id) Object.assign(this.state, { shown, problem: "" });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (this.state.id === id) this.state.problem = error.message;
    } finally {
      if (this.state.id === id) this.state.isReading = false;
    }
  }

  ask(question: Question): void {
    this.state.told = "";
    this.state.question = question;
  }

  /** For a question's `act`: does it, rereads what it may have changed, answers what to tell. */
  async done(deed: Promise<unknown>, told: string): Promise<string> {
    await deed;
    await this.read();
    return told;
  }

  async reveal(number: string): Promise<void> {
    const { id } = this.state;
    try {
      const whole = await besideApi.receiver(id, number);
      if (this.state.id === id) this.state.revealed[number] = whole;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.state.problem = error.message;
    }
  }
}
