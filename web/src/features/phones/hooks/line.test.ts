import { expect, test, vi } from "vitest";
import { Line, type World } from "./line";

class FakeSource extends EventTarget {
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  close = () => void (this.closed = true);
}

function start() {
  const sources: FakeSource[] = [];
  const timers: { run: () => void; wait: number }[] = [];
  const world: World = {
    ticket: async () => `ticket-${sources.length}`,
    open: () => {
      const source = new FakeSource();
      sources.push(source);
      return source as unknown as EventSource;
    },
    later: (run, wait) => timers.push({ run, wait }),
    cancel: () => undefined,
  };
  const on = { note: vi.fn(), fresh: vi.fn(), state: vi.fn() };
  const line = new Line(world, on);
  line.start();
  return { line, sources, timers, on };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

test("notes are handed on; each new line fetches afresh", async () => {
  const { sources, timers, on } = start();
  await settle();
  sources[0]?.onopen?.();
  sources[0]?.dispatchEvent(new MessageEvent("phones.changed", { data: '{"kind":"phones.changed","phones":[]}' }));
  expect(on.note).toHaveBeenCalledWith({ kind: "phones.changed", phones: [] });
  expect(on.fresh).toHaveBeenCalledTimes(1);
  sources[0]?.onerror?.();
  timers.at(-1)?.run();
  await settle();
  sources[1]?.onopen?.();
  expect(on.fresh).toHaveBeenCalledTimes(2);
});

test("a simulator that is off is said to be away, and looked for ever more seldom", async () => {
  const { sources, timers, on } = start();
  for (let time = 0; time < 6; time += 1) {
    await settle();
    sources[time]?.dispatchEvent(new MessageEvent("away", { data: "{}" }));
    sources[time]?.onerror?.();
    timers.at(-1)?.run();
  }
  expect(on.state).toHaveBeenLastCalledWith("away");
  expect(timers.map(({ wait }) => wait)).toEqual([1000, 2000, 4000, 8000, 15000, 15000]);
  expect(sources.slice(0, 6).every(({ closed }) => closed)).toBe(true);
});

test("a line that was stopped stays silent", async () => {
  const { line, sources } = start();
  line.stop();
  await settle();
  expect(sources).toHaveLength(0);
});
