import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { Suspense, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
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
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // On phones the places stand in one row: the one we are at is in sight.
  useEffect(() => {
    nav.current?.querySelector("[data-status=active]")?.scrollIntoView({ inline: "center", block: "nearest" });
  }, [pathname]);
  return (
    <nav ref={nav} className={classes.nav} aria-label={t("title")}>
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
