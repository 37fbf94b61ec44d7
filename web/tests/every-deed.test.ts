/** Every deed at a talk stands in the command bar: the API's own file says which there are. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Beside } from "@/desk/beside";
import { commands, type Page } from "@/desk/commands";
import { Desk } from "@/desk/desk";
import type { DeskConversation, DeskMessage } from "@/desk/desk-api";
import type { Later } from "@/desk/later";
import type { Notices } from "@/desk/notices";

const AT_A_TALK = "/api/desk/conversations/{conversation_id}/";
// Beginning of the command's id, or why there is none.
const BY: Record<string, string | { not: string }> = {
  "take": "take",
  "return": "back",
  "close": "close",
  "transfer": "to ",
  "notes": "note",
  "tags": "tag",
  "snooze": "snooze",
  "scheduled": "later",
  "scheduled/cancel": "off ",
  "messages": "suggested",
  "messages/{seq}/take-back": "takeBack",
  "pictures": "pictures",
  "phrases/{phrase_id}/picture": "phrase ",
  "reveal": "reveal",
  "attributes": "attribute",
  "coupon": "coupon",
  "products/{product_id}/card": "goods ",
  "orders/{number}/card": "card ",
  "orders/{number}/price": "price ",
  "orders/{number}/address": "address ",
  "orders/{number}/address/quote": "address ",
  "orders/{number}/remarks": "remark ",
  "orders/{number}/terms": "return ",
  "orders/{number}/offer": "return ",
  "orders/{number}/return": "return ",
  "orders/{number}/reveal": "receiver ",
  "cases/{case_id}": "refunded ",
  "draft": { not: "kept while one types" },
  "seen": { not: "told by what is in sight" },
  "mentions/seen": { not: "told by what is in sight" },
  "buyer/export": { not: "the owner's, behind a word that is typed" },
  "buyer/erase": { not: "the owner's, behind a word that is typed" },
  "buyer/sign-out": { not: "the owner's, behind a word that is typed" },
};

/** Paths behind the talk's own that are posted to. */
function posted(): string[] {
  const lines = readFileSync("../docs/desk-api.yaml", "utf8").split("\n");
  const found: string[] = [];
  let path = "";
  for (const line of lines) {
    if (line.startsWith("  /")) path = line.trim().slice(0, -1);
    if (line === "    post:" && path.startsWith(AT_A_TALK)) found.push(path.slice(AT_A_TALK.length));
  }
  return found;
}

const mine = {
  conversation_id: "c1", status: "with_agent", assignee: "小李", buyer_name: "周行", last_text: "在吗", tags: ["急"],
} as unknown as DeskConversation;

function everything(): Desk {
  const desk = new Desk();
  const said: DeskMessage = { seq: 3, id: "m3", from: "agent", kind: "text", text: "您好", buttons: [], at: "2026-11-30T04:00:00Z", agent_name: "小李" };
  Object.assign(desk.state, {
    agent: { name: "小李", may_answer: true, may_lead: false, may_teach: false },
    conversations: [{ ...mine }],
    openId: "c1",
    summary: { is_masked: true },
    messages: [said],
    people: [{ name: "小王", department: "售后", is_there: true, may_answer: true, may_teach: false }],
    phrases: [{ phrase_id: 1, is_shops: true, group: "", code: "尺码", text: "偏小", uses: 0, picture: null, sounds: "" }],
    scheduled: [{ line_id: 5, text: "晚点说", due_at: "2026-11-30T05:00:00Z" }],
    unsent: [{ id: "u1", conversationId: "c1", text: "最便宜", problem: "绝对化的话", breaksRules: true }],
  });
  return desk;
}

const order = { number: "6802000000000501", status_text: "待付款", may_change_price: true, may_change_address: true, may_return: true, receiver: "周*" };
const shown = {
  labels: {}, is_our_shop: true, coupons: [], orders: [order], goods: [{ product_id: "boot", name: "靴子" }],
  cases: [{ case_id: "R1", name: "靴子", may: ["refunded"] }],
};
const beside = { state: { shown, id: "c1", revealed: {} } } as unknown as Beside;
const later = {
  state: {
    id: "c1", found: { matter_text: "回复" },
    shown: { promises: [{ promise_id: 1, text: "明天答复" }], planned: [{ follow_up_id: 2, about: "催付" }] },
  },
} as unknown as Later;
const notices = { state: { sound: true } } as unknown as Notices;
const page: Page = {
  open: () => undefined, insert: () => undefined, pickPictures: () => undefined, mayTakeBack: () => true,
  suggestion: () => ({ send: () => undefined, change: () => undefined }),
};

const ids = (desk: Desk): string[] => commands(desk, beside, later, notices, page).map((one) => one.id);

describe("a deed at a talk", () => {
  const waiting = everything();
  Object.assign(waiting.state.conversations[0]!, { ...mine, status: "waiting", assignee: "" });
  const all = [...ids(everything()), ...ids(waiting)];

  it("is known here, every one of the API's", () => expect(Object.keys(BY).sort()).toEqual(posted().sort()));

  it.each(Object.entries(BY).filter(([, id]) => typeof id === "string"))("%s stands in the command bar", (_, id) =>
    expect(all.filter((one) => one.startsWith(id as string))).not.toHaveLength(0),
  );

  it("is there for promises, follow-ups, lines that did not go, departments and tags too", () => {
    for (const id of ["promise", "noPromise", "kept 1", "now 2", "stop 2", "again u1", "to all of 售后", "to 小王", "untag 急"]) expect(all).toContain(id);
  });

  it("names nothing twice", () => expect(new Set(ids(everything())).size).toBe(ids(everything()).length));

  it("is nobody's who only reads, nor at another's talk", () => {
    const reader = everything();
    reader.state.agent = { name: "老师", may_answer: false, may_teach: true };
    const others = everything();
    Object.assign(others.state.conversations[0]!, { ...mine, assignee: "小王" });
    for (const desk of [reader, others]) {
      for (const id of ["takeBack", "suggested", "pictures", "to 小王", "close", "coupon", "later"]) expect(ids(desk)).not.toContain(id);
    }
  });
});
