import { Button, Group, Modal, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { CopyButton, Loading, Problem } from "@/components/ui";
import { fetchRecoveryCodes, makeRecoveryCodes } from "../api/security";

/** Shows the codes once: those made together with the app's secret, or (`make`) new ones in their place. */
export function RecoveryCodesDialog({ make, onClose }: { make: boolean; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const codes = useQuery({
    queryKey: ["recovery-codes", { make }],
    queryFn: make ? makeRecoveryCodes : fetchRecoveryCodes,
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });
  return (
    <Modal opened onClose={onClose} title={t("recovery.title")} closeButtonProps={{ "aria-label": t("common:actions.close") }}>
      <Stack>
        <Text>{t("recovery.text")}</Text>
        {codes.isPending && <Loading rows={3} />}
        <Problem error={codes.error} retry={() => void codes.refetch()} />
        {codes.data && <Codes codes={codes.data.unused_codes ?? []} />}
        <Group justify="flex-end">
          <Button onClick={onClose}>{t("recovery.kept")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Codes({ codes }: { codes: readonly string[] }) {
  const { t } = useTranslation("settings");
  if (codes.length === 0) return <Text c="dimmed">{t("recovery.hidden")}</Text>;
  const text = codes.join("\n");
  return (
    <>
      <SimpleGrid cols={2} component="ul" dir="ltr" spacing="xs" p={0} m={0}>
        {codes.map((code) => (
          <Text key={code} component="li" ff="monospace" ta="center" style={{ listStyle: "none" }}>
            {code}
          </Text>
        ))}
      </SimpleGrid>
      <Group>
        <CopyButton value={text} />
        <Button
          variant="default"
          component="a"
          href={URL.createObjectURL(new Blob([text], { type: "text/plain" }))}
          download="textfirst-recovery-codes.txt"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {t("recovery.download")}
        </Button>
      </Group>
    </>
  );
}
