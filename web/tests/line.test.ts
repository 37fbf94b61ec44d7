import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "@/chat/api";
import type { SocketLike } from "@/chat/connection";
import { lineOpener } from "@/chat/line";
import { PollingLine } from "@/chat/polling";
import { inkOn, isHiddenOn, readOptions } from "@/widget/options";

class Socket extends EventTarget {
  onopen = null;
}

describe("the kind of line", () => {
  let opened: Socket[];
  let refused: number;
  let open: () => SocketLike;

  beforeEach(() => {
    [opened, refused] = [[], 0];
    open = lineOpener({
      base: "https://shop.test/kefu",
      onRefused: () => (refused += 1),
      openWebSocket: (address) => {
        expect(address).toBe("wss://shop.test/kefu/api/chat/socket");
        opened.push(new Socket());
        return opened[opened.length - 1] as unknown as WebSocket;
      },
    });
    vi.stubGlobal("fetch", () => new Promise(() => undefined));
  });
  afterEach(() => vi.unstubAllGlobals());

  it("is by requests where no socket ever gets through, and the owner is told once", () => {
    const lines = [open(), open(), open(), open()];
    expect(lines.map((one) => one instanceof PollingLine)).toEqual([false, true, false, true]);
    expect(refused).toBe(1);
  });

  it("stays a socket where one has been ready", () => {
    open();
    opened[0]!.dispatchEvent(Object.assign(new Event("message"), { data: '{"type": "ready"}' }));
    expect([open(), open()].some((one) => one instanceof PollingLine)).toBe(false);
  });
});

describe("a line by requests", () => {
  let frames: Record<string, unknown>[];
  let asked: string[];
  let answers: (() => Response | Promise<Response>)[];
  let line: PollingLine;
  let isClosed: boolean;
  const json = (body: unknown, status = 200) => () => new Response(JSON.stringify(body), { status });

  beforeEach(() => {
    [frames, asked, answers, isClosed] = [[], [], [], false];
    vi.stubGlobal("fetch", (url: string, init: { method: string }) => {
      asked.push(`${init.method} ${url}`);
      return answers.shift()?.() ?? new Promise(() => undefined);
    });
    line = new PollingLine("");
    line.onmessage = ({ data }) => frames.push(JSON.parse(data as string) as Record<string, unknown>);
    line.onclose = () => (isClosed = true);
  });
  afterEach(() => vi.unstubAllGlobals());

  it("greets, tells what was missed and goes on from there", async () => {
    const said = { seq: 4, from: "bot", text: "您好" };
    answers = [json({ conversation_id: "c", status: "with_bot", messages: [said], last_seq: 4 })];
    line.send(JSON.stringify({ type: "hello", token: "t", last_seq: 2 }));
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    expect(frames[0]).toMatchObject({ type: "ready", conversation_id: "c", last_seq: 4 });
    expect(frames[1]).toMatchObject({ type: "message", message: said });
    expect(asked).toEqual(["GET /api/chat/messages?after=2&wait=0", "GET /api/chat/messages?after=4&wait=10"]);
  });

  it("tells a refused line by its id and stays open", async () => {
    answers = [json({ error: { code: "too_long", message: "太长" } }, 413)];
    line.send(JSON.stringify({ type: "send", id: "a", kind: "text", text: "长" }));
    await vi.waitFor(() => expect(frames).toHaveLength(1));
    expect(frames[0]).toMatchObject({ type: "error", id: "a", error: { code: "too_long" } });
    expect(isClosed).toBe(false);
  });

  it("closes where nothing gets through", async () => {
    answers = [() => Promise.reject(new ApiError(0, "x", "y"))];
    line.send(JSON.stringify({ type: "hello", token: "t" }));
    await vi.waitFor(() => expect(isClosed).toBe(true));
  });
});

describe("the script tag", () => {
  it("is read, and a wrong value is told with what to write instead", () => {
    const told: string[] = [];
    const data = { position: "left", bottom: "80px", side: "abc", color: "#0a5", label: "", launcher: "none", hide: "/cart, /pay*" };
    const options = readOptions(data, false, (words) => told.push(words));
    expect(options).toMatchObject({ position: "left", bottom: 80, side: 20, colour: "#00aa55", label: "", hasLauncher: false });
    expect(told).toEqual(['data-side="abc" 不对，请写 0 到 600 之间的数字，例如 data-side="80"']);
    expect(["/cart", "/pay/1", "/cart/2", "/"].map((path) => isHiddenOn(options.hiddenOn, path))).toEqual([true, true, false, false]);
  });

  it("colours the words so that they can be read", () => {
    expect([inkOn("#1e6a4d"), inkOn("#ffd54a")]).toEqual(["#ffffff", "#111111"]);
  });
});
