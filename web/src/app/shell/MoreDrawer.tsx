import { ActionIcon, Divider, Drawer, Group, Stack } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Place } from "../navigation";
import { useBadges } from "../badges";
import { AccountLinks } from "./AccountLinks";
import { Badge } from "./Badge";
import { Brand } from "./Brand";
import classes from "./Shell.module.css";
import { WorkspaceMenu } from "./WorkspaceMenu";

interface Props {
  opened: boolean;
  onClose: () => void;
  places: readonly Place[];
  openPalette: () => void;
}

/** On phones: the places without a tab, and what the desktop's menus hold. */
export function MoreDrawer({ opened, onClose, places, openPalette }: Props) {
  const { t } = useTranslation("common");
  const badges = useBadges();
  const search = () => {
    onClose();
    openPalette();
  };
  return (
    <Drawer opened={opened} onClose={onClose} position="bottom" size="auto" title={<Brand />} closeButtonProps={{ "aria-label": t("actions.close") }}>
      <Stack gap={4}>
        <Group justify="space-between" wrap="nowrap">
          <WorkspaceMenu />
          <ActionIcon variant="default" size="xl" aria-label={t("nav.search")} onClick={search}>
            <IconSearch size={20} aria-hidden />
          </ActionIcon>
        </Group>
        {places.map(({ to, label, Icon }) => (
          <Link key={to} to={to} className={classes.link} onClick={onClose}>
            <Icon size={20} stroke={1.75} aria-hidden />
            <span className={classes.grow}>{label}</span>
            <Badge count={badges[to]} of="review" />
          </Link>
        ))}
        <Divider />
        <AccountLinks onChoose={onClose} />
      </Stack>
    </Drawer>
  );
}
