import { useTranslation } from "react-i18next";
import { formatNumber } from "@/lib/i18n";
import classes from "./Imports.module.css";

/** Where one is on the way from a file to contacts. */
export function Steps({ active }: { active: 0 | 1 | 2 }) {
  const { t } = useTranslation("contacts");
  return (
    <ol className={classes.steps} aria-label={t("import.steps.label")}>
      {[t("import.steps.upload"), t("import.steps.map"), t("import.steps.run")].map((label, index) => (
        <li key={label} aria-current={index === active ? "step" : undefined}>
          <span className={classes.number} aria-hidden>
            {formatNumber(index + 1)}
          </span>
          {label}
        </li>
      ))}
    </ol>
  );
}
