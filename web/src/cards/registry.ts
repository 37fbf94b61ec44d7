/** Which component shows which card; a type that is not here falls back to the message's text. */

import type { Component } from "vue";
import type { Card } from "@/chat/protocol";
import CouponCard from "./CouponCard.vue";
import OrderCard from "./OrderCard.vue";
import ParcelCard from "./ParcelCard.vue";
import ProductCard from "./ProductCard.vue";
import RatingCard from "./RatingCard.vue";
import ReturnCard from "./ReturnCard.vue";
import SizeChartCard from "./SizeChartCard.vue";

const COMPONENTS: Record<Card["type"], Component> = {
  product: ProductCard,
  order: OrderCard,
  size_chart: SizeChartCard,
  parcel: ParcelCard,
  coupon: CouponCard,
  return: ReturnCard,
  rating: RatingCard,
};

export function cardFor(card: Card | null | undefined): { component: Component; card: Card } | null {
  if (!card || !(card.type in COMPONENTS)) return null;
  return { component: COMPONENTS[card.type], card };
}
