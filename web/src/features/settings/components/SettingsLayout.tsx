import { Outlet } from "@tanstack/react-router";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "@tanstack/react-router";
import { Loading, Page } from "@/components/ui";
import { useAtLeast } from "@/lib/session";
import classes from "./SettingsLayout.module.css";

/** The settings' own navigation beside the chosen page; above it on phones. */
export function SettingsLayout() {
  return (
    <Page>
      <div className={classes.layout}>
        <SettingsNav />
        <div className={classes.content}>
          <Suspense fallback={<Loading shape="cards" rows={2} />}>
            <Outlet />
          </Suspense>
        </div>
      </div>
    </Page>
  );
}

function SettingsNav() {
  const { t } = useTranslation("settings");
  const isAdmin = useAtLeast("admin");
  const isOwner = useAtLeast("owner");
  return (
    <nav className={classes.nav} aria-label={t("title")}>
      <p className={classes.group}>{t("nav.you")}</p>
      <Item to="/settings/profile" label={t("profile.title")} />
      <Item to="/settings/security" label={t("security.title")} />
      <p className={classes.group}>{t("nav.workspace")}</p>
      <Item to="/settings/team" label={t("team.title")} />
      <Item to="/settings/consent" label={t("nav.consent")} />
      <Item to="/settings/joining" label={t("nav.joining")} />
      {isAdmin && (
        <>
          <Item to="/settings/workspace" label={t("workspace.title")} />
          <Item to="/settings/labels" label={t("labels.title")} />
          <Item to="/settings/keys" label={t("keys.title")} />
        </>
      )}
      {isOwner && <Item to="/settings/mail" label={t("mail.title")} />}
    </nav>
  );
}

interface ItemProps {
  to: "/settings/profile" | "/settings/security" | "/settings/team" | "/settings/workspace" | "/settings/labels" | "/settings/consent" | "/settings/joining" | "/settings/keys" | "/settings/mail";
  label: string;
}

function Item({ to, label }: ItemProps) {
  return (
    <Link to={to} className={classes.item}>
      {label}
    </Link>
  );
}
