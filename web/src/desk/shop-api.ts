/** The shop's data a row at a time, as docs/desk-api.yaml has it. */

import { ApiError } from "@/chat/api";
import type { components } from "./api-types";
import { postFiles } from "./desk-api";
import { post, read } from "./desk-call";

type Schemas = components["schemas"];
export type ShopKind = Schemas["ShopKind"];
export type ShopRow = Schemas["ShopRow"];
export type ShopField = Schemas["ShopField"];
export type ShopRows = Schemas["ShopRows"];
export type ShopRowSaved = Schemas["ShopRowSaved"];
export type ShopFault = Schemas["ShopFault"];
export type ShopChange = Schemas["ShopChange"];

const LIMIT_MS = 60_000; // a shop of many thousand goods is looked through at each change

export const shopApi = {
  rows: (kind: ShopKind, wanted = "", of = "", offset = 0) =>
    read<ShopRows>(`shop/rows?${new URLSearchParams({ kind, q: wanted, of, offset: String(offset) })}`, { limitMs: LIMIT_MS }),
  save: (kind: ShopKind, row: { key: string; mark: string }, values: Record<string, string>, is_sure = false) =>
    post<ShopRowSaved>("shop/rows", { kind, key: row.key, mark: row.mark, values, is_sure }),
  /** Drawn anew by the house; what no goods name within an hour goes again. */
  picture: (file: File) => postFiles<{ url: string }>("shop/pictures", [file], {}),
  remove: (kind: ShopKind, row: ShopRow) => post<{ change_id: number }>("shop/rows/remove", { kind, key: row.key, mark: row.mark }),
  changes: async (offset = 0) => (await read<{ changes: ShopChange[] }>(`shop/changes?offset=${offset}`)).changes,
  undo: (id: number) => post<{ name: string }>(`shop/changes/${id}/undo`),
};

export const faultsOf = (error: ApiError): ShopFault[] => (error.more as { faults?: ShopFault[] }).faults ?? [];
/** Where another was quicker: the row as it is now; null where it is gone. */
export const rowNow = (error: ApiError): ShopRow | null => (error.more as { row?: ShopRow | null }).row ?? null;
