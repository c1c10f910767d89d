import { Alert, Button, Checkbox, Group, NativeSelect, Select, SimpleGrid, Stack, Table, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useState } from "react";
import { PhoneNumber, Problem, Section } from "@/components/ui";
import { formatNumber } from "@/lib/i18n";
import { actOnImport, changeImport } from "../../api/imports";
import { LISTS_KEY } from "../../api/lists";
import type { Column, Import, ImportChange, PreviewRow } from "../../api/types";
import { countryChoices } from "../../hooks/places";
import { useAttributeKeys, useLists } from "../../hooks/useChoices";
import { attributeKey, hasPhone, mapped, PLAIN_TARGETS } from "../../rules/mapping";
import { ImportConsent } from "./ImportConsent";
import classes from "./Imports.module.css";

interface Props {
  data: Import;
  keep: (changed: Import) => void;
}

/** Code and the name people know; the codes are the server's. */
const ENCODINGS: Record<string, string> = {
  "utf-8": "UTF-8",
  "utf-16": "UTF-16",
  cp1250: "Windows-1250",
  cp1251: "Windows-1251",
  cp1252: "Windows-1252",
  cp1253: "Windows-1253",
  cp1254: "Windows-1254",
  cp1256: "Windows-1256",
  cp1258: "Windows-1258",
};
const DATE_ORDERS = ["dmy", "mdy", "ymd"] as const;
const DELIMITERS = [",", ";", "\t", "|"];

/** The second step: what each column means, how the file is to be read, and what would come of its first rows. */
export function ImportMapping({ data, keep }: Props) {
  const { t } = useTranslation("contacts");
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (what: ImportChange) => changeImport(data.id, what),
    onSuccess: (changed, what) => {
      keep(changed);
      if (what.new_list) void queries.invalidateQueries({ queryKey: LISTS_KEY });
    },
  });
  const start = useMutation({ mutationFn: () => actOnImport(data.id, "start"), onSuccess: keep });
  const [proven, setProven] = useState(true);
  const ready = hasPhone(data.mapping) && proven;
  return (
    <Stack>
      <Section title={t("import.columns")} description={t("import.columnsWhat")}>
        <Columns data={data} onChange={change.mutate} />
      </Section>
      <Section title={t("import.reading")} description={t("import.readingWhat")}>
        <Reading data={data} onChange={change.mutate} />
      </Section>
      <Section title={t("import.preview")} description={t("import.previewWhat")}>
        <Preview data={data} busy={change.isPending} />
      </Section>
      <Section title={t("import.intoList")} description={t("import.intoListWhat")}>
        <IntoList data={data} onChange={change.mutate} />
      </Section>
      <Section title={t("import.consent.title")} description={t("import.consent.description")}>
        <ImportConsent value={data.consent ?? null} onChange={(consent) => change.mutate({ consent })} onProven={setProven} />
      </Section>
      <Problem error={change.error ?? start.error} />
      {!hasPhone(data.mapping) && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />} role="status">
          {t("import.needsPhone")}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button size="md" disabled={!ready || change.isPending} loading={start.isPending} onClick={() => start.mutate()}>
          {data.rows_total === null ? t("import.start") : t("import.startRows", { count: data.rows_total, number: formatNumber(data.rows_total) })}
        </Button>
      </Group>
    </Stack>
  );
}

function Columns({ data, onChange }: { data: Import; onChange: (change: ImportChange) => void }) {
  const { t } = useTranslation("contacts");
  const known = useAttributeKeys();
  return (
    <div className={classes.columns}>
      {data.shape.columns.map((column) => {
        const target = data.mapping[String(column.index)] ?? "ignore";
        const heading = column.name || t("import.column", { number: column.index + 1 });
        const own = `attribute.${attributeKey(column.name || String(column.index + 1))}`;
        const attributes = [...new Set([own, ...(target.startsWith("attribute.") ? [target] : []), ...known.map((key) => `attribute.${key}`)])];
        return (
          <div key={column.index} className={classes.column}>
            <Text fw={600} size="sm">
              <bdi>{heading}</bdi>
            </Text>
            <span className={classes.samples} dir="auto">
              {column.samples.filter(Boolean).join(" · ")}
            </span>
            <NativeSelect
              aria-label={t("import.becomes", { column: heading })}
              value={target}
              onChange={(event) => onChange({ mapping: mapped(data.mapping, column.index, event.currentTarget.value) })}
              data={[
                { group: t("import.targets.known"), items: PLAIN_TARGETS.map((value) => ({ value: value as string, label: t(`import.targets.${value}`) })) },
                { group: t("import.targets.attributes"), items: attributes.map((value) => ({ value, label: value.slice("attribute.".length) })) },
              ]}
            />
            {target === "birthday" && <DateOrder column={column} heading={heading} onChange={(order) => onChange({ shape: { date_orders: { [column.index]: order } } })} />}
          </div>
        );
      })}
    </div>
  );
}

