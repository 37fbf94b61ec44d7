/** What a shop's owner says in the script tag; docs/pages.md lists it. A wrong value is told in the
 * console and the usual one stands. */

export interface WidgetOptions {
  product: string | null; // data-product
  position: "left" | "right"; // data-position
  bottom: number; // data-bottom, px above the window's lower edge
  side: number; // data-side, px from the window's side
  colour: string; // data-color, #rrggbb; "" = the house's own
  label: string; // data-label, the word on the button; "" = the sign alone
  hasLauncher: boolean; // data-launcher="none": the page has a button of its own
  hiddenOn: string[]; // data-hide, paths; * at the end stands for anything
}

type Told = (words: string) => void;

export function readOptions(data: DOMStringMap, isSmall: boolean, tell: Told): WidgetOptions {
  return {
    product: data["product"] || null,
    position: oneOf(data["position"], ["right", "left"], "data-position", tell),
    bottom: pixels(data["bottom"], isSmall ? 14 : 20, "data-bottom", tell),
    side: pixels(data["side"], isSmall ? 14 : 20, "data-side", tell),
    colour: colour(data["color"], tell),
    label: data["label"] ?? "客服",
    hasLauncher: oneOf(data["launcher"], ["button", "none"], "data-launcher", tell) === "button",
    hiddenOn: (data["hide"] ?? "").split(",").map((path) => path.trim()).filter(Boolean),
  };
}

export function isHiddenOn(paths: readonly string[], path: string): boolean {
  return paths.some((one) => (one.endsWith("*") ? path.startsWith(one.slice(0, -1)) : path === one));
}

/** Black or white, whichever reads better on `#rrggbb`. */
export function inkOn(background: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = parseInt(background.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? "#ffffff" : "#111111";
}

function oneOf<T extends string>(given: string | undefined, known: readonly [T, ...T[]], name: string, tell: Told): T {
  if (given === undefined) return known[0];
  const found = known.find((one) => one === given);
  if (!found) tell(`${name}="${given}" 不认识，请写 ${known.join(" 或 ")}`);
  return found ?? known[0];
}

function pixels(given: string | undefined, usual: number, name: string, tell: Told): number {
  if (given === undefined) return usual;
  const value = Number(given.replace(/px$/, ""));
  if (given !== "" && value >= 0 && value <= 600) return value;
  tell(`${name}="${given}" 不对，请写 0 到 600 之间的数字，例如 ${name}="80"`);
  return usual;
}

function colour(given: string | undefined, tell: Told): string {
  if (!given) return "";
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(given);
  const whole = short ? `#${short.slice(1).map((sign) => sign + sign).join("")}` : given;
  if (/^#[0-9a-f]{6}$/i.test(whole)) return whole;
  tell(`data-color="${given}" 不对，请写 # 加六位，例如 data-color="#1e6a4d"`);
  return "";
}
