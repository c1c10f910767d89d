import { Alert, Code, Group, Stack, Text } from "@mantine/core";
import { IconLock, IconShieldCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton, Loading, Problem, Section } from "@/components/ui";
import { formatDateTime, formatNumber } from "@/lib/i18n";
import { fetchChain, type Chain } from "../api/forms";
import classes from "./Consent.module.css";

/** How much of the ledger is sealed, and what the nightly look through it found. */
export function ChainSection() {
  const { t } = useTranslation("consent");
  const { data: chain, error, isPending, refetch } = useQuery({ queryKey: ["consent", "chain"], queryFn: ({ signal }) => fetchChain(signal) });
  return (
    <Section title={t("chain.title")} description={t("chain.description")}>
      {isPending && <Loading rows={1} />}
      <Problem error={error} retry={() => void refetch()} />
      {chain && <State chain={chain} />}
    </Section>
  );
}

function State({ chain }: { chain: Chain }) {
  const { t } = useTranslation("consent");
  const checked = chain.verified_at && formatDateTime(new Date(chain.verified_at));
  return (
    <Stack gap="xs">
      <Line icon={<IconLock size={18} aria-hidden />}>{t("chain.sealed", { count: chain.sealed, number: formatNumber(chain.sealed) })}</Line>
      {!checked && <Text c="dimmed">{t("chain.unchecked")}</Text>}
      {checked && chain.ok && <Line icon={<IconShieldCheck size={18} aria-hidden />}>{t("chain.whole", { at: checked })}</Line>}
      {checked && !chain.ok && (
        <Alert color="red" variant="light" title={t("chain.broken", { at: checked })}>
          <Stack gap={4}>
            {chain.problems.map((problem) => (
              <Text key={problem} size="sm">
                {problem}
              </Text>
            ))}
          </Stack>
        </Alert>
      )}
      {chain.head && <Head seal={chain.head} />}
    </Stack>
  );
}

function Line({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <Group gap={8} wrap="nowrap">
      {icon}
      <Text>{children}</Text>
    </Group>
  );
}

/** The one thing worth keeping outside: with an old seal in hand, a chain that was written anew is found out. */
function Head({ seal }: { seal: string }) {
  const { t } = useTranslation("consent");
  return (
    <div>
      <Text size="sm" fw={600}>
        {t("chain.head")}
      </Text>
      <Text size="sm" c="dimmed">
        {t("chain.headWhat")}
      </Text>
      <Group gap="xs" mt={6}>
        <Code dir="ltr" className={classes.seal}>
          {seal}
        </Code>
        <CopyButton value={seal} label={t("chain.copy")} />
      </Group>
    </div>
  );
}
