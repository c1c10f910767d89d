import { useMantineColorScheme } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCommands } from "@/lib/commands";
import { changeLanguage } from "@/lib/i18n";
import { LANGUAGES, type Language } from "@/lib/languages";
import { useShortcuts } from "@/lib/shortcuts";
import { places } from "../navigation";
import { useSignOut } from "../useSignOut";

/** What the palette and the keyboard can do everywhere. */
export function GlobalCommands({ openPalette, openShortcuts }: { openPalette: () => void; openShortcuts: () => void }) {
  const { t } = useTranslation("common");
  const navigate = useNavigate();
  const signOut = useSignOut();
  const { setColorScheme } = useMantineColorScheme();
  const all = places(t);
  const goTo = t("palette.goTo");
  const settings = t("nav.settings");
  useShortcuts([
    { keys: "mod+k", label: t("shortcuts.palette"), group: t("shortcuts.general"), run: openPalette },
    { keys: "?", label: t("shortcuts.help"), group: t("shortcuts.general"), run: openShortcuts },
    ...all.map(({ to, label, keys }) => ({ keys, label, group: goTo, run: () => void navigate({ to }) })),
  ]);
  useCommands([
    ...all.map(({ to, label, keys, Icon }) => ({
      id: `go${to}`,
      label,
      group: goTo,
      keys,
      icon: <Icon size={18} aria-hidden />,
      run: () => void navigate({ to }),
    })),
    { id: "theme.light", label: t("palette.themeLight"), group: settings, run: () => setColorScheme("light") },
    { id: "theme.dark", label: t("palette.themeDark"), group: settings, run: () => setColorScheme("dark") },
    { id: "theme.auto", label: t("palette.themeAuto"), group: settings, run: () => setColorScheme("auto") },
    ...Object.entries(LANGUAGES).map(([code, { name }]) => ({
      id: `language.${code}`,
      label: name,
      group: t("menu.language"),
      keywords: `language ${code}`,
      run: () => void changeLanguage(code as Language),
    })),
    { id: "shortcuts", label: t("menu.shortcuts"), group: settings, keys: "?", run: openShortcuts },
    { id: "sign-out", label: t("menu.signOut"), group: settings, run: () => void signOut() },
  ]);
  return null;
}
