import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Desk } from "@/desk/desk";
import type { DeskConversation, DeskMessage, DeskNote, Mention, Phrase } from "@/desk/desk-api";
import { Notices } from "@/desk/notices";
import { FakeSocket } from "./fake-link";

const PAGE = 200; // as the server gives them

let stored: DeskConversation[];
let sockets: FakeSocket[];
let offsets: number[];
let lines: number; // of every talk
let answered: [string, Record<string, unknown>][];
let notes: DeskNote[]; // of every talk
let marked: [string, unknown][]; // talks whose calls were seen
let own: { seen: Record<string, number>; mentions: Mention[]; notices: { sound: boolean; desktop: boolean } };

function waiting(number: number, extra: Partial<DeskConversation> = {}): DeskConversation {
  const waiting_since = new Date(number * 1000).toISOString();
  return {
    conversation_id: `c${number}`,
    status: "waiting",
    buyer_name: `访客 ${number}`,
    last_text: "转人工",
    waiting_since,
    ...extra,
  };
}

function line(seq: number): DeskMessage {
  return { id: `m${seq}`, seq, from: "buyer", kind: "text", text: `第${seq}句`, at: new Date(seq * 1000).toISOString() };
}

async function opened(): Promise<Desk> {
  const desk = new Desk();
  await desk.recognise();
  sockets.at(-1)!.onopen?.();
  await vi.waitFor(() => expect(desk.state.paged).toBeGreaterThan(0));
  return desk;
}

const ids = (desk: Desk): string[] => desk.shelf("waiting").map((one) => one.conversation_id);

beforeEach(() => {
  [sockets, offsets, answered, notes, marked] = [[], [], [], [], []];
  lines = 20;
  own = { seen: {}, mentions: [], notices: { sound: true, desktop: false } };
  stored = Array.from({ length: 450 }, (_, number) => waiting(number));
  vi.stubGlobal("location", { origin: "https://shop.test", href: "https://shop.test/desk" });
  vi.stubGlobal("document", { querySelector: () => null });
  const socket = vi.fn(function () {
    sockets.push(new FakeSocket());
    return sockets.at(-1);
  });
  vi.stubGlobal("WebSocket", socket);
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    if (url.endsWith("/me")) return new Response(JSON.stringify({ name: "小李" }));
    if (url.endsWith("/own")) return new Response(JSON.stringify(own));
    if (url.endsWith("/mentions/seen")) {
      marked.push([url.split("/")[6]!, JSON.parse(String(init?.body))]);
      return new Response("{}");
    }
    if (url.endsWith("/seen")) return new Response("{}");
    if (url.endsWith("/picture")) return new Response(JSON.stringify({ picture_id: `of ${url.split("/")[6]}` }));
    if (url.endsWith("/messages")) {
      answered.push([url.split("/")[6]!, JSON.parse(String(init?.body))]);
      return new Response("{}");
    }
    const talk = /conversations\/(c\d+)(?:\?before=(\d+))?$/.exec(url);
    if (talk) {
      const upTo = Number(talk[2] ?? lines + 1);
      const first = Math.max(1, upTo - PAGE);
      const messages = Array.from({ length: upTo - first }, (_, index) => line(first + index));
      return new Response(JSON.stringify({ conversation: waiting(1), messages, notes, has_older: first > 1 }));
    }
    if (url.endsWith("/counts")) return new Response(JSON.stringify({ waiting: stored.length, mine: 0, open: 0, closed: 0 }));
    const offset = Number(new URL(url, "https://shop.test").searchParams.get("offset"));
    offsets.push(offset);
    const found = stored.slice(offset, offset + PAGE);
    return new Response(JSON.stringify(found), { headers: { "X-Total-Count": String(stored.length) } });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the list of conversations", () => {
  it("is asked for page by page until all are there", async () => {
    const desk = await opened();
    expect([ids(desk).length, desk.state.total - desk.state.paged]).toEqual([200, 250]);
    await desk.more();
    await desk.more();
    expect(offsets).toEqual([0, 200, 400]);
    expect(ids(desk)).toEqual(stored.map((one) => one.conversation_id));
    expect(desk.state.paged).toBe(desk.state.total);
  });

  it("holds nobody twice who moved between two pages", async () => {
    const desk = await opened();
    stored = [waiting(900), ...stored]; // the 200th stands on the second page now
    await desk.more();
    expect(new Set(ids(desk)).size).toBe(ids(desk).length);
  });

  it("offers no further page where the server has none any more", async () => {
    const desk = await opened();
    stored = stored.slice(0, 200);
    await desk.more();
    expect(desk.state.total - desk.state.paged).toBe(0);
  });

  it("shows the many of one place behind who really waits, also when they come live", async () => {
    stored = [waiting(1), waiting(2, { is_behind: true }), waiting(3)];
    const desk = await opened();
    sockets.at(-1)!.tell({ type: "conversations", conversations: [waiting(0, { is_behind: true })], waiting: 4 });
    expect(ids(desk)).toEqual(["c1", "c3", "c0", "c2"]);
  });
});

