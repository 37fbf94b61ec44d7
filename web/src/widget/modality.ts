/** On a small screen the chat takes all of it: focus stays inside, the page behind holds still. */

import { onBeforeUnmount, ref, watch, type Ref } from "vue";
import { SMALL } from "./small";

const LOW_PX = 360; // a phone on its side, or with its keyboard up
const FOCUSABLE =
  "a[href],button:not([disabled]),textarea:not([disabled]),input:not([disabled]):not([hidden]),summary,[tabindex='0']";

interface Modality {
  isSmall: Ref<boolean>;
  isLow: Ref<boolean>; // there is hardly room for more than the lines
}

export function useModality(panel: Ref<HTMLElement | undefined>, isOpen: Ref<boolean>): Modality {
  const query = matchMedia(SMALL);
  const isSmall = ref(query.matches);
  const isLow = ref(false);
  const changed = (): void => void (isSmall.value = query.matches);
  query.addEventListener("change", changed);

  // The keyboard shrinks the visual viewport only; without this the writing line hides behind it.
  const view = window.visualViewport;
  const fit = (): void => {
    const height = view ? view.height : innerHeight;
    const text = panel.value ? parseFloat(getComputedStyle(panel.value).getPropertyValue("--dx-text")) || 1 : 1;
    isLow.value = isSmall.value && height < LOW_PX * text;
    const style = panel.value?.style;
    if (!style) return;
    style.setProperty("--dx-height", isSmall.value && view ? `${height}px` : "");
    style.setProperty("--dx-top", isSmall.value && view ? `${view.offsetTop}px` : "");
  };
  view?.addEventListener("resize", fit);
  view?.addEventListener("scroll", fit);

  const page = document.documentElement;
  let before: { overflow: string; inert: HTMLElement | null } | null = null;
  const hold = (isHeld: boolean): void => {
    if (isHeld && !before) {
      // The body holds the page and not the chat: whoever tabs or reads on stays here.
      const inert = document.body && !document.body.inert ? document.body : null;
      before = { overflow: page.style.overflow, inert };
      page.style.overflow = "hidden";
      if (inert) inert.inert = true;
    } else if (!isHeld && before) {
      page.style.overflow = before.overflow;
      if (before.inert) before.inert.inert = false;
      before = null;
    }
  };

  const trap = (event: KeyboardEvent): void => {
    if (event.key !== "Tab" || !isOpen.value || !isSmall.value || !panel.value) return;
    if (panel.value.querySelector("dialog[open]")) return; // the browser keeps that one by itself
    const stops = [...panel.value.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((stop) => stop.offsetParent);
    const current = (panel.value.getRootNode() as ShadowRoot).activeElement as HTMLElement | null;
    const place = current ? stops.indexOf(current) : -1;
    const isAtEdge = event.shiftKey ? place <= 0 : place === stops.length - 1;
    // The title takes the focus without being a stop: forwards the browser finds the way.
    if (!isAtEdge || (place === -1 && !event.shiftKey)) return;
    event.preventDefault();
    stops[event.shiftKey ? stops.length - 1 : 0]?.focus();
  };
  document.addEventListener("keydown", trap);

  watch(
    [isOpen, isSmall],
    () => {
      hold(isOpen.value && isSmall.value);
      fit();
    },
    { immediate: true, flush: "post" },
  );
  onBeforeUnmount(() => {
    hold(false);
    query.removeEventListener("change", changed);
    view?.removeEventListener("resize", fit);
    view?.removeEventListener("scroll", fit);
    document.removeEventListener("keydown", trap);
  });
  return { isSmall, isLow };
}
