import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LiveStatus } from "@/lib/live";
import classes from "./ConnectionNotice.module.css";

/** A line that drops for a moment is nobody's business. */
const PATIENCE_MS = 4000;

/** Says when what is on screen may be behind, and that we are on it. */
export function ConnectionNotice({ status }: { status: LiveStatus }) {
  const { t } = useTranslation("common");
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (status === "live") return setLate(false);
    const timer = window.setTimeout(() => setLate(true), PATIENCE_MS);
    return () => window.clearTimeout(timer);
  }, [status]);
  return (
    <div role="status" className={classes.place}>
      {late && <p className={classes.notice}>{t("nav.reconnecting")}</p>}
    </div>
  );
}
