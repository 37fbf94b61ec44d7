/** A canned phrase with what is known of the open talk; what is not known stays in its braces, to be seen. */

import type { Desk } from "./desk";
import type { Phrase } from "./desk-api";

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
