import { ActionIcon, Drawer, Group, Menu, Stack, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots, IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useBadges } from "../badges";
import { places } from "../navigation";
import { Badge } from "./Badge";
import { Brand } from "./Brand";
import classes from "./Shell.module.css";
import { UserMenuItems } from "./UserMenu";
import { WorkspaceMenu } from "./WorkspaceMenu";

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
        </UnstyledButton>
      </nav>
      <Drawer opened={more} onClose={close} position="bottom" size="auto" title={<Brand />} closeButtonProps={{ "aria-label": t("actions.close") }}>
        <Stack gap={2}>
          <Group justify="space-between">
            <WorkspaceMenu />
            <ActionIcon
              variant="default"
              size="xl"
              aria-label={t("nav.search")}
              onClick={() => {
                close();
                openPalette();
              }}
            >
              <IconSearch size={20} aria-hidden />
            </ActionIcon>
          </Group>
          {all.slice(TABS).map(({ to, label, Icon }) => (
            <Link key={to} to={to} className={classes.link} onClick={close}>
              <Icon size={20} stroke={1.75} aria-hidden />
              {label}
            </Link>
          ))}
          <Menu>
            <UserMenuItems />
          </Menu>
        </Stack>
      </Drawer>
    </>
  );
}
