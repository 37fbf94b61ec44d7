/** The chat itself, fetched when it is wanted: put into the launcher's shadow root. */

import { createApp, defineComponent, h, shallowReactive, watch } from "vue";
import { ChatClient } from "@/chat/client";
import { lineOpener } from "@/chat/line";
import type { Shop } from "@/chat/protocol";
import { TOKEN } from "@/chat/session";
import { unread } from "@/chat/state";
import type { KeyStore } from "@/chat/storage";
import cards from "@/styles/cards.css?inline";
import chat from "@/styles/chat.css?inline";
import tokens from "@/styles/tokens.css?inline";
import styles from "@/styles/widget.css?inline";
import { dress } from "./dress";
import { BuyerNotices } from "./notices";
import PanelFrame from "./PanelFrame.vue";
import { textScale } from "./reading";

export interface PanelOptions {
  root: ShadowRoot;
  base: string; // where the house stands
  lasting: KeyStore;
  ofTab: KeyStore;
  productId: string | null;
  onClose: () => void;
  onWanted: () => void; // the buyer pressed a notice of a new message
  onUnread: (count: number) => void;
  onOwner: (code: string, words: string) => void;
}

export interface Panel {
  setOpen(isOpen: boolean): void;
  view(productId: string | null): void;
  signIn(token: string | null): Promise<void>;
  start(): Promise<{ demo: boolean; shop: Shop | null; token: string | null }>;
}

export interface PanelModule {
  mountPanel(options: PanelOptions): Panel;
}

export function mountPanel(options: PanelOptions): Panel {
  const { root, base, lasting, ofTab, onClose, onWanted, onUnread, onOwner } = options;
  const client = new ChatClient({
    base,
    store: lasting,
    tabStore: ofTab,
    openSocket: lineOpener({
      base,
      onRefused: () =>
        onOwner("socket", `WebSocket 连不上，先用普通请求聊天，会慢一点。请检查反向代理的 Upgrade 两行，和 CSP 的 connect-src`),
    }),
    onExpired: () => window.dispatchEvent(new CustomEvent("dianxiaoer:signin-expired")),
  });
  const view = shallowReactive({ isOpen: false, productId: options.productId });
  client.productId = view.productId;
  const notices = new BuyerNotices(client, lasting, onWanted);

  dress(root, [tokens, chat, cards, styles].join("\n"));
  const place = document.createElement("div");
  place.className = "dx-root";
  root.append(place);
  const Root = defineComponent({ setup: () => () => h(PanelFrame, { client, base, notices, ...view, onClose }) });
  createApp(Root).mount(place);
  watch(() => (view.isOpen ? 0 : unread(client.state)), onUnread);
  watch(
    () => [client.state.phase, client.state.problem] as const,
    ([phase, problem]) => {
      if (phase === "failed") onOwner("session", `连不上 ${base}/api/chat/session：${problem}`);
    },
  );
  listen(client, () => view.isOpen);

  return {
    setOpen: (isOpen) => {
      view.isOpen = isOpen;
      if (!isOpen) return;
      const host = root.host as HTMLElement;
      host.style.setProperty("--dx-text", String(textScale(host)));
      void client.start();
    },
    view: (productId) => {
      view.productId = productId;
      client.view(productId);
    },
    signIn: (token) => client.signIn(token),
    start: async () => {
      await client.start();
      return { demo: client.state.demo, shop: client.state.shop, token: client.token };
    },
  };
}

/** What the browser tells of network, sight and other tabs. */
function listen(client: ChatClient, isOpen: () => boolean): void {
  const look = (): void => {
    if (document.hidden) return;
    client.wake();
    if (isOpen()) client.markSeen();
  };
  window.addEventListener("online", look);
  window.addEventListener("pageshow", look);
  document.addEventListener("visibilitychange", look);
  window.addEventListener("offline", () => client.sleep());
  window.addEventListener("storage", (event) => {
    if (event.key === TOKEN || event.key === null) void client.follow();
  });
}
