import { Combobox, InputBase, Loader, ScrollArea, Text, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery, type QueryKey } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Page } from "@/lib/paging";
import { explain } from "./Problem";

/** People type in bursts; the server is asked once they pause. */
const PAUSE_MS = 250;
const MORE = "\0more"; // no value of a choice: ids have no such letter

export interface PagedChoice {
  value: string;
  label: string;
  /** The heading it stands under. Choices of one group come one after the other. */
  group?: string;
}

interface Props {
  label: string;
  description?: string;
  /** What nothing chosen means. */
  placeholder: string;
  value: PagedChoice | null;
  onChange: (chosen: PagedChoice | null) => void;
  queryKey: QueryKey;
  fetchPage: (search: string, after: string | null, signal: AbortSignal) => Promise<Page<PagedChoice>>;
}

/** One of any number of things: searched by the server, a page at a time. */
export function PagedSelect({ label, description, placeholder, value, onChange, queryKey, fetchPage }: Props) {
  const { t } = useTranslation("common");
  const [search, setSearch] = useState<string | null>(null); // null: nobody is searching, and what is chosen shows
  const combobox = useCombobox({
    onDropdownOpen: () => setSearch((typed) => typed ?? ""),
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setSearch(null);
    },
  });
  const found = useChoices(queryKey, search ?? "", combobox.dropdownOpened, fetchPage);
  const submit = (chosen: string) => {
    if (chosen === MORE) return void found.more();
    onChange(found.choices.find((one) => one.value === chosen) ?? null);
    combobox.closeDropdown();
  };
  return (
    <Combobox store={combobox} onOptionSubmit={submit}>
      <Combobox.Target withExpandedAttribute>
        <InputBase
          label={label}
          description={description}
          role="combobox"
          autoComplete="off"
          placeholder={value?.label ?? placeholder}
          value={search ?? value?.label ?? ""}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            combobox.openDropdown();
            combobox.resetSelectedOption();
          }}
          onFocus={(event) => event.currentTarget.select()}
          onClick={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          rightSection={value ? <Combobox.ClearButton aria-label={t("actions.clear")} onClear={() => onChange(null)} /> : <Combobox.Chevron />}
          rightSectionPointerEvents={value ? "all" : "none"}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={label}>
          <ScrollArea.Autosize mah={280} type="scroll">
            <Groups choices={found.choices} chosen={value?.value} />
            {found.hasMore && (
              <Combobox.Option value={MORE}>
                <Text size="sm" c="var(--tf-primary-text)">
                  {t("choice.more")}
                </Text>
              </Combobox.Option>
            )}
          </ScrollArea.Autosize>
          {found.isBusy && <Loader size="xs" m="xs" aria-label={t("loading")} />}
          {!found.isBusy && found.choices.length === 0 && <Combobox.Empty>{found.error ? explain(found.error, t as never) : t("choice.none")}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function useChoices(queryKey: QueryKey, search: string, isOpen: boolean, fetchPage: Props["fetchPage"]) {
  const [settled] = useDebouncedValue(search.trim(), PAUSE_MS);
  const query = useInfiniteQuery({
    queryKey: [...queryKey, { search: settled }],
    queryFn: ({ pageParam, signal }) => fetchPage(settled, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled: isOpen,
  });
  const isCurrent = settled === search.trim(); // never offer what fits what was typed before
  return {
    choices: isCurrent ? (query.data?.pages.flatMap(({ items }) => items) ?? []) : [],
    hasMore: isCurrent && query.hasNextPage,
    isBusy: query.isFetching || !isCurrent,
    error: query.error,
    more: () => query.fetchNextPage(),
  };
}

/** The choices in their order, each run of one group under its heading. */
function Groups({ choices, chosen }: { choices: readonly PagedChoice[]; chosen: string | undefined }): ReactNode {
  const groups: { name: string; items: PagedChoice[] }[] = [];
  for (const one of choices) {
    const last = groups.at(-1);
    if (last && last.name === (one.group ?? "")) last.items.push(one);
    else groups.push({ name: one.group ?? "", items: [one] });
  }
  return groups.map(({ name, items }) => (
    <Combobox.Group key={name} label={name}>
      {items.map(({ value, label }) => (
        <Combobox.Option key={value} value={value} active={value === chosen}>
          <bdi>{label}</bdi>
        </Combobox.Option>
      ))}
    </Combobox.Group>
  ));
}
