import { Badge, Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog, Loading, Problem, RelativeTime, Section, showDone } from "@/components/ui";
import { AUTHENTICATORS_KEY, deactivateTotp, fetchAuthenticators, type Authenticator } from "../api/security";
import { RecoveryCodesDialog } from "./RecoveryCodesDialog";
import { TotpDialog } from "./TotpDialog";

/** Two-step verification: whether it is on, turning it on and off, and its recovery codes. */
export function TwoSteps() {
  const { t } = useTranslation("settings");
  const authenticators = useQuery({ queryKey: AUTHENTICATORS_KEY, queryFn: ({ signal }) => fetchAuthenticators(signal) });
  const totp = authenticators.data?.find((one) => one.type === "totp");
  const codes = authenticators.data?.find((one) => one.type === "recovery_codes");
  return (
    <Section
      title={t("twoSteps.title")}
      description={t("twoSteps.description")}
      actions={authenticators.data && <Badge variant="light" color={totp ? "green" : "gray"}>{totp ? t("twoSteps.on") : t("twoSteps.off")}</Badge>}
    >
      {authenticators.isPending && <Loading rows={1} />}
      <Problem error={authenticators.error} retry={() => void authenticators.refetch()} />
      {authenticators.data && (totp ? <IsOn totp={totp} codes={codes} /> : <IsOff />)}
    </Section>
  );
}

function IsOff() {
  const { t } = useTranslation("settings");
  const queries = useQueryClient();
  const [step, setStep] = useState<"app" | "codes" | null>(null);
  const finish = () => {
    setStep(null);
    void queries.invalidateQueries({ queryKey: AUTHENTICATORS_KEY });
  };
  return (
    <>
      <Button onClick={() => setStep("app")}>{t("twoSteps.turnOn")}</Button>
      {step === "app" && <TotpDialog onDone={() => setStep("codes")} onClose={() => setStep(null)} />}
      {step === "codes" && <RecoveryCodesDialog make={false} onClose={finish} />}
    </>
  );
}

function IsOn({ totp, codes }: { totp: Authenticator; codes: Authenticator | undefined }) {
  const { t } = useTranslation("settings");
  const queries = useQueryClient();
  const [removing, remove] = useDisclosure(false);
  const [making, make] = useDisclosure(false);
  const refresh = () => queries.invalidateQueries({ queryKey: AUTHENTICATORS_KEY });
  const turnOff = async () => {
    await deactivateTotp();
    await refresh();
    showDone(t("twoSteps.turnedOff"));
  };
  return (
    <>
      <Text size="sm">
        {t("twoSteps.since")} <RelativeTime at={totp.created_at} />
        {" · "}
        {t("twoSteps.codesLeft", { count: codes?.unused_code_count ?? 0 })}
      </Text>
      <Group mt="md">
        <Button variant="default" onClick={make.open}>
          {t("twoSteps.newCodes")}
        </Button>
        <Button variant="light" color="red" onClick={remove.open}>
          {t("twoSteps.turnOff")}
        </Button>
      </Group>
      <ConfirmDialog opened={removing} title={t("twoSteps.turnOff")} confirmLabel={t("twoSteps.turnOff")} onConfirm={turnOff} onClose={remove.close}>
        {t("twoSteps.turnOffWhat")}
      </ConfirmDialog>
      {making && (
        <RecoveryCodesDialog
          make
          onClose={() => {
            make.close();
            void refresh();
          }}
        />
      )}
    </>
  );
}
