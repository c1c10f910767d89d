import { UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useBadges } from "../badges";
import { places } from "../navigation";
import { Badge } from "./Badge";
import { MoreDrawer } from "./MoreDrawer";
import classes from "./Shell.module.css";

/** How many places fit under a thumb, beside “More”. */
const TABS = 4;

/** At the bottom, on phones. */
export function TabBar({ openPalette }: { openPalette: () => void }) {
  const { t } = useTranslation("common");
  const badges = useBadges();
  const [more, { open, close }] = useDisclosure(false);
  const all = places(t);
  return (
    <>
      <nav className={classes.tabs} aria-label={t("nav.label")}>
        {all.slice(0, TABS).map(({ to, label, Icon }) => (
          <Link key={to} to={to} className={classes.tab}>
            <Icon size={23} stroke={1.75} aria-hidden />
            {label}
            <Badge count={badges[to]} />
          </Link>
        ))}
        <UnstyledButton className={classes.tab} onClick={open} aria-haspopup="dialog">
          <IconDots size={23} stroke={1.75} aria-hidden />
          {t("nav.more")}
          <Badge count={badges["/review"]} of="review" />
        </UnstyledButton>
      </nav>
      <MoreDrawer opened={more} onClose={close} places={all.slice(TABS)} openPalette={openPalette} />
    </>
  );
}
