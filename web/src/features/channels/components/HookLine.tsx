import { Code, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CopyButton, Section } from "@/components/ui";

/** Where the channel's provider calls us, to be entered there. */
export function HookLine({ url }: { url: string }) {
  const { t } = useTranslation("channels");
  return (
    <Section title={t("hook.title")}>
      <Text size="sm" c="dimmed">
        {t("hook.help")}
      </Text>
      <Group gap="xs" wrap="nowrap" mt="xs">
        <Code dir="ltr" style={{ overflowWrap: "anywhere" }}>
          {url}
        </Code>
        <CopyButton value={url} />
      </Group>
    </Section>
  );
}
