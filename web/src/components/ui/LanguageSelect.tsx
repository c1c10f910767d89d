import { Select } from "@mantine/core";
import { IconLanguage } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { changeLanguage } from "@/lib/i18n";
import { isLanguage, LANGUAGES } from "@/lib/languages";

/** The console's language, switched at once for this browser. */
export function LanguageSelect({ width }: { width?: number }) {
  const { t, i18n } = useTranslation("common");
  return (
    <Select
      aria-label={t("menu.language")}
      value={i18n.language}
      onChange={(code) => void (code && isLanguage(code) && changeLanguage(code))}
      data={Object.entries(LANGUAGES).map(([value, { name }]) => ({ value, label: name }))}
      leftSection={<IconLanguage size={18} aria-hidden />}
      allowDeselect={false}
      comboboxProps={{ withinPortal: false }} // a list elsewhere in the page would close the popover around this
      w={width}
    />
  );
}
