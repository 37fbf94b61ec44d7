/** What is said later: of the open buyer, and the promises of the whole shop. */

import { reactive } from "vue";
import { ApiError } from "@/chat/api";
import type { Desk } from "./desk";
import { laterApi, type AmendsOfMonth, type LaterShown, type Planned, type Promised } from "./later-api";

export interface LaterState {
  id: string; // of the talk that `shown` belongs to
  shown: LaterShown;
  promises: Promised[]; // all that stand, the soonest due first
  amends: AmendsOfMonth | null; // null: the owner gives none, or another is signed in
  found: Promised | null; // in the line that was just sent: waits for the agent's word
  problem: string;
}

const nothing = (): LaterShown => ({ planned: [], promises: [] });

export class Later {
  readonly state: LaterState = reactive({ id: "", shown: nothing(), promises: [], amends: null, found: null, problem: "" });

  constructor(desk: Desk) {
    desk.listeners.add((frame) => {
      if (frame.type === "ready") void this.readPromises();
      if (frame.type !== "promise") return;
      void this.readPromises();
      if (frame.conversation_id === this.state.id) void this.read();
    });
    desk.promised = (one) => (this.state.found = one);
  }

  /** Those of whose time little is left. */
  get pressing(): Promised[] {
    return this.state.promises.filter((one) => one.is_warned);
  }

  async show(id: string | null): Promise<void> {
    Object.assign(this.state, { id: id ?? "", shown: nothing(), found: null, problem: "" });
    if (id) await this.read();
  }

  async read(): Promise<void> {
    const { id } = this.state;
    if (!id) return;
    await this.tell(async () => {
      const shown = await laterApi.ofBuyer(id);
      if (this.state.id === id) this.state.shown = shown;
    });
  }

  async readPromises(): Promise<void> {
    await this.tell(async () => (this.state.promises = await laterApi.promises()));
  }

  async readAmends(): Promise<void> {
    await this.tell(async () => (this.state.amends = (await laterApi.amends()).amends));
  }

  stop = (one: Planned): Promise<void> => this.act(() => laterApi.stop(one));
  send = (one: Planned): Promise<void> => this.act(() => laterApi.send(one));
  confirm = (one: Promised): Promise<void> => this.act(() => laterApi.confirm(one));
  dismiss = (one: Promised): Promise<void> => this.act(() => laterApi.dismiss(one));
  kept = (one: Promised): Promise<void> => this.act(() => laterApi.kept(one));

  private async act(deed: () => Promise<unknown>): Promise<void> {
    this.state.found = null;
    await this.tell(deed);
    const { problem } = this.state;
    await Promise.all([this.read(), this.readPromises()]);
    if (problem) this.state.problem = problem; // reading again does not take away why
  }

  private async tell(deed: () => Promise<unknown>): Promise<void> {
    this.state.problem = "";
    try {
      await deed();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status !== 401) this.state.problem = error.message;
    }
  }
}
