import { Text } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Anchor } from "@/components/ui";
import { fetchPack, packKey, type Source } from "../api/packs";

/** `GB.hours` belongs to GB. */
export const jurisdictionOf = (rule: string): string => rule.split(".")[0] ?? "";

interface Props {
  rule: string;
  version: number | null;
  /** Named beside it already: only the way there is shown. */
  told?: Source | undefined;
}

/** The rule of a pack that was asked, and where it is written. */
export function RuleLink({ rule, version, told }: Props) {
  const { t } = useTranslation("decisions");
  const jurisdiction = jurisdictionOf(rule);
  const pack = useQuery({ queryKey: packKey(jurisdiction, version), queryFn: ({ signal }) => fetchPack(jurisdiction, version, signal), staleTime: Infinity, retry: false }).data;
  const found = pack?.rules.find(({ id }) => id === rule);
  const source = found?.sources.find(({ url }) => url !== null) ?? found?.sources[0];
  return (
    <Text size="xs" c="dimmed" component="span" display="block">
      <Anchor to="/settings/rules/$jurisdiction" params={{ jurisdiction }} hash={rule} inherit underline="always" c="dimmed">
        {pack ? t("why.ruleOf", { place: pack.name, version: pack.version }) : rule}
      </Anchor>
      {told?.url && (
        <>
          {" · "}
          <SourceName name={t("why.source")} url={told.url} />
        </>
      )}
      {!told && source && (
        <>
          {" · "}
          <SourceName name={source.name} url={source.url} />
        </>
      )}
    </Text>
  );
}

export function SourceName({ name, url }: { name: string; url: string | null }) {
  const { t } = useTranslation("decisions");
  if (!url) return <bdi>{name}</bdi>;
  return (
    <a href={url} target="_blank" rel="noreferrer" style={{ color: "inherit" }}>
      <bdi>{name}</bdi>
      <IconExternalLink size={13} role="img" aria-label={t("rules.opensElsewhere")} style={{ verticalAlign: "-2px", marginInlineStart: 3 }} />
    </a>
  );
}
