import { Progress, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Problem, RelativeTime, Section } from "@/components/ui";
import { formatNumber, formatPercent } from "@/lib/i18n";
import { CHANNELS_KEY, fetchChannels, fetchShifts, type Channel, type Shift } from "../api/channels";

/** What a channel carries of its pool, how its texts fared, and when its part changed and why. */
export function CarrierLine({ channel }: { channel: Channel }) {
  const { t } = useTranslation("channels");
  const shifts = useQuery({ queryKey: [...CHANNELS_KEY, channel.id, "shifts"], queryFn: ({ signal }) => fetchShifts(channel.id, signal) });
  const { carrier } = channel;
  if (!carrier) return null;
  return (
    <Section title={t("carrier.title", { pool: channel.pool })}>
      <Stack gap={4}>
        <Progress value={carrier.share} size="lg" radius="xl" aria-hidden />
        <Text size="sm">{t("carrier.share", { share: formatPercent(carrier.share / 100) })}</Text>
        {carrier.sent > 0 && (
          <Text size="sm" c="dimmed">
            {t("carrier.sample", { count: carrier.sent, number: formatNumber(carrier.sent), slow: formatNumber(carrier.slow) })}
          </Text>
        )}
        {carrier.median_seconds !== null && carrier.p95_seconds !== null && (
          <Text size="sm" c="dimmed">
            {t("carrier.median", { seconds: formatNumber(Math.round(carrier.median_seconds)), most: formatNumber(Math.round(carrier.p95_seconds)) })}
          </Text>
        )}
        <Problem error={shifts.error} retry={() => void shifts.refetch()} />
        {shifts.data?.slice(0, 5).map((shift) => (
          <ShiftLine key={shift.at} shift={shift} channel={channel} />
        ))}
      </Stack>
    </Section>
  );
}

const REASONS = ["slow", "errors", "back"] as const;

function ShiftLine({ shift, channel }: { shift: Shift; channel: Channel }) {
  const { t } = useTranslation("channels");
  const channels = useQuery({ queryKey: CHANNELS_KEY, queryFn: ({ signal }) => fetchChannels(signal) });
  const away = shift.from_id === channel.id;
  const other = channels.data?.find(({ id }) => id === (away ? shift.to_id : shift.from_id))?.name ?? t("carrier.gone");
  const reason = REASONS.find((known) => known === shift.reason);
  const moved = t(away ? "carrier.away" : "carrier.here", { share: formatPercent(shift.points / 100), other });
  return (
    <Text size="sm">
      {reason ? t(`carrier.${reason}`, { moved }) : moved} ·{" "}
      <Text span size="sm" c="dimmed">
        <RelativeTime at={shift.at} />
      </Text>
    </Text>
  );
}
