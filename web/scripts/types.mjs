// Makes src/generated/api.d.ts from openapi.json, which `make openapi` exports from the server.
// Without that file the build still works: the types are then empty and features use their own.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const source = new URL("../openapi.json", import.meta.url);
const folder = new URL("../src/generated/", import.meta.url);
const empty = "export type paths = Record<string, never>;\nexport interface components { schemas: Record<string, never> }\n";

mkdirSync(folder, { recursive: true });
const types = existsSync(source) ? astToString(await openapiTS(JSON.parse(readFileSync(source, "utf8")))) : empty;
writeFileSync(new URL("api.d.ts", folder), types);
