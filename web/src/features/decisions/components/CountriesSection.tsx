import { MultiSelect, Text } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Problem, Section } from "@/components/ui";
import { countryChoices } from "@/lib/places";
import { useAtLeast } from "@/lib/session";
import type { Policy } from "../api/policy";
import { useChange } from "../hooks/usePolicy";

/** Where the customers are: what is not served gets no advertising. */
export function CountriesSection({ policy }: { policy: Policy }) {
  const { t, i18n } = useTranslation("decisions");
  const mayChange = useAtLeast("admin");
  const choices = useMemo(countryChoices, [i18n.language]);
  const { changeNow, error } = useChange(policy);
  return (
    <Section title={t("countries.title")} description={t("countries.description")}>
      <MultiSelect
        label={t("countries.label")}
        placeholder={policy.countries.length === 0 ? t("countries.anywhere") : ""}
        data={choices}
        value={policy.countries}
        onChange={(value) => changeNow("countries", value)}
        disabled={!mayChange}
        searchable
        hidePickedOptions
        nothingFoundMessage={t("countries.none")}
      />
      <Text size="sm" c="dimmed" mt="xs" role="status">
        {policy.countries.length === 0 ? t("countries.meansAnywhere") : t("countries.means")}
      </Text>
      <Problem error={error} />
    </Section>
  );
}
