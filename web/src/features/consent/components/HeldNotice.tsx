import { Alert } from "@mantine/core";
import { IconMessageQuestion } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Anchor } from "@/components/ui";
import { consentKey, fetchConsent } from "../api/ledger";

/** Above where one writes: something they wrote may mean that they want no more advertising. */
export function HeldNotice({ contact }: { contact: string }) {
  const { t } = useTranslation("consent");
  const { data } = useQuery({ queryKey: consentKey(contact), queryFn: ({ signal }) => fetchConsent(contact, null, signal) });
  if (!data?.standing.held) return null;
  return (
    <Alert color="yellow" variant="light" icon={<IconMessageQuestion aria-hidden />} role="status" m="xs" py="xs">
      {t("held.text")}{" "}
      <Anchor to="/review" underline="always" inherit>
        {t("held.review")}
      </Anchor>
    </Alert>
  );
}
