/** Tells the shop's owner, in the console, what their page or proxy keeps from the chat. Buyers see
 * a kind sentence; nobody else would ever learn why. */

const told = new Set<string>();

/** Each thing once; the page may listen to `dianxiaoer:problem`, too. */
export function tellOwner(code: string, words: string): void {
  if (told.has(code)) return;
  told.add(code);
  console.warn(`[店小二] ${words}`);
  window.dispatchEvent(new CustomEvent("dianxiaoer:problem", { detail: { code, message: words } }));
}

/** Names the line of the page's policy that refuses the house at `base`. */
export function watchPolicy(base: string): void {
  const { origin, host } = new URL(base);
  const socket = `${origin.replace(/^http/, "ws")}`;
  document.addEventListener("securitypolicyviolation", (event) => {
    if (!event.blockedURI.includes(host)) return;
    const directive = event.effectiveDirective || event.violatedDirective;
    const needed = directive.startsWith("connect") ? `${origin} ${socket}` : origin;
    tellOwner(
      `csp-${directive}-${event.blockedURI.startsWith("ws")}`,
      `这个页面的 Content-Security-Policy 挡住了 ${event.blockedURI}。请在 ${directive} 里加上 ${needed}（要加的几行见 docs/pages.md）`,
    );
  });
}
