/** Entry of widget.js: finds its own script tag, puts the chat into a shadow root, offers an API. */

import { createApp, defineComponent, h, shallowReactive } from "vue";
import { ChatClient } from "@/chat/client";
import type { SocketLike } from "@/chat/connection";
import type { Shop } from "@/chat/protocol";
import { folderOf } from "@/chat/house";
import { browserStore } from "@/chat/storage";
import cards from "@/styles/cards.css?inline";
import chat from "@/styles/chat.css?inline";
import tokens from "@/styles/tokens.css?inline";
import panel from "@/styles/widget.css?inline";
import ChatWidget from "./ChatWidget.vue";

/** What the page around the widget may ask of it, as `window.Dianxiaoer`. */
export interface WidgetApi {
  open(): void;
  close(): void;
  /** The product the buyer looks at now; null = none. */
  view(productId: string | null): void;
  /** The shop's own sign-in: the buyer's signed token; null signs out. */
  signIn(token: string | null): Promise<void>;
  /** Opens the session before the buyer does; the answer tells what page parts may need. */
  start(): Promise<{ demo: boolean; shop: Shop | null; token: string | null }>;
}

declare global {
  interface Window {
    Dianxiaoer?: WidgetApi;
  }
}

const OPEN = "dianxiaoer.open"; // in the tab's storage: the panel stays open from page to page

function mount(): void {
  const script = (document.currentScript ??
    document.querySelector("script[data-shop][src]")) as HTMLScriptElement | null;
  const base = script?.src ? folderOf(script.src) : location.origin;
  const lasting = browserStore(() => localStorage);
  const ofTab = browserStore(() => sessionStorage);
  const client = new ChatClient({
    base,
    store: lasting,
    tabStore: ofTab,
    openSocket: () => new WebSocket(`${base.replace(/^http/, "ws")}/api/chat/socket`) as unknown as SocketLike,
  });
  const isPhone = matchMedia("(max-width: 640px)").matches;
  // A full-screen chat over each new page would be in the way on a phone.
  const view = shallowReactive({
    isOpen: ofTab.getItem(OPEN) === "1" && !isPhone,
    productId: script?.dataset["product"] ?? null,
  });
  client.productId = view.productId;

  const setOpen = (isOpen: boolean): void => {
    view.isOpen = isOpen;
    ofTab.setItem(OPEN, isOpen ? "1" : "0");
    if (isOpen) void client.start();
  };
  window.Dianxiaoer = {
    open: () => setOpen(true),
    close: () => setOpen(false),
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

  const host = document.createElement("dianxiaoer-chat");
  const root = host.attachShadow({ mode: "open" });
  dress(root, [tokens, chat, cards, panel].join("\n"));
  const place = root.appendChild(document.createElement("div"));
  place.className = "dx-root";
  const Root = defineComponent({
    setup: () => () => h(ChatWidget, { client, base, ...view, "onUpdate:isOpen": setOpen }),
  });
  createApp(Root).mount(place);

  const attach = (): void => {
    document.body.appendChild(host);
    if (view.isOpen || client.hasVisited) void client.start(); // known buyers hear of new messages
    window.dispatchEvent(new CustomEvent("dianxiaoer:ready"));
  };
  if (document.body) attach();
  else document.addEventListener("DOMContentLoaded", attach, { once: true });

  window.addEventListener("online", () => client.wake());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    client.wake();
    if (view.isOpen) client.markSeen();
  });
}

/** Styles that no content policy forbids; older browsers get an ordinary style element. */
function dress(root: ShadowRoot, css: string): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.appendChild(document.createElement("style")).textContent = css;
  }
}

if (!window.Dianxiaoer) mount(); // a page that carries the tag twice still gets one chat