describe("the shop's files", () => {
  const files = [new File(["编号,名称,价格\n"], "商品.csv")];

  it("are imported with as many deletions as the plan told, and as the page's own", async () => {
    const sent: [string, FormData, unknown][] = [];
    vi.stubGlobal("fetch", async (url: string, { body, headers }: { body: FormData; headers: unknown }) => {
      sent.push([url, body, headers]);
      return new Response(JSON.stringify({ lines: ["商品：新增 1"], warnings: [], gone: 3 }));
    });
    const desk = new Desk();
    const plan = await desk.shopPlan(files, true);
    expect(plan).toMatchObject({ gone: 3 });
    await desk.shopImport(files, true, 3);
    expect(sent.map(([url]) => url)).toEqual([
      "https://shop.test/api/desk/shop/plan",
      "https://shop.test/api/desk/shop/import",
    ]);
    const [, form, headers] = sent[1]!;
    expect([form.get("replace"), form.get("gone"), (form.get("file") as File).name]).toEqual(["1", "3", "商品.csv"]);
    expect(headers).toMatchObject({ "X-Requested-With": "dianxiaoer" });
  });

  it("that are refused say why, in the server's words", async () => {
    const error = { code: "refused", message: "商品.csv:2 价格: “面议”不是金额\n规格.csv:3 库存: 没有填" };
    vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ error }), { status: 422 }));
    expect(await new Desk().shopPlan(files, false)).toEqual({ problem: error.message });
  });
});

describe("what is typed", () => {
  it("stays with its buyer and is never taken to the next one", async () => {
    const desk = await opened();
    vi.useFakeTimers(); // the server is not told in this test
    desk.keepDraft("c1", "您的地址是文三路88号，对吗");
    expect(desk.state.drafts["c2"] ?? "").toBe("");
    expect(desk.state.drafts["c1"]).toBe("您的地址是文三路88号，对吗");
  });
});

describe("a talk of which much was missed", () => {
  const seqs = (desk: Desk): number[] => desk.state.messages.map((one) => one.seq);
  const from = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, index) => first + index);

  async function comesBack(desk: Desk): Promise<void> {
    const before = sockets.length;
    sockets.at(-1)!.onclose?.();
    desk.wake(); // the network is back
    expect(sockets.length).toBe(before + 1);
    sockets.at(-1)!.onopen?.();
  }

  it("has no hole between what was here and what came meanwhile", async () => {
    const desk = await opened();
    await desk.show("c1");
    expect(seqs(desk)).toEqual(from(1, 20));
    lines = 320;
    await comesBack(desk);
    await vi.waitFor(() => expect(seqs(desk).at(-1)).toBe(320));
    expect(seqs(desk)).toEqual(from(121, 320));
    expect(desk.state.hasOlder).toBe(true);
    await desk.older();
    expect(seqs(desk)).toEqual(from(1, 320));
    expect(desk.state.hasOlder).toBe(false);
  });

  it("keeps what was loaded where nothing lies between", async () => {
    lines = 300;
    const desk = await opened();
    await desk.show("c1");
    await desk.older();
    lines = 450;
    await comesBack(desk);
    await vi.waitFor(() => expect(seqs(desk).at(-1)).toBe(450));
    expect(seqs(desk)).toEqual(from(1, 450));
  });

  it("has none either where a new line comes ahead of those that were missed", async () => {
    const desk = await opened();
    await desk.show("c1");
    lines = 321;
    sockets.at(-1)!.tell({ type: "message", conversation_id: "c1", message: line(321) });
    await comesBack(desk);
    await vi.waitFor(() => expect(seqs(desk).length).toBe(200));
    expect(seqs(desk)).toEqual(from(122, 321));
  });

  it("is not torn by what is known anew of a line far up", async () => {
    lines = 300;
    const desk = await opened();
    await desk.show("c1");
    sockets.at(-1)!.tell({ type: "message", conversation_id: "c1", message: line(5) });
    expect(seqs(desk)).toEqual(from(101, 300));
  });
});

