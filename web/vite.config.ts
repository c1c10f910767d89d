import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// In development the API is the running `textfirst up`; say another address with TEXTFIRST_DEV_API.
const api = process.env.TEXTFIRST_DEV_API ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": here("./src") } },
  build: {
    outDir: here("../src/textfirst/front/app"),
    emptyOutDir: true,
    // The content security policy allows no data: fonts or scripts, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Browsers with light-dark() and :dir(), all from spring 2024 on: nothing is rewritten for older ones.
    target: ["chrome123", "firefox121", "safari17.5"],
  },
  server: {
    proxy: Object.fromEntries(["/api", "/_allauth", "/healthz"].map((path) => [path, { target: api, changeOrigin: false }])),
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
