import { describe, expect, it } from "vitest";
import { changesOf, fieldsOf, itemsOf, length, matchingEntries } from "@/desk/editing";
import type { FileEntry, FilePart } from "@/desk/teaching-api";

const asked: FilePart = { label: "买家怎么问", path: ["nlu", 0, "examples"], shape: "lines", items: ["有门店吗", "哪能试穿"] };
const answers: FilePart = { label: "怎么回答", path: ["responses", "utter_a"], shape: "variants", items: ["没有门店", "只在网上卖"] };
const entry: FileEntry = { file: "data/nlu/a.yml", name: "faq/a", title: "问实体店", note: "", parts: [asked, answers] };

describe("the pages of the trainers' files", () => {
  it("give each variant a field, and other lists one with a line each", () => {
    expect(fieldsOf(asked)).toEqual(["有门店吗\n哪能试穿"]);
    expect(fieldsOf(answers)).toEqual(answers.items);
    expect(itemsOf(asked, [" 有门店吗 \n\n哪能试穿"])).toEqual(asked.items);
    expect(itemsOf(answers, ["没有门店", " ", "只在网上卖"])).toEqual(answers.items);
  });

  it("send only the lists that are other than in the file", () => {
    const typed = entry.parts.map(fieldsOf);
    expect(changesOf(entry, typed)).toEqual([]);
    typed[1]!.push("  ");
    expect(changesOf(entry, typed)).toEqual([]);
    typed[1]!.push("以后会开");
    expect(changesOf(entry, typed)).toEqual([{ path: answers.path, items: [...answers.items, "以后会开"] }]);
  });

  it("count a reply as the check does, without what is filled in", () => {
    expect(length("{name}有{left}件")).toBe(2);
    expect(length("😊好")).toBe(2);
  });

  it("are searched by every word, in titles, names and contents", () => {
    expect(matchingEntries([entry], "")).toEqual([entry]);
    expect(matchingEntries([entry], "试穿 faq")).toEqual([entry]);
    expect(matchingEntries([entry], "试穿 运费")).toEqual([]);
  });
});
