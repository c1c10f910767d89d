import { expect, it } from "vitest";
import type { Channel } from "../api/channels";
import type { Field, Kind } from "../api/kinds";
import { draft, formValues } from "./draft";

const field = (name: string, type: Field["type"], preset: Field["default"] = null): Field => ({
  name, type, default: preset, label: name, help: "", required: false, advanced: false, least: null, most: null, choices: [],
});

const kind: Kind = {
  kind: "smpp", label: "SMPP", help: "", rate: 0, window: 10,
  fields: [field("host", "text"), field("port", "number", 2775), field("receipts", "switch", true), field("source_ton", "number"), field("password", "secret")],
};

it("starts with what the kind suggests, and leaves out what stays empty", () => {
  const values = formValues(kind, null);
  expect(values.config).toEqual({ host: "", port: 2775, receipts: true, source_ton: "" });
  expect(draft({ ...values, name: "Main", address: "+301" })).toEqual({
    name: "Main", address: "+301", rate: 0, window: 10, binds: 1, pool: "", weight: 50, config: { port: 2775, receipts: true }, secrets: {},
  });
});

it("keeps a channel's own settings, zero and false among them", () => {
  const channel = { name: "Main", address: "+301", rate: 20, window: 5, binds: 2, pool: "east", weight: 30, inbox_id: "i1", config: { host: "h", port: 1, receipts: false, source_ton: 0 } };
  const values = formValues(kind, channel as unknown as Channel);
  expect(draft({ ...values, secrets: { password: "secret" } })).toEqual({
    name: "Main", address: "+301", rate: 20, window: 5, binds: 2, pool: "east", weight: 30, inbox_id: "i1",
    config: { host: "h", port: 1, receipts: false, source_ton: 0 }, secrets: { password: "secret" },
  });
});
