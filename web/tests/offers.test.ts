import { describe, expect, it, vi } from "vitest";
import { completions, Offers } from "@/chat/offers";
import type { Card, Message } from "@/chat/protocol";
import { chosenButtons, superseded } from "@/chat/transcript";

const known = ["怎么退换货", "退款什么时候到账", "包邮吗"].map((text) => ({ id: text, text }));

describe("what is typed", () => {
  it("is completed by its characters in their order, what begins with them first", () => {
    expect(completions("退", known).map(({ text }) => text)).toEqual(["退款什么时候到账", "怎么退换货"]);
    expect(completions("退到账", known).map(({ text }) => text)).toEqual(["退款什么时候到账"]);
    expect(completions("货退", known)).toEqual([]);
  });

  it("is left alone when it is nothing, whole, or long", () => {
    for (const typed of ["", "包邮吗", "这是一句很长很长很长很长的话"]) expect(completions(typed, known)).toEqual([]);
  });
});

describe("questions for completing", () => {
  it("are asked for once, when it is known whose chat it is", async () => {
    const answer = () => Promise.resolve(Response.json({ questions: [], all: known }));
    const asked = vi.spyOn(globalThis, "fetch").mockImplementation(answer);
    let token: string | undefined;
    const state = { messages: [], known: [] };
    const offers = new Offers({ base: "", state, token: () => token, productId: () => null } as never);
    await offers.learnAll(); // typed while the session was on its way
    expect(asked).not.toHaveBeenCalled();
    token = "t";
    await offers.learnAll();
    await offers.learnAll();
    expect(asked).toHaveBeenCalledTimes(1);
    expect(state.known).toEqual(known);
    asked.mockRestore();
  });
});

describe("cards and buttons", () => {
  const line = (seq: number, more: Partial<Message>): Message => ({
    seq, id: `m${seq}`, from: "bot", kind: "card", text: "", at: "", ...more,
  });
  const order = (number: string): Card => ({ type: "order", number }) as unknown as Card;

  it("that a later card tells of anew are folded, others stay", () => {
    const messages = [line(1, { card: order("a") }), line(2, { card: order("b") }), line(3, { card: order("a") })];
    expect([...superseded(messages)]).toEqual([1]);
  });

  it("that were pressed stay marked, also while the press is on its way", () => {
    const pending = [{ frame: { type: "send", id: "x", kind: "button", seq: 3, button: 1 } }];
    const chosen = chosenButtons([line(2, { pressed: { seq: 1, button: 0 } })], pending as never);
    expect([...chosen]).toEqual([[1, 0], [3, 1]]);
  });
});
