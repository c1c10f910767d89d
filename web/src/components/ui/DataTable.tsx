import { Button, Checkbox, Group, Table, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { formatNumber } from "@/lib/i18n";
import { TOTAL_CAP, type CursorPages } from "@/lib/paging";
import { useShortcuts } from "@/lib/shortcuts";
import classes from "./DataTable.module.css";
import { Loading } from "./Loading";
import { Problem } from "./Problem";

export interface Column<T> {
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** `end` for numbers. */
  align?: "start" | "end";
  /** Left out where the screen is narrow. */
  hideOnPhone?: boolean;
  width?: number | string;
}

interface Props<T> {
  /** What the table lists, for screen readers. */
  label: string;
  columns: readonly Column<T>[];
  pages: CursorPages<T>;
  rowId: (row: T) => string;
  /** Words that name the row: “Maria Papadaki”. */
  rowLabel: (row: T) => string;
  /** Enter, or a click anywhere in the row. The first column should hold a real link as well. */
  onOpen?: (row: T) => void;
  selection?: { chosen: ReadonlySet<string>; onChange: (chosen: ReadonlySet<string>) => void };
  /** Search and filters, above. */
  toolbar?: ReactNode;
  /** In place of the table when there is nothing. */
  empty: ReactNode;
  /** The table's own height in rows; beyond it the body scrolls under its header. */
  maxHeight?: number | string;
}

/** A list of any length: one page from the server at a time, sticky header, `j`/`k` and arrows to walk, Enter to open, x to choose. */
export function DataTable<T>(props: Props<T>) {
  const { pages, toolbar, empty } = props;
  return (
    <div>
      {toolbar && (
        <Group mb="sm" gap="sm" align="flex-end">
          {toolbar}
        </Group>
      )}
      <Problem error={pages.error} retry={pages.retry} />
      {pages.isLoading && <Loading rows={8} />}
      {!pages.isLoading && !pages.error && (pages.items.length === 0 && pages.number === 1 ? empty : <Rows {...props} />)}
    </div>
  );
}

function Rows<T>(props: Props<T>) {
  const { label, columns, pages, selection, maxHeight = "calc(100dvh - 20rem)" } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  useRowKeys(body);
  return (
    <>
      <Table.ScrollContainer minWidth={0} maxHeight={maxHeight} className={classes.frame} scrollAreaProps={{ offsetScrollbars: false, viewportProps: { tabIndex: 0, role: "region", "aria-label": label } }}>
        <Table stickyHeader verticalSpacing="sm" highlightOnHover aria-busy={pages.isRefreshing} className={classes.table}>
          <caption className={classes.caption}>{label}</caption>
          <Table.Thead>
            <Table.Tr>
              {selection && <ChooseAll {...props} selection={selection} />}
              {columns.map((column) => (
                <Table.Th key={column.id} scope="col" w={column.width} ta={column.align ?? "start"} className={column.hideOnPhone ? classes.wide : undefined}>
                  {column.header}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody ref={body}>
            {pages.items.map((row) => (
              <Row key={props.rowId(row)} row={row} {...props} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Pager pages={pages} />
    </>
  );
}

function Row<T>({ row, columns, rowId, rowLabel, onOpen, selection }: Props<T> & { row: T }) {
  const { t } = useTranslation("common");
  const id = rowId(row);
  const chosen = selection?.chosen.has(id) ?? false;
  const toggle = () => selection?.onChange(withToggled(selection.chosen, id));
  return (
    <Table.Tr
      tabIndex={-1}
      data-row
      aria-selected={selection ? chosen : undefined}
      className={onOpen ? classes.opens : undefined}
      onClick={(event) => !isControl(event.target) && !hasSelection() && onOpen?.(row)}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        if (event.key === "Enter") onOpen?.(row);
        if (event.key === "x" && selection) toggle();
      }}
    >
      {selection && (
        <Table.Td w={44}>
          <Checkbox aria-label={t("table.choose", { name: rowLabel(row) })} checked={chosen} onChange={toggle} />
        </Table.Td>
      )}
      {columns.map((column) => (
        <Table.Td key={column.id} ta={column.align ?? "start"} className={column.hideOnPhone ? classes.wide : undefined}>
          {column.cell(row)}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

function ChooseAll<T>({ pages, rowId, selection }: Props<T> & { selection: NonNullable<Props<T>["selection"]> }) {
  const { t } = useTranslation("common");
  const ids = pages.items.map(rowId);
  const chosenHere = ids.filter((id) => selection.chosen.has(id));
  const all = ids.length > 0 && chosenHere.length === ids.length;
  const toggleAll = () => {
    const next = new Set(selection.chosen);
    ids.forEach((id) => (all ? next.delete(id) : next.add(id)));
    selection.onChange(next);
  };
  return (
    <Table.Th w={44}>
      <Checkbox aria-label={t("table.chooseAll")} checked={all} indeterminate={!all && chosenHere.length > 0} onChange={toggleAll} />
    </Table.Th>
  );
}

function Pager<T>({ pages }: { pages: CursorPages<T> }) {
  const { t } = useTranslation("common");
  if (!pages.next && !pages.previous && pages.total === null) return null;
  return (
    <Group justify="space-between" mt="sm" component="nav" aria-label={t("table.pages")}>
      <Text size="sm" c="dimmed" role="status">
        {pageWords(pages.number, pages.total, t)}
      </Text>
      <Group gap="xs">
        <PageButton go={pages.previous} label={t("table.previous")} icon={<IconChevronLeft size={16} aria-hidden className={classes.arrow} />} />
        <PageButton go={pages.next} label={t("table.next")} icon={<IconChevronRight size={16} aria-hidden className={classes.arrow} />} after />
      </Group>
    </Group>
  );
}

function pageWords(page: number, total: number | null, t: TFunction<"common">): string {
  const number = formatNumber(page);
  if (total === null) return t("table.page", { number });
  if (total >= TOTAL_CAP) return t("table.pageOfMany", { number, total: formatNumber(TOTAL_CAP) });
  return t("table.pageOf", { number, count: total, total: formatNumber(total) });
}

function PageButton({ go, label, icon, after = false }: { go: (() => void) | null; label: string; icon: ReactNode; after?: boolean }) {
  return (
    <Button variant="default" size="sm" disabled={go === null} onClick={() => go?.()} {...(after ? { rightSection: icon } : { leftSection: icon })}>
      {label}
    </Button>
  );
}

/** `j`/`k` from anywhere, arrows within the table: the focus walks over the rows. */
function useRowKeys(body: React.RefObject<HTMLTableSectionElement | null>): void {
  const { t } = useTranslation("common");
  const step = (by: 1 | -1) => {
    const rows = [...(body.current?.querySelectorAll<HTMLElement>("tr[data-row]") ?? [])];
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    rows[at === -1 ? (by === 1 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + by))]?.focus();
  };
  const group = t("shortcuts.lists");
  useShortcuts([
    { keys: "j", label: t("shortcuts.next"), group, run: () => step(1) },
    { keys: "k", label: t("shortcuts.previous"), group, run: () => step(-1) },
  ]);
}

function withToggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}

const isControl = (target: EventTarget): boolean => target instanceof Element && target.closest("a, button, input, label") !== null;

/** Someone marking text in a row wants to copy it, not to open the row. */
const hasSelection = (): boolean => (window.getSelection()?.toString() ?? "") !== "";

