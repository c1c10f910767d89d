import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog, explain, showDone, showUndo } from "@/components/ui";
import { useCommands } from "@/lib/commands";
import { useAtLeast } from "@/lib/session";
import { actOnCampaign, campaignKey } from "../api/campaigns";
import type { Campaign } from "../api/types";
import { isUnderWay } from "../rules/progress";

/** Pause and resume can be taken back; cancelling cannot, so it asks. */
export function Acts({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  const queries = useQueryClient();
  const mayAct = useAtLeast("admin");
  const [asking, setAsking] = useState(false);
  const keep = (changed: Campaign) => {
    queries.setQueryData(campaignKey(campaign.id), changed);
    void queries.invalidateQueries({ queryKey: ["campaigns", "list"] });
  };
  const act = (what: "pause" | "resume") =>
    actOnCampaign(campaign.id, what).then(keep, (error: unknown) => {
      notifications.show({ color: "red", withBorder: true, title: t("common:errors.title"), message: explain(error, t as never) });
      throw error;
    });
  const pause = () => void act("pause").then(() => showUndo({ message: t("acts.paused", { name: campaign.name }), undo: () => void act("resume").catch(() => undefined) }), () => undefined);
  const resume = () => void act("resume").then(() => showDone(t("acts.resumed", { name: campaign.name })), () => undefined);
  const canPause = campaign.state === "running" || campaign.state === "preparing";
  const canResume = campaign.state === "paused";
  const group = t("title");
  useCommands([
    ...(mayAct && canPause ? [{ id: "campaign.pause", label: t("acts.pause"), group, run: pause }] : []),
    ...(mayAct && canResume ? [{ id: "campaign.resume", label: t("acts.resume"), group, run: resume }] : []),
  ]);
  if (!mayAct || !isUnderWay(campaign.state)) return null;
  const cancel = async () => keep(await actOnCampaign(campaign.id, "cancel"));
  return (
    <>
      {canPause && (
        <Button variant="default" leftSection={<IconPlayerPause size={17} aria-hidden />} onClick={pause}>
          {t("acts.pause")}
        </Button>
      )}
      {canResume && (
        <Button leftSection={<IconPlayerPlay size={17} aria-hidden />} onClick={resume}>
          {t("acts.resume")}
        </Button>
      )}
      <Button variant="subtle" color="red" onClick={() => setAsking(true)}>
        {t("acts.cancel")}
      </Button>
      <ConfirmDialog opened={asking} title={t("acts.cancelQuestion", { name: campaign.name })} confirmLabel={t("acts.cancel")} onConfirm={cancel} onClose={() => setAsking(false)}>
        {campaign.state === "scheduled" ? t("acts.cancelScheduled") : t("acts.cancelWhat")}
      </ConfirmDialog>
    </>
  );
}
