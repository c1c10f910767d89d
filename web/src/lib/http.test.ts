import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, configureHttp, http, queryString } from "./http";

type Answer = { status: number; body?: unknown; text?: string };

/** A server that answers in turn, and remembers what it was asked. */
function server(...answers: Answer[]) {
  const asked: { url: string; method: string; headers: Headers; body: unknown }[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    asked.push({ url, method: init.method ?? "GET", headers: new Headers(init.headers), body: init.body });
    const answer = answers.shift();
    if (!answer) throw new TypeError("Failed to fetch");
    const text = answer.text ?? (answer.body === undefined ? "" : JSON.stringify(answer.body));
    return new Response(text || null, { status: answer.status, headers: text ? { "Content-Type": "application/json" } : {} });
  });
  return asked;
}

beforeEach(() => {
  document.cookie = "csrftoken=abc%3D";
  configureHttp({ workspace: "w1", language: "ar", reauthenticate: null, onSignedOut: null });
});

afterEach(() => vi.unstubAllGlobals());

describe("http", () => {
  it("says who, where and in which language", async () => {
    const asked = server({ status: 200, body: { ok: true } });
    expect(await http.post("/api/v1/labels", { name: "x" }, { query: { a: 1, b: null } })).toEqual({ ok: true });
    const { url, method, headers, body } = asked[0]!;
    expect([url, method, body]).toEqual(["/api/v1/labels?a=1", "POST", '{"name":"x"}']);
    expect([headers.get("X-CSRFToken"), headers.get("X-Workspace"), headers.get("Accept-Language")]).toEqual(["abc=", "w1", "ar"]);
  });

  it("keeps the workspace from addresses that are not the API's", async () => {
    const asked = server({ status: 200, body: {} });
    await http.get("/_allauth/browser/v1/auth/session");
    expect(asked[0]!.headers.has("X-Workspace")).toBe(false);
  });

  it("asks for the CSRF cookie when there is none", async () => {
    document.cookie = "csrftoken=; expires=Thu, 01 Jan 1970 00:00:00 GMT";
    const asked = server({ status: 200, body: {} }, { status: 204 });
    await http.delete("/api/v1/labels/1");
    expect(asked.map(({ url }) => url)).toEqual(["/_allauth/browser/v1/config", "/api/v1/labels/1"]);
  });

  it("lets a form choose its own content type", async () => {
    const asked = server({ status: 200, body: {} });
    await http.post("/api/v1/imports", new FormData());
    expect(asked[0]!.headers.has("Content-Type")).toBe(false);
  });

  it.each([
    ["a lost line", [], { status: 0, code: "network" }],
    ["half an answer", [{ status: 200, text: '{"items": [' }], { status: 200, code: "broken_answer" }],
    ["a refusal", [{ status: 422, body: { code: "invalid", message: "No.", fields: {} } }], { status: 422, code: "invalid" }],
  ])("turns %s into an ApiError", async (_name, answers, expected) => {
    server(...(answers as Answer[]));
    const error = await http.get("/api/v1/contacts").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject(expected);
  });

  it("asks for a fresh proof and goes on with the same request", async () => {
    const flows = [{ id: "reauthenticate" }];
    const asked = server({ status: 401, body: { status: 401, data: { flows }, meta: {} } }, { status: 200, body: { done: true } });
    const reauthenticate = vi.fn(async () => undefined);
    configureHttp({ reauthenticate });
    expect(await http.post("/_allauth/browser/v1/account/authenticators/totp", { code: "1" })).toEqual({ done: true });
    expect(reauthenticate).toHaveBeenCalledExactlyOnceWith(flows);
    expect(asked.map(({ body }) => body)).toEqual(['{"code":"1"}', '{"code":"1"}']);
  });

  it.each([
    ["/api/v1/contacts", 1],
    ["/api/v1/me", 0], // whoever asks this finds out for themselves
    ["/_allauth/browser/v1/auth/login", 0],
  ])("tells the app that the session ended: %s", async (path, times) => {
    server({ status: 401, body: { code: "not_signed_in", message: "", fields: {} } });
    const onSignedOut = vi.fn();
    configureHttp({ onSignedOut });
    await expect(http.get(path)).rejects.toBeInstanceOf(ApiError);
    expect(onSignedOut).toHaveBeenCalledTimes(times);
  });
});

describe("queryString", () => {
  it.each([
    [undefined, ""],
    [{ a: 1, b: ["x", "y"], c: null, d: "", e: false }, "?a=1&b=x&b=y&e=false"],
    [{ search: "+30 & co" }, "?search=%2B30+%26+co"],
  ])("%j → %s", (query, expected) => expect(queryString(query)).toBe(expected));
});
