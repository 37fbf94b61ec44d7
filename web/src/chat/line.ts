/** Which kind of line is opened: a WebSocket, or requests where this page never gets one through. */

import type { SocketLike } from "./connection";
import { PollingLine } from "./polling";

export interface LineOptions {
  base: string; // where the house stands
  /** No WebSocket came through; from now on it goes by requests. */
  onRefused: () => void;
  openWebSocket?: (address: string) => WebSocket;
}

/** A policy of the page, a proxy or an old filter may refuse sockets and let requests pass: until one
 * socket has been ready, every other try goes by requests. After that the network was to blame. */
export function lineOpener(options: LineOptions): () => SocketLike {
  const { base, onRefused } = options;
  const address = `${base.replace(/^http/, "ws")}/api/chat/socket`;
  const openWebSocket = options.openWebSocket ?? ((to: string) => new WebSocket(to));
  let wasReady = false;
  let tries = 0;
  let latest: SocketLike | null = null;
  // Chromium says nothing to a socket that the page's policy has refused.
  globalThis.document?.addEventListener("securitypolicyviolation", ({ blockedURI }) => {
    if (address.startsWith(originOf(blockedURI))) latest?.onclose?.();
  });
  return () => {
    tries += 1;
    if (!wasReady && tries % 2 === 0) {
      if (tries === 2) onRefused();
      latest = null;
      return new PollingLine(base);
    }
    const socket = openWebSocket(address);
    const hear = (event: MessageEvent): void => {
      if (!String(event.data).includes('"ready"')) return;
      wasReady = true;
      socket.removeEventListener("message", hear);
    };
    socket.addEventListener("message", hear);
    return (latest = socket as unknown as SocketLike);
  };
}

function originOf(address: string): string {
  return /^wss?:\/\/[^/]+/.exec(address)?.[0] ?? "none";
}
