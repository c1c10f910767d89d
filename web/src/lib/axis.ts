/** The marks of an axis that counts things: whole, evenly spaced, at most five, and the last one no further than it must be. */
export function wholeTicks(most: number): number[] {
  const step = niceStep(Math.max(1, most) / 4);
  const count = Math.ceil(Math.max(1, most) / step);
  return Array.from({ length: count + 1 }, (_, place) => place * step);
}

function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return Math.max(1, ([1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= least && Number.isInteger(step)) ?? 10 * power));
}
