import { Badge, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Anchor, LinkButton, PhoneNumber } from "@/components/ui";
import { formatNumber } from "@/lib/i18n";
import { useAtLeast } from "@/lib/session";
import type { Channel } from "../api/channels";
import { EnabledSwitch } from "./EnabledSwitch";
import { HealthLine } from "./HealthLine";

/** One connected sender at a glance. */
export function ChannelCard({ channel }: { channel: Channel }) {
  const { t } = useTranslation("channels");
  const isAdmin = useAtLeast("admin");
  const isSimulator = channel.kind === "simulator";
  return (
    <Paper component="article" withBorder radius="lg" p="lg">
      <Group justify="space-between" align="flex-start">
        <Stack gap={6} flex="1 1 18rem" miw={0}>
          <Group gap="xs">
            <Title order={2} size="h4">
              <Anchor to="/channels/$channelId" params={{ channelId: channel.id }} inherit>
                {channel.name}
              </Anchor>
            </Title>
            <Badge variant="light" color={isSimulator ? "gray" : "petrol"}>
              {isSimulator ? t("simulator") : channel.kind.toUpperCase()}
            </Badge>
          </Group>
          <Text size="sm" c="dimmed">
            <PhoneNumber number={channel.address} /> · <RateWords rate={channel.rate} />
          </Text>
          <HealthLine health={channel.health} />
          {isSimulator && (
            <Text size="sm" c="dimmed" maw="60ch">
              {t("simulatorWhat")}
            </Text>
          )}
        </Stack>
        <Group>
          {isAdmin && <EnabledSwitch channel={channel} />}
          {isSimulator && (
            <LinkButton to="/phones" variant="default" size="sm">
              {t("practice.phones")}
            </LinkButton>
          )}
        </Group>
      </Group>
    </Paper>
  );
}

function RateWords({ rate }: { rate: number }) {
  const { t } = useTranslation("channels");
  return rate === 0 ? t("rateFree") : t("ratePerSecond", { count: rate, rate: formatNumber(rate) });
}
