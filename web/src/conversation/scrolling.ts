/** Keeps a growing list at its end while the reader is there, and in place while not. */

import { nextTick, onBeforeUnmount, onMounted, ref, type Ref } from "vue";

const NEAR_PX = 80;

export interface Scrolling {
  isAtEnd: Ref<boolean>;
  toEnd(): void;
  /** Runs a change that adds lines above and leaves what the reader looks at where it was. */
  keepPlace(change: () => Promise<void>): Promise<void>;
}

/** `follows`: false while the beginning is to be read, not the end. */
export function useScrolling(box: Ref<HTMLElement | undefined>, follows: () => boolean = () => true): Scrolling {
  const isAtEnd = ref(true);
  let sizes: ResizeObserver | undefined;
  let seen = { height: 0, content: 0 };

  const toEnd = (): void => {
    const element = box.value;
    if (element) element.scrollTop = element.scrollHeight;
    isAtEnd.value = true;
  };
  const look = (): void => {
    const element = box.value;
    // A phone that is turned moves the lines without anybody scrolling: the reader stays at the end.
    if (!element || element.clientHeight !== seen.height || element.scrollHeight !== seen.content) return;
    isAtEnd.value = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
  };

  onMounted(() => {
    const element = box.value;
    if (!element) return;
    element.addEventListener("scroll", look, { passive: true });
    // Late pictures and the phone's keyboard change heights without a new message.
    sizes = new ResizeObserver(() => {
      if (isAtEnd.value && follows()) toEnd();
      seen = { height: element.clientHeight, content: element.scrollHeight };
    });
    sizes.observe(element);
    if (element.firstElementChild) sizes.observe(element.firstElementChild);
    if (follows()) toEnd();
  });
  onBeforeUnmount(() => sizes?.disconnect());

  return {
    isAtEnd,
    toEnd,
    async keepPlace(change) {
      const element = box.value;
      const fromEnd = element ? element.scrollHeight - element.scrollTop : 0;
      await change();
      await nextTick();
      if (element) element.scrollTop = element.scrollHeight - fromEnd;
    },
  };
}
