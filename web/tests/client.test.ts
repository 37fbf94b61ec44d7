import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepWords, PHONE } from "@/chat/away";
import { ChatClient } from "@/chat/client";
import type { Message } from "@/chat/protocol";
import { unread } from "@/chat/state";
import { memoryStore, type KeyStore } from "@/chat/storage";
import { FakeClock, FakeSocket } from "./fake-link";

const SHOP = { name: "店", greeting: "您好", quick_questions: [], is_open: true, hours_text: "", notice: "" };

let clock: FakeClock;
let sockets: FakeSocket[];
let store: KeyStore;
let tabStore: KeyStore;
let asked: { token?: string; product_id?: string }[];
let refused: Set<string>; // tokens the server no longer takes
let stored: Message[];

const latest = (): FakeSocket => sockets[sockets.length - 1]!;

function line(seq: number, from: Message["from"], text: string, id = `m${seq}`): Message {
  return { seq, id, from, kind: "text", text, at: new Date(seq * 1000).toISOString() };
}

/** A page with a chat; the same storages make it the same tab after a reload. */
function page(): ChatClient {
  return new ChatClient({
    base: "https://shop.test",
    store,
    tabStore,
    clock,
    openSocket: () => {
      sockets.push(new FakeSocket());
      return latest();
    },
  });
}

async function online(): Promise<ChatClient> {
  const client = page();
  await client.start();
  latest().accept(stored.length);
  return client;
}

beforeEach(() => {
  clock = new FakeClock();
  [sockets, asked, stored] = [[], [], []];
  refused = new Set();
  [store, tabStore] = [memoryStore(), memoryStore()];
  vi.stubGlobal("fetch", async (_url: string, { body }: { body: string }) => {
    const wish = JSON.parse(body) as { token?: string };
    asked.push(wish);
    if (wish.token && refused.has(wish.token)) {
      const error = { code: "bad_token", message: "登录过期了" };
      return new Response(JSON.stringify({ error }), { status: 401 });
    }
    const token = wish.token ?? `new${asked.length}`;
    const conversation_id = `of-${token}`;
    const session = { token, conversation_id, demo: true, shop: SHOP, status: "with_bot", messages: stored };
    return new Response(JSON.stringify({ ...session, last_seq: stored.length }));
  });
});
afterEach(() => vi.unstubAllGlobals());

describe("what the buyer says", () => {
  it("is pending until the server confirms it, and is then shown once", async () => {
    const client = await online();
    client.sendText("在吗");
    expect(client.state.pending).toHaveLength(1);
    const { id } = latest().sentOf("send")[0]!;
    latest().tell({ type: "ack", id, seq: 1 });
    latest().tell({ type: "message", message: line(1, "buyer", "在吗", id as string) });
    expect(client.state.pending).toEqual([]);
    expect(client.state.messages.map(({ text }) => text)).toEqual(["在吗"]);
  });

  it("is not shown twice when its echo comes before its confirmation", async () => {
    const client = await online();
    client.sendText("在吗");
    const { id } = latest().sentOf("send")[0]!;
    latest().tell({ type: "message", message: line(1, "buyer", "在吗", id as string) });
    latest().tell({ type: "ack", id, seq: 1 });
    expect(client.state.messages).toHaveLength(1);
    expect(client.state.pending).toEqual([]);
  });

  it("is sent again with the same id after a break, in the order it was said", async () => {
    const client = await online();
    client.sendText("一");
    latest().breakOff();
    client.sendText("二");
    clock.pass(500);
    latest().accept();
    const again = latest().sentOf("send");
    expect(again.map(({ text }) => text)).toEqual(["一", "二"]);
    expect(again[0]!["id"]).toBe(sockets[0]!.sentOf("send")[0]!["id"]);
  });

  it("survives a reload before it was confirmed", async () => {
    (await online()).sendText("别丢了我");
    const reloaded = await online();
    expect(reloaded.state.pending.map(({ text }) => text)).toEqual(["别丢了我"]);
    expect(latest().sentOf("send")[0]!["id"]).toBe(sockets[0]!.sentOf("send")[0]!["id"]);
  });

  it("is not sent again after a reload when the history already has it", async () => {
    (await online()).sendText("到了");
    stored = [line(1, "buyer", "到了", sockets[0]!.sentOf("send")[0]!["id"] as string)];
    const reloaded = await online();
    expect(reloaded.state.pending).toEqual([]);
    expect(latest().sentOf("send")).toEqual([]);
  });

  it("makes the link new when it is not confirmed in ten seconds, and fails after three times", async () => {
    const client = await online();
    client.sendText("有人吗");
    for (let round = 0; round < 2; round += 1) {
      clock.pass(10_000);
      latest().accept();
    }
    expect(sockets).toHaveLength(3);
    clock.pass(10_000);
    expect(client.state.pending[0]).toMatchObject({ state: "failed", problem: "没有送达，点一下重发" });
  });

  it("shows the server's reason when refused, and goes out again on retry under the same id", async () => {
    const client = await online();
    client.sendText("太快");
    const { id } = latest().sentOf("send")[0]!;
    latest().tell({ type: "error", id, error: { code: "too_fast", message: "歇一下再发" } });
    expect(client.state.pending[0]).toMatchObject({ state: "failed", problem: "歇一下再发" });
    await client.retry(id as string);
    expect(latest().sentOf("send").map((frame) => frame["id"])).toEqual([id, id]);
  });

  it("goes out again by itself when the server is only out of breath", async () => {
    const client = await online();
    client.sendText("在吗");
    const { id } = latest().sentOf("send")[0]!;
    latest().tell({ type: "error", id, error: { code: "unavailable", message: "系统忙" } });
    clock.pass(10_000);
    latest().accept();
    expect(client.state.pending[0]!.state).toBe("sending");
    expect(latest().sentOf("send").map((frame) => frame["id"])).toEqual([id]);
  });

  it("typed before the session is open goes out once it is", async () => {
    const client = page();
    const starting = client.start();
    client.sendText("急");
    await starting;
    latest().accept();
    expect(latest().sentOf("send").map(({ text }) => text)).toEqual(["急"]);
  });
});

