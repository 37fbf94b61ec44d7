import { describe, expect, it } from "vitest";
import { gridOf, pasted, textOf } from "@/desk/grid";
import { changedValues } from "@/desk/shop-rows";

describe("a table in one cell", () => {
  it("comes back as it was written, rows of one width", () => {
    const text = "尺码\t身高cm\nM\t165-170\nL";
    expect(gridOf(text)).toEqual([["尺码", "身高cm"], ["M", "165-170"], ["L", ""]]);
    expect(gridOf(textOf(gridOf(text)))).toEqual(gridOf(text));
    expect(gridOf("")).toEqual([]);
    expect(textOf([["尺码", "胸围"], ["", ""], ["M", "10\t8"]])).toBe("尺码\t胸围\nM\t10 8");
  });

  it("takes what was copied from Excel from the cell on where it is pasted", () => {
    const grid = [["尺码", "身高cm"], ["", ""]];
    expect(pasted(grid, { row: 1, column: 0 }, "M\t165-170\r\nL\t170-175\t108\r\n")).toEqual([
      ["尺码", "身高cm", ""], ["M", "165-170", ""], ["L", "170-175", "108"],
    ]);
  });

  it("keeps a row whose first cell is empty apart from one that begins with its second", () => {
    const row = { key: "a", title: "", about: "", note: "", mark: "", axes: [], values: { chart: "尺码\t身高\nM\t165-170" } };
    expect(changedValues(row, { chart: "尺码\t身高\n\t165-170" })).toEqual({ chart: "尺码\t身高\n\t165-170" });
    expect(changedValues(row, { chart: "尺码\t身高  \n M\t165-170\t\n" })).toEqual({});
  });
});
