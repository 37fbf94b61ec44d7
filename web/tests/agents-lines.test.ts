import { describe, expect, it } from "vitest";
import type { Message } from "@/chat/protocol";
import { merge } from "@/chat/transcript";
import { rowsOf } from "@/conversation/timeline";

const line = (seq: number, from: Message["from"], text: string, more: Partial<Message> = {}): Message => ({
  seq,
  id: `m${seq}`,
  from,
  kind: "text",
  text,
  at: new Date(seq * 1000).toISOString(),
  ...more,
});

describe("a line taken back", () => {
  const said = [line(1, "buyer", "在吗"), line(2, "agent", "给您打一折")];
  const told = line(3, "system", "客服撤回了一句话", { takes_back: 2 });

  it("loses its words where the page had them", () => {
    const [, gone] = merge(said, [told]);
    expect(gone).toMatchObject({ seq: 2, text: "", is_taken_back: true });
  });

  it("is told by the line itself, not by one more", () => {
    expect(rowsOf(merge(said, [told])).map(({ message }) => message.seq)).toEqual([1, 2]);
  });

  it("does no harm where the page never had it", () => {
    expect(merge([said[0]!], [told]).map(({ seq }) => seq)).toEqual([1, 3]);
  });

  it("stays taken back when the page is told of it in one piece", () => {
    const fetched = [line(2, "agent", "", { is_taken_back: true }), told];
    expect(merge([], fetched)[0]).toMatchObject({ is_taken_back: true });
  });
});
