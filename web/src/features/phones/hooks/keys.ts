export const PHONES = ["phones"] as const;
export const wallKey = (channel: string, search: string) => [...PHONES, channel, "wall", search] as const;
export const phoneKey = (channel: string, address: string) => [...PHONES, channel, "one", address] as const;
export const knobsKey = (channel: string) => [...PHONES, channel, "knobs"] as const;
