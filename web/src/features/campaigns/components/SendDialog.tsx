import { Alert, List, Modal, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Loading, Problem, SaveBar } from "@/components/ui";
import { formatNumber } from "@/lib/i18n";
import { useWorkspace } from "@/lib/session";
import { campaignKey, previewCampaign, startCampaign } from "../api/campaigns";
import type { Campaign } from "../api/types";
import { planOf } from "../rules/plan";
import { instantOf, localOf } from "../rules/time";
import { DryRunView, useDryRun } from "./DryRun";

const HOUR_MS = 3_600_000;

/** The last look: to how many, in how many parts, now or when. */
export function SendDialog({ campaign, onClose }: { campaign: Campaign; onClose: () => void }) {
  const { t } = useTranslation("campaigns");
  const queries = useQueryClient();
  const { time_zone: timeZone } = useWorkspace();
  const [later, setLater] = useState(false);
  const [at, setAt] = useState(() => localOf(new Date(Math.ceil(Date.now() / HOUR_MS + 1) * HOUR_MS), timeZone));
  const plan = planOf(campaign);
  const preview = useQuery({ queryKey: ["campaigns", "preview", "last", campaign.id, campaign.version], queryFn: ({ signal }) => previewCampaign(plan, signal), gcTime: 0 });
  const instant = later ? instantOf(at, timeZone) : null;
  const inPast = later && instant !== null && instant.getTime() < Date.now();
  const tried = useDryRun(plan, inPast ? null : (instant?.toISOString() ?? null), campaign.version);
  const start = useMutation({
    mutationFn: () => startCampaign(campaign.id, instant?.toISOString() ?? null),
    onSuccess: (started) => {
      queries.setQueryData(campaignKey(campaign.id), started);
      void queries.invalidateQueries({ queryKey: ["campaigns", "list"] });
      onClose();
      document.getElementById("main")?.scrollTo(0, 0); // another page now stands at this address
    },
  });
  const count = tried.data ? tried.data.now + tried.data.later.reduce((sum, one) => sum + one.count, 0) : 0;
  const forbidden = preview.data?.findings?.filter(({ effect }) => effect === "block") ?? [];
  const impossible = !preview.data || count === 0 || forbidden.length > 0 || inPast || (later && instant === null);
  return (
    <Modal opened onClose={onClose} size="lg" title={t("send.title")} closeButtonProps={{ "aria-label": t("common:actions.close") }}>
      <Stack>
        {preview.isPending && !preview.error && <Loading rows={1} />}
        <Problem error={preview.error} retry={() => void preview.refetch()} />
        {preview.data && (
          <div>
            <Text size="sm" c="dimmed">
              {t("send.parts", { count: preview.data.segments, number: formatNumber(preview.data.segments), total: formatNumber(preview.data.segments * count) })}
            </Text>
            {preview.data.unknown.length > 0 && (
              <Text size="sm" c="var(--mantine-color-error)" mt={6}>
                {t("send.unknown")}
              </Text>
            )}
          </div>
        )}
        {forbidden.length > 0 && (
          <Alert color="red" variant="light" role="alert" title={t("send.forbidden")}>
            <List size="sm">
              {forbidden.map((finding) => (
                <List.Item key={finding.rule}>{finding.message}</List.Item>
              ))}
            </List>
          </Alert>
        )}
        <Radio.Group label={t("send.when")} value={later ? "later" : "now"} onChange={(value) => setLater(value === "later")}>
          <Stack gap="xs" mt="xs">
            <Radio value="now" label={t("send.now")} />
            <Radio value="later" label={t("send.later")} />
          </Stack>
        </Radio.Group>
        {later && (
          <TextInput
            type="datetime-local"
            label={t("send.at")}
            description={t("send.zone", { zone: `\u2066${timeZone.replaceAll("_", " ")}\u2069` })}
            value={at}
            onChange={(event) => setAt(event.currentTarget.value)}
            error={inPast ? t("send.past") : undefined}
          />
        )}
        <section aria-label={t("dryRun.title")}>
          <DryRunView query={tried} />
        </section>
        <Problem error={start.error} />
        <SaveBar saveLabel={t(later ? "send.schedule" : "send.go", { count, number: formatNumber(count) })} disabled={impossible} busy={start.isPending} onCancel={onClose} onSave={() => start.mutate()} />
      </Stack>
    </Modal>
  );
}
