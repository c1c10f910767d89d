import { Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { PageHeader } from "@/components/ui";
import { useAtLeast } from "@/lib/session";
import { AttestSection } from "./AttestSection";
import { ChainSection } from "./ChainSection";
import { FormsSection } from "./FormsSection";

/** How people join, who answers for those without proof, and how the proof is kept. */
export function JoiningPage() {
  const { t } = useTranslation("consent");
  const isAdmin = useAtLeast("admin");
  return (
    <>
      <PageHeader title={t("joining.title")} description={t("joining.description")} />
      <Stack gap="lg">
        <FormsSection />
        {isAdmin && <AttestSection />}
        <ChainSection />
      </Stack>
    </>
  );
}
