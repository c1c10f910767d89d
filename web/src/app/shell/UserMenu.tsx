import { Avatar, Popover, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { useMe } from "@/lib/session";
import { AccountLinks } from "./AccountLinks";
import classes from "./Menus.module.css";

/** Who is signed in, and what is theirs. A dialog, not a menu: it holds a switch and a list beside its links. */
export function UserMenu() {
  const { t } = useTranslation("common");
  const { user } = useMe();
  const [opened, { toggle, close }] = useDisclosure(false);
  return (
    <Popover opened={opened} onChange={(open) => !open && close()} width={270} position="top-start" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={classes.trigger} onClick={toggle}>
          <Avatar name={user.name} color="petrol" size={34} radius="xl" aria-hidden />
          <div>
            <Text size="sm" fw={600} truncate>
              {user.name}
            </Text>
            <Text size="xs" c="dimmed" truncate dir="ltr" ta="start">
              {user.email}
            </Text>
          </div>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("menu.account")}>
        <AccountLinks onChoose={close} withShortcuts />
      </Popover.Dropdown>
    </Popover>
  );
}
