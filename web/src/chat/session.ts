/** Who the buyer is: a token that this tab holds and every tab of the browser shares. */

import { ApiError, call } from "./api";
import type { Session } from "./protocol";
import type { KeyStore } from "./storage";

export const TOKEN = "dianxiaoer.token";
const FORGET = new Set(["unauthorized", "bad_token", "token_expired", "token_invalid"]);

/** True where the server no longer takes the token: a new visit is the only way on. */
export function isStale(error: { status?: number; code: string }): boolean {
  return error.status === 401 || error.status === 403 || FORGET.has(error.code);
}

export class SessionKeeper {
  /** A signed-in buyer's token ran out: the shop's page has to give a new one. */
  hasExpired = false;
  private held: string | null;
  private was: string | null = null; // the visitor who has just signed in

  constructor(
    private readonly base: string,
    private readonly store: KeyStore,
  ) {
    this.held = store.getItem(TOKEN);
  }

  /** This tab's own: another tab that signs in must not turn this one's open chat into its own. */
  get token(): string | null {
    return this.held;
  }

  /** What the browser holds by now; another tab may have changed it. */
  get shared(): string | null {
    return this.store.getItem(TOKEN);
  }

  /** `was`: the visitor's token until now; what was begun goes along. */
  use(token: string, was: string | null = null): void {
    this.was = was;
    this.held = token;
    this.store.setItem(TOKEN, token);
  }

  forget(): void {
    this.held = this.was = null;
    this.store.removeItem(TOKEN);
  }

  /** Takes over what another tab has made of the browser's buyer; nothing is written. */
  follow(): void {
    this.held = this.shared;
  }

  /** Opens the session of this tab's token, a new visitor's where there is none or it ran out. */
  async open(productId: string | null): Promise<Session> {
    const token = this.held;
    this.hasExpired = false;
    try {
      return await this.ask(token, productId);
    } catch (error) {
      if (!token || !(error instanceof ApiError) || !isStale(error)) throw error;
      this.forget();
      this.hasExpired = isOfBuyer(token);
      return await this.ask(null, productId);
    }
  }

  private async ask(token: string | null, productId: string | null): Promise<Session> {
    const session = await call<Session>(`${this.base}/api/chat/session`, {
      method: "POST",
      body: { ...(token ? { token } : {}), ...(this.was ? { was: this.was } : {}), ...(productId ? { product_id: productId } : {}) },
    });
    if (token && session.token !== token && isOfBuyer(token)) this.hasExpired = true;
    const other = token ? null : this.shared;
    if (other) {
      // Two tabs opened at once: whoever was first is the visitor of both.
      this.held = other;
      return await this.ask(other, productId);
    }
    this.use(session.token);
    return session;
  }
}

/** Whether the shop has signed this token for a buyer of its own; a visitor's is ours. */
function isOfBuyer(token: string): boolean {
  try {
    const claims = token.split(".")[1]!.replace(/-/g, "+").replace(/_/g, "/");
    return (JSON.parse(atob(claims)) as { kind?: string }).kind === "buyer";
  } catch {
    return false;
  }
}
