import { Modal, SimpleGrid, Stack, Switch, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Kbd } from "@/components/ui/Kbd";
import { setSingleKeys, singleKeysOn, useAllShortcuts, type Shortcut } from "@/lib/shortcuts";
import classes from "./ShortcutHelp.module.css";

/** `?`: the keys that work on this screen, right now. */
export function ShortcutHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation("common");
  return (
    <Modal opened={opened} onClose={onClose} title={t("menu.shortcuts")} size="lg" closeButtonProps={{ "aria-label": t("actions.close") }}>
      <Stack>
        <Groups />
        <SingleKeys />
      </Stack>
    </Modal>
  );
}

function Groups() {
  const groups = grouped(useAllShortcuts());
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      {[...groups].map(([group, list]) => (
        <section key={group}>
          <Title order={2} size="sm" mb="xs">
            {group}
          </Title>
          <dl className={classes.list}>
            {newestOfEachKey(list).map((shortcut) => (
              <div key={shortcut.keys} className={classes.line}>
                <dt>{shortcut.label}</dt>
                <dd>
                  <Kbd keys={shortcut.keys} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </SimpleGrid>
  );
}

const newestOfEachKey = (list: readonly Shortcut[]): Shortcut[] => [...new Map(list.map((shortcut) => [shortcut.keys, shortcut])).values()];

function SingleKeys() {
  const { t } = useTranslation("common");
  const [on, setOn] = useState(singleKeysOn);
  const change = (next: boolean) => {
    setSingleKeys(next);
    setOn(next);
  };
  return (
    <Switch
      checked={on}
      onChange={(event) => change(event.currentTarget.checked)}
      label={t("shortcuts.singleKeys")}
      description={<Text span inherit>{t("shortcuts.singleKeysWhy")}</Text>}
    />
  );
}

function grouped(list: readonly Shortcut[]): Map<string, Shortcut[]> {
  const groups = new Map<string, Shortcut[]>();
  for (const shortcut of list) groups.set(shortcut.group, [...(groups.get(shortcut.group) ?? []), shortcut]);
  return groups;
}
