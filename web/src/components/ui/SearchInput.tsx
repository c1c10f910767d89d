import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "@/lib/shortcuts";

/** People type in bursts; the list is asked for once they pause. */
const PAUSE_MS = 250;

interface Props {
  label: string;
  value: string;
  onChange: (text: string) => void;
  /** `/` jumps here; one per screen. */
  withShortcut?: boolean;
}

export function SearchInput({ label, value, onChange, withShortcut = true }: Props) {
  const { t } = useTranslation("common");
  const [typed, setTyped] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const tell = useDebouncedCallback(onChange, PAUSE_MS);
  useShortcuts(withShortcut ? [{ keys: "/", label: t("shortcuts.search"), group: t("shortcuts.general"), run: () => input.current?.focus() }] : []);
  const change = (text: string) => {
    setTyped(text);
    tell(text);
  };
  return (
    <TextInput
      ref={input}
      type="search"
      aria-label={label}
      placeholder={label}
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
      leftSection={<IconSearch size={18} aria-hidden />}
      rightSection={typed && <CloseButton aria-label={t("actions.clear")} onClick={() => change("")} />}
      flex="1 1 16rem"
      maw={420}
    />
  );
}
