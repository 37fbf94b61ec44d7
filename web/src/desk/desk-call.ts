/** The one way to the desk's API: a cookie says who asks, and writes carry a header of ours. */

import { call, type CallOptions } from "@/chat/api";
import { houseOfPage } from "@/chat/house";

// A foreign page cannot set this header without asking first, so its forged writes are refused.
export const OURS = { "X-Requested-With": "dianxiaoer" };

export const api = (path: string): string => `${houseOfPage()}/api/desk/${path}`;

export const read = <T>(path: string, options: CallOptions = {}): Promise<T> => call<T>(api(path), options);

export const post = <T>(path: string, body: unknown = {}): Promise<T> =>
  call<T>(api(path), { method: "POST", body, headers: OURS });
