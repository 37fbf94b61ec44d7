/** Everything an agent can do now, as the command bar lists it: deeds, pages, colleagues, talks, phrases. */

import type { Beside } from "./beside";
import type { Desk } from "./desk";
import type { DeskMessage } from "./desk-api";
import type { Later } from "./later";
import type { Notices } from "./notices";
import { filled, fits } from "./phrase-words";
import {
  askAddress,
  askAttribute,
  askCoupon,
  askGoodsCard,
  askNote,
  askOrderCard,
  askPass,
  askPrice,
  askRemark,
  askRemedies,
  askSettle,
  askSchedule,
  askTag,
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
  pickPictures: () => void;
  /** The bot's word beside the buyer's last line, where there is one. */
  suggestion: () => { send: () => unknown; change: () => unknown } | null;
  mayTakeBack: (message: DeskMessage) => boolean;
}

export type PageName = "mentions" | "promises" | "people" | "audit" | "privacy" | "shop" | "signIns" | "phrases" | "notices" | "keys" | "teach" | "goods" | "orders";

export const PAGES: { name: PageName; label: string; who?: "leads" | "owns" | "teaches" }[] = [
  { name: "mentions", label: "叫我的备注" },
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

export function commands(desk: Desk, beside: Beside, later: Later, notices: Notices, page: Page): Command[] {
  return [
    ...talkDeeds(desk, beside),
    ...lineDeeds(desk, page),
    ...colleagueDeeds(desk, beside),
    ...besideDeeds(desk, beside),
    ...laterDeeds(desk, later),
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
    isMine && deed("queue", "放回排队", () => desk.transfer({}, "")),
    isMine && deed("later", "定时发一句", () => beside.ask(askSchedule(desk, id))),
    isMine && deed("snooze30", "稍后处理：30 分钟", () => desk.snooze(30)),
    isMine && deed("snooze120", "稍后处理：2 小时", () => desk.snooze(120)),
    isMine && !!one.snoozed_until && deed("snooze0", "稍后处理：现在就处理", () => desk.snooze(0)),
    deed("beside", "看买家和订单", () => (beside.state.isOpen = true), "Alt+B"),
    deed("leave", "关上这个会话", () => desk.show(null)),
  ];
  return found.filter((each) => each !== false);
}

/** Of the agent's own lines, and of what stands beside the buyer's. */
function lineDeeds(desk: Desk, page: Page): Command[] {
  const one = desk.open.value;
  if (!one) return [];
  const isMine = desk.isMine(one);
  const beside = isMine ? page.suggestion() : null;
  const last = desk.state.messages.filter(page.mayTakeBack).at(-1);
  const found: (Command | false)[] = [
    !!beside && deed("suggested", "机器人的建议：就这样发", () => beside.send(), "Alt+Enter"),
    !!beside && deed("change", "机器人的建议：改一改", () => beside.change(), "Alt+E"),
    isMine && deed("pictures", "发图片", () => page.pickPictures()),
    isMine && !!last && deed("takeBack", `撤回：${last.text || "图片"}`, () => desk.takeBack(last.seq)),
    isSummaryMasked(desk) && deed("reveal", "查看完整信息（会记下是谁看的）", () => desk.revealSummary()),
  ];
  const unsent = desk.state.unsent.filter((each) => each.conversationId === one.conversation_id && each.problem);
  const again = unsent.map((each) => deed(`again ${each.id}`, `${each.breaksRules ? "仍然发" : "重发"}：${each.text}`, () => desk.deliver(each.id, each.breaksRules)));
  const planned = desk.state.scheduled.map((each) => deed(`off ${each.line_id}`, `取消定时：${each.text}`, () => desk.unschedule(each)));
  return [...found.filter((each) => each !== false), ...again, ...planned];
}

function isSummaryMasked(desk: Desk): boolean {
  const { summary, revealedSummary } = desk.state;
  return !revealedSummary && typeof summary === "object" && summary?.is_masked === true;
}

/** What is for colleagues: a note, tags, and who goes on with the talk. */
function colleagueDeeds(desk: Desk, beside: Beside): Command[] {
  const one = desk.open.value;
  if (!one || desk.state.agent?.may_answer === false) return [];
  const [id, tags] = [one.conversation_id, one.tags ?? []];
  const found = [deed("note", "写备注给同事", () => beside.ask(askNote(desk, id))), deed("tag", "加标签", () => beside.ask(askTag(desk, id, tags)))];
  const gone = tags.map((tag) => deed(`untag ${tag}`, `去掉标签：${tag}`, () => desk.tags(tags.filter((other) => other !== tag))));
  const passes = desk.isMine(one)
    ? desk.receivers().map(({ label, to }) => deed(`to ${to.department ? "all of " : ""}${to.to ?? to.department}`, `转给 ${label}`, () => beside.ask(askPass(desk, id, label, to))))
    : [];
  return [...found, ...gone, ...passes];
}

/** What was promised, and what the house means to say by itself. */
function laterDeeds(desk: Desk, later: Later): Command[] {
  const { found, shown, id } = later.state;
  if (!desk.open.value || desk.open.value.conversation_id !== id || desk.state.agent?.may_answer === false) return [];
  return [
    ...(found ? [deed("promise", `记成承诺：${found.matter_text}`, () => later.confirm(found), "Alt+P"), deed("noPromise", "不算承诺", () => later.dismiss(found))] : []),
    ...shown.promises.map((one) => deed(`kept ${one.promise_id}`, `承诺办好了：${one.text}`, () => later.kept(one))),
    ...shown.planned.flatMap((one) => [
      deed(`now ${one.follow_up_id}`, `跟进现在发：${one.about}`, () => later.send(one)),
      deed(`stop ${one.follow_up_id}`, `跟进不发了：${one.about}`, () => later.stop(one)),
    ]),
  ];
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
    if (order.receiver && !beside.state.revealed[order.number]) {
      found.push(deed(`receiver ${order.number}`, `看全收件人（会记下是谁看的）${tail}`, () => see(beside, order.number)));
    }
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

/** Where there is no room beside the chat it stands in a drawer. */
function see(beside: Beside, number: string): void {
  beside.state.isOpen = true;
  void beside.reveal(number);
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
