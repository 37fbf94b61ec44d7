/** Whether a key belongs to an input method that is still choosing characters: then no deed is done. */

export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229; // 229: Safari ends a composition before its Enter
}
