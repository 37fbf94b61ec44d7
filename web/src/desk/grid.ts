/** A small table as the text of one cell: a line a row, cells parted by tabs, headings first. */

export type Grid = string[][];

/** Every row as wide as the widest. */
export function gridOf(text: string): Grid {
  const rows = text ? text.split("\n").map((line) => line.split("\t").map((cell) => cell.trim())) : [];
  const width = Math.max(0, ...rows.map((row) => row.length));
  return rows.map((row) => [...row, ...Array<string>(width - row.length).fill("")]);
}

/** Rows and cells at the end that say nothing are left out. */
export function textOf(grid: Grid): string {
  const clean = (cell: string): string => cell.replace(/[\t\n]+/g, " ").trim();
  return grid
    .map((row) => row.map(clean).join("\t"))
    .filter((line) => line.trim())
    .join("\n");
}

/** What was copied from Excel, laid over the table from this cell on. */
export function pasted(grid: Grid, at: { row: number; column: number }, text: string): Grid {
  const block = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split("\t"));
  const width = Math.max(grid[0]?.length ?? 0, at.column + Math.max(...block.map((line) => line.length)));
  const made = [...grid, ...Array.from({ length: Math.max(0, at.row + block.length - grid.length) }, (): string[] => [])];
  return made.map((row, r) =>
    Array.from({ length: width }, (_, c) => block[r - at.row]?.[c - at.column]?.trim() ?? row[c] ?? ""),
  );
}
