/** Everything an agent can do now, as the command bar lists it: deeds, pages, colleagues, talks, phrases. */

import type { Beside } from "./beside";
import type { Desk } from "./desk";
import type { Notices } from "./notices";
import { filled, fits } from "./phrase-words";
import {
  askAddress,
  askAttribute,
  askCoupon,
  askGoodsCard,
  askOrderCard,
  askPrice,
  askRemark,
  askRemedies,
  askSettle,
  askSchedule,
  settleText,
} from "./questions";

export interface Command {
  id: string;
  group: "办事" | "页面" | "会话" | "短语" | "找到的";
  label: string;
  hint?: string; // its key
  fits?: (word: string) => boolean; // found by more than its label
  run: () => unknown;
}

/** What only the page itself can do. */
export interface Page {
  open: (name: PageName) => void;
  insert: (text: string) => void;
}

export type PageName = "promises" | "people" | "audit" | "privacy" | "shop" | "signIns" | "phrases" | "notices" | "keys" | "teach" | "goods" | "orders";

export const PAGES: { name: PageName; label: string; who?: "leads" | "owns" | "teaches" }[] = [
  { name: "promises", label: "承诺" },
  { name: "phrases", label: "快捷短语" },
  { name: "people", label: "同事和邀请" },
  { name: "notices", label: "声音和通知" },
  { name: "keys", label: "快捷键" },
  { name: "signIns", label: "登录的地方" },
  { name: "teach", label: "教机器人", who: "teaches" },
  { name: "orders", label: "订单", who: "leads" },
  { name: "goods", label: "管店", who: "leads" },
  { name: "audit", label: "操作记录", who: "leads" },
  { name: "privacy", label: "查看记录", who: "owns" },
  { name: "shop", label: "店铺资料", who: "owns" },
];

export function pagesFor(desk: Desk): typeof PAGES {
  const me = desk.state.agent;
  const may = { leads: me?.may_lead, owns: me?.is_owner, teaches: me?.may_teach };
  return PAGES.filter((one) => !one.who || may[one.who]);
}

export function commands(desk: Desk, beside: Beside, notices: Notices, page: Page): Command[] {
  return [
    ...talkDeeds(desk, beside),
    ...besideDeeds(desk, beside),
    ...ownDeeds(desk, notices),
    ...pagesFor(desk).map(({ name, label }) => ({ id: name, group: "页面" as const, label, run: () => page.open(name) })),
    ...talks(desk),
    ...phrases(desk, page),
  ];
}

function talkDeeds(desk: Desk, beside: Beside): Command[] {
  const one = desk.open.value;
  if (!one || desk.state.agent?.may_answer === false) return [];
  const [isMine, id] = [desk.isMine(one), one.conversation_id];
  const found: (Command | false)[] = [
    desk.canTake(one) && deed("take", "接入", () => desk.take(), "Alt+T"),
    (isMine || one.status === "waiting") && deed("back", "还给机器人", () => desk.giveBack(), "Alt+R"),
    isMine && deed("close", "结束会话", () => desk.close(), "Alt+X"),
    isMine && deed("queue", "放回排队", () => desk.transfer("", "")),
    isMine && deed("later", "定时发一句", () => beside.ask(askSchedule(desk, id))),
    isMine && deed("snooze30", "稍后处理：30 分钟", () => desk.snooze(30)),
    isMine && deed("snooze120", "稍后处理：2 小时", () => desk.snooze(120)),
    isMine && !!one.snoozed_until && deed("snooze0", "稍后处理：现在就处理", () => desk.snooze(0)),
    deed("beside", "看买家和订单", () => (beside.state.isOpen = true), "Alt+B"),
    deed("leave", "关上这个会话", () => desk.show(null)),
  ];
  const colleagues = desk.state.people.filter((each) => each.is_there && each.may_answer && each.name !== desk.state.agent?.name);
  const passes = isMine ? colleagues.map((each) => deed(`to ${each.name}`, `转给 ${each.display_name || each.name}`, () => desk.transfer(each.name, ""))) : [];
  return [...found.filter((each) => each !== false), ...passes];
}

function besideDeeds(desk: Desk, beside: Beside): Command[] {
  const { shown, id } = beside.state;
  const one = desk.open.value;
  if (!shown || !one || one.conversation_id !== id || !desk.isMine(one)) return [];
  const found: Command[] = [deed("attribute", "记买家资料", () => beside.ask(askAttribute(beside, id, shown.labels)))];
  if (shown.is_our_shop) found.push(deed("coupon", "送券", () => beside.ask(askCoupon(beside, id, shown.coupons))));
  for (const order of shown.orders) {
    const tail = `（尾号 ${order.number.slice(-4)}，${order.status_text}）`;
    const ask = (name: string, label: string, question: typeof askPrice): number =>
      found.push(deed(`${name} ${order.number}`, label + tail, () => beside.ask(question(beside, id, order))));
    ask("card", "发订单卡", askOrderCard);
    if (order.may_change_price && shown.is_our_shop) ask("price", "改价", askPrice);
    if (order.may_change_address) ask("address", "改收货信息", askAddress);
    if (order.may_return) ask("return", "退换、补偿", askRemedies);
    ask("remark", "订单备注", askRemark);
  }
  for (const goods of shown.goods) {
    found.push(deed(`goods ${goods.product_id}`, `发商品卡：${goods.name}`, () => beside.ask(askGoodsCard(beside, id, goods))));
  }
  for (const each of shown.is_our_shop ? shown.cases : []) {
    for (const status of each.may) {
      found.push(deed(`${status} ${each.case_id}`, `售后：${settleText(status)}（${each.name}）`, () => beside.ask(askSettle(beside, id, each, status))));
    }
  }
  return found;
}

function ownDeeds(desk: Desk, notices: Notices): Command[] {
  const isIn = desk.state.agent?.is_in !== false;
  return [
    deed("presence", isIn ? "切到离开" : "切到在线", () => desk.beIn(!isIn)),
    deed("sound", notices.state.sound ? "关掉声音" : "打开声音", () => notices.setSound(!notices.state.sound)),
    deed("logout", "退出登录", () => desk.logout()),
  ];
}

function talks(desk: Desk): Command[] {
  return desk.state.conversations.map((one) => ({
    id: `talk ${one.conversation_id}`,
    group: "会话",
    label: `${one.buyer_name || "访客"}：${one.last_text}`,
    run: () => desk.show(one.conversation_id),
  }));
}

function phrases(desk: Desk, page: Page): Command[] {
  const one = desk.open.value;
  if (!one || !desk.isMine(one)) return [];
  return desk.state.phrases.map((each) => ({
    id: `phrase ${each.phrase_id}`,
    group: "短语",
    label: `${each.code ? `/${each.code} ` : ""}${each.text}${each.picture ? ` [图片 ${each.picture.name}]` : ""}`,
    fits: (word) => fits(each, word),
    run: () => {
      desk.usePhrase(each);
      page.insert(filled(desk, each));
    },
  }));
}

function deed(id: string, label: string, run: () => unknown, hint?: string): Command {
  return { id, group: "办事", label, run, ...(hint ? { hint } : {}) };
}

/** Those found by every word of what was typed, in their order. */
export function matching(all: Command[], typed: string): Command[] {
  const words = typed.toLowerCase().split(" ").filter(Boolean);
  const has = (one: Command, word: string): boolean => `${one.group}${one.label}`.toLowerCase().includes(word) || one.fits?.(word) === true;
  return all.filter((one) => words.every((word) => has(one, word)));
}
