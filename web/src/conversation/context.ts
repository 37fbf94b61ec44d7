/** Hands the address rules down to every card and bubble without passing them through each. */

import { inject, provide, type InjectionKey } from "vue";
import { ownLink, splitLinks, type TextPart } from "@/chat/links";
import type { Sender } from "@/chat/protocol";

export interface Links {
  /** Address of a picture the shop shows; "" when it may not be loaded. */
  picture(address: string | null | undefined): string;
  /** Address that may be clicked, null otherwise. */
  page(address: string | null | undefined): string | null;
  /** Address that the shop's owner has set, wherever it leads; null where it is none. */
  shop(address: string | null | undefined): string | null;
  /** undefined keeps the tab (own shop); a foreign page keeps its buyer and opens a new one. */
  target(href: string): "_blank" | undefined;
  /** What `from` has written, with the addresses in it that may be clicked. */
  split(text: string, from: Sender): TextPart[];
}

const LINKS: InjectionKey<Links> = Symbol("links");

/** `trusted`: whose foreign addresses may be clicked as well. */
export function linksFor(base: string, trusted: readonly Sender[] = []): Links {
  const origins = [new URL(base).origin, location.origin];
  return {
    picture: (address) => (address?.startsWith("blob:") ? address : (ownLink(address, base, origins) ?? "")),
    page: (address) => ownLink(address, base, origins),
    shop: (address) => (address?.startsWith("https://") ? address : ownLink(address, base, origins)),
    target: (href) => (new URL(href).origin === location.origin ? undefined : "_blank"),
    split: (text, from) => splitLinks(text, base, origins, trusted.includes(from)),
  };
}

export function provideLinks(base: string, trusted: readonly Sender[] = []): Links {
  const links = linksFor(base, trusted);
  provide(LINKS, links);
  return links;
}

export function useLinks(): Links {
  const links = inject(LINKS);
  if (!links) throw new Error("provideLinks() is missing above this component");
  return links;
}
