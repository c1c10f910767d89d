import { Badge, Button, Code, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ConfirmDialog, EmptyState, Loading, PageHeader, Problem, RelativeTime, Section, showDone } from "@/components/ui";
import { useCommands } from "@/lib/commands";
import { fetchKeys, KEYS_KEY, revokeKey, type ApiKey, scopeWords } from "../api/keys";
import classes from "./Lines.module.css";
import { NewKeyDialog } from "./NewKeyDialog";

export function KeysPage() {
  const { t } = useTranslation("settings");
  const [making, make] = useDisclosure(false);
  const keys = useQuery({ queryKey: KEYS_KEY, queryFn: ({ signal }) => fetchKeys(signal) });
  const open = keys.data?.filter((key) => key.revoked_at === null) ?? [];
  const revoked = keys.data?.filter((key) => key.revoked_at !== null) ?? [];
  const button = <Button onClick={make.open}>{t("keys.create")}</Button>;
  useCommands([{ id: "keys.create", label: t("keys.create"), group: t("keys.title"), keywords: "API", run: make.open }]);
  return (
    <>
      <PageHeader title={t("keys.title")} description={t("keys.description")} actions={open.length > 0 && button} />
      {keys.isPending && <Loading rows={2} />}
      <Problem error={keys.error} retry={() => void keys.refetch()} />
      {keys.data && open.length === 0 && (
        <EmptyState icon={<IconKey size={34} />} title={t("keys.emptyTitle")} steps={[t("keys.emptyStep1"), t("keys.emptyStep2"), t("keys.emptyStep3")]} actions={button}>
          {t("keys.emptyText")}
        </EmptyState>
      )}
      <Stack gap="lg">
        {open.length > 0 && <List title={t("keys.inUse")} keys={open} />}
        {revoked.length > 0 && <List title={t("keys.revoked")} keys={revoked} />}
      </Stack>
      {making && <NewKeyDialog onClose={make.close} />}
    </>
  );
}

function List({ title, keys }: { title: string; keys: readonly ApiKey[] }) {
  return (
    <Section title={title}>
      <ul className={classes.lines}>
        {keys.map((key) => (
          <Line key={key.id} apiKey={key} />
        ))}
      </ul>
    </Section>
  );
}

function Line({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation("settings");
  const queries = useQueryClient();
  const [asking, ask] = useDisclosure(false);
  const revoke = async () => {
    await revokeKey(apiKey.id);
    await queries.invalidateQueries({ queryKey: KEYS_KEY });
    showDone(t("keys.revokedOne", { name: apiKey.name }));
  };
  return (
    <li className={classes.line}>
      <Stack gap={4} flex="1 1 16rem" miw={0}>
        <Group gap="xs">
          <Text size="sm" fw={550}>
            {apiKey.name}
          </Text>
          <Badge variant="light" color={apiKey.kind === "live" ? "orange" : "gray"} size="sm">
            {apiKey.kind === "live" ? t("keys.live") : t("keys.test")}
          </Badge>
        </Group>
        <Text size="xs" c="dimmed">
          <Code dir="ltr">tf_{apiKey.kind}_…{apiKey.hint}</Code> {apiKey.scopes.map((scope) => t(scopeWords(scope))).join(" · ")}
        </Text>
        <Text size="xs" c="dimmed">
          {t("keys.made")} <RelativeTime at={apiKey.created_at} />
          {" · "}
          {apiKey.last_used_at ? <>{t("keys.used")} <RelativeTime at={apiKey.last_used_at} /></> : t("keys.neverUsed")}
        </Text>
      </Stack>
      {apiKey.revoked_at === null && (
        <Button variant="subtle" color="red" onClick={ask.open} aria-label={t("keys.revokeOne", { name: apiKey.name })}>
          {t("keys.revoke")}
        </Button>
      )}
      <ConfirmDialog opened={asking} title={t("keys.revokeOne", { name: apiKey.name })} confirmLabel={t("keys.revoke")} onConfirm={revoke} onClose={ask.close}>
        {t("keys.revokeWhat")}
      </ConfirmDialog>
    </li>
  );
}
