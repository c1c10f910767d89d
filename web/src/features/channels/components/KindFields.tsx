import { Button, Collapse, NumberInput, PasswordInput, Select, Stack, Switch, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Field } from "../api/kinds";
import type { FormValues } from "../hooks/draft";

export type ChannelFormApi = UseFormReturnType<FormValues>;

interface Props {
  form: ChannelFormApi;
  fields: readonly Field[];
  /** Secrets are stored already: left empty they stay. */
  hasSecret: boolean;
}

/** The fields that a kind of channel declares; those few carriers need are folded away. */
export function KindFields({ form, fields, hasSecret }: Props) {
  const { t } = useTranslation("channels");
  const [open, { toggle }] = useDisclosure(false);
  const advanced = fields.filter((field) => field.advanced);
  const hasProblem = advanced.some((field) => form.errors[`config.${field.name}`]);
  const input = (field: Field) => <FieldInput key={field.name} form={form} field={field} hasSecret={hasSecret} />;
  return (
    <>
      {fields.filter((field) => !field.advanced).map(input)}
      {advanced.length > 0 && (
        <>
          <Button variant="subtle" onClick={toggle} aria-expanded={open || hasProblem} leftSection={<IconChevronDown size={16} aria-hidden />} style={{ alignSelf: "flex-start" }}>
            {t("form.advanced")}
          </Button>
          <Collapse expanded={open || hasProblem}>
            <Stack>{advanced.map(input)}</Stack>
          </Collapse>
        </>
      )}
    </>
  );
}

function FieldInput({ form, field, hasSecret }: { form: ChannelFormApi; field: Field; hasSecret: boolean }) {
  const { t } = useTranslation("channels");
  const words = { label: field.label, description: field.help };
  const limits = { min: field.least ?? undefined, max: field.most ?? undefined };
  const path = field.type === "secret" ? `secrets.${field.name}` : `config.${field.name}`;
  switch (field.type) {
    case "number":
      return <NumberInput {...words} {...limits} allowDecimal={false} required={field.required} {...form.getInputProps(path)} />;
    case "choice":
      return <Select {...words} data={field.choices} allowDeselect={false} {...form.getInputProps(path)} />;
    case "switch":
      return <Switch {...words} {...form.getInputProps(path, { type: "checkbox" })} />;
    case "secret":
      return (
        <PasswordInput {...words} description={hasSecret ? t("form.secretKept") : field.help} autoComplete="off" required={field.required && !hasSecret} {...form.getInputProps(path)} />
      );
    case "text":
      return <TextInput {...words} dir="ltr" maxLength={field.most ?? undefined} required={field.required} autoComplete="off" spellCheck={false} {...form.getInputProps(path)} />;
  }
}
