import { Modal, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { Kbd } from "@/components/ui/Kbd";
import { matching, useAllCommands, type Command } from "@/lib/commands";
import classes from "./Palette.module.css";

interface Props {
  opened: boolean;
  onClose: () => void;
}

/** Ctrl-K: type a few letters of anything the console can do. */
export function Palette({ opened, onClose }: Props) {
  const { t } = useTranslation("common");
  return (
    <Modal.Root opened={opened} onClose={onClose} padding={0} yOffset="12vh" centered={false} size="lg">
      <Modal.Overlay />
      <Modal.Content aria-label={t("shortcuts.palette")}>
        <Modal.Body>
          <Search onClose={onClose} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function Search({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("common");
  const id = useId();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const commands = matching(useAllCommands(), typed);
  const index = Math.min(at, commands.length - 1);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [index, typed]);
  const choose = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setAt((index + step + commands.length) % Math.max(commands.length, 1));
    }
    if (event.key === "Enter" && !event.nativeEvent.isComposing) choose(commands[index]);
  };
  return (
    <>
      <TextInput
        data-autofocus
        variant="unstyled"
        size="lg"
        className={classes.input}
        leftSection={<IconSearch size={20} aria-hidden />}
        placeholder={t("palette.placeholder")}
        aria-label={t("palette.placeholder")}
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={commands[index] && `${id}-${index}`}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={t("palette.results")} className={classes.list}>
        {commands.map((command, position) => (
          <Line key={command.id} id={`${id}-${position}`} command={command} selected={position === index} showGroup={commands[position - 1]?.group !== command.group} choose={() => choose(command)} />
        ))}
      </div>
      <Text role="status" size="sm" c="dimmed" className={commands.length === 0 ? classes.none : classes.count}>
        {commands.length === 0 ? t("palette.none") : t("palette.count", { count: commands.length })}
      </Text>
    </>
  );
}

interface LineProps {
  id: string;
  command: Command;
  selected: boolean;
  showGroup: boolean;
  choose: () => void;
}

function Line({ id, command, selected, showGroup, choose }: LineProps) {
  return (
    <>
      {showGroup && (
        <div role="presentation" className={classes.group}>
          {command.group}
        </div>
      )}
      {/* The keyboard acts on the input, which points here by aria-activedescendant. */}
      {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events */}
      <div id={id} role="option" aria-selected={selected} tabIndex={-1} className={classes.line} onClick={choose}>
        <span className={classes.icon}>{command.icon}</span>
        <span className={classes.label}>{command.label}</span>
        {command.keys && <Kbd keys={command.keys} />}
      </div>
    </>
  );
}
