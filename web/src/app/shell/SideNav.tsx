import { UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Kbd } from "@/components/ui/Kbd";
import { useBadges } from "../badges";
import { places } from "../navigation";
import { Badge } from "./Badge";
import { Brand } from "./Brand";
import classes from "./Shell.module.css";
import { UserMenu } from "./UserMenu";
import { WorkspaceMenu } from "./WorkspaceMenu";

/** Beside the page, on screens wide enough. */
export function SideNav({ openPalette }: { openPalette: () => void }) {
  const { t } = useTranslation("common");
  const badges = useBadges();
  return (
    <nav aria-label={t("nav.label")} className={classes.side}>
      <Brand />
      <WorkspaceMenu />
      <UnstyledButton className={classes.search} onClick={openPalette}>
        <IconSearch size={17} aria-hidden />
        <span className={classes.grow}>{t("nav.search")}</span>
        <Kbd keys="mod+k" />
      </UnstyledButton>
      <div className={classes.grow}>
        {places(t).map(({ to, label, Icon }) => (
          <Link key={to} to={to} className={classes.link}>
            <Icon size={20} stroke={1.75} aria-hidden />
            <span className={classes.grow}>{label}</span>
            <Badge count={badges[to]} of={to === "/review" ? "review" : "unread"} />
          </Link>
        ))}
      </div>
      <UserMenu />
    </nav>
  );
}
