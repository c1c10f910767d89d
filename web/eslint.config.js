import { readdirSync } from "node:fs";
import js from "@eslint/js";
import importPlugin from "eslint-plugin-import";
import a11y from "eslint-plugin-jsx-a11y";
import hooks from "eslint-plugin-react-hooks";
import typescript from "typescript-eslint";

const features = readdirSync(new URL("./src/features", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

// Features do not know each other: they meet in src/app. Pieces and library know no feature.
const zones = [
  ...features.map((feature) => ({
    target: `./src/features/${feature}`,
    from: "./src/features",
    except: [`./${feature}`],
    message: "Features do not import each other; share through components/ui, lib, or meet in app.",
  })),
  { target: "./src/features", from: "./src/app", message: "Routes and providers know features, not the other way round." },
  { target: "./src/components", from: ["./src/features", "./src/app"], message: "Design pieces know no domain." },
  { target: "./src/lib", from: ["./src/features", "./src/app", "./src/components"], message: "lib is the lowest layer." },
];

export default typescript.config(
  { ignores: ["node_modules", "src/generated", "public"] },
  js.configs.recommended,
  ...typescript.configs.recommended,
  {
    files: ["scripts/**", "*.js", "*.ts"],
    languageOptions: { globals: { console: "readonly", process: "readonly", URL: "readonly" } },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { import: importPlugin, "jsx-a11y": a11y, "react-hooks": hooks },
    settings: { "import/resolver": { typescript: { project: "./tsconfig.json" } } },
    rules: {
      ...a11y.flatConfigs.recommended.rules,
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "import/no-restricted-paths": ["error", { zones }],
      "import/no-cycle": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "jsx-a11y/no-autofocus": "off", // dialogs and first forms move focus on purpose
      "no-console": "error",
    },
  },
);
