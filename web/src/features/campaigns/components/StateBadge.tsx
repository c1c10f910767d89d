import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CampaignState } from "../api/types";

const COLORS: Record<CampaignState, string> = { draft: "gray", scheduled: "blue", preparing: "blue", running: "petrol", paused: "yellow", cancelled: "gray", done: "green" };

export function StateBadge({ state }: { state: CampaignState }) {
  const { t } = useTranslation("campaigns");
  return (
    <Badge variant="light" color={COLORS[state]} tt="none">
      {t(`states.${state}`)}
    </Badge>
  );
}
