/** Colleagues behind @: by the name that one reads, and told apart where two are called alike. */

import { describe, expect, it } from "vitest";
import { called, callingAt, colleagues, nameOf } from "@/desk/calling";
import type { Agent } from "@/desk/desk-api";

const person = (name: string, display_name = ""): Agent => ({ name, display_name, may_teach: false });
const people = [person("lin", "小林"), person("lin2", "小林子"), person("zhao", "小赵"), person("zhao-b", "小赵"), person("wang", "大林")];
const names = (wanted: string, me = ""): string[] => colleagues(people, me, wanted).map((one) => one.name);

describe("behind @", () => {
  it("colleagues are found by the name one reads or the account's, never oneself", () => {
    expect(names("小林")).toEqual(["lin", "lin2"]);
    expect(names("林")).toEqual(["lin", "lin2", "wang"]);
    expect(names("ZHAO")).toEqual(["zhao", "zhao-b"]);
    expect(names("", "wang")).not.toContain("wang");
  });

  it.each([
    ["@", 1, { from: 0, wanted: "" }],
    ["这单@小", 4, { from: 2, wanted: "小" }],
    ["＠小林", 3, { from: 0, wanted: "小林" }],
    ["@小林 看一下", 7, null],
    ["@小林 看一下", 2, { from: 0, wanted: "小" }],
    ["没有", 2, null],
  ])("%s at %i", (text, caret, found) => expect(callingAt(text, caret)).toEqual(found));

  it("the name goes in with one space, and the rest stays", () => {
    expect(called("问@小 看", 3, { from: 1, wanted: "小" }, people[0]!, people)).toEqual({ text: "问@小林 看", caret: 5 });
    expect(called("@", 1, { from: 0, wanted: "" }, people[3]!, people).text).toBe("@zhao-b "); // two are called 小赵
  });

  it("two who are called alike are told apart", () => {
    expect(people.map((one) => nameOf(one, people))).toEqual(["小林", "小林子", "小赵（账号 zhao）", "小赵（账号 zhao-b）", "大林"]);
  });
});
