/** The steps of a plan, moved about. Only the last has nothing to go on to, wherever it came from. */
import type { Kind, Step } from "../api/policy";

export const MOST_STEPS = 8;
const USUAL_WAIT = 30; // minutes

const settled = (steps: readonly Step[]): Step[] =>
  steps.map((step, index) => {
    const last = index === steps.length - 1;
    if (last) return { ...step, go_on: null };
    return { ...step, go_on: step.go_on ?? "not_delivered", wait_minutes: step.go_on === null && step.wait_minutes === 0 ? USUAL_WAIT : step.wait_minutes };
  });

export const added = (steps: readonly Step[], kind: Kind): Step[] => settled([...steps, { kind, wait_minutes: 0, go_on: null }]);

export const removed = (steps: readonly Step[], index: number): Step[] => settled(steps.filter((_, at) => at !== index));

export const changed = (steps: readonly Step[], index: number, change: Partial<Step>): Step[] => settled(steps.map((step, at) => (at === index ? { ...step, ...change } : step)));

/** `by` −1 is up; at either end it stays. */
export function moved(steps: readonly Step[], index: number, by: -1 | 1): Step[] {
  const to = index + by;
  const step = steps[index];
  if (!step || to < 0 || to >= steps.length) return [...steps];
  const rest = steps.filter((_, at) => at !== index);
  return settled([...rest.slice(0, to), step, ...rest.slice(to)]);
}
