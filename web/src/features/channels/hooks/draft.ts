/** Between the form, where an empty field is "", and the API, where it is left out. */
import type { Channel, ChannelDraft, Value } from "../api/channels";
import type { Kind } from "../api/kinds";

const EVEN = 50; // the weight of a channel about which nobody has thought yet

export interface FormValues {
  name: string;
  address: string;
  rate: number | "";
  window: number | "";
  binds: number | "";
  pool: string;
  weight: number | "";
  inbox_id: string;
  config: Record<string, string | number | boolean>;
  secrets: Record<string, string>;
}

/** A form as the channel is, or as the kind suggests. */
export function formValues(kind: Kind, channel: Channel | null): FormValues {
  const settings = kind.fields.filter((field) => field.type !== "secret");
  const secrets = kind.fields.filter((field) => field.type === "secret");
  return {
    name: channel?.name ?? "",
    address: channel?.address ?? "",
    rate: channel?.rate ?? kind.rate,
    window: channel?.window ?? kind.window,
    binds: channel?.binds ?? 1,
    pool: channel?.pool ?? "",
    weight: channel?.weight ?? EVEN,
    inbox_id: channel?.inbox_id ?? "",
    config: Object.fromEntries(settings.map((field) => [field.name, channel?.config[field.name] ?? field.default ?? ""])),
    secrets: Object.fromEntries(secrets.map((field) => [field.name, ""])),
  };
}

/** What is sent: empty settings are left to their defaults, empty secrets to what is stored. */
export function draft(values: FormValues): ChannelDraft {
  const { name, address, rate, window, binds, pool, weight, inbox_id } = values;
  return {
    name,
    address,
    rate: rate === "" ? 0 : rate,
    window: window === "" ? 1 : window,
    binds: binds === "" ? 1 : binds,
    pool,
    weight: weight === "" ? EVEN : weight,
    ...(inbox_id && { inbox_id }),
    config: filled<Value>(values.config),
    secrets: filled(values.secrets),
  };
}

const filled = <V>(values: Record<string, V>): Record<string, V> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "" && value !== null));
