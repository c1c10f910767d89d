import { beforeEach, describe, expect, it } from "vitest";
import { LiveEvents, SILENCE_MS, type LiveEvent, type LiveStatus } from "./live";

/** An EventSource whose other end is the test. */
class Line extends EventTarget {
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  constructor(readonly url: string) {
    super();
  }
  close() {
    this.closed = true;
  }
  say(kind: string, id: string, data: unknown = { kind, subject_id: "s" }) {
    this.dispatchEvent(new MessageEvent(kind, { data: typeof data === "string" ? data : JSON.stringify(data), lastEventId: id }));
  }
}

let lines: Line[];
let timers: { run: () => void; at: number; done: boolean }[];
let now: number;
let tickets: number;
let ticketFails: boolean;
let heard: LiveEvent[];
let resets: number;
let statuses: LiveStatus[];
let live: LiveEvents;

const settle = () => new Promise((resolve) => setTimeout(resolve));

async function pass(milliseconds: number) {
  now += milliseconds;
  for (const timer of timers.filter(({ at, done }) => !done && at <= now)) {
    timer.done = true;
    timer.run();
  }
  await settle();
}

const last = () => lines.at(-1)!;

async function open() {
  await settle();
  last().onopen?.();
}

beforeEach(() => {
  [lines, timers, heard, statuses] = [[], [], [], []];
  [now, tickets, resets] = [0, 0, 0];
  ticketFails = false;
  const world = {
    ticket: async () => {
      if (ticketFails) throw new Error("offline");
      return `t${++tickets}`;
    },
    open: (url: string) => {
      lines.push(new Line(url));
      return last() as unknown as EventSource;
    },
    later: (run: () => void, milliseconds: number) => {
      const timer = { run, at: now + milliseconds, done: false };
      timers.push(timer);
      return timer;
    },
    cancel: (timer: unknown) => {
      if (timer) (timer as { done: boolean }).done = true;
    },
    random: () => 1,
  };
  live = new LiveEvents(world, "/events", ["message.received"], {
    event: (event) => heard.push(event),
    reset: () => (resets += 1),
    status: (status) => statuses.push(status),
  });
});

describe("LiveEvents", () => {
  it("hands on events by kind", async () => {
    live.start();
    await open();
    last().say("message.received", "1-a", { kind: "message.received", subject_id: "c1", message_id: "m1" });
    expect(heard).toEqual([{ kind: "message.received", subject_id: "c1", message_id: "m1" }]);
    expect(statuses).toEqual(["connecting", "live"]);
  });

  it("comes back with a new ticket at the place where it was cut", async () => {
    live.start();
    await open();
    last().say("message.received", "7-b");
    last().onerror?.();
    await pass(500);
    expect(lines.map(({ url }) => url)).toEqual(["/events?ticket=t1", "/events?ticket=t2&last_event_id=7-b"]);
    expect(lines[0]!.closed).toBe(true);
    await open();
    expect(resets).toBe(1); // the first opening only: the second resumed
  });

  it("fetches afresh when there is no place to resume from", async () => {
    live.start();
    await open();
    last().onerror?.();
    await pass(500);
    await open();
    expect(resets).toBe(2);
  });

  it("obeys a reset, and goes on from where it points", async () => {
    live.start();
    await open();
    last().say("message.received", "1-a");
    last().say("reset", "9-z", "{}");
    expect(resets).toBe(2);
    last().onerror?.();
    await pass(500);
    expect(last().url).toBe("/events?ticket=t2&last_event_id=9-z");
  });

  it("waits longer each time, up to half a minute", async () => {
    ticketFails = true;
    live.start();
    await settle();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 8; attempt++) {
      waits.push(timers.at(-1)!.at - now);
      await pass(waits.at(-1)!);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it("does not hurry after a line that opens and ends at once", async () => {
    live.start();
    await open();
    last().onerror?.();
    await pass(500);
    await open();
    last().onerror?.();
    expect(timers.at(-1)!.at - now).toBe(1000);
  });

  it("tries at once when the network is back", async () => {
    ticketFails = true;
    live.start();
    await settle();
    ticketFails = false;
    live.hurry();
    await open();
    expect(statuses.at(-1)).toBe("live");
  });

  it("gives up a line that has stopped pinging", async () => {
    live.start();
    await open();
    last().dispatchEvent(new Event("ping"));
    await pass(SILENCE_MS);
    expect(statuses.at(-1)).toBe("waiting");
  });

  it("leaves a line alone that never pings", async () => {
    live.start();
    await open();
    await pass(SILENCE_MS * 10);
    expect(statuses.at(-1)).toBe("live");
  });

  it("hears nothing more once stopped, also from a ticket that comes late", async () => {
    live.start();
    live.stop();
    await settle();
    expect(lines).toEqual([]);
    expect(statuses.at(-1)).toBe("stopped");
  });

  it.each(["not json", "[]", '{"subject_id": "s"}', "null"])("lets pass what it cannot read: %s", async (data) => {
    live.start();
    await open();
    last().say("message.received", "3-c", data);
    expect(heard).toEqual([]);
  });
});
