import { useQuery } from "@tanstack/react-query";
import { Outlet, useLocation } from "@tanstack/react-router";
import { Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorBoundary } from "@/components/ui/ErrorBoundary";
import { Loading } from "@/components/ui/Loading";
import { useTitleBadge } from "@/features/inbox/hooks/useTitleBadge";
import { meQuery, useWorkspace } from "@/lib/session";
import { listenForShortcuts } from "@/lib/shortcuts";
import { useLiveEvents } from "../useLiveEvents";
import { ConnectionNotice } from "./ConnectionNotice";
import { GlobalCommands } from "./GlobalCommands";
import { Palette } from "./Palette";
import classes from "./Shell.module.css";
import { ShortcutHelp } from "./ShortcutHelp";
import { SideNav } from "./SideNav";
import { TabBar } from "./TabBar";

/** The frame of every signed-in screen: navigation beside it (below it on phones), palette, shortcuts, live events. */
export function Shell() {
  const { data: me } = useQuery(meQuery);
  return me ? <Frame /> : null;
}

function Frame() {
  const { t } = useTranslation("common");
  const { pathname } = useLocation();
  const status = useLiveEvents(useWorkspace().id);
  const [dialog, setDialog] = useState<"palette" | "shortcuts" | null>(null);
  useEffect(listenForShortcuts, []);
  useTitleBadge();
  const close = () => setDialog(null);
  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        {t("nav.skip")}
      </a>
      <SideNav openPalette={() => setDialog("palette")} />
      <main id="main" tabIndex={-1} className={classes.main}>
        <ConnectionNotice status={status} />
        <ErrorBoundary resetKey={pathname}>
          <Suspense fallback={<div className={classes.page}><Loading /></div>}>
            <Outlet />
          </Suspense>
        </ErrorBoundary>
      </main>
      <TabBar openPalette={() => setDialog("palette")} />
      <GlobalCommands openPalette={() => setDialog("palette")} openShortcuts={() => setDialog("shortcuts")} />
      <Palette opened={dialog === "palette"} onClose={close} />
      <ShortcutHelp opened={dialog === "shortcuts"} onClose={close} />
    </div>
  );
}
