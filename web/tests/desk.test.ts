import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Desk } from "@/desk/desk";
import type { DeskConversation } from "@/desk/desk-api";
import { FakeSocket } from "./fake-link";

const PAGE = 200; // as the server gives them

let stored: DeskConversation[];
let sockets: FakeSocket[];
let offsets: number[];
let own: { seen: Record<string, number>; notices: { sound: boolean; desktop: boolean } };

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

async function opened(): Promise<Desk> {
  const desk = new Desk();
  await desk.recognise();
  sockets.at(-1)!.onopen?.();
  await vi.waitFor(() => expect(desk.state.paged).toBeGreaterThan(0));
  return desk;
}

const ids = (desk: Desk): string[] => desk.shelf("waiting").map((one) => one.conversation_id);

beforeEach(() => {
  [sockets, offsets] = [[], []];
  own = { seen: {}, notices: { sound: true, desktop: false } };
  stored = Array.from({ length: 450 }, (_, number) => waiting(number));
  vi.stubGlobal("location", { origin: "https://shop.test", href: "https://shop.test/desk" });
  vi.stubGlobal("document", { querySelector: () => null });
  const socket = vi.fn(function () {
    sockets.push(new FakeSocket());
    return sockets.at(-1);
  });
  vi.stubGlobal("WebSocket", socket);
  vi.stubGlobal("fetch", async (url: string) => {
    if (url.endsWith("/me")) return new Response(JSON.stringify({ name: "小李" }));
    if (url.endsWith("/own")) return new Response(JSON.stringify(own));
    if (url.endsWith("/seen")) return new Response("{}");
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
    sockets.at(-1)!.tell({ type: "conversations", conversations: [waiting(0, { is_behind: true })] });
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

describe("what is unread", () => {
  const said = (seq: number): Partial<DeskConversation> => ({ last_from: "buyer", last_seq: seq });

  it("is so on every computer until it is read on one", async () => {
    stored = [waiting(1, said(4)), waiting(2, said(4))];
    own.seen = { c1: 4 };
    const desk = await opened();
    const unread = (): string[] => desk.shelf("waiting").filter((one) => desk.isUnread(one)).map((one) => one.conversation_id);
    expect(unread()).toEqual(["c2"]);
    sockets.at(-1)!.tell({ type: "conversations", conversations: [waiting(1, said(5))] });
    expect(unread()).toEqual(["c1", "c2"]);
    sockets.at(-1)!.tell({ type: "seen", conversation_id: "c1", seq: 5 });
    sockets.at(-1)!.tell({ type: "seen", conversation_id: "c1", seq: 3 }); // overtaken
    expect(unread()).toEqual(["c2"]);
  });
});

describe("the queue", () => {
  it("is by urgency first, and the oldest first within it", async () => {
    stored = [waiting(3), waiting(1), waiting(2, { urgency: 0 })];
    const desk = await opened();
    expect(ids(desk)).toEqual(["c2", "c1", "c3"]);
  });
});
