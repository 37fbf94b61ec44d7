import { beforeEach, describe, expect, it } from "vitest";
import { Connection, pause, type LinkState } from "@/chat/connection";
import { FakeClock, FakeSocket } from "./fake-link";

let clock: FakeClock;
let sockets: FakeSocket[];
let states: LinkState[];
let link: Connection<{ type: string }>;

const latest = (): FakeSocket => sockets[sockets.length - 1]!;

beforeEach(() => {
  clock = new FakeClock();
  sockets = [];
  states = [];
  link = new Connection({
    openSocket: () => {
      sockets.push(new FakeSocket());
      return latest();
    },
    hello: () => ({ type: "hello", token: "t", last_seq: 3 }),
    onState: (state) => states.push(state),
    onFrame: () => undefined,
    clock,
  });
  link.start();
});

describe("a connection", () => {
  it("says hello first and is online only when the server is ready", () => {
    latest().onopen?.();
    expect(latest().sent).toEqual([{ type: "hello", token: "t", last_seq: 3 }]);
    expect(link.state).toBe("connecting");
    latest().tell({ type: "ready", status: "with_bot", last_seq: 3 });
    expect(link.state).toBe("online");
  });

  it("sends nothing before it is ready and says so", () => {
    expect(link.send({ type: "typing" })).toBe(false);
    expect(latest().sent).toEqual([]);
  });

  it("comes back after a break", () => {
    latest().accept();
    latest().breakOff();
    expect(link.state).toBe("offline");
    clock.pass(500);
    expect(sockets).toHaveLength(2);
    latest().accept();
    expect(link.state).toBe("online");
  });

  it("waits longer after each failed try, up to half a minute", () => {
    const waits = Array.from({ length: 12 }, (_, attempt) => pause(attempt, 1));
    expect(waits.slice(0, 4)).toEqual([500, 1000, 2000, 4000]);
    expect(Math.max(...waits)).toBe(30_000);
  });

  it("spreads its tries by chance over half the pause", () => {
    expect(pause(2, 0)).toBe(1000);
    expect(pause(2, 0.5)).toBe(1500);
  });

  it("gives up a server that opens but never gets ready", () => {
    latest().onopen?.();
    clock.pass(10_000);
    expect(sockets[0]!.isClosed).toBe(true);
    clock.pass(500);
    expect(sockets).toHaveLength(2);
  });

  it("keeps lengthening the pause while links break right after they were ready", () => {
    for (let round = 0; round < 4; round += 1) {
      latest().accept();
      latest().breakOff();
      clock.pass(pause(round, 0));
    }
    latest().accept();
    latest().breakOff();
    const count = sockets.length;
    clock.pass(pause(3, 0));
    expect(sockets).toHaveLength(count);
  });

  it("tries at once when told that the network is back", () => {
    latest().breakOff();
    link.reconnect();
    latest().accept();
    clock.pass(60_000);
    expect(sockets).toHaveLength(2);
    expect(link.state).toBe("online");
  });

  it("does not come back once stopped", () => {
    latest().accept();
    link.stop();
    clock.pass(120_000);
    expect(sockets).toHaveLength(1);
    expect(link.state).toBe("idle");
  });

  it("survives a frame that is not JSON", () => {
    latest().accept();
    latest().onmessage?.({ data: "<html>" });
    expect(link.state).toBe("online");
  });
});

describe("a line that swallows everything", () => {
  let silent: Connection<{ type: string }>;

  beforeEach(() => {
    link.stop();
    silent = new Connection({
      openSocket: () => {
        sockets.push(new FakeSocket());
        return latest();
      },
      ping: { type: "ping" },
      onState: (state) => states.push(state),
      onFrame: () => undefined,
      clock,
    });
    [sockets, states] = [[], []];
    silent.start();
    latest().accept();
  });

  it("is asked after fifteen seconds and given up within twenty-five", () => {
    clock.pass(15_000);
    expect(latest().sentOf("ping")).toHaveLength(1);
    clock.pass(7_000);
    expect(states).toContain("offline");
    clock.pass(3_000);
    expect(sockets).toHaveLength(2);
  });

  it("stays while it answers, and while there is anything to hear", () => {
    for (let round = 0; round < 20; round += 1) {
      clock.pass(15_000);
      latest().tell({ type: round % 2 ? "pong" : "message" });
    }
    expect(sockets).toHaveLength(1);
  });

  it("is asked at once when the page is looked at again, and given four seconds", () => {
    silent.probe();
    expect(latest().sentOf("ping")).toHaveLength(1);
    clock.pass(4_000);
    expect(states).toContain("offline");
  });

  it("is opened at once when it was known to be broken", () => {
    latest().breakOff();
    silent.probe();
    expect(sockets).toHaveLength(2);
  });

  it("is not waited for when the browser says that there is no network", () => {
    silent.cut();
    expect(silent.state).toBe("offline");
  });
});
