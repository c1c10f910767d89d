import { Checkbox, Group, MultiSelect, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { formatNumber } from "@/lib/i18n";
import { fetchLists, fetchSegments } from "../api/choices";
import type { Audience, Preview } from "../api/types";
import { reachOf } from "../rules/plan";

interface Props {
  audience: Audience;
  onChange: (audience: Audience) => void;
  preview: Preview | undefined;
  busy: boolean;
}

/** Lists and segments, or everyone; and how many of them will get it. */
export function AudiencePicker({ audience, onChange, preview, busy }: Props) {
  const { t } = useTranslation("campaigns");
  // The same keys and shapes as the contacts pages have: one fetch serves both.
  const { data: lists = [] } = useQuery({ queryKey: ["lists"], queryFn: ({ signal }) => fetchLists(signal) });
  const { data: segments = [] } = useQuery({ queryKey: ["segments"], queryFn: ({ signal }) => fetchSegments(signal) });
  return (
    <Stack gap="sm">
      <Checkbox label={t("audience.everyone")} checked={audience.everyone} onChange={(event) => onChange({ ...audience, everyone: event.currentTarget.checked })} />
      {!audience.everyone && (
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <MultiSelect
            label={t("audience.lists")}
            placeholder={audience.lists.length === 0 ? t("audience.choose") : ""}
            searchable
            nothingFoundMessage={t("audience.noLists")}
            value={audience.lists}
            onChange={(value) => onChange({ ...audience, lists: value })}
            data={lists.map(({ id, name, contacts }) => ({ value: id, label: contacts === undefined ? name : t("audience.list", { name, number: formatNumber(contacts) }) }))}
            miw={220}
          />
          <MultiSelect
            label={t("audience.segments")}
            placeholder={audience.segments.length === 0 ? t("audience.choose") : ""}
            searchable
            nothingFoundMessage={t("audience.noSegments")}
            value={audience.segments}
            onChange={(value) => onChange({ ...audience, segments: value })}
            data={segments.map(({ id, name }) => ({ value: id, label: name }))}
            miw={220}
          />
        </Group>
      )}
      <div role="status" aria-busy={busy}>
        {preview && <Reach preview={preview} />}
      </div>
    </Stack>
  );
}

export function Reach({ preview }: { preview: Preview }) {
  const { t } = useTranslation("campaigns");
  const reach = reachOf(preview);
  const left = [
    preview.estimated && t("audience.estimated"),
    preview.stopped > 0 && t("audience.stopped", { count: preview.stopped, number: formatNumber(preview.stopped) }),
    preview.blocked > 0 && t("audience.blocked", { count: preview.blocked, number: formatNumber(preview.blocked) }),
    preview.no_number !== undefined && preview.no_number > 0 && t("audience.noNumber", { count: preview.no_number, number: formatNumber(preview.no_number) }),
  ].filter(Boolean);
  return (
    <>
      <Text fw={600}>{t("audience.reach", { count: reach, number: formatNumber(reach) })}</Text>
      {left.length > 0 && (
        <Text size="sm" c="dimmed">
          {left.join(" ")}
        </Text>
      )}
    </>
  );
}
