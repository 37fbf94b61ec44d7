/** Entry of widget.js, all that a shop's page loads: the button, the API, and the panel when it is
 * wanted. It finds its own script tag; the panel comes from beside it. */

import { call } from "@/chat/api";
import { PHONE } from "@/chat/away";
import { folderOf } from "@/chat/house";
import type { Message, Shop, Status } from "@/chat/protocol";
import { browserStore } from "@/chat/storage";
import { isMarked, mark, unmark } from "./back";
import { Launcher } from "./launcher";
import { inkOn, isHiddenOn, readOptions } from "./options";
import { tellOwner, watchPolicy } from "./owner";
import type { Panel, PanelModule } from "./panel";
import { SMALL } from "./small";

/** What the page around the widget may ask of it, as `window.Dianxiaoer`. */
export interface WidgetApi {
  open(): void;
  close(): void;
  /** Takes the button away, and brings it back: for pages that change without loading. */
  hide(): void;
  show(): void;
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
  const __PANEL__: string; // its file, named by its content
}

const OPEN = "dianxiaoer.open"; // in the tab's storage: the panel stays open from page to page
const TOKEN = "dianxiaoer.token";
const SEEN = "dianxiaoer.seen"; // the last message seen, of the last conversation
const NOTICES = "dianxiaoer.notices"; // "1": the buyer wants to be told of new messages

function mount(): void {
  const script = (document.currentScript ??
    document.querySelector("script[data-shop][src]")) as HTMLScriptElement | null;
  const base = script?.src ? folderOf(script.src) : location.origin;
  const lasting = browserStore(() => localStorage);
  const ofTab = browserStore(() => sessionStorage);
  const small = matchMedia(SMALL);
  const options = readOptions(script?.dataset ?? {}, small.matches, (words) => tellOwner(words, words));
  watchPolicy(base);

  const host = document.createElement("dianxiaoer-chat");
  if (options.colour) {
    host.style.setProperty("--pine", options.colour);
    host.style.setProperty("--on-pine", inkOn(options.colour));
  }
  const root = host.attachShadow({ mode: "open" });
  const launcher = new Launcher(root, options, () => setOpen(true));
  launcher.onNear = () => void load();
  let productId = options.product;
  let isOpen = false;
  let panel: Panel | null = null;
  let loading: Promise<Panel> | null = null;

  function load(): Promise<Panel> {
    loading ??= fetchPanel(base)
      .then((module) => {
        panel = module.mountPanel({
          root,
          base,
          lasting,
          ofTab,
          productId,
          onClose: () => setOpen(false),
          onWanted: () => setOpen(true),
          onUnread: (count) => launcher.count(count),
          onOwner: tellOwner,
        });
        return panel;
      })
      .catch((error: unknown) => {
        loading = null;
        tellOwner("panel", `聊天窗口没有加载出来（${String(error)}）。请确认 ${base}/assets/ 能从这个页面访问`);
        throw error;
      });
    return loading;
  }

  function setOpen(wanted: boolean): void {
    attach();
    if (wanted && small.matches) mark();
    if (!wanted && isMarked()) return unmark(); // comes back here by popstate
    become(wanted);
  }

  function become(wanted: boolean): void {
    isOpen = wanted;
    ofTab.setItem(OPEN, wanted ? "1" : "0");
    if (!wanted) {
      panel?.setOpen(false);
      launcher.close();
      return;
    }
    launcher.open();
    load().then(
      (shown) => {
        launcher.arrived();
        shown.setOpen(isOpen);
      },
      () => {
        const phone = lasting.getItem(PHONE);
        launcher.fail(`暂时打不开聊天，请过一会儿再点一次${phone ? `，急事请打 ${phone}` : ""}`);
      },
    );
  }

  window.Dianxiaoer = {
    open: () => setOpen(true),
    close: () => setOpen(false),
    hide: () => void (host.hidden = true),
    show: () => {
      attach();
      host.hidden = false;
    },
    view: (id) => {
      productId = id;
      panel?.view(id);
    },
    signIn: async (token) => (await load()).signIn(token),
    start: async () => (await load()).start(),
  };

  /** Beside the body and not in it: pages transform, zoom, replace and rebuild their body. */
  function attach(): void {
    if (!host.isConnected) document.documentElement.appendChild(host);
  }

  function begin(): void {
    if (isHiddenOn(options.hiddenOn, location.pathname)) window.Dianxiaoer!.hide();
    attach();
    new MutationObserver(attach).observe(document.documentElement, { childList: true });
    if (isMarked() || (ofTab.getItem(OPEN) === "1" && !small.matches)) become(true);
    else void hearOf();
    window.dispatchEvent(new CustomEvent("dianxiaoer:ready"));
  }

  /** Who has been here before hears of new messages; only who waits for some, or wants to be told, has a
   * line kept open. */
  async function hearOf(): Promise<void> {
    const token = lasting.getItem(TOKEN);
    if (!token) return;
    const [conversation = "", seq = "0"] = (lasting.getItem(SEEN) ?? "").split(":");
    try {
      const heard = await call<{ conversation_id?: string; status: Status; messages: Message[] }>(
        `${base}/api/chat/messages?after=${seq}`,
        { token },
      );
      const isSame = heard.conversation_id === conversation;
      const count = isSame ? heard.messages.filter(({ from }) => from !== "buyer").length : 0;
      launcher.count(count);
      const isAwaited = heard.status === "waiting" || heard.status === "with_agent" || lasting.getItem(NOTICES);
      if (count > 0 || isAwaited) await (await load()).start();
    } catch {
      // Asked again on the next page, and whatever is wrong is told when the chat is opened.
    }
  }

  window.addEventListener("popstate", () => {
    if (isMarked() !== isOpen && (isOpen ? small.matches : true)) become(isMarked());
  });
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target.closest("[data-dianxiaoer-open]") : null;
    if (!target) return;
    event.preventDefault();
    setOpen(true);
  });
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin, { once: true });
}

/** By the name of its content, which caches keep; the newest one where a new version has come since
 * the page was loaded. */
async function fetchPanel(base: string): Promise<PanelModule> {
  try {
    return (await import(/* @vite-ignore */ `${base}/assets/${__PANEL__}`)) as PanelModule;
  } catch {
    return (await import(/* @vite-ignore */ `${base}/panel.js`)) as PanelModule;
  }
}

if (!window.Dianxiaoer) mount(); // a page that carries the tag twice still gets one chat
