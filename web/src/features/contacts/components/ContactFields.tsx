import { ActionIcon, Alert, Autocomplete, Badge, Button, Fieldset, Group, MultiSelect, NumberInput, Select, SimpleGrid, Stack, Switch, TextInput } from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem, showDone } from "@/components/ui";
import { ApiError } from "@/lib/errors";
import { showFieldErrors } from "@/lib/forms";
import { useAtLeast } from "@/lib/session";
import { changeContact, createContact } from "../api/contacts";
import { PREFERS, type Contact } from "../api/types";
import { countryChoices, languageChoices, timeZones } from "../hooks/places";
import { useAttributeKeys, useLabels, useLists } from "../hooks/useChoices";
import { changeOf, EMPTY, formOf, newAttribute, newNumber, type ContactForm } from "../rules/form";

interface Props {
  contact: Contact | null;
  onSaved: () => void;
  onOpen: (id: string) => void;
}

type Form = UseFormReturnType<ContactForm>;

/** Everything known of a contact, to be changed. */
export function ContactFields({ contact, onSaved, onOpen }: Props) {
  const { t, i18n } = useTranslation("contacts");
  const queries = useQueryClient();
  const mayEdit = useAtLeast("agent");
  const form: Form = useForm<ContactForm>({ initialValues: contact ? formOf(contact) : EMPTY() });
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const save = async (values: ContactForm) => {
    setBusy(true);
    setError(null);
    try {
      const change = changeOf(values, contact?.attributes);
      const saved = contact ? await changeContact(contact.id, change) : await createContact(change);
      queries.setQueryData(["contacts", "one", saved.id], saved);
      void queries.invalidateQueries({ queryKey: ["contacts"] });
      void queries.invalidateQueries({ queryKey: ["conversations"] });
      showDone(t("saved"));
      onSaved();
    } catch (refused) {
      setError(atFields(form, refused));
      setBusy(false);
    }
  };
  const labels = useLabels();
  const lists = useLists();
  const choices = (items: readonly { id: string; name: string }[]) => items.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <form onSubmit={form.onSubmit((values) => void save(values))} noValidate>
      <Fieldset variant="unstyled" disabled={!mayEdit}>
        <Stack>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput label={t("fields.first_name")} dir="auto" data-autofocus {...form.getInputProps("first_name")} />
            <TextInput label={t("fields.last_name")} dir="auto" {...form.getInputProps("last_name")} />
          </SimpleGrid>
          <Numbers form={form} />
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <Select label={t("fields.language")} data={languageChoices(i18n.language, form.values.language)} searchable clearable clearButtonProps={{ "aria-label": t("common:actions.clear") }} {...chosen(form, "language")} />
            <TextInput label={t("fields.birthday")} type="date" {...form.getInputProps("birthday")} />
          </SimpleGrid>
          <Reach form={form} />
          <MultiSelect label={t("fields.labels")} data={choices(labels)} searchable nothingFoundMessage={t("noLabels")} {...form.getInputProps("labels")} />
          <MultiSelect label={t("fields.lists")} data={choices(lists)} searchable nothingFoundMessage={t("noLists")} {...form.getInputProps("lists")} />
          <Attributes form={form} />
          <Switch label={t("fields.blocked")} description={t("fields.blockedHint")} {...form.getInputProps("blocked", { type: "checkbox" })} />
          <Refusal error={error} onOpen={onOpen} />
          {mayEdit && (
            <Group justify="flex-end">
              <Button type="submit" loading={busy}>
                {contact ? t("common:actions.save") : t("common:actions.create")}
              </Button>
            </Group>
          )}
        </Stack>
      </Fieldset>
    </form>
  );
}

/** A select's null is the form's empty text. */
function chosen(form: Form, field: "language" | "time_zone" | "country" | "prefers") {
  const { value, onChange, ...rest } = form.getInputProps(field) as { value: string; onChange: (value: string) => void };
  return { ...rest, value: value || null, onChange: (next: string | null) => onChange(next ?? "") };
}

/** The server's words on a number belong at that number: it says `phone`, `identities`, or `identities.2`. */
function atFields(form: Form, error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  let placed = false;
  for (const [name, words] of Object.entries(error.fields)) {
    const found = /^(?:phone|identities(?:\D+(\d+))?)/.exec(name);
    if (!found) continue;
    form.setFieldError(`numbers.${found[1] ?? "0"}.text`, words);
    placed = true;
  }
  if (error.code === "contact_exists") return error; // says who has the number, with a way there
  return placed ? null : showFieldErrors(form, error);
}

