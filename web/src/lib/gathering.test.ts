import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Gathering } from "./gathering";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("ids of a moment go together, each once", async () => {
  const batches: (readonly string[])[] = [];
  const gathering = new Gathering(40, async (ids) => void batches.push(ids));
  for (const id of ["a", "b", "a"]) gathering.add(id);
  await vi.advanceTimersByTimeAsync(40);
  gathering.add("c");
  await vi.advanceTimersByTimeAsync(40);
  expect(batches).toEqual([["a", "b"], ["c"]]);
});

test("a slow answer holds the next batch back, and loses nothing", async () => {
  const batches: (readonly string[])[] = [];
  let answer = () => {};
  const gathering = new Gathering(40, (ids) => {
    batches.push(ids);
    return new Promise<void>((resolve) => (answer = resolve));
  });
  gathering.add("a");
  await vi.advanceTimersByTimeAsync(40);
  gathering.add("b");
  await vi.advanceTimersByTimeAsync(5_000);
  gathering.add("c");
  expect(batches).toEqual([["a"]]);
  answer();
  await vi.advanceTimersByTimeAsync(40);
  expect(batches).toEqual([["a"], ["b", "c"]]);
});

test("a failed batch does not stop the following ones", async () => {
  const batches: (readonly string[])[] = [];
  const gathering = new Gathering(40, async (ids) => {
    batches.push(ids);
    if (batches.length === 1) throw new Error("offline");
  });
  const unhandled = vi.fn();
  process.on("unhandledRejection", unhandled);
  gathering.add("a");
  await vi.advanceTimersByTimeAsync(40);
  gathering.add("b");
  await vi.advanceTimersByTimeAsync(40);
  process.off("unhandledRejection", unhandled);
  expect(batches).toEqual([["a"], ["b"]]);
});