describe("the picture of a phrase", () => {
  const phrase: Phrase = {
    phrase_id: 7, is_shops: false, group: "", code: "尺码", text: "", uses: 0, sounds: "",
    picture: { picture_id: "p", url: "/uploads/p", width: 1, height: 1, name: "尺码表.png" },
  };

  it("goes with the next line to the buyer it was chosen for, once, and to nobody else", async () => {
    const desk = await opened();
    await desk.show("c1");
    desk.usePhrase(phrase);
    await desk.show("c2");
    await desk.answer("没有图片的话");
    await desk.show("c1");
    await desk.answer("看这张");
    await desk.answer("还有吗");
    expect(answered.map(([id, body]) => [id, body["text"], body["picture_id"]])).toEqual([
      ["c2", "没有图片的话", undefined],
      ["c1", "看这张", "of c1"],
      ["c1", "还有吗", undefined],
    ]);
  });

  it("stays behind where the agent says so", async () => {
    const desk = await opened();
    await desk.show("c1");
    desk.usePhrase(phrase);
    desk.detach("c1");
    await desk.answer("好的");
    expect(answered[0]![1]["picture_id"]).toBeUndefined();
  });
});

describe("what is unread", () => {
  const said = (seq: number): Partial<DeskConversation> => ({ last_from: "buyer", last_seq: seq });

  it("is so on every computer until it is read on one", async () => {
    stored = [waiting(1, said(4)), waiting(2, said(4))];
    own.seen = { c1: 4 };
    const desk = await opened();
    const unread = (): string[] => desk.shelf("waiting").filter((one) => desk.isUnread(one)).map((one) => one.conversation_id);
    expect(unread()).toEqual(["c2"]);
    sockets.at(-1)!.tell({ type: "conversations", conversations: [waiting(1, said(5))], waiting: 2 });
    expect(unread()).toEqual(["c1", "c2"]);
    sockets.at(-1)!.tell({ type: "seen", conversation_id: "c1", seq: 5 });
    sockets.at(-1)!.tell({ type: "seen", conversation_id: "c1", seq: 3 }); // overtaken
    expect(unread()).toEqual(["c2"]);
  });
});

describe("what was missed", () => {
  it("is asked for until it comes, though the network is back in name only", async () => {
    const desk = await opened();
    const works = globalThis.fetch;
    let tries = 0;
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      if (url.endsWith("/own") && (tries += 1) < 3) throw new TypeError("nothing comes back");
      return works(url, init);
    });
    sockets.at(-1)!.onclose?.();
    own.seen = { c7: 3 };
    desk.wake();
    sockets.at(-1)!.onopen?.();
    await vi.waitFor(() => expect(desk.state.seen["c7"]).toBe(3), { timeout: 10_000 });
    expect([tries, desk.state.problem]).toEqual([3, ""]);
  });
});

