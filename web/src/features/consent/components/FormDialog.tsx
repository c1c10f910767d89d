import { Alert, Button, Fieldset, Modal, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Problem, SaveBar, showDone } from "@/components/ui";
import { useSubmit } from "@/lib/forms";
import { isLanguage, LANGUAGES } from "@/lib/languages";
import { useWorkspace } from "@/lib/session";
import { changeForm, createForm, FORMS_KEY, type FormTexts, type JoinForm } from "../api/forms";

interface Text {
  language: string;
  about: string;
  words: string;
  /** Beside a second box; empty: there is none. */
  any_hour: string;
}

const textsOf = (form: JoinForm): Text[] => Object.entries(form.texts).map(([language, text]) => ({ language, ...text }));
const byLanguage = (texts: readonly Text[]): FormTexts => Object.fromEntries(texts.map(({ language, ...text }) => [language, text]));

/** The words of a form in each language: what is sent and how often, and what they say yes to. */
export function FormDialog({ form: known, onClose }: { form: JoinForm | null; onClose: () => void }) {
  const { t } = useTranslation("consent");
  const queries = useQueryClient();
  const { language } = useWorkspace();
  const form = useForm({ initialValues: { name: known?.name ?? "", keyword: known?.keyword ?? "", texts: known ? textsOf(known) : [{ language, about: "", words: "", any_hour: "" }] } });
  const { error, busy, submit } = useSubmit(form, async ({ texts, ...values }) => {
    const wanted = { ...values, texts: byLanguage(texts) };
    await (known ? changeForm(known.id, wanted) : createForm(wanted));
    await queries.invalidateQueries({ queryKey: FORMS_KEY });
    showDone(t("forms.saved"));
    onClose();
  });
  const used = form.values.texts.map((text) => text.language);
  const next = Object.keys(LANGUAGES).find((code) => !used.includes(code));
  return (
    <Modal opened onClose={onClose} title={known ? t("forms.editOne", { name: known.name }) : t("forms.create")} size="lg">
      <form onSubmit={form.onSubmit(submit)}>
        <Stack>
          <TextInput label={t("forms.name")} description={t("forms.nameWhat")} required maxLength={100} dir="auto" data-autofocus {...form.getInputProps("name")} />
          {form.values.texts.map((text, index) => (
            <Fieldset key={index} legend={isLanguage(text.language) ? LANGUAGES[text.language].name : text.language} radius="md">
              <Stack gap="xs">
                <Select label={t("forms.language")} data={Object.entries(LANGUAGES).filter(([code]) => code === text.language || !used.includes(code)).map(([value, { name }]) => ({ value, label: name }))} allowDeselect={false} {...form.getInputProps(`texts.${index}.language`)} />
                <TextInput label={t("forms.about")} description={t("forms.aboutWhat")} required maxLength={120} dir="auto" {...form.getInputProps(`texts.${index}.about`)} />
                <Textarea label={t("forms.words")} description={t("forms.wordsWhat")} required maxLength={1000} autosize minRows={2} maxRows={6} dir="auto" {...form.getInputProps(`texts.${index}.words`)} />
                <Textarea label={t("forms.anyHour")} description={t("forms.anyHourWhat")} maxLength={1000} autosize minRows={1} maxRows={6} dir="auto" {...form.getInputProps(`texts.${index}.any_hour`)} />
                {used.length > 1 && (
                  <Button variant="subtle" color="gray" size="compact-sm" onClick={() => form.removeListItem("texts", index)}>
                    {t("forms.removeLanguage")}
                  </Button>
                )}
              </Stack>
            </Fieldset>
          ))}
          {next && (
            <Button variant="subtle" size="compact-sm" onClick={() => form.insertListItem("texts", { language: next, about: "", words: "", any_hour: "" })}>
              {t("forms.addLanguage")}
            </Button>
          )}
          <TextInput label={t("forms.keyword")} description={t("forms.keywordWhat")} maxLength={20} dir="auto" {...form.getInputProps("keyword")} />
          <Alert color="gray" variant="light" py="xs">
            {t("forms.confirms")}
          </Alert>
          <Problem error={error} />
          <SaveBar busy={busy} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
