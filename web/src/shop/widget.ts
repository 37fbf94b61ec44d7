/** Waits for the widget: its script tag is async and may run before or after the page's own. */

import type { WidgetApi } from "@/widget/main";

export function widget(): Promise<WidgetApi> {
  return new Promise((resolve) => {
    if (window.Dianxiaoer) return resolve(window.Dianxiaoer);
    window.addEventListener("dianxiaoer:ready", () => resolve(window.Dianxiaoer!), { once: true });
  });
}
