/** Every deed asks one question before it is done; what is asked, and what the answer does. */

import { newId } from "@/chat/ids";
import type { Beside } from "./beside";
import type { Desk } from "./desk";
import { deskApi, type Receiving } from "./desk-api";
import { besideApi, type BesideCase, type BesideCoupon, type BesideOrder, type Receiver } from "./beside-api";

export interface Field {
  name: string;
  label: string;
  kind?: "text" | "area" | "note" | "choice" | "time"; // note: for colleagues, whom @ calls
  value?: string;
  options?: { value: string; label: string }[];
  hint?: string;
  may_be_empty?: boolean;
}

export interface Question {
  title: string;
  text?: string;
  fields?: Field[];
  yes: string; // on the button
  is_danger?: boolean;
  /** Another question, or what to tell of it. Throws ApiError. */
  act: (values: Record<string, string>) => Promise<Question | string>;
}

export const REASONS = [
  { value: "no_reason", label: "不想要了，没用过" },
  { value: "opened", label: "不想要了，拆开用过" },
  { value: "size", label: "大小不合适" },
  { value: "defect", label: "质量问题" },
  { value: "wrong_item", label: "发错、少发" },
  { value: "not_received", label: "没收到" },
];
const SETTLED: Record<string, string> = { goods_received: "收到退货", refunded: "同意退款", exchanged: "换货已寄出", declined: "拒绝" };

export const settleText = (status: string): string => SETTLED[status] ?? status;

export function askAddress(beside: Beside, id: string, order: BesideOrder): Question {
  const deed = newId();
  return {
    title: "改收货信息",
    text: `订单 ${order.number}，现在是 ${order.receiver}。不改的留空。`,
    fields: [
      { name: "name", label: "收件人", may_be_empty: true },
      { name: "phone", label: "电话", may_be_empty: true },
      { name: "address", label: "地址", kind: "area", may_be_empty: true },
    ],
    yes: "看改后的金额",
    act: async (values) => {
      const to = values as unknown as Receiver;
      const quoted = await besideApi.quoteAddress(id, order.number, deed, to);
      return {
        title: "这样改吗？",
        text: `${[to.name, to.phone, to.address].filter(Boolean).join(" ")}。${quoted.differs ? `订单变成 ${quoted.total}` : `金额不变，还是 ${quoted.total}`}，改好会告诉买家。`,
        yes: "改，并告诉买家",
        act: () => beside.done(besideApi.address(id, order.number, deed, to, quoted.total_fen), "收货信息改好了"),
      };
    },
  };
}

/** 459 or 459.50 in fen; null where it is no sum of money. */
export function fenOf(yuan: string): number | null {
  const [whole = "", cents = "", ...more] = yuan.trim().split(".");
  const isSum = (part: string): boolean => [...part].every((one) => one >= "0" && one <= "9");
  if (!whole || more.length || cents.length > 2 || whole.length > 7 || !isSum(whole) || !isSum(cents)) return null;
  return Number(whole) * 100 + Number(cents.padEnd(2, "0") || 0);
}

export function askPrice(beside: Beside, id: string, order: BesideOrder): Question {
  const deed = newId();
  const limit = beside.state.shown?.limits.price_percent;
  return {
    title: "改价",
    text: `订单 ${order.number}，现在一共 ${order.total}（含运费）。${limit === null || limit === undefined ? "" : `您最多能减 ${limit}%。`}改好会告诉买家。`,
    fields: [{ name: "yuan", label: "改成一共多少元", hint: "例如 459 或 459.5" }],
    yes: "改价，并告诉买家",
    act: async ({ yuan = "" }) => {
      const fen = fenOf(yuan);
      if (fen === null) return { ...askPrice(beside, id, order), text: "金额写数字，最多两位小数，例如 459 或 459.5" };
      return beside.done(besideApi.price(id, order.number, deed, fen, order.total_fen), "价格改好了");
    },
  };
}

/** A line for later; the server judges again before it goes. */
export function askSchedule(desk: Desk, id: string): Question {
  return {
    title: "定时发一句",
    text: "到时候会话还在您手上、买家也没再说话，才会发；不然留给您看。",
    fields: [
      { name: "text", label: "内容", kind: "area", value: desk.state.drafts[id] ?? "" },
      { name: "at", label: "什么时候", kind: "time" },
    ],
    yes: "到时候发",
    act: async ({ text = "", at = "" }) => {
      await desk.schedule(id, text.trim(), new Date(at).toISOString());
      return "定好了";
    },
  };
}

export function askNote(desk: Desk, id: string): Question {
  return {
    title: "备注",
    text: "写给同事看，买家看不到。打 @ 选一位同事叫他来看；他不在，回来也能看到。",
    fields: [{ name: "text", label: "备注", kind: "note" }],
    yes: "记下",
    act: async ({ text = "" }) => {
      await desk.asked(id, () => deskApi.note(id, text.trim()));
      return "记下了";
    },
  };
}

export function askTag(desk: Desk, id: string, tags: string[]): Question {
  return {
    title: "加标签",
    fields: [{ name: "tag", label: "标签" }],
    yes: "加上",
    act: async ({ tag = "" }) => {
      await desk.asked(id, () => deskApi.tags(id, [...tags, tag.trim()]));
      return "加上了";
    },
  };
}

export function askPass(desk: Desk, id: string, label: string, to: Receiving): Question {
  return {
    title: `转给 ${label}`,
    text: "买家会知道换人了，说过的话都带过去。",
    fields: [{ name: "note", label: "交代一句", kind: "note", may_be_empty: true, hint: "只有同事看得到" }],
    yes: "转出",
    act: async ({ note = "" }) => {
      await desk.asked(id, () => deskApi.transfer(id, to, note.trim()));
      return "转出去了";
    },
  };
}

