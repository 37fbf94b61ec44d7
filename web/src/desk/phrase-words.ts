/** Canned phrases: found by what is typed, and filled with what is known of the open talk. */

import type { Desk } from "./desk";
import type { Phrase } from "./desk-api";

/** What is not known stays in its braces, to be seen. */
export function filled(desk: Desk, one: Phrase): string {
  const order = desk.state.orders[0];
  const values: Record<string, string | undefined> = {
    买家: desk.open.value?.buyer_name,
    商品: order?.lines[0],
    订单: order?.number,
    快递单号: order?.parcel?.tracking_number,
    客服: desk.state.agent?.display_name,
  };
  return one.text.replace(/\{([^{}]+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** Whether it is found by what was typed: words of it, or their pinyin, whole (chima), begun (chim) or by initials (cm). */
export function fits(one: Phrase, typed: string): boolean {
  const text = typed.trim().toLowerCase();
  if (!text || [one.code, one.group, one.text].some((part) => part.toLowerCase().includes(text))) return true;
  if (!/^[a-z]+$/.test(text)) return false;
  const initials = one.sounds.replace(/(\S)\S*\s*/g, "$1");
  // Letters in their order, each going on with its syllable or beginning the next one.
  return initials.includes(text) || new RegExp(`(^| )${[...text].join(" ?")}`).test(one.sounds);
}
