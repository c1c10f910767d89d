import { expect, test } from "vitest";
import type { Contact } from "../api/types";
import { changeOf, EMPTY, formOf, newAttribute, newNumber } from "./form";

const contact = { first_name: "Maria", last_name: "", language: "el", time_zone: "", birthday: null, country: "US", region: "FL", prefers: "call", own_cap: 0, attributes: { city: "Athens", points: "3" }, blocked: false, identities: [{ id: "1", scheme: "tel", address: "+306912345678", urn: "tel:+306912345678", stopped: false }], labels: [{ id: "l", name: "VIP", color: "blue" }], lists: [] } as unknown as Contact;

test("a contact comes back from the form as it was", () => {
  expect(changeOf(formOf(contact), contact.attributes)).toEqual({
    first_name: "Maria",
    last_name: "",
    identities: [{ urn: "tel:+306912345678" }],
    language: "el",
    time_zone: "",
    birthday: null,
    country: "US",
    region: "FL",
    prefers: "call",
    own_cap: 0,
    attributes: { city: "Athens", points: "3" },
    labels: ["l"],
    lists: [],
    blocked: false,
  });
});

test("what they wished is taken back by empty fields", () => {
  expect(changeOf({ ...formOf(contact), region: "", prefers: "", own_cap: "" })).toMatchObject({ region: "", prefers: null, own_cap: null });
});

test("an attribute gone from the form is taken away, a renamed one too", () => {
  const form = { ...formOf(contact), attributes: [newAttribute("town", "Athens")] };
  expect(changeOf(form, contact.attributes).attributes).toEqual({ city: null, points: null, town: "Athens" });
});

test("numbers as typed, empty lines left out, other addresses as they are", () => {
  const form = { ...EMPTY(), numbers: [newNumber(" 691 234 5678 "), newNumber(""), newNumber("telegram:42")] };
  expect(changeOf(form).identities).toEqual([{ urn: "tel:691 234 5678" }, { urn: "telegram:42" }]);
});
