import { Alert, Button, Checkbox, Code, Group, Modal, Radio, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton, Problem } from "@/components/ui";
import { useSubmit } from "@/lib/forms";
import { createKey, KEYS_KEY, SCOPES, type KeyKind, type Scope, scopeWords } from "../api/keys";

/** Makes a key, and shows its secret the one time it can be seen. */
export function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("settings");
  const [secret, setSecret] = useState<string | null>(null);
  // The secret is gone with the dialog, so neither a click beside it nor Escape closes it then.
  const stay = secret !== null;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("keys.create")}
      size="lg"
      closeOnClickOutside={!stay}
      closeOnEscape={!stay}
      closeButtonProps={{ "aria-label": t("common:actions.close") }}
    >
      {secret === null ? <Ask onMade={setSecret} /> : <Secret secret={secret} onClose={onClose} />}
    </Modal>
  );
}

function Ask({ onMade }: { onMade: (secret: string) => void }) {
  const { t } = useTranslation("settings");
  const queries = useQueryClient();
  const form = useForm<{ name: string; kind: KeyKind; scopes: Scope[] }>({
    initialValues: { name: "", kind: "test", scopes: ["messages:send", "messages:read"] },
    validate: { scopes: (scopes) => (scopes.length === 0 ? t("keys.noScope") : null) },
  });
  const { error, busy, submit } = useSubmit(form, async (wanted) => {
    const { secret } = await createKey(wanted);
    await queries.invalidateQueries({ queryKey: KEYS_KEY });
    onMade(secret);
  });
  return (
    <form onSubmit={form.onSubmit(submit)}>
      <Stack>
        <TextInput label={t("keys.name")} description={t("keys.nameWhat")} required data-autofocus {...form.getInputProps("name")} />
        <Radio.Group label={t("keys.kind")} {...form.getInputProps("kind")}>
          <Stack gap="xs" mt="xs">
            <Radio value="test" label={t("keys.test")} description={t("keys.testWhat")} />
            <Radio value="live" label={t("keys.live")} description={t("keys.liveWhat")} />
          </Stack>
        </Radio.Group>
        <Checkbox.Group label={t("keys.scopes")} description={t("keys.scopesWhat")} {...form.getInputProps("scopes")}>
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" mt="xs">
            {SCOPES.map((scope) => (
              <Checkbox key={scope} value={scope} label={t(scopeWords(scope))} description={<bdi dir="ltr">{scope}</bdi>} />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
        <Problem error={error} />
        <Group justify="flex-end">
          <Button type="submit" loading={busy}>
            {t("keys.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useTranslation("settings");
  return (
    <Stack>
      <Alert color="yellow" variant="light" title={t("keys.onceTitle")}>
        {t("keys.once")}
      </Alert>
      <Code block dir="ltr" aria-label={t("keys.secret")} style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
        {secret}
      </Code>
      <Group justify="flex-end">
        <CopyButton value={secret} />
        <Button onClick={onClose}>{t("keys.kept")}</Button>
      </Group>
    </Stack>
  );
}
