import { describe, expect, it } from "vitest";
import { folderOf, inHouse } from "@/chat/house";
import { ownLink, privacyPage, splitLinks } from "@/chat/links";
import type { Message } from "@/chat/protocol";
import { dueLabel, startsGroup, timeLabel, waitLabel } from "@/chat/times";
import { activeButtons } from "@/chat/transcript";

const OWN = ["https://shop.test"];

function line(seq: number, from: Message["from"], buttons: string[] = []): Message {
  const titles = buttons.map((title) => ({ title }));
  return { seq, id: `m${seq}`, from, kind: "text", text: "…", at: "2024-01-01T00:00:00Z", buttons: titles };
}

describe("links", () => {
  it("on privacy lead to the house under its path, or where the shop's owner says", () => {
    expect(privacyPage("/privacy", "https://a.test/kefu")).toBe("https://a.test/kefu/privacy");
    expect(privacyPage("https://own.test/p", "https://a.test/kefu")).toBe("https://own.test/p");
    expect(privacyPage("javascript:alert(1)", "https://a.test")).toBe("https://a.test/privacy");
  });
  it("are made of the shop's own addresses only", () => {
    const parts = splitLinks("看 https://shop.test/p/1 和 https://evil.test/x", OWN[0]!, OWN);
    expect(parts.filter(({ href }) => href).map(({ text }) => text)).toEqual(["https://shop.test/p/1"]);
    expect(parts.map(({ text }) => text).join("")).toBe("看 https://shop.test/p/1 和 https://evil.test/x");
  });

  it("lead elsewhere where the shop itself says so, and never under another's name", () => {
    const split = (text: string): (string | undefined)[] =>
      splitLinks(text, OWN[0]!, OWN, true).flatMap(({ text: words, href }) => (href ? [`${words} ${href}`] : []));
    expect(split("包裹看这里 https://courier.test/SF123?a=1, 稍后再来")).toEqual([
      "https://courier.test/SF123?a=1 https://courier.test/SF123?a=1",
    ]);
    expect(split("(见 http://courier.test/x).")).toEqual(["http://courier.test/x http://courier.test/x"]);
    expect(split("https://shop.test@evil.test/p https://")).toEqual([]);
  });

  it("end where Chinese punctuation begins", () => {
    const parts = splitLinks("见https://shop.test/p/1，谢谢", OWN[0]!, OWN);
    expect(parts[1]).toEqual({ text: "https://shop.test/p/1", href: "https://shop.test/p/1" });
  });

  it.each(["javascript:alert(1)", "https://shop.test.evil.test/", "//evil.test/p", "data:text/html,x"])(
    "are refused for %s",
    (address) => expect(ownLink(address, OWN[0]!, OWN)).toBeNull(),
  );

  it("are made absolute against the shop", () => {
    expect(ownLink("/pay/1", OWN[0]!, OWN)).toBe("https://shop.test/pay/1");
  });

  it("stay below the path that the house stands under", () => {
    const house = folderOf("https://shop.test/kefu/widget.js?v=2");
    expect(house).toBe("https://shop.test/kefu");
    expect(ownLink("/pay/1", house, OWN)).toBe("https://shop.test/kefu/pay/1");
    expect(inHouse("/pictures/a.svg", house)).toBe("https://shop.test/kefu/pictures/a.svg");
    expect(inHouse("https://cdn.test/a.svg", house)).toBe("https://cdn.test/a.svg");
    expect(ownLink("//evil.test/p", house, OWN)).toBeNull();
  });
});

describe("buttons", () => {
  it("count only on the last message that has some", () => {
    expect(activeButtons([line(1, "bot", ["a"]), line(2, "bot", ["b"]), line(3, "bot")], false)).toBe(2);
  });

  it("count no more once the buyer has said something", () => {
    expect(activeButtons([line(1, "bot", ["a"]), line(2, "buyer")], false)).toBeNull();
    expect(activeButtons([line(1, "bot", ["a"])], true)).toBeNull();
  });
});

describe("times", () => {
  const now = new Date(2024, 10, 22, 15, 0);

  it.each([
    [new Date(2024, 10, 22, 14, 5), "14:05"],
    [new Date(2024, 10, 21, 23, 59), "昨天 23:59"],
    [new Date(2024, 2, 8, 9, 0), "3月8日 09:00"],
    [new Date(2023, 2, 8, 9, 0), "2023年3月8日 09:00"],
  ])("are as short as the day allows: %s", (at, label) => {
    expect(timeLabel(at.toISOString(), now)).toBe(label);
  });

  it.each([
    [new Date(2024, 10, 22, 18, 0), "18:00"],
    [new Date(2024, 10, 23, 0, 1), "明天 00:01"],
    [new Date(2024, 11, 1, 9, 0), "12月1日 09:00"],
    [new Date(2024, 10, 21, 9, 0), "昨天 09:00"],
  ])("of what is due tell the day: %s", (at, label) => {
    expect(dueLabel(at.toISOString(), now)).toBe(label);
  });

  it("stand above the first message and after five quiet minutes", () => {
    expect(startsGroup("2024-01-01T00:00:00Z", undefined)).toBe(true);
    expect(startsGroup("2024-01-01T00:05:00Z", "2024-01-01T00:00:00Z")).toBe(false);
    expect(startsGroup("2024-01-01T00:05:01Z", "2024-01-01T00:00:00Z")).toBe(true);
  });

  it("of waiting are told in minutes and hours", () => {
    expect(waitLabel(new Date(now.getTime() - 30_000).toISOString(), now)).toBe("刚刚");
    expect(waitLabel(new Date(now.getTime() - 65 * 60_000).toISOString(), now)).toBe("1小时5分");
  });
});
