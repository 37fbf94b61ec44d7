/** The button in the corner, without a framework: it is all that most pages ever load. */

import css from "@/styles/launcher.css?inline";
import { dress } from "./dress";
import type { WidgetOptions } from "./options";

const SVG = "http://www.w3.org/2000/svg";
const BUBBLE =
  "M4 11.5C4 7.4 7.6 4 12 4s8 3.4 8 7.5S16.4 19 12 19c-1 0-2-.2-2.9-.5L4.5 20l1.3-3.6A7.2 7.2 0 0 1 4 11.5ZM8.5 11.5h.01M12 11.5h.01M15.5 11.5h.01";

export class Launcher {
  /** The buyer is about to press. */
  onNear: () => void = () => undefined;
  private readonly button = document.createElement("button");
  private readonly badge = document.createElement("span");
  private readonly note = document.createElement("p");

  constructor(root: ShadowRoot, private readonly options: WidgetOptions, press: () => void) {
    dress(root, css);
    const { button, badge, note } = this;
    Object.assign(button, { type: "button", className: `dx-launcher dx-${options.position}` });
    button.setAttribute("aria-haspopup", "dialog");
    button.setAttribute("aria-expanded", "false");
    button.style.setProperty("--dx-bottom", `${options.bottom}px`);
    button.style.setProperty("--dx-side", `${options.side}px`);
    button.append(sign(), options.label);
    badge.className = "dx-badge";
    badge.setAttribute("aria-hidden", "true");
    note.className = "dx-launcher-note";
    note.setAttribute("role", "alert");
    note.hidden = true;
    button.addEventListener("click", press);
    for (const near of ["pointerenter", "focus", "touchstart"]) {
      button.addEventListener(near, () => this.onNear(), { passive: true, once: true });
    }
    button.hidden = !options.hasLauncher;
    root.append(note, button);
    this.count(0);
  }

  /** The panel is on its way, or there. */
  open(): void {
    this.button.setAttribute("aria-expanded", "true");
    this.button.setAttribute("aria-busy", "true");
    this.note.hidden = true;
  }

  arrived(): void {
    this.button.removeAttribute("aria-busy");
  }

  close(): void {
    this.button.setAttribute("aria-expanded", "false");
    this.button.removeAttribute("aria-busy");
    if (this.options.hasLauncher) this.button.focus({ preventScroll: true });
  }

  fail(words: string): void {
    this.close();
    this.note.textContent = words;
    this.note.hidden = false;
  }

  /** Unread messages. */
  count(unread: number): void {
    this.button.setAttribute("aria-label", unread ? `联系客服，${unread} 条未读消息` : "联系客服");
    this.badge.textContent = unread > 99 ? "99+" : String(unread);
    if (unread) this.button.append(this.badge);
    else this.badge.remove();
  }
}

function sign(): SVGElement {
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  icon.appendChild(document.createElementNS(SVG, "path")).setAttribute("d", BUBBLE);
  return icon;
}
