import { LinkButton } from "@/components/ui";
import { useTranslation } from "react-i18next";
import { PublicHeading } from "./PublicHeading";

/** After a mail was sent. */
export function CheckYourMail({ title, text }: { title: string; text: string }) {
  const { t } = useTranslation("accounts");
  return (
    <>
      <PublicHeading title={title}>{text}</PublicHeading>
      <LinkButton to="/login" variant="default">
        {t("backToLogin")}
      </LinkButton>
    </>
  );
}