describe("a talk that a colleague has passed on", () => {
  it("is marked until it is opened, and rings where it is not open", async () => {
    vi.stubGlobal("document", { querySelector: () => null, addEventListener: () => undefined });
    vi.stubGlobal("window", {});
    vi.stubGlobal("navigator", {});
    const desk = await opened();
    const told = vi.fn();
    (new Notices(desk) as unknown as { tell: typeof told }).tell = told;
    const passed = waiting(3, { status: "with_agent", assignee: "小李", last_from: "system", last_seq: 4 });
    const frame = { type: "conversations", conversations: [passed], waiting: 449 };
    for (let twice = 0; twice < 2; twice += 1) sockets.at(-1)!.tell(frame);
    expect(told.mock.calls).toEqual([["访客 3转给您了", "c3"]]);
    expect(desk.shelf("mine").map((one) => desk.isUnread(one))).toEqual([true]);
    await desk.show("c5"); // taken by oneself: it stands open
    sockets.at(-1)!.tell({ ...frame, conversations: [{ ...passed, conversation_id: "c5" }] });
    sockets.at(-1)!.tell({ ...frame, conversations: [waiting(6, { status: "with_agent", assignee: "小张" })] });
    expect(told).toHaveBeenCalledTimes(1);
  });
});

describe("how many wait", () => {
  it("is as many as the server says, not as many as are on the first page", async () => {
    const desk = await opened();
    expect([desk.state.counts.waiting, ids(desk).length]).toEqual([450, 200]);
    sockets.at(-1)!.tell({ type: "conversations", conversations: [waiting(0, { status: "with_agent" })], waiting: 449 });
    expect(desk.state.counts.waiting).toBe(449);
  });
});

describe("a note that calls a colleague", () => {
  const kept = (id: string, number: number, agent = "小王"): Mention => ({
    conversation_id: id, note: { note_id: number, agent, agent_name: agent, text: "@小李 看一下", at: new Date(0).toISOString() },
  });
  const frame = (one: Mention, mentions: string[]) => ({ type: "note", ...one, mentions });
  const calling = (desk: Desk): number[] => desk.state.calls.map((one) => one.note.note_id);

  it("stands on the page of who was called until the talk is opened, and the house is told", async () => {
    const desk = await opened();
    const tell = (given: unknown): void => sockets.at(-1)!.tell(given);
    tell(frame(kept("c1", 1), ["小李"]));
    tell(frame(kept("c1", 1), ["小李"])); // told twice
    tell(frame(kept("c2", 2), ["小张"]));
    expect(calling(desk)).toEqual([1]);
    await desk.show("c2");
    expect(calling(desk)).toEqual([1]);
    notes = [kept("c1", 1).note];
    await desk.show("c1");
    expect([calling(desk), desk.state.called]).toEqual([[], [1]]);
    await vi.waitFor(() => expect(marked).toEqual([["c1", { note_id: 1 }]]));
    tell(frame(kept("c1", 3), ["小李"])); // before one's eyes
    expect([calling(desk), desk.state.called]).toEqual([[], [1, 3]]);
  });

  it("is known to who was away, and gone once it is seen on another computer", async () => {
    own.mentions = [kept("c4", 9), kept("c3", 7), kept("c3", 5)];
    const desk = await opened();
    await vi.waitFor(() => expect(calling(desk)).toEqual([9, 7, 5]));
    sockets.at(-1)!.tell({ type: "mentions_seen", conversation_id: "c3", note_id: 6 });
    expect(calling(desk)).toEqual([9, 7]);
  });
});

describe("what was closed", () => {
  it("is counted and listed as soon as it is closed, and no longer once it goes on", async () => {
    const desk = await opened();
    const told = (status: "closed" | "waiting"): void => sockets.at(-1)!.tell({ type: "conversations", conversations: [waiting(0, { status })], waiting: 449 });
    desk.state.counts.open = 450;
    for (let twice = 0; twice < 2; twice += 1) told("closed");
    expect([desk.state.counts.closed, desk.state.counts.open, desk.shelf("closed").map((one) => one.conversation_id)]).toEqual([1, 449, ["c0"]]);
    for (let twice = 0; twice < 2; twice += 1) told("waiting");
    expect([desk.state.counts.closed, desk.state.counts.open, desk.shelf("closed")]).toEqual([0, 450, []]);
  });
});

describe("the queue", () => {
  it("is by urgency first, and the oldest first within it", async () => {
    stored = [waiting(3), waiting(1), waiting(2, { urgency: 0 })];
    const desk = await opened();
    expect(ids(desk)).toEqual(["c2", "c1", "c3"]);
  });
});
