import { Button, Group, Text } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useAtLeast } from "@/lib/session";
import classes from "./Policy.module.css";

interface Props<Id extends string> {
  ids: readonly Id[];
  /** What a line is about, in a word or two. */
  nameOf: (id: Id) => string;
  /** Words for the button that changes the line of this name. */
  changeLabel: (name: string) => string;
  /** What is set, in words. */
  shown: (id: Id) => ReactNode;
  /** The line while it is changed. */
  editor: (id: Id, close: () => void) => ReactNode;
}

/** Settings as lines, each changed right where it stands, one at a time. */
export function EditableLines<Id extends string>({ ids, nameOf, changeLabel, shown, editor }: Props<Id>) {
  const { t } = useTranslation("common");
  const mayChange = useAtLeast("admin");
  const [edited, setEdited] = useState<Id | null>(null);
  return (
    <ul className={classes.lines}>
      {ids.map((id) => (
        <li key={id}>
          {edited === id ? (
            <div role="group" aria-label={nameOf(id)} className={classes.editing}>
              <Text fw={600} size="sm" mb="xs">
                {nameOf(id)}
              </Text>
              {editor(id, () => setEdited(null))}
            </div>
          ) : (
            <Group justify="space-between" wrap="nowrap" align="flex-start">
              <div>
                <Text fw={600} size="sm">
                  {nameOf(id)}
                </Text>
                {shown(id)}
              </div>
              {mayChange && (
                <Button variant="default" size="xs" flex="none" aria-label={changeLabel(nameOf(id))} onClick={() => setEdited(id)}>
                  {t("actions.edit")}
                </Button>
              )}
            </Group>
          )}
        </li>
      ))}
    </ul>
  );
}
