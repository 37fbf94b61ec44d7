/** HTTP calls with a time limit, the server's one error shape, and words for when there is no server. */

import type { Problem } from "./protocol";

const TIME_LIMIT_MS = 15_000;

export class ApiError extends Error {
  /** `status` is the HTTP status; 0 = no answer came. `more`: what else the answer's `error` holds. */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly more: object = {},
  ) {
    super(message);
    this.name = "ApiError";
  }
}

export interface CallOptions {
  method?: "GET" | "POST";
  body?: unknown;
  token?: string | undefined;
  headers?: Record<string, string>;
  limitMs?: number; // where a long wait is usual
  heard?: (headers: Headers) => void; // of an answer that is no error
}

/** Answers the parsed JSON; throws ApiError with a message fit for the buyer. */
export async function call<T>(url: string, options: CallOptions = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json", ...options.headers };
  if (options.token) headers["Authorization"] = `Bearer ${options.token}`;
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  // AbortSignal.timeout is missing in older phone web views.
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), options.limitMs ?? TIME_LIMIT_MS);
  try {
    const response = await fetch(url, {
      method: options.method ?? "GET",
      headers,
      signal: abort.signal,
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    if (!response.ok) throw problemOf(response.status, text);
    options.heard?.(response.headers);
    return (text ? JSON.parse(text) : {}) as T;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError(0, "unreachable", "网络不太稳，请稍后再试一次");
  } finally {
    clearTimeout(timer);
  }
}

/** Reads `{"error": {"code", "message"}}`; anything else becomes a general apology. */
export function problemOf(status: number, text: string): ApiError {
  try {
    const { error } = JSON.parse(text) as { error?: Partial<Problem> };
    if (error?.message) return new ApiError(status, error.code ?? "unknown", error.message, error);
  } catch {
    // A proxy's HTML page: fall through to the general words.
  }
  return new ApiError(status, "unknown", "出了点小问题，请稍后再试一次");
}
