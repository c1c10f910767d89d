// `npm run strings:extract` writes every key the code uses into src/locales; `npm run strings` (check) writes nothing and
// fails when English or Arabic lack words, a plural form, or a placeholder, or when a file was not extracted.
// With names of features (`npm run strings:extract -- channels`) it touches and judges only theirs.
import { readdirSync, readFileSync, writeFileSync, existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { extract } from "i18next-cli";

const check = process.argv.includes("--check");
const named = process.argv.slice(2).filter((word) => !word.startsWith("-"));
const isAsked = (namespace) => named.length === 0 || named.includes(namespace);
const root = fileURLToPath(new URL("..", import.meta.url));
const locales = `${root}src/locales`;
const COMPLETE = ["en", "ar"];
const FALLING_BACK = ["vi", "el", "pl"];
const PLURAL = /_(zero|one|two|few|many|other)$/;

const config = {
  locales: ["en"],
  extract: {
    input: [`${root}src/**/*.{ts,tsx}`],
    ignore: [`${root}src/**/*.test.{ts,tsx}`, `${root}src/generated/**`],
    output: `${locales}/{{language}}/{{namespace}}.json`,
    defaultNS: "common",
    functions: ["t", "i18n.t"],
    removeUnusedKeys: false, // keys made at run time (`errors.${code}`) are not seen in the source
    defaultValue: "",
    sort: true,
  },
};

const problems = [];

/** English first: what the code uses and what people wrote, together. */
const english = new Map();
for (const file of readdirSync(`${locales}/en`)) english.set(file.replace(".json", ""), flatten(read("en", file.replace(".json", ""))));
for (const result of await extract(config)) {
  const known = english.get(result.namespace) ?? {};
  for (const key of Object.keys(flatten(result.newTranslations))) {
    if (key in known) continue;
    if (isUnusedPluralForm(key, known)) continue;
    known[key] = "";
  }
  english.set(result.namespace, known);
}

for (const [namespace, words] of english) {
  if (!isAsked(namespace)) continue;
  store("en", namespace, words);
  for (const language of ["ar", ...FALLING_BACK]) {
    const theirs = flatten(read(language, namespace));
    const wanted = keysFor(language, words);
    const kept = Object.fromEntries(wanted.map((key) => [key, theirs[key] ?? ""]));
    for (const key of Object.keys(theirs)) if (!(key in kept)) problems.push(`${language}/${namespace}: "${key}" is not in English any more`);
    store(language, namespace, kept);
    if (COMPLETE.includes(language)) complain(language, namespace, kept, words);
  }
  complain("en", namespace, words, words);
}

if (problems.length > 0) {
  console.error(problems.join("\n"));
  console.error(`\n${problems.length} problem(s) with words. \`npm run strings:extract\` adds missing keys; fill in English and Arabic.`);
  process.exit(1);
}
console.log(check ? "English and Arabic are complete." : "Keys extracted; English and Arabic are complete.");

/** The same keys, with the plural forms of that language in place of English's. */
function keysFor(language, words) {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const keys = new Set();
  for (const key of Object.keys(words)) {
    if (!isPlural(key, words)) keys.add(key);
    else for (const form of forms) keys.add(key.replace(PLURAL, `_${form}`));
  }
  return [...keys].sort();
}

function isPlural(key, words) {
  return PLURAL.test(key) && `${key.replace(PLURAL, "")}_other` in words;
}

/** The extractor writes `_one` and `_other` for every call with a count, also where one sentence serves all counts. */
function isUnusedPluralForm(key, known) {
  return PLURAL.test(key) && key.replace(PLURAL, "") in known;
}

function complain(language, namespace, words, source) {
  for (const [key, text] of Object.entries(words)) {
    if (!text) problems.push(`${language}/${namespace}: "${key}" has no words`);
    for (const name of placeholders(text)) {
      const original = source[key] ?? source[key.replace(PLURAL, "_other")] ?? "";
      if (!placeholders(original).includes(name)) problems.push(`${language}/${namespace}: "${key}" uses {{${name}}}, which English does not`);
    }
  }
}

function placeholders(text) {
  return [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1]);
}

function read(language, namespace) {
  const path = `${locales}/${language}/${namespace}.json`;
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
}

/** Writes the file, or, when checking, says that it would change. */
function store(language, namespace, flat) {
  const path = `${locales}/${language}/${namespace}.json`;
  const text = `${JSON.stringify(unflatten(flat), null, 2)}\n`;
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  if (check) return void problems.push(`${language}/${namespace}.json is not as extraction leaves it`);
  mkdirSync(`${locales}/${language}`, { recursive: true });
  writeFileSync(path, text);
}

function flatten(tree, prefix = "") {
  const flat = {};
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "object" && value !== null) Object.assign(flat, flatten(value, `${prefix}${key}.`));
    else flat[prefix + key] = value;
  }
  return flat;
}

function unflatten(flat) {
  const tree = {};
  for (const key of Object.keys(flat).sort()) {
    const parts = key.split(".");
    const last = parts.pop();
    let node = tree;
    for (const part of parts) node = node[part] ??= {};
    node[last] = flat[key];
  }
  return tree;
}
