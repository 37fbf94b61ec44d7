/** Where the house stands: on a host of its own, or under a path of the shop's. All it says of its
 * own pages and pictures begins with a slash and counts from there. */

/** The folder of an address, without a slash at its end: https://a.test/kefu/widget.js → https://a.test/kefu. */
export function folderOf(address: string): string {
  return new URL(".", address).href.replace(/\/$/, "");
}

/** A path of the house ("/p/1") made whole; other addresses come back as they are. */
export function inHouse(address: string, house: string): string {
  return address.startsWith("/") && !address.startsWith("//") ? house + address : address;
}

/** The house that this page belongs to; each page says how far up that is. */
export function houseOfPage(): string {
  const up = document.querySelector<HTMLMetaElement>("meta[name=dianxiaoer-house]")?.content ?? "./";
  return folderOf(new URL(up, location.href).href);
}
