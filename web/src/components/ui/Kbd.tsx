import { Kbd as MantineKbd } from "@mantine/core";
import { Fragment } from "react";
import classes from "./Kbd.module.css";

const onMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

const NAMES: Record<string, string> = { mod: onMac ? "⌘" : "Ctrl", Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓", Enter: "↵" };

const shown = (key: string): string => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);

/** Keys as people see them on the keyboard: `g i` → G I, `mod+k` → Ctrl K. Keys read left to right in every language. */
export function Kbd({ keys }: { keys: string }) {
  const parts = keys.split(/[ +]/);
  return (
    <bdi dir="ltr" className={classes.keys}>
      {parts.map((key, index) => (
        <Fragment key={index}>
          <MantineKbd size="xs">{shown(key)}</MantineKbd>
        </Fragment>
      ))}
    </bdi>
  );
}
