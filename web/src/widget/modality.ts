/** On a phone the chat takes the whole screen: focus stays inside, the page behind holds still. */

import { onBeforeUnmount, ref, watch, type Ref } from "vue";

const PHONE = "(max-width: 640px)";
const FOCUSABLE =
  "a[href],button:not([disabled]),textarea:not([disabled]),input:not([disabled]):not([hidden]),[tabindex='0']";

export function useModality(panel: Ref<HTMLElement | undefined>, isOpen: Ref<boolean>): { isPhone: Ref<boolean> } {
  const query = matchMedia(PHONE);
  const isPhone = ref(query.matches);
  const changed = (): void => void (isPhone.value = query.matches);
  query.addEventListener("change", changed);

  // The keyboard shrinks the visual viewport only; without this the writing line hides behind it.
  const view = window.visualViewport;
  const fit = (): void => {
    const style = panel.value?.style;
    if (!style) return;
    style.setProperty("--dx-height", isPhone.value && view ? `${view.height}px` : "");
    style.setProperty("--dx-top", isPhone.value && view ? `${view.offsetTop}px` : "");
  };
  view?.addEventListener("resize", fit);
  view?.addEventListener("scroll", fit);

  const page = document.documentElement.style;
  let overflow: string | null = null;
  const hold = (isHeld: boolean): void => {
    if (isHeld && overflow === null) {
      overflow = page.overflow;
      page.overflow = "hidden";
    } else if (!isHeld && overflow !== null) {
      page.overflow = overflow;
      overflow = null;
    }
  };

  const trap = (event: KeyboardEvent): void => {
    if (event.key !== "Tab" || !isOpen.value || !isPhone.value || !panel.value) return;
    const stops = [...panel.value.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((stop) => stop.offsetParent);
    const [first, last] = [stops[0], stops[stops.length - 1]];
    const current = (panel.value.getRootNode() as ShadowRoot).activeElement;
    const goal = event.shiftKey ? (current === first ? last : null) : current === last ? first : null;
    if (!goal) return;
    event.preventDefault();
    goal.focus();
  };
  document.addEventListener("keydown", trap);

  watch(
    [isOpen, isPhone],
    () => {
      hold(isOpen.value && isPhone.value);
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
  return { isPhone };
}
