/** Reading what stands behind the `?`: anybody can write anything there. */

type Search = Record<string, unknown>;

/** The named values as text; the router has read digits as numbers. */
export function words<N extends string>(search: Search, ...names: N[]): Partial<Record<N, string>> {
  const found: Partial<Record<N, string>> = {};
  for (const name of names) {
    const value = search[name];
    if (typeof value === "string" && value !== "") found[name] = value;
    if (typeof value === "number") found[name] = String(value);
  }
  return found;
}

export const flag = <N extends string>(search: Search, name: N): Partial<Record<N, true>> =>
  search[name] === true || search[name] === "true" ? ({ [name]: true } as Record<N, true>) : {};
