/** How large the buyer wants to read. Sizes here are in px, because a page's rem is not ours; they are
 * multiplied by what the browser, or the app around the page, has been told. */

const USUAL_PX = 16;
const LARGEST = 2;

/** 1 = as usual. `host` keeps nothing of its page (`all: initial`): its text is as large as the browser's
 * settings say. Apps (微信的字体大小) set the body's text-size-adjust instead. */
export function textScale(host: HTMLElement): number {
  const ofBrowser = parseFloat(getComputedStyle(host).fontSize) / USUAL_PX || 1;
  const told = document.body ? getComputedStyle(document.body).getPropertyValue("-webkit-text-size-adjust") : "";
  const ofApp = /^[\d.]+%$/.test(told) ? parseFloat(told) / 100 : 1;
  return Math.min(LARGEST, Math.max(1, ofBrowser * ofApp));
}
