/** What a column of an uploaded table can become. */

export const PLAIN_TARGETS = ["phone", "first_name", "last_name", "language", "time_zone", "birthday", "country", "region", "prefers", "own_cap", "consent_at", "dnc_listed", "reassigned_on", "any_hour", "label", "ignore"] as const;

/** Those that make sense only once; numbers, labels and attributes may come from several columns. */
const ONCE = new Set<string>(PLAIN_TARGETS.filter((target) => !["phone", "label", "ignore"].includes(target)));

export type Mapping = Record<string, string>;

/** Maps a column; another column that had this target before lets go of it. */
export function mapped(mapping: Mapping, column: number, target: string): Mapping {
  const result: Mapping = { ...mapping };
  if (ONCE.has(target)) for (const [index, known] of Object.entries(result)) if (known === target) result[index] = "ignore";
  result[String(column)] = target;
  return result;
}

export const hasPhone = (mapping: Mapping): boolean => Object.values(mapping).includes("phone");

/** A column's heading as the key of an attribute: short, lower case, letters of any script. */
export function attributeKey(heading: string): string {
  const key = heading.trim().toLocaleLowerCase().normalize("NFC").replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_+|_+$/g, "");
  return key.slice(0, 40) || "field";
}
