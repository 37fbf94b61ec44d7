import { describe, expect, it } from "vitest";
import { matching, type Command } from "@/desk/commands";
import type { Phrase } from "@/desk/desk-api";
import { fits } from "@/desk/phrase-words";
import { fenOf } from "@/desk/questions";

const command = (label: string, group: Command["group"] = "办事"): Command => ({ id: label, group, label, run: () => undefined });

describe("a sum that an agent types", () => {
  it.each([
    ["459", 45900],
    ["459.5", 45950],
    ["459.05", 45905],
    [" 0.01 ", 1],
    ["459.", 45900],
  ])("%s is read", (typed, fen) => expect(fenOf(typed)).toBe(fen));

  it.each(["", "abc", "4.5.6", "-1", "459.123", "1e3", "４５９", "459元", ".5", "99999999"])("%s is none", (typed) => expect(fenOf(typed)).toBeNull());
});

describe("the command bar", () => {
  const all = [command("改价（尾号 1234，待付款）"), command("改收货信息（尾号 1234，待付款）"), command("访客：改价吗", "会话")];

  it("shows all while nothing is typed", () => expect(matching(all, " ")).toHaveLength(3));
  it("keeps what holds every word, deeds before talks", () => {
    expect(matching(all, "改价").map((one) => one.group)).toEqual(["办事", "会话"]);
    expect(matching(all, "改 1234")).toHaveLength(2);
    expect(matching(all, "退款")).toHaveLength(0);
  });
});

describe("a phrase", () => {
  const phrase: Phrase = {
    phrase_id: 1, is_shops: true, group: "售前", code: "尺码", text: "这款Pro偏小，建议拍大一码", uses: 0, picture: null,
    sounds: "chi ma shou qian zhe kuan pro pian xiao , jian yi pai da yi ma",
  };
  it.each(["", "尺码", "偏小", "chima", "chim", "cm", "CM", "shouq", "pro", "jianyi", "pdym"])("is found by %j", (typed) =>
    expect(fits(phrase, typed)).toBe(true),
  );
  it.each(["码尺", "mac", "hima", "xyz", "c.*", "a)"])("is not found by %j", (typed) => expect(fits(phrase, typed)).toBe(false));
  it("is found in the command bar too", () => {
    const all = [{ ...command("/尺码 这款偏小", "短语"), fits: (word: string) => fits(phrase, word) }];
    expect(matching(all, "短语 chima")).toHaveLength(1);
    expect(matching(all, "短语 baoyou")).toHaveLength(0);
  });
});
