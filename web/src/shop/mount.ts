/** Starts one page of the demo shop with its styles. */

import { createApp, type Component } from "vue";
import "@/styles/tokens.css";
import "@/styles/chat.css";
import "@/styles/cards.css";
import "@/styles/pages.css";
import "@/styles/product.css";

export function mount(page: Component, props: Record<string, unknown> = {}): void {
  createApp(page, props).mount("#app");
}

/** The last part of the page's path: /p/sp-1001 → sp-1001. */
export function pathTail(): string {
  return decodeURIComponent(location.pathname.split("/").filter(Boolean).pop() ?? "");
}
