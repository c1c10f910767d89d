import { useTranslation } from "react-i18next";
import { Page, PageHeader } from "@/components/ui";

export function CampaignsPage() {
  const { t } = useTranslation("campaigns");
  return (
    <Page>
      <PageHeader title={t("title")} />
    </Page>
  );
}
