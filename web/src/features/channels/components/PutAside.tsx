import { Badge, Button, Group, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { DataTable, PhoneNumber, Problem, RelativeTime, Section, type Column } from "@/components/ui";
import { useCursorPages } from "@/lib/paging";
import { fetchPutAside, putAsideKey, takeInAgain, type PutAside as Kept } from "../api/putAside";

/** The engine takes in what is asked for within ten seconds. */
const LOOK_EVERY_MS = 3000;
const COLORS = { waiting: "yellow", asked: "gray", taken_in: "teal" } as const;

/** Texts that came and could not be stored, with why, and a button to take them in after all. Shows nothing while there were none. */
export function PutAside({ channelId }: { channelId: string }) {
  const { t } = useTranslation("channels");
  const queries = useQueryClient();
  const pages = useCursorPages(putAsideKey(channelId), (after, signal) => fetchPutAside(channelId, after, signal));
  const again = useMutation({ mutationFn: (ids: string[] | null) => takeInAgain(channelId, ids), onSettled: () => queries.invalidateQueries({ queryKey: putAsideKey(channelId) }) });
  const isBusy = pages.items.some(({ state }) => state === "asked");
  useEffect(() => {
    if (!isBusy) return;
    const timer = setInterval(pages.retry, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [isBusy, pages.retry]);
  if (pages.isLoading || (pages.items.length === 0 && pages.number === 1 && !pages.error)) return null;
  const waits = pages.items.some(({ state }) => state === "waiting");
  const columns: Column<Kept>[] = [
    { id: "what", header: t("putAside.what"), cell: (one) => <What one={one} /> },
    { id: "at", header: t("putAside.at"), cell: (one) => <RelativeTime at={one.received_at} />, hideOnPhone: true },
    {
      id: "state",
      header: t("putAside.state"),
      cell: (one) =>
        one.state === "waiting" ? (
          <Button variant="default" size="xs" loading={again.isPending && again.variables?.[0] === one.id} onClick={() => again.mutate([one.id])}>
            {t("putAside.again")}
          </Button>
        ) : (
          <Badge variant="light" color={COLORS[one.state]} tt="none">
            {t(`putAside.states.${one.state}`)}
          </Badge>
        ),
    },
  ];
  return (
    <Section
      title={t("putAside.title")}
      description={t("putAside.description")}
      actions={
        waits && (
          <Button variant="default" loading={again.isPending && again.variables === null} onClick={() => again.mutate(null)}>
            {t("putAside.againAll")}
          </Button>
        )
      }
    >
      <Problem error={again.error} />
      <DataTable label={t("putAside.title")} columns={columns} pages={pages} rowId={(one) => one.id} rowLabel={(one) => one.sender ?? t("putAside.unreadable")} empty={null} />
    </Section>
  );
}

function What({ one }: { one: Kept }) {
  const { t } = useTranslation("channels");
  return (
    <>
      <Group gap={6}>{one.sender ? <PhoneNumber number={one.sender} /> : <Text size="sm">{t("putAside.unreadable")}</Text>}</Group>
      {one.text !== null && (
        <Text size="sm" lineClamp={3}>
          <bdi>{one.text}</bdi>
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {t("putAside.why")} <bdi dir="ltr">{one.problem}</bdi>
      </Text>
    </>
  );
}
