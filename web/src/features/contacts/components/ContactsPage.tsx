import { useTranslation } from "react-i18next";
import { Page, PageHeader } from "@/components/ui";

export function ContactsPage() {
  const { t } = useTranslation("contacts");
  return (
    <Page>
      <PageHeader title={t("title")} />
    </Page>
  );
}
