/** Who the buyer is: the token in local storage, and the session the server gives for it. */

import { ApiError, call } from "./api";
import type { Session } from "./protocol";
import type { KeyStore } from "./storage";

const TOKEN = "dianxiaoer.token";
const FORGET = new Set(["unauthorized", "bad_token", "token_expired", "token_invalid"]);

/** True where the server no longer takes the token: a new visit is the only way on. */
export function isStale(error: { status?: number; code: string }): boolean {
  return error.status === 401 || error.status === 403 || FORGET.has(error.code);
}

export class SessionKeeper {
  constructor(
    private readonly base: string,
    private readonly store: KeyStore,
  ) {}

  get token(): string | null {
    return this.store.getItem(TOKEN);
  }

  use(token: string): void {
    this.store.setItem(TOKEN, token);
  }

  forget(): void {
    this.store.removeItem(TOKEN);
  }

  /** Opens the session of the stored token, a new visitor's where there is none or it has expired. */
  async open(productId: string | null): Promise<Session> {
    const token = this.token;
    try {
      return await this.ask(token, productId);
    } catch (error) {
      if (!token || !(error instanceof ApiError) || !isStale(error)) throw error;
      this.forget();
      return await this.ask(null, productId);
    }
  }

  private async ask(token: string | null, productId: string | null): Promise<Session> {
    const session = await call<Session>(`${this.base}/api/chat/session`, {
      method: "POST",
      body: { ...(token ? { token } : {}), ...(productId ? { product_id: productId } : {}) },
    });
    this.use(session.token);
    return session;
  }
}
