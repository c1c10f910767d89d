import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@fontsource-variable/inter/wght.css";
import "./app/base.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { startI18n } from "./lib/i18n";

async function start(): Promise<void> {
  await startI18n();
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has no #root");
  createRoot(root).render(<App />);
}

void start();
