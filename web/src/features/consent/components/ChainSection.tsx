import { Alert, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Loading, Problem, Section } from "@/components/ui";
import { formatDateTime, formatNumber } from "@/lib/i18n";
import { fetchChain, type Chain } from "../api/forms";

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
      <Text>{t("chain.sealed", { count: chain.sealed, number: formatNumber(chain.sealed) })}</Text>
      {!checked && <Text c="dimmed">{t("chain.unchecked")}</Text>}
      {checked && chain.ok && <Text>{t("chain.whole", { at: checked })}</Text>}
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
    </Stack>
  );
}