export function askRemark(beside: Beside, id: string, order: BesideOrder): Question {
  return {
    title: "订单备注",
    text: `订单 ${order.number}。写给同事看，买家看不到。`,
    fields: [{ name: "text", label: "备注", kind: "area" }],
    yes: "记下",
    act: ({ text = "" }) => beside.done(besideApi.remark(id, order.number, text), "订单备注记下了"),
  };
}

export function askOrderCard(beside: Beside, id: string, order: BesideOrder): Question {
  const deed = newId();
  return {
    title: "发订单卡",
    text: `把订单 ${order.number}（${order.status_text}，${order.total}）发给买家？`,
    yes: "发给买家",
    act: () => beside.done(besideApi.orderCard(id, order.number, deed), "订单卡发出去了"),
  };
}

export function askGoodsCard(beside: Beside, id: string, one: { product_id: string; name: string }): Question {
  const deed = newId();
  return {
    title: "发商品卡",
    text: `把「${one.name}」发给买家？`,
    yes: "发给买家",
    act: () => beside.done(besideApi.goodsCard(id, one.product_id, deed), "商品卡发出去了"),
  };
}

export function askCoupon(beside: Beside, id: string, coupons: BesideCoupon[]): Question {
  const deed = newId();
  const options = coupons
    .filter((one) => one.is_within_limit)
    .map((one) => ({ value: one.code, label: `${one.title}（减${one.off}，${one.condition}）` }));
  const limit = beside.state.shown?.limits.coupon;
  const told = limit ? `您最多送 ${limit} 的。` : "";
  return {
    title: "送券",
    text: options.length ? `${told}买家马上能用，聊天里会收到券。` : `${told}现在没有能送的券。`,
    fields: options.length ? [{ name: "code", label: "哪一张", kind: "choice", options, value: options[0]!.value }] : [],
    yes: options.length ? "送给买家" : "知道了",
    act: ({ code = "" }) => (code ? beside.done(besideApi.coupon(id, deed, code), "券送出去了") : Promise.resolve("")),
  };
}

export function askRemedies(beside: Beside, id: string, order: BesideOrder): Question {
  const goods = order.goods.map((one) => ({ value: one.line_id, label: `${one.name} ${one.kind} ×${one.quantity}` }));
  return {
    title: "退换、补偿",
    text: `订单 ${order.number}。先选哪件、什么原因，再看规则允许怎么办。`,
    fields: [
      { name: "line_id", label: "哪件", kind: "choice", options: goods, value: goods[0]?.value ?? "" },
      { name: "reason", label: "原因", kind: "choice", options: REASONS, value: "no_reason" },
    ],
    yes: "看能怎么办",
    act: ({ line_id = "", reason = "" }) => remediesOf(beside, id, order, line_id, reason),
  };
}

async function remediesOf(beside: Beside, id: string, order: BesideOrder, line_id: string, reason: string): Promise<Question> {
  const deed = newId();
  const terms = await besideApi.terms(id, order.number, deed, line_id, reason);
  if (!terms.allowed) return { title: "规则不允许", text: terms.refusal, yes: "知道了", act: () => Promise.resolve("") };
  const options = [
    { value: "", label: "发给买家自己选" },
    ...terms.remedies.map((one) => ({ value: one.remedy, label: `直接办：${one.text}` })),
  ];
  return {
    title: "怎么办？",
    text: `规则允许：${terms.remedies.map((one) => one.text).join("、")}。发给买家自己选，他会收到这几个按钮；直接办，办好会告诉他${
      terms.needs_photos ? `，要有他发的 ${terms.needs_photos} 张照片` : ""
    }。`,
    fields: [{ name: "remedy", label: "办法", kind: "choice", options, value: "", may_be_empty: true }],
    yes: "就这样",
    act: ({ remedy = "" }) => {
      if (!remedy) return beside.done(besideApi.offer(id, order.number, deed, line_id, reason), "发给买家了，等买家选");
      const refund_fen = terms.remedies.find((one) => one.remedy === remedy)?.refund_fen ?? 0;
      const body = { id: deed, line_id, reason, remedy, refund_fen };
      return beside.done(besideApi.openReturn(id, order.number, body), "售后单开好了");
    },
  };
}

export function askSettle(beside: Beside, id: string, one: BesideCase, status: string): Question {
  const deed = newId();
  const sum = status === "refunded" ? `，退 ${one.refund}` : "";
  return {
    title: settleText(status),
    text: `售后单 ${one.case_id}，${one.name}，${one.remedy_text}${sum}。办好会告诉买家。`,
    yes: `${settleText(status)}${sum}`,
    is_danger: status === "declined",
    act: () => beside.done(besideApi.settle(id, one.case_id, deed, status, one.refund_fen), "办好了"),
  };
}

export function askAttribute(beside: Beside, id: string, labels: Record<string, string>, name = "", value = ""): Question {
  const options = Object.entries(labels).map(([key, label]) => ({ value: key, label }));
  return {
    title: "买家资料",
    text: "机器人推荐、选大小时会用。留空就是忘掉这一项。",
    fields: [
      { name: "name", label: "哪一项", kind: "choice", options, value: name || (options[0]?.value ?? "") },
      { name: "value", label: "内容", value, may_be_empty: true },
    ],
    yes: "记下",
    act: (values) => beside.done(besideApi.attribute(id, values["name"] ?? "", values["value"] ?? ""), "记下了"),
  };
}
