import { Badge, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Anchor, CountBars, Loading, Problem, ShareBar, Swatch, type Share } from "@/components/ui";
import { formatNumber, withDates } from "@/lib/i18n";
import { dryRun } from "../api/campaigns";
import type { DryRunAnswer, Plan } from "../api/types";
import { barsOf, type Bar } from "../rules/dryRun";
import classes from "./DryRun.module.css";

type Asked = Omit<Plan, "name">;

/** What would become of everybody if it started now, or at a time: asked of the same rules that will decide then. */
export function useDryRun(plan: Asked, at: string | null, version: string | number) {
  const { audience, purpose, text, channel_id, anchor } = plan;
  return useQuery({
    queryKey: ["campaigns", "dry-run", version, { audience, purpose, text, channel_id, anchor }, at],
    queryFn: ({ signal }) => dryRun({ audience, purpose, text, channel_id, anchor, at }, signal),
    gcTime: 0,
  });
}

export function DryRunView({ query }: { query: ReturnType<typeof useDryRun> }) {
  return (
    <div aria-busy={query.isFetching}>
      <Problem error={query.error} retry={() => void query.refetch()} />
      {query.isPending && !query.error && <Loading rows={2} />}
      {query.data && <Told found={query.data} />}
    </div>
  );
}

function Told({ found }: { found: DryRunAnswer }) {
  const { t } = useTranslation("campaigns");
  const later = found.later.reduce((sum, { count }) => sum + count, 0);
  const not = found.not.reduce((sum, { count }) => sum + count, 0);
  const shares: Share[] = [
    { key: "now", name: t("dryRun.now"), count: found.now, tone: "delivered" },
    { key: "later", name: t("dryRun.later"), count: later, tone: "waiting" },
    { key: "not", name: t("dryRun.not"), count: not, tone: "not_sent" },
  ];
  return (
    <Stack gap="sm">
      <Text fw={600} role="status">
        {withDates(found.sentence)}
      </Text>
      <ShareBar shares={shares} />
      <dl className={classes.numbers}>
        {shares.map(({ key, name, count, tone }) => (
          <div key={key}>
            <dt>
              <Swatch tone={tone} />
              {name}
            </dt>
            <dd>{formatNumber(count)}</dd>
          </div>
        ))}
      </dl>
      {found.later.length > 0 && <Bars bars={barsOf(found.later)} />}
      {found.not.length > 0 && (
        <div>
          <Text size="sm" fw={600} mb={4}>
            {t("dryRun.whyNot")}
          </Text>
          <CountBars bars={found.not.map(({ code, message, count }) => ({ key: code, label: message, count, more: <Who code={code} /> }))} />
        </div>
      )}
      <Text size="xs" c="dimmed">
        {t("dryRun.took", { count: found.total, number: formatNumber(found.total), seconds: formatNumber(Math.max(0.1, Math.round(found.seconds * 10) / 10)) })}
      </Text>
    </Stack>
  );
}

/** Where contacts can be looked up by the reason, a way there. */
function Who({ code }: { code: string }) {
  const { t } = useTranslation("campaigns");
  if (code !== "stopped" && code !== "blocked") return null;
  return (
    <Anchor to="/contacts" search={{ [code]: true }} size="sm">
      {t("dryRun.who")}
    </Anchor>
  );
}

/** When those who wait would begin to get it; each bar is told in words. */
function Bars({ bars }: { bars: readonly Bar[] }) {
  const { t } = useTranslation("campaigns");
  const most = Math.max(...bars.map(({ count }) => count));
  return (
    <div>
      <Group gap={6} mb={4}>
        <Text size="sm" fw={600}>
          {t("dryRun.when")}
        </Text>
        {bars.some(({ local }) => local) && (
          <Badge variant="light" color="gray" size="sm">
            {t("dryRun.theirClock")}
          </Badge>
        )}
      </Group>
      <ul className={classes.bars}>
        {bars.map((bar) => (
          <li key={bar.key}>
            <span className={classes.at}>{bar.local || bar.at}</span>
            <span className={classes.bar} aria-hidden>
              <span style={{ width: `${Math.max(2, (bar.count / most) * 100)}%` }} />
            </span>
            <span className={classes.count}>{formatNumber(bar.count)}</span>
            <span className={classes.why}>{bar.headline}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
