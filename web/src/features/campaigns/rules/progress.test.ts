import { expect, test } from "vitest";
import type { Counts } from "../api/types";
import { reachOf } from "./plan";
import { progressOf, waitingOf } from "./progress";

const counts = (some: Partial<Counts>): Counts => ({ waiting: 0, sent: 0, delivered: 0, read: 0, not_delivered: 0, not_sent: 0, ...some });

test.each<[string, number, Partial<Counts>, number, number]>([
  ["nothing yet", 0, {}, 0, 0],
  ["recipients without a message wait", 100, { delivered: 20 }, 0.2, 80],
  ["half", 100, { waiting: 50, sent: 30, delivered: 20 }, 0.5, 50],
  ["all, some in vain", 100, { delivered: 90, not_delivered: 6, not_sent: 4 }, 1, 0],
  ["counted before the recipients were", 0, { waiting: 5, sent: 5 }, 0.5, 5],
])("%s", (_name, recipients, some, share, waiting) => {
  const campaign = { recipients, counts: counts(some) };
  expect(progressOf(campaign)).toBeCloseTo(share);
  expect(waitingOf(campaign)).toBe(waiting);
});

test("who stopped or is blocked is not reached", () => {
  expect(reachOf({ recipients: 100, stopped: 7, blocked: 3 } as never)).toBe(90);
  expect(reachOf({ recipients: 1, stopped: 1, blocked: 1 } as never)).toBe(0);
});
