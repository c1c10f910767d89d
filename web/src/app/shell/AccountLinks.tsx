import { Divider, Stack, UnstyledButton } from "@mantine/core";
import { IconKeyboard, IconLogout, IconShieldLock, IconUser } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { LanguageSelect } from "@/components/ui/LanguageSelect";
import { shortcuts } from "@/lib/shortcuts";
import { useSignOut } from "../useSignOut";
import menus from "./Menus.module.css";
import classes from "./Shell.module.css";
import { ThemeChoice } from "./ThemeChoice";

interface Props {
  /** Something was chosen: whatever holds these may close. */
  onChoose: () => void;
  withShortcuts?: boolean;
}

/** What belongs to the person: profile, security, looks, language, signing out. */
export function AccountLinks({ onChoose, withShortcuts = false }: Props) {
  const { t } = useTranslation("common");
  const signOut = useSignOut();
  const showShortcuts = () => {
    onChoose();
    shortcuts.press("?", performance.now());
  };
  return (
    <Stack gap={6}>
      <Link to="/settings/profile" className={classes.link} onClick={onChoose}>
        <IconUser size={20} stroke={1.75} aria-hidden />
        {t("menu.profile")}
      </Link>
      <Link to="/settings/security" className={classes.link} onClick={onChoose}>
        <IconShieldLock size={20} stroke={1.75} aria-hidden />
        {t("menu.security")}
      </Link>
      {withShortcuts && (
        <UnstyledButton className={classes.link} onClick={showShortcuts}>
          <IconKeyboard size={20} stroke={1.75} aria-hidden />
          {t("menu.shortcuts")}
        </UnstyledButton>
      )}
      <ThemeChoice />
      <LanguageSelect />
      <Divider />
      <UnstyledButton className={classes.link} onClick={() => void signOut()}>
        <IconLogout size={20} stroke={1.75} aria-hidden className={menus.mirrored} />
        {t("menu.signOut")}
      </UnstyledButton>
    </Stack>
  );
}
