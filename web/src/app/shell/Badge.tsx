import { VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { formatNumber } from "@/lib/i18n";
import classes from "./Shell.module.css";

/** A count of unread things, or of what waits for an answer; nothing when there are none. */
export function Badge({ count, of = "unread" }: { count: number | undefined; of?: "unread" | "review" }) {
  const { t } = useTranslation("common");
  if (!count) return null;
  return (
    <span className={classes.badge}>
      <bdi dir="ltr" aria-hidden>
        {count > 99 ? "99+" : formatNumber(count)}
      </bdi>
      <VisuallyHidden>{of === "review" ? t("nav.toReview", { count }) : t("nav.unread", { count })}</VisuallyHidden>
    </span>
  );
}
