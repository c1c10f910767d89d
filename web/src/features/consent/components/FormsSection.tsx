import { Badge, Button, Group, Stack, Switch, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton, EmptyState, Loading, Problem, Section, showUndo } from "@/components/ui";
import { isLanguage, LANGUAGES } from "@/lib/languages";
import { useAtLeast } from "@/lib/session";
import { changeForm, fetchForms, FORMS_KEY, type JoinForm } from "../api/forms";
import classes from "./Consent.module.css";
import { FormDialog } from "./FormDialog";

/** Pages where people join by themselves: each with its link, its word, and whether it is open. */
export function FormsSection() {
  const { t } = useTranslation("consent");
  const mayChange = useAtLeast("admin");
  const [edited, setEdited] = useState<JoinForm | "new" | null>(null);
  const { data: forms, error, isPending, refetch } = useQuery({ queryKey: FORMS_KEY, queryFn: ({ signal }) => fetchForms(signal) });
  const create = mayChange && <Button onClick={() => setEdited("new")}>{t("forms.create")}</Button>;
  return (
    <Section title={t("forms.title")} description={t("forms.description")} actions={forms && forms.length > 0 && create}>
      {isPending && <Loading rows={2} />}
      <Problem error={error} retry={() => void refetch()} />
      {forms?.length === 0 && (
        <EmptyState title={t("forms.empty.title")} headingOrder={3} actions={create}>
          {t("forms.empty.text")}
        </EmptyState>
      )}
      <ul className={classes.forms}>
        {forms?.map((form) => (
          <Line key={form.id} form={form} onEdit={mayChange ? () => setEdited(form) : null} />
        ))}
      </ul>
      {edited && <FormDialog form={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
    </Section>
  );
}

function Line({ form, onEdit }: { form: JoinForm; onEdit: (() => void) | null }) {
  const { t } = useTranslation("consent");
  const queries = useQueryClient();
  const open = useMutation({
    mutationFn: (enabled: boolean) => changeForm(form.id, { enabled }),
    onSuccess: (_, enabled) => {
      showUndo({ message: t(enabled ? "forms.opened" : "forms.closed", { name: form.name }), undo: () => open.mutate(!enabled) });
      return queries.invalidateQueries({ queryKey: FORMS_KEY });
    },
  });
  return (
    <li className={classes.form}>
      <Stack gap={4}>
        <Group gap={6}>
          <Text fw={600}>{form.name}</Text>
          {Object.keys(form.texts).map((language) => (
            <Badge key={language} variant="light" color="gray" tt="none">
              {isLanguage(language) ? LANGUAGES[language].name : language}
            </Badge>
          ))}
        </Group>
        <Text size="sm" dir="ltr" className={classes.link}>
          {form.url}
        </Text>
        {form.keyword && <Text size="sm">{t("forms.word", { word: form.keyword.toLocaleUpperCase() })}</Text>}
        <Problem error={open.error} />
        <Group gap="xs">
          <CopyButton value={form.url} label={t("forms.copy")} />
          {onEdit && (
            <Button variant="default" onClick={onEdit} aria-label={t("forms.editOne", { name: form.name })}>
              {t("common:actions.edit")}
            </Button>
          )}
          <Switch label={t("forms.open")} aria-label={t("forms.openOne", { name: form.name })} checked={open.isPending ? open.variables : form.enabled} disabled={!onEdit} onChange={(event) => open.mutate(event.currentTarget.checked)} />
        </Group>
      </Stack>
    </li>
  );
}
