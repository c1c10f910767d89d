import { Menu, Text, UnstyledButton } from "@mantine/core";
import { IconCheck, IconSelector } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { switchWorkspace, useMe, useWorkspace } from "@/lib/session";
import classes from "./Menus.module.css";

/** The workspace's name; a menu only for people who have several. */
export function WorkspaceMenu() {
  const { t } = useTranslation("common");
  const { workspaces } = useMe();
  const current = useWorkspace();
  if (workspaces.length < 2) return <Text size="sm" c="dimmed" px={8} mt={6} truncate>{current.name}</Text>;
  return (
    <Menu width={220} position="bottom-start" withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className={classes.trigger} aria-label={t("nav.switchWorkspace", { name: current.name })}>
          <Text size="sm" fw={500} truncate flex={1}>
            {current.name}
          </Text>
          <IconSelector size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {workspaces.map((workspace) => (
          <Menu.Item
            key={workspace.id}
            onClick={() => switchWorkspace(workspace.id)}
            rightSection={workspace.id === current.id && <IconCheck size={16} aria-hidden />}
          >
            {workspace.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