describe("what the buyer hears", () => {
  it("comes in order and once, however often it is told", async () => {
    const client = await online();
    for (const seq of [2, 1, 2]) latest().tell({ type: "message", message: line(seq, "bot", `第${seq}`) });
    expect(client.state.messages.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it("is asked for from the last message the server told, not from a later confirmation", async () => {
    const client = await online();
    latest().tell({ type: "message", message: line(1, "bot", "您好") });
    client.sendText("在");
    // seq 2 is a bot's line that the break swallowed
    latest().tell({ type: "ack", id: latest().sentOf("send")[0]!["id"], seq: 3 });
    latest().breakOff();
    clock.pass(500);
    latest().accept(3, [line(2, "bot", "还在吗")]);
    expect(latest().sentOf("hello")[0]).toMatchObject({ last_seq: 1 });
    expect(client.state.messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it("counts as unread until it was seen, also after a reload", async () => {
    stored = [line(1, "bot", "您好"), line(2, "buyer", "在"), line(3, "bot", "请讲")];
    const client = await online();
    expect(unread(client.state)).toBe(2);
    client.markSeen();
    expect(unread((await online()).state)).toBe(0);
  });

  it("ends the typing sign by itself when the server forgets to", async () => {
    const client = await online();
    latest().tell({ type: "typing", on: true });
    expect(client.state.isTyping).toBe(true);
    clock.pass(12_000);
    expect(client.state.isTyping).toBe(false);
  });
});

describe("who the buyer is", () => {
  it("is remembered by token", async () => {
    await online();
    await online();
    expect(asked).toEqual([{}, { token: "new1" }]);
  });

  it("becomes a new visitor when the token has expired", async () => {
    store.setItem("dianxiaoer.token", "old");
    refused.add("old");
    const client = await online();
    expect(asked).toEqual([{ token: "old" }, {}]);
    expect(client.state.phase).toBe("ready");
  });

  it("is asked anew when the live link refuses the token, and what was unsent goes along", async () => {
    const client = await online();
    latest().breakOff();
    client.sendText("带上我");
    clock.pass(500);
    refused.add("new1");
    latest().onopen?.();
    latest().tell({ type: "error", error: { code: "unauthorized", message: "过期" } });
    await vi.waitFor(() => expect(sockets).toHaveLength(3));
    latest().accept();
    expect(latest().sentOf("send").map(({ text }) => text)).toEqual(["带上我"]);
  });

  it("leaves nothing of the buyer before when somebody else signs in", async () => {
    const client = await online();
    latest().breakOff();
    client.sendText("我的秘密");
    await client.signIn("somebody");
    latest().accept();
    expect(client.state.messages).toEqual([]);
    expect(latest().sentOf("send")).toEqual([]);
    expect(latest().sentOf("hello")[0]).toMatchObject({ token: "somebody" });
  });
});

describe("two tabs of one browser", () => {
  async function tab(): Promise<ChatClient> {
    tabStore = memoryStore();
    return online();
  }

  it("do not mix two people's chats: a tab keeps its buyer until it has started over", async () => {
    const first = await tab();
    const second = await tab();
    await second.signIn("anna");
    const ofFirst = sockets[0]!;
    ofFirst.breakOff();
    clock.pass(500);
    latest().onopen?.();
    expect(latest().sentOf("hello")[0]).toMatchObject({ token: "new1" });
    expect(first.token).toBe("new1");
  });

  it("follow each other when one signs in, and the other says so", async () => {
    const first = await tab();
    first.sendText("那双鞋还有吗");
    await (await tab()).signIn("anna");
    await first.follow();
    latest().accept();
    expect(first.token).toBe("anna");
    expect(first.state.conversationId).toBe("of-anna");
    expect(first.state.problem).toContain("换了账号");
    expect(latest().sentOf("send")).toEqual([]);
  });

  it("start over when the line leads into another chat", async () => {
    const client = await tab();
    stored = [line(1, "bot", "您好")];
    latest().breakOff();
    clock.pass(500);
    latest().onopen?.();
    latest().tell({ type: "ready", conversation_id: "of-somebody", status: "with_bot", last_seq: 9 });
    await vi.waitFor(() => expect(client.state.phase).toBe("ready"));
    expect(asked).toHaveLength(2);
    expect(client.state.messages.map(({ text }) => text)).toEqual(["您好"]);
  });

  it("that open at once are one visitor", async () => {
    const [one, other] = [page(), page()];
    await Promise.all([one.start(), other.start()]);
    expect(one.token).toBe(other.token);
  });
});

describe("what is left behind", () => {
  it("is nothing after a sign-out, in the browser's storages either", async () => {
    store.setItem("dianxiaoer.token", "anna");
    stored = [line(1, "bot", "您的包裹到了")];
    const client = await online();
    client.markSeen();
    client.keepDraft("给我妈妈的");
    latest().breakOff();
    client.sendText("秘密");
    const keys: string[] = [];
    for (const one of [store, tabStore]) {
      const put = one.setItem.bind(one);
      one.setItem = (name, value) => (keys.push(name), put(name, value));
    }
    await client.signIn(null);
    for (const name of ["dianxiaoer.seen.of-anna", "dianxiaoer.seen"]) expect(store.getItem(name)).toBeNull();
    for (const name of ["dianxiaoer.outbox.of-anna", "dianxiaoer.draft.of-anna"]) expect(tabStore.getItem(name)).toBeNull();
    expect(client.state.draft).toBe("");
  });

  it("is what was typed, over a reload", async () => {
    (await online()).keepDraft("我身高一七");
    expect((await online()).state.draft).toBe("我身高一七");
  });

  it("is what a visitor typed before the shop signed them in", async () => {
    const client = await online();
    client.keepDraft("我的订单");
    await client.signIn("anna");
    expect(client.state.draft).toBe("我的订单");
  });
});

describe("a shop's token that ran out", () => {
  it("asks the page for a new one instead of making the buyer a stranger without a word", async () => {
    const old = `h.${btoa(JSON.stringify({ kind: "buyer" }))}.s`;
    store.setItem("dianxiaoer.token", old);
    refused.add(old);
    const expired = vi.fn();
    const client = new ChatClient({ base: "", store, tabStore, clock, openSocket: () => new FakeSocket(), onExpired: expired });
    await client.start();
    expect(client.state.problem).toContain("登录过期");
    expect(expired).toHaveBeenCalledOnce();
  });
});

describe("who is writing", () => {
  it("is told at most every three seconds", async () => {
    const client = await online();
    for (const text of ["我", "我要", "我要退"]) client.keepDraft(text);
    expect(latest().sentOf("typing")).toHaveLength(1);
  });
});

describe("a house that does not answer", () => {
  it("is told of after a while only, and no longer once it answers", async () => {
    const client = await online();
    latest().breakOff();
    clock.pass(11_000);
    expect(client.state.isCutOff).toBe(false);
    clock.pass(2_000);
    expect(client.state.isCutOff).toBe(true);
    clock.pass(30_000); // the next try
    latest().accept();
    expect(client.state.isCutOff).toBe(false);
    clock.pass(20_000);
    expect(client.state.isCutOff).toBe(false);
  });

  it("is spoken for by what was kept of it, as strangers are greeted", async () => {
    expect(page().state.kept).toBeNull();
    const client = await online();
    expect(page().state.kept).toEqual({ name: "店", greeting: "您好", phone: "", words: "" });
    await client.signIn(null);
    expect(client.state.kept?.name).toBe("店");
  });

  it("keeps no greeting that names a buyer", () => {
    const session = { signed_in: true, shop: { ...SHOP, greeting: "小满，又见面啦", unreachable: { phone: "0571", words: "" } } };
    expect(keepWords(store, session as never)).toEqual({ name: "店", greeting: "", phone: "0571", words: "" });
    expect(store.getItem(PHONE)).toBe("0571");
    keepWords(store, { signed_in: false, shop: SHOP } as never);
    expect(store.getItem(PHONE)).toBeNull(); // the owner has taken it out
    expect(keepWords(store, session as never).greeting).toBe("您好");
  });
});

describe("read marks", () => {
  it("move with what the house tells", async () => {
    const client = await online();
    latest().tell({ type: "read", seq: 4 });
    expect(client.state.readSeq).toBe(4);
    latest().tell({ type: "ready", status: "waiting", last_seq: 6, read_seq: 6 });
    expect(client.state.readSeq).toBe(6);
  });
});
