export type TextState = "on_its_way" | "delivered" | "failed" | "lost" | "typed" | "sent" | "refused";

export interface PhoneText {
  id: string;
  /** Typed on the phone by its owner; otherwise it came to the phone. */
  from_phone: boolean;
  /** null for what is no text (binary). */
  text: string | null;
  /** Seconds since 1970. */
  at: number;
  state: TextState;
  parts: number;
}

export type Temper = "agrees" | "asks" | "thanks" | "stops" | "silent";

export interface Phone {
  /** Digits with the country code, no plus. */
  address: string;
  /** Who wrote to it last: where its answers go. */
  sender: string;
  texts: number;
  last: PhoneText | null;
  /** Live notes leave it out; it follows from the number and does not change. */
  persona?: { temper: Temper; language: string };
}

export interface PhoneWithTexts extends Omit<Phone, "texts"> {
  texts: PhoneText[];
}

/** How the simulated carrier behaves; percentages of texts, drawn one by one. */
export interface Knobs {
  receipt_delay_min_ms: number;
  receipt_delay_max_ms: number;
  fail_percent: number;
  lose_percent: number;
  throttle_percent: number;
  unanswered_percent: number;
  duplicate_percent: number;
  early_percent: number;
  personas: boolean;
  speed: number;
  refuse_bind: boolean;
}

export type PercentKnob = { [K in keyof Knobs]: K extends `${string}_percent` ? K : never }[keyof Knobs];

/** `phones.changed` names up to fifty phones; `phones.many` says to look again. */
export interface Note {
  kind: "phones.changed" | "phones.many";
  phones: (Phone & { changed: PhoneText[] })[];
}

export interface Channel {
  id: string;
  name: string;
  kind: string;
  address: string;
}
