import { Alert, Badge, Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Anchor } from "@/components/ui";
import type { Finding } from "../api/types";

const COLORS = { warn: "yellow", attest: "yellow", block: "red" } as const;

/** What the rules of the audience's places say against the text, with the correction where one can be made. */
export function Findings({ findings, text, onFix }: { findings: readonly Finding[]; text: string; onFix: (text: string) => void }) {
  const { t } = useTranslation("campaigns");
  return findings.map((finding) => {
    const fixed = finding.fix && finding.fix.text !== text ? finding.fix.text : null;
    return (
      <Alert key={finding.rule} color={COLORS[finding.effect]} variant="light" icon={<IconAlertTriangle aria-hidden />} p="xs">
        <Group justify="space-between" gap="xs">
          <div style={{ flex: "1 1 14rem" }}>
            <Text size="sm">
              {finding.message}{" "}
              <Badge component="span" size="sm" variant="light" color={COLORS[finding.effect]}>
                {t(`findings.${finding.effect}`)}
              </Badge>
            </Text>
            <Anchor size="xs" to="/settings/rules/$jurisdiction" params={{ jurisdiction: finding.rule.split(".")[0] ?? "" }} hash={finding.rule}>
              {t("findings.rule")}
            </Anchor>
            {finding.effect === "attest" && (
              <Anchor size="xs" ms="sm" to="/settings/consent" hash="topics">
                {t("findings.answer")}
              </Anchor>
            )}
          </div>
          {fixed !== null && (
            <Button size="xs" variant="default" onClick={() => onFix(fixed)}>
              {t("findings.fix")}
            </Button>
          )}
        </Group>
      </Alert>
    );
  });
}
