import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { digitsOf, isNumber } from "../rules/wall";

/** A phone nobody has heard of yet: any number will do. */
export function NewPhone({ onClose, onOpen }: { onClose: () => void; onOpen: (address: string) => void }) {
  const { t } = useTranslation("phones");
  const [number, setNumber] = useState("");
  const [refused, setRefused] = useState(false);
  const digits = digitsOf(number);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isNumber(digits)) onOpen(digits);
    else setRefused(true);
  };
  return (
    <Modal opened onClose={onClose} title={t("new.title")} closeButtonProps={{ "aria-label": t("common:actions.close") }}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label={t("new.number")}
            description={t("new.hint")}
            placeholder="+30 691 234 5678"
            dir="ltr"
            inputMode="tel"
            data-autofocus
            value={number}
            error={refused && !isNumber(digits) ? t("new.refused") : undefined}
            onChange={(event) => setNumber(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button type="submit" disabled={number.trim() === ""}>
              {t("new.open")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
