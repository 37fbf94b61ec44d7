/** Hands the address rules down to every card and bubble without passing them through each. */

import { inject, provide, type InjectionKey } from "vue";
import { ownLink, splitLinks, type TextPart } from "@/chat/links";

export interface Links {
  /** Address of a picture the shop shows; "" when it may not be loaded. */
  picture(address: string | null | undefined): string;
  /** Address that may be clicked, null otherwise. */
  page(address: string | null | undefined): string | null;
  /** Address that the shop's owner has set, wherever it leads; null where it is none. */
  shop(address: string | null | undefined): string | null;
  /** undefined keeps the tab (own shop); a foreign page keeps its buyer and opens a new one. */
  target(href: string): "_blank" | undefined;
  split(text: string): TextPart[];
}

const LINKS: InjectionKey<Links> = Symbol("links");

export function linksFor(base: string): Links {
  const origins = [new URL(base).origin, location.origin];
  return {
    picture: (address) => (address?.startsWith("blob:") ? address : (ownLink(address, base, origins) ?? "")),
    page: (address) => ownLink(address, base, origins),
    shop: (address) => (address?.startsWith("https://") ? address : ownLink(address, base, origins)),
    target: (href) => (new URL(href).origin === location.origin ? undefined : "_blank"),
    split: (text) => splitLinks(text, base, origins),
  };
}

export function provideLinks(base: string): Links {
  const links = linksFor(base);
  provide(LINKS, links);
  return links;
}

export function useLinks(): Links {
  const links = inject(LINKS);
  if (!links) throw new Error("provideLinks() is missing above this component");
  return links;
}
