import { Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Anchor, Loading, PageHeader, Problem } from "@/components/ui";
import { usePolicy } from "../hooks/usePolicy";
import { CapsSection } from "./CapsSection";
import { CountriesSection } from "./CountriesSection";
import { ExemptionsSection } from "./ExemptionsSection";
import { OwnHoursSection } from "./OwnHoursSection";
import { PlansSection } from "./PlansSection";
import { StaffHoursSection } from "./StaffHoursSection";
import { TopicsSection } from "./TopicsSection";
import { WhatItMeans } from "./WhatItMeans";

/** Where customers are, when and how often they may be reached, and by what: each with what it means in sentences. */
export function PolicyPage() {
  const { t } = useTranslation("decisions");
  const { data: policy, error, isPending, refetch } = usePolicy();
  return (
    <>
      <PageHeader title={t("policy.title")} description={t("policy.description")} actions={<Anchor to="/settings/rules">{t("rules.title")}</Anchor>} />
      {isPending && <Loading shape="cards" rows={3} />}
      <Problem error={error} retry={() => void refetch()} />
      {policy && (
        <Stack gap="lg">
          <CountriesSection policy={policy} />
          <WhatItMeans policy={policy} />
          <OwnHoursSection policy={policy} />
          <CapsSection policy={policy} />
          <TopicsSection />
          <ExemptionsSection policy={policy} />
          <PlansSection policy={policy} />
          <StaffHoursSection policy={policy} />
        </Stack>
      )}
    </>
  );
}
