import { Combobox, Group, Modal, Stack, Text, Textarea, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { PersonAvatar, PersonName, PhoneNumber, Problem, SaveBar, TextMeter } from "@/components/ui";
import { ApiError } from "@/lib/errors";
import { openConversation } from "../api/conversations";
import { sendText } from "../api/messages";
import { findPeople } from "../api/people";
import type { Found } from "../api/types";
import { keepConversation } from "../hooks/cache";
import { useMeasured } from "../hooks/useMeasured";
import { MergeFields } from "./Composer";

interface Props {
  /** A number to begin with. */
  to: string;
  onClose: () => void;
  /** Shows the conversation the text went into. */
  onSent: (conversation: string) => void;
}

/** A text to a contact or a bare number. */
export function NewMessage({ to, onClose, onSent }: Props) {
  const { t } = useTranslation("inbox");
  const queries = useQueryClient();
  const [whom, setWhom] = useState<Found | string>(to);
  const [text, setText] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  // One key per dialog: pressing twice, or again after a dropped line, sends once.
  const [key] = useState(() => crypto.randomUUID());
  const preview = useMeasured(text, typeof whom === "string" ? null : whom.id);
  const refusal = error instanceof ApiError ? (error.fields.to ?? error.fields.contact_id) : undefined;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const conversation = await openConversation(typeof whom === "string" ? { to: whom.trim() } : { contact_id: whom.id });
      keepConversation(queries, conversation);
      await sendText(conversation.id, text.trim(), key);
      onSent(conversation.id);
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t("compose.title")} closeButtonProps={{ "aria-label": t("common:actions.close") }}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack>
          <Whom value={whom} onChange={(next) => (setWhom(next), setError(null))} error={refusal} />
          <div>
            <Textarea
              label={t("compose.text")}
              dir="auto"
              autosize
              minRows={3}
              maxRows={10}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              aria-describedby="compose-facts"
            />
            <MergeFields text={text} preview={preview} />
            <TextMeter id="compose-facts" measured={preview} />
          </div>
          {!refusal && <Problem error={error} />}
          <SaveBar saveLabel={t("composer.send")} busy={busy} disabled={text.trim() === "" || (typeof whom === "string" && whom.trim() === "")} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

interface WhomProps {
  value: Found | string;
  onChange: (value: Found | string) => void;
  error: string | undefined;
}

function Whom({ value, onChange, error }: WhomProps) {
  const { t } = useTranslation("inbox");
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const typed = typeof value === "string" ? value : value.name || value.address;
  const [settled] = useDebouncedValue(typeof value === "string" ? value.trim() : "", 200);
  const { data: found = [] } = useQuery({ queryKey: ["contacts", "find", settled], queryFn: ({ signal }) => findPeople(settled, signal), enabled: settled.length > 1 });
  const isCurrent = typeof value === "string" && value.trim() === settled; // never offer who fits what was typed before
  const offered = isCurrent && settled.length > 1 ? found : [];
  const choose = (id: string) => {
    const chosen = found.find((one) => one.id === id);
    if (chosen) onChange(chosen);
    combobox.closeDropdown();
  };
  return (
    <Combobox store={combobox} onOptionSubmit={choose}>
      <Combobox.Target>
        <TextInput
          data-autofocus
          label={t("compose.to")}
          description={t("compose.toHint")}
          value={typed}
          error={error}
          autoComplete="off"
          dir="auto"
          onChange={(event) => {
            onChange(event.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          rightSection={typeof value !== "string" && <PersonAvatar person={value} size={24} />}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={offered.length === 0}>
        <Combobox.Options aria-label={t("compose.found")}>
          {offered.map((one) => (
            <Combobox.Option value={one.id} key={one.id}>
              <Group gap="sm" wrap="nowrap">
                <PersonAvatar person={one} size={28} />
                <div>
                  <PersonName person={one} />
                  {one.name && (
                    <Text size="xs" c="dimmed">
                      <PhoneNumber number={one.address} />
                    </Text>
                  )}
                </div>
              </Group>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