/** 03/04/1990 is two days: the file decides where it can, a person where it cannot. */
function DateOrder({ column, heading, onChange }: { column: Column; heading: string; onChange: (order: string) => void }) {
  const { t } = useTranslation("contacts");
  return (
    <NativeSelect
      className={classes.order}
      label={t("import.dateOrder", { column: heading })}
      description={column.date_order_assumed ? t("import.dateOrderAssumed") : undefined}
      value={column.date_order || "dmy"}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={DATE_ORDERS.map((value) => ({ value, label: t(`import.dateOrders.${value}`) }))}
    />
  );
}

function Reading({ data, onChange }: { data: Import; onChange: (change: ImportChange) => void }) {
  const { t, i18n } = useTranslation("contacts");
  const { shape } = data;
  const encodings = Object.entries({ [shape.encoding]: shape.encoding.toUpperCase(), ...ENCODINGS }).map(([value, label]) => ({ value, label }));
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
      <Select label={t("import.country")} description={t("import.countryHint")} searchable allowDeselect={false} data={countryChoices(i18n.language, data.country)} value={data.country} onChange={(country) => country && onChange({ country })} />
      {shape.sheets.length > 0 ? (
        <NativeSelect label={t("import.sheet")} value={shape.sheet ?? ""} data={shape.sheets} onChange={(event) => onChange({ shape: { sheet: event.currentTarget.value } })} />
      ) : (
        <>
          <NativeSelect label={t("import.encoding")} description={t("import.encodingHint")} value={shape.encoding} data={encodings} onChange={(event) => onChange({ shape: { encoding: event.currentTarget.value } })} />
          <NativeSelect
            label={t("import.delimiter")}
            description={t("import.delimiterHint")}
            value={shape.delimiter}
            data={DELIMITERS.map((value) => ({ value, label: t(`import.delimiters.${DELIMITERS.indexOf(value)}`) }))}
            onChange={(event) => onChange({ shape: { delimiter: event.currentTarget.value } })}
          />
        </>
      )}
      <Checkbox mt="lg" label={t("import.header")} checked={shape.has_header} onChange={(event) => onChange({ shape: { has_header: event.currentTarget.checked } })} />
    </SimpleGrid>
  );
}

function Preview({ data, busy }: { data: Import; busy: boolean }) {
  const { t } = useTranslation("contacts");
  const columns = data.shape.columns;
  return (
    <Table.ScrollContainer minWidth={0} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "region", "aria-label": t("import.preview") } }}>
      <Table aria-busy={busy} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t("import.row")}</Table.Th>
            {columns.map((column) => (
              <Table.Th key={column.index} scope="col">
                <bdi>{column.name || t("import.column", { number: column.index + 1 })}</bdi>
              </Table.Th>
            ))}
            <Table.Th scope="col">{t("import.result")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.preview.map((row) => (
            <Table.Tr key={row.row}>
              <Table.Td>{formatNumber(row.row)}</Table.Td>
              {columns.map((column) => (
                <Table.Td key={column.index} dir="auto">
                  {row.cells[column.index]}
                </Table.Td>
              ))}
              <Table.Td>
                <RowResult row={row} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function RowResult({ row }: { row: PreviewRow }) {
  if (row.error) {
    return (
      <span className={classes.bad}>
        <IconAlertTriangle size={15} aria-hidden style={{ verticalAlign: "-2px", marginInlineEnd: 4 }} />
        {row.error.message}
      </span>
    );
  }
  const { phone, first_name, last_name, name } = (row.result ?? {}) as Record<string, string | undefined>;
  return (
    <>
      {phone && <PhoneNumber number={phone} />} <bdi>{name || [first_name, last_name].filter(Boolean).join(" ")}</bdi>
    </>
  );
}

function IntoList({ data, onChange }: { data: Import; onChange: (change: ImportChange) => void }) {
  const { t } = useTranslation("contacts");
  const lists = useLists();
  const [making, setMaking] = useState(false);
  const [name, setName] = useState(() => data.file_name.replace(/\.[^.]+$/, ""));
  const choose = (value: string) => {
    setMaking(value === "new");
    if (value !== "new") onChange({ list_id: value || null });
  };
  const options = [{ value: "", label: t("import.noList") }, { value: "new", label: t("import.newList") }, ...lists.map((list) => ({ value: list.id, label: list.name }))];
  return (
    <Group align="flex-end">
      <NativeSelect aria-label={t("import.intoList")} value={making ? "new" : (data.list?.id ?? "")} onChange={(event) => choose(event.currentTarget.value)} data={options} />
      {making && (
        <>
          <TextInput label={t("lists.newName")} dir="auto" value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <Button variant="default" disabled={name.trim() === ""} onClick={() => (onChange({ new_list: name.trim() }), setMaking(false))}>
            {t("common:actions.create")}
          </Button>
        </>
      )}
    </Group>
  );
}
