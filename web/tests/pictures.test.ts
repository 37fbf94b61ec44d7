import { describe, expect, it, vi } from "vitest";
import type { Clock } from "@/chat/connection";
import { ApiError } from "@/chat/api";
import { Delivery } from "@/chat/delivery";
import type { Pending } from "@/chat/outbox";
import { fitToSend, kindOf } from "@/chat/pictures";
import type { SendFrame } from "@/chat/protocol";
import { drawnSize } from "@/chat/shrinking";
import { freshState } from "@/chat/state";
import { memoryStore } from "@/chat/storage";
import { Uploads } from "@/chat/uploads";
import { FakeClock } from "./fake-link";

const bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array([...text].map((sign) => sign.charCodeAt(0)));
const problem = async (file: Blob): Promise<string> => {
  const fit = await fitToSend(file);
  return "problem" in fit ? fit.problem : "";
};

describe("a file", () => {
  it("that is text in disguise gets a kind refusal", async () => {
    const file = new File(["hello, I am text"], "a.jpg", { type: "image/jpeg" });
    expect(await problem(file)).toContain("JPG、PNG、WebP 或 GIF");
  });

  it("over 8 MB that cannot be made smaller gets a kind refusal", async () => {
    const head = new Uint8Array([0xff, 0xd8, 0xff, 0xe0]);
    expect(await problem(new Blob([head, new Uint8Array(8 * 1024 * 1024)]))).toContain("8MB");
  });

  it.each([
    ["jpeg", "\xff\xd8\xff\xe0", "picture"],
    ["png", "\x89PNG\r\n\x1a\n", "picture"],
    ["gif", "GIF89a", "picture"],
    ["webp", "RIFF\0\0\0\0WEBP", "picture"],
    ["heic", "\0\0\0\x18ftypheic", "heic"],
    ["a heif sequence", "\0\0\0\x18ftypmif1", "heic"],
    ["mp4", "\0\0\0\x18ftypisom", "video"],
    ["webm", "\x1aE\xdf\xa3", "video"],
    ["text", "hello", "other"],
  ])("of type %s is known by its first bytes", (_type, head, kind) => {
    expect(kindOf(bytes(head))).toBe(kind);
  });

  it("of a kind that nothing here opens says what to do instead", async () => {
    expect(await problem(new Blob([bytes("\0\0\0\x18ftypheic....")]))).toContain("兼容性最佳");
    expect(await problem(new Blob([bytes("\0\0\0\x18ftypisom....")]))).toContain("照片");
  });
});

describe("a picture is drawn", () => {
  it.each([
    ["a phone's photo", 8000, 6000, 2048, 1536],
    ["what is small", 800, 600, 800, 600],
    ["a long screenshot as wide as it was", 1080, 12000, 1080, 12000],
    ["a very long one no longer than phones can draw", 1080, 28000, 540, 14000],
  ])("%s", (_name, width, height, drawnWidth, drawnHeight) => {
    expect(drawnSize(width, height)).toEqual({ width: drawnWidth, height: drawnHeight });
  });
});

describe("uploads", () => {
  const stays: Clock = new FakeClock();
  const page = (tab = memoryStore(), upload?: (file: Blob) => Promise<string>) => {
    const state = freshState();
    state.conversationId = "one";
    const sent: SendFrame[] = [];
    const delivery = new Delivery({
      state,
      store: tab,
      clock: stays,
      reconnect: () => undefined,
      transmit: (frame) => sent.push(frame) > 0,
    });
    const uploads = new Uploads({
      base: "",
      token: () => "t",
      delivery,
      store: tab,
      clock: stays,
      upload: async (_base, _token, file) => ({
        picture_id: (await upload?.(file)) ?? `of ${file.size}`,
        url: "/uploads/1",
        width: 1,
        height: 1,
      }),
    });
    const add = (id: string, size: number): void => {
      const pending: Pending = { id, frame: null, text: "", at: "", state: "uploading", problem: "", progress: 0, picture: null };
      delivery.add(pending);
      uploads.add(id, new Blob([new Uint8Array(size)]));
    };
    return { state, delivery, uploads, sent, add };
  };
  const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 20));

  it("go up one after the other, in the order they were chosen", async () => {
    const running: number[] = [];
    let most = 0;
    const { add, sent } = page(memoryStore(), async (file) => {
      running.push(file.size);
      most = Math.max(most, running.length);
      await new Promise((done) => setTimeout(done, 2));
      running.pop();
      return `of ${file.size}`;
    });
    for (const size of [1, 2, 3]) add(`p${size}`, size);
    await vi.waitFor(() => expect(sent).toHaveLength(3));
    expect(sent.map((frame) => "picture_id" in frame && frame.picture_id)).toEqual(["of 1", "of 2", "of 3"]);
    expect(most).toBe(1);
  });

  it("wait without a network and go out when the line is back", async () => {
    let isAway = true;
    const { add, sent, uploads, state } = page(memoryStore(), async () => {
      if (isAway) throw new ApiError(0, "unreachable", "没传上去");
      return "up";
    });
    add("p", 1);
    await settled();
    expect(state.pending[0]!.state).toBe("uploading");
    isAway = false;
    uploads.flush();
    await settled();
    expect(sent).toHaveLength(1);
  });

  it("that a reload interrupted without room to keep them are told, not lost without a word", () => {
    const tab = memoryStore();
    page(tab).add("p", 1);
    const reloaded = page(tab);
    reloaded.delivery.load("one");
    reloaded.uploads.restore(reloaded.state.pending);
    expect(reloaded.state.pending[0]).toMatchObject({ state: "failed", problem: "页面刷新过，这张图片请再选一次" });
  });

  it("that the tab has kept go on after a reload", async () => {
    const tab = memoryStore();
    page(tab, () => new Promise(() => undefined)).add("p", 1);
    tab.setItem("dianxiaoer.picture.p", `data:image/jpeg;base64,${btoa("abc")}`);
    const reloaded = page(tab);
    reloaded.delivery.load("one");
    reloaded.uploads.restore(reloaded.state.pending);
    await settled();
    expect(reloaded.sent).toMatchObject([{ kind: "picture", picture_id: "of 3" }]);
  });
});
