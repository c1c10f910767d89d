import type { ReactNode } from "react";
import classes from "./Page.module.css";

/** The margins of an ordinary page. Screens that fill the window (the inbox) do without it. */
export function Page({ children, width = "wide" }: { children: ReactNode; width?: "wide" | "narrow" }) {
  return (
    <div className={classes.page} data-width={width}>
      {children}
    </div>
  );
}
