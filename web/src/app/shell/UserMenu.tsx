import { Avatar, Menu, SegmentedControl, Text, UnstyledButton, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { IconKeyboard, IconLogout, IconShieldLock, IconUser } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { changeLanguage } from "@/lib/i18n";
import { isLanguage, LANGUAGES, type Language } from "@/lib/languages";
import { useMe } from "@/lib/session";
import { shortcuts } from "@/lib/shortcuts";
import { useSignOut } from "../useSignOut";
import classes from "./Menus.module.css";

/** Who is signed in: profile, security, theme, language, sign out. */
export function UserMenu() {
  const { user } = useMe();
  return (
    <Menu width={260} position="top-start">
      <Menu.Target>
        <UnstyledButton className={classes.trigger}>
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
      </Menu.Target>
      <Menu.Dropdown>
        <UserMenuItems />
      </Menu.Dropdown>
    </Menu>
  );
}

/** The menu's lines, shared with the phone's “More”. */
export function UserMenuItems() {
  const { t } = useTranslation("common");
  const signOut = useSignOut();
  return (
    <>
      <Menu.Item component={Link} to="/settings/profile" leftSection={<IconUser size={17} aria-hidden />}>
        {t("menu.profile")}
      </Menu.Item>
      <Menu.Item component={Link} to="/settings/security" leftSection={<IconShieldLock size={17} aria-hidden />}>
        {t("menu.security")}
      </Menu.Item>
      <Menu.Item leftSection={<IconKeyboard size={17} aria-hidden />} onClick={() => shortcuts.press("?", Number.MAX_SAFE_INTEGER)}>
        {t("menu.shortcuts")}
      </Menu.Item>
      <Menu.Divider />
      <Menu.Label>{t("menu.theme")}</Menu.Label>
      <ThemeChoice />
      <Menu.Label>{t("menu.language")}</Menu.Label>
      <LanguageItems />
      <Menu.Divider />
      <Menu.Item leftSection={<IconLogout size={17} aria-hidden className={classes.mirrored} />} onClick={() => void signOut()}>
        {t("menu.signOut")}
      </Menu.Item>
    </>
  );
}

export function ThemeChoice() {
  const { t } = useTranslation("common");
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={t("menu.theme")}
      value={colorScheme}
      onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}
      data={[
        { value: "auto", label: t("theme.auto") },
        { value: "light", label: t("theme.light") },
        { value: "dark", label: t("theme.dark") },
      ]}
    />
  );
}

function LanguageItems() {
  const { i18n } = useTranslation();
  return Object.entries(LANGUAGES).map(([code, { name }]) => (
    <Menu.Item key={code} lang={code} py={4} fw={i18n.language === code ? 650 : undefined} aria-current={i18n.language === code || undefined} onClick={() => void choose(code)}>
      {name}
    </Menu.Item>
  ));
}

async function choose(code: string): Promise<void> {
  if (isLanguage(code)) await changeLanguage(code satisfies Language);
}
