/** A browser's notice of what was said while the page is out of sight: where the buyer has pressed for
 * it, and the browser allows it. Nothing is asked of the browser before that press. */

import { reactive, watch } from "vue";
import type { ChatClient } from "@/chat/client";
import type { KeyStore } from "@/chat/storage";

export const NOTICES = "dianxiaoer.notices"; // "1": wanted; main.ts names it, too
const SETTLES_MS = 1500; // another tab may be showing it meanwhile

export interface NoticesState {
  isOn: boolean;
  isRefused: boolean; // by the browser, after a press
}

export class BuyerNotices {
  readonly state: NoticesState = reactive({ isOn: false, isRefused: false });
  /** Not in a page without TLS, and not where there is no such thing. */
  readonly isThere = "Notification" in window && window.isSecureContext;
  private told = 0; // the last line that was noticed, of this conversation

  constructor(
    private readonly client: ChatClient,
    private readonly lasting: KeyStore,
    private readonly open: () => void,
  ) {
    if (!this.isThere) return;
    this.state.isOn = lasting.getItem(NOTICES) === "1" && Notification.permission === "granted";
    watch(
      () => [client.state.conversationId, newest(client)] as const,
      ([conversation, seq], [before]) => {
        const isNews = conversation !== "" && conversation === before && seq > this.told;
        this.told = conversation === before ? Math.max(this.told, seq) : seq;
        if (isNews && this.state.isOn && document.hidden) setTimeout(() => this.tell(conversation, seq), SETTLES_MS);
      },
    );
  }

  /** The buyer's press. */
  async toggle(): Promise<void> {
    const wanted = !this.state.isOn;
    const may = wanted ? await Notification.requestPermission() : "default";
    this.state.isOn = wanted && may === "granted";
    this.state.isRefused = wanted && may !== "granted";
    if (this.state.isOn) this.lasting.setItem(NOTICES, "1");
    else this.lasting.removeItem(NOTICES);
  }

  heard(): void {
    this.state.isRefused = false;
  }

  /** Without the words: a notice stands where others may read it. */
  private tell(conversation: string, seq: number): void {
    if (!document.hidden || this.wasSeen(conversation, seq)) return;
    const title = `${this.client.state.shop?.name ?? "客服"}给您回话了`;
    try {
      const notice = new Notification(title, { body: "点这里看", tag: `dianxiaoer.${conversation}` });
      notice.onclick = () => {
        window.focus();
        this.open();
        notice.close();
      };
    } catch {
      this.state.isOn = false; // phones' browsers have the name and refuse the deed
    }
  }

  /** In whichever tab. */
  private wasSeen(conversation: string, seq: number): boolean {
    return Number(this.lasting.getItem(`dianxiaoer.seen.${conversation}`) ?? 0) >= seq;
  }
}

function newest(client: ChatClient): number {
  const others = client.state.messages.filter(({ from }) => from !== "buyer");
  return others[others.length - 1]?.seq ?? 0;
}