/** Where they are and what they wished: what decides when, by what and how often they are reached. */
function Reach({ form }: { form: Form }) {
  const { t, i18n } = useTranslation("contacts");
  const clear = { clearable: true, clearButtonProps: { "aria-label": t("common:actions.clear") } };
  return (
    <Fieldset legend={t("fields.reach")} radius="md">
      <Stack gap="xs">
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Select label={t("fields.country")} data={countryChoices(i18n.language, form.values.country)} searchable {...clear} {...chosen(form, "country")} />
          <TextInput label={t("fields.region")} description={t("fields.regionWhat")} inputWrapperOrder={["label", "input", "description", "error"]} dir="auto" maxLength={60} {...form.getInputProps("region")} />
        </SimpleGrid>
        <Select label={t("fields.time_zone")} data={timeZones()} searchable limit={40} {...clear} {...chosen(form, "time_zone")} />
        <Select label={t("fields.prefers")} data={PREFERS.map((value) => ({ value, label: t(`prefers.${value}`) }))} {...clear} {...chosen(form, "prefers")} />
        <NumberInput label={t("fields.own_cap")} description={t("fields.ownCapWhat")} min={0} max={100} allowDecimal={false} {...form.getInputProps("own_cap")} />
      </Stack>
    </Fieldset>
  );
}

function Refusal({ error, onOpen }: { error: unknown; onOpen: (id: string) => void }) {
  const { t } = useTranslation("contacts");
  const other = error instanceof ApiError && error.code === "contact_exists" ? error.fields.contact_id : undefined;
  if (!other) return <Problem error={error} />;
  return (
    <Alert color="yellow" variant="light" role="alert" title={t("exists.title")}>
      <Group justify="space-between">
        {(error as ApiError).message || t("exists.text")}
        <Button size="xs" variant="default" onClick={() => onOpen(other)}>
          {t("exists.open")}
        </Button>
      </Group>
    </Alert>
  );
}

function Numbers({ form }: { form: Form }) {
  const { t } = useTranslation("contacts");
  return (
    <Fieldset legend={t("fields.numbers")} radius="md">
      <Stack gap="xs">
        {form.values.numbers.map(({ key, stopped }, index) => (
          <Group key={key} gap="xs" align="flex-start" wrap="nowrap">
            <TextInput
              flex={1}
              aria-label={t("fields.number", { number: index + 1 })}
              placeholder="+30 691 234 5678"
              dir="ltr"
              inputMode="tel"
              rightSection={stopped && <Badge size="xs" color="yellow" variant="light" tt="none">{t("stopped")}</Badge>}
              rightSectionWidth={stopped ? 90 : undefined}
              {...form.getInputProps(`numbers.${index}.text`)}
            />
            <ActionIcon variant="subtle" color="gray" size={36} aria-label={t("fields.removeNumber", { number: index + 1 })} onClick={() => form.removeListItem("numbers", index)}>
              <IconX size={17} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => form.insertListItem("numbers", newNumber())}>
            {t("fields.addNumber")}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}

function Attributes({ form }: { form: Form }) {
  const { t } = useTranslation("contacts");
  const known = useAttributeKeys();
  return (
    <Fieldset legend={t("fields.attributes")} radius="md">
      <Stack gap="xs">
        {form.values.attributes.map(({ key, name }, index) => (
          <Group key={key} gap="xs" wrap="nowrap">
            <Autocomplete flex={2} aria-label={t("fields.attributeName", { number: index + 1 })} placeholder={t("fields.attributeExample")} data={known} {...form.getInputProps(`attributes.${index}.name`)} />
            <TextInput flex={3} dir="auto" aria-label={name ? t("fields.attributeValueOf", { name }) : t("fields.attributeValue", { number: index + 1 })} {...form.getInputProps(`attributes.${index}.value`)} />
            <ActionIcon variant="subtle" color="gray" size={36} aria-label={t("fields.removeAttribute", { number: index + 1 })} onClick={() => form.removeListItem("attributes", index)}>
              <IconX size={17} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => form.insertListItem("attributes", newAttribute())}>
            {t("fields.addAttribute")}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}
