import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import classes from "./ContactsTabs.module.css";

/** The four places around contacts. */
export function ContactsTabs() {
  const { t } = useTranslation("contacts");
  const places = [
    { to: "/contacts", label: t("tabs.people") },
    { to: "/contacts/lists", label: t("tabs.lists") },
    { to: "/contacts/segments", label: t("tabs.segments") },
    { to: "/contacts/imports", label: t("tabs.imports") },
  ] as const;
  return (
    <nav className={classes.tabs} aria-label={t("title")}>
      {places.map(({ to, label }) => (
        <Link key={to} to={to} className={classes.tab} activeOptions={{ exact: to === "/contacts", includeSearch: false }}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
