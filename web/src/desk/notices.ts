/** Sound and desktop notices for what an agent should not miss, each with a switch of its own. */

import { computed, reactive, watch } from "vue";
import type { Desk } from "./desk";
import type { DeskConversation, DeskFrame, Switches } from "./desk-api";

const TONES = [880, 1175]; // Hz
const TONE_S = 0.12;

export interface NoticesState {
  sound: boolean;
  desktop: boolean;
  isDenied: boolean; // the browser does not allow desktop notices here
  needsClick: boolean; // browsers keep a page silent until somebody has clicked on it
}

export class Notices {
  /** The switches are the account's (`desk.state.notices`); what the browser allows is the browser's. */
  readonly state: NoticesState = reactive({
    sound: computed(() => this.desk.state.notices?.sound ?? true),
    desktop: computed(() => this.desk.state.notices?.desktop ?? false),
    isDenied: false,
    needsClick: false,
  });
  private audio: AudioContext | null = null;
  private readonly waiting = new Set<string>();

  constructor(private readonly desk: Desk) {
    desk.listeners.add((frame) => this.hear(frame));
    const unlock = (): void => void this.unlock();
    document.addEventListener("click", unlock, true); // not as it is pressed: the hint that goes would move what is pressed
    document.addEventListener("keydown", unlock);
    this.state.needsClick = this.state.sound && navigator.userActivation?.hasBeenActive === false;
    this.state.isDenied = "Notification" in window && Notification.permission === "denied";
    // Switched on at another computer: this browser has to be asked too.
    watch(
      () => this.state.desktop,
      (on) => (this.state.isDenied = on && "Notification" in window && Notification.permission === "denied"),
    );
  }

  setSound(on: boolean): void {
    this.keep({ sound: on });
    if (on) this.ring();
  }

  async setDesktop(on: boolean): Promise<void> {
    const may = on && "Notification" in window ? await Notification.requestPermission() : "default";
    this.state.isDenied = on && may !== "granted";
    this.keep({ desktop: on && may === "granted" });
  }

  private hear(frame: DeskFrame): void {
    const { state } = this.desk;
    if (frame.type === "conversations") {
      for (const one of frame.conversations) this.hearRow(one);
    } else if (frame.type === "message" && frame.message.from === "buyer") {
      const one = this.known(frame.conversation_id);
      const isMine = one?.status === "with_agent" && one.assignee === state.agent?.name;
      const isRead = frame.conversation_id === state.openId && !document.hidden;
      if (isMine && !isRead) this.tell(`${one.buyer_name || "访客"}又说话了`, frame.conversation_id);
    } else if (frame.type === "note" && frame.mentions.includes(state.agent?.name ?? "")) {
      this.tell(`${frame.note.agent_name}在备注里叫您`, frame.conversation_id);
    }
  }

  private hearRow({ conversation_id: id, status, buyer_name, assignee }: DeskConversation): void {
    const { state } = this.desk;
    const before = this.known(id);
    const isMine = status === "with_agent" && assignee === state.agent?.name;
    const wasMine = before?.status === "with_agent" && before.assignee === state.agent?.name;
    // Who takes a talk has it open: one that is not was passed on to them.
    if (isMine && !wasMine && state.isListed && id !== state.openId) this.tell(`${buyer_name || "访客"}转给您了`, id);
    if (status !== "waiting") this.waiting.delete(id);
    else if (!this.waiting.has(id)) {
      this.waiting.add(id);
      if (this.known(id)?.status !== "waiting") this.tell(`${buyer_name || "访客"}在等人工`, id);
    }
  }

  private known(id: string): DeskConversation | undefined {
    return this.desk.state.conversations.find((one) => one.conversation_id === id);
  }

  /** Without the buyer's words: a notice stands on a screen that others see. */
  private tell(text: string, id: string): void {
    if (this.desk.state.agent?.is_in === false) return;
    this.ring();
    if (!this.state.desktop || !document.hidden || !("Notification" in window)) return;
    try {
      const notice = new Notification(text, { tag: id });
      notice.onclick = () => {
        window.focus();
        void this.desk.show(id);
        notice.close();
      };
    } catch {
      this.state.isDenied = true; // phones' browsers have the name and refuse the deed
    }
  }

  private ring(): void {
    if (!this.state.sound) return;
    this.audio ??= new AudioContext();
    this.state.needsClick = this.audio.state !== "running";
    if (this.state.needsClick) return void this.audio.resume().catch(() => undefined);
    TONES.forEach((hertz, index) => this.tone(this.audio!, hertz, index * TONE_S));
  }

  private tone(audio: AudioContext, hertz: number, after: number): void {
    const [source, volume, at] = [audio.createOscillator(), audio.createGain(), audio.currentTime + after];
    source.frequency.value = hertz;
    volume.gain.setValueAtTime(0.12, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + TONE_S);
    source.connect(volume).connect(audio.destination);
    source.start(at);
    source.stop(at + TONE_S);
  }

  private async unlock(): Promise<void> {
    if (!this.state.sound || this.audio?.state === "running") return;
    this.audio ??= new AudioContext();
    await this.audio.resume().catch(() => undefined);
    this.state.needsClick = this.audio.state !== "running";
  }

  private keep(changed: Partial<Switches>): void {
    const { sound, desktop } = this.state;
    void this.desk.switchNotices({ sound, desktop, ...changed });
  }
}
