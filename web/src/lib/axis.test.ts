import { describe, expect, it } from "vitest";
import { wholeTicks } from "./axis";

describe("wholeTicks", () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [7, [0, 2, 4, 6, 8]],
    [10, [0, 5, 10]],
    [99, [0, 25, 50, 75, 100]],
    [1234, [0, 500, 1000, 1500]],
    [10_000, [0, 2500, 5000, 7500, 10_000]],
  ])("%i → %j", (most, expected) => expect(wholeTicks(most)).toEqual(expected));
});
