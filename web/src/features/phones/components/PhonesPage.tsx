import { Alert, Button, NativeSelect } from "@mantine/core";
import { IconAdjustments, IconDeviceMobile, IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState, LinkButton, Loading, Page, PageHeader, Problem, SearchInput } from "@/components/ui";
import { useCommands } from "@/lib/commands";
import { formatNumber } from "@/lib/i18n";
import { useAtLeast } from "@/lib/session";
import { useShortcuts } from "@/lib/shortcuts";
import type { Channel } from "../api/types";
import { usePhonesLine, useSimulators, useWall } from "../hooks/usePhones";
import { KnobsDrawer } from "./KnobsDrawer";
import { LargePhone } from "./LargePhone";
import { NewPhone } from "./NewPhone";
import { Tile } from "./Tile";
import classes from "./Wall.module.css";

export interface PhonesSearch {
  channel?: string | undefined;
  /** The phone shown large. */
  phone?: string | undefined;
}

/** Fake phones: what arrives on them, and what their owners write. */
export function PhonesPage() {
  const { t } = useTranslation("phones");
  const { channel: wanted }: PhonesSearch = useSearch({ from: "/shell/phones" });
  const simulators = useSimulators();
  const channel = simulators.data?.find(({ id }) => id === wanted) ?? simulators.data?.[0];
  if (channel) return <Phones key={channel.id} channel={channel} all={simulators.data ?? []} />;
  return (
    <Page>
      <PageHeader title={t("title")} description={t("description")} />
      <Problem error={simulators.error} retry={() => void simulators.refetch()} />
      {simulators.isPending && !simulators.error && <Loading shape="cards" rows={3} />}
      {simulators.isSuccess && (
        <EmptyState icon={<IconPlugConnected size={34} />} title={t("noChannel.title")} actions={<LinkButton to="/channels/new">{t("noChannel.add")}</LinkButton>}>
          {t("noChannel.text")}
        </EmptyState>
      )}
    </Page>
  );
}

function Phones({ channel, all }: { channel: Channel; all: readonly Channel[] }) {
  const { t } = useTranslation("phones");
  const navigate = useNavigate();
  const { phone }: PhonesSearch = useSearch({ from: "/shell/phones" });
  const [search, setSearch] = useState("");
  const [dialog, setDialog] = useState<"new" | "knobs" | null>(null);
  const mayType = useAtLeast("agent");
  const state = usePhonesLine(channel.id);
  const go = (change: PhonesSearch) => void navigate({ to: "/phones", search: (before) => ({ ...before, ...change }) });
  const startNew = () => setDialog("new");
  const openKnobs = () => setDialog("knobs");
  const group = t("title");
  useShortcuts(mayType ? [{ keys: "n", label: t("new.title"), group, run: startNew }] : []);
  useCommands([
    ...(mayType ? [{ id: "phones.new", label: t("new.title"), group, keys: "n", run: startNew }] : []),
    { id: "phones.knobs", label: t("knobs.title"), group, run: openKnobs },
  ]);
  return (
    <Page>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          <>
            <Button variant="default" leftSection={<IconAdjustments size={17} aria-hidden />} onClick={openKnobs}>
              {t("knobs.title")}
            </Button>
            {mayType && (
              <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={startNew}>
                {t("new.title")}
              </Button>
            )}
          </>
        }
      />
      {state === "away" && (
        <Alert color="yellow" variant="light" mb="md" title={t("away.title")} role="status">
          {t("away.text")}
        </Alert>
      )}
      <div style={{ display: "flex", flexWrap: "wrap", gap: 12, marginBlockEnd: 24 }}>
        <SearchInput label={t("search")} value={search} onChange={setSearch} />
        {all.length > 1 && <NativeSelect aria-label={t("channel")} value={channel.id} onChange={(event) => go({ channel: event.currentTarget.value })} data={all.map(({ id, name }) => ({ value: id, label: name }))} />}
      </div>
      <Wall channel={channel} search={search} onOpen={(address) => go({ phone: address })} onNew={startNew} isAway={state === "away"} />
      {phone && <LargePhone channel={channel} address={phone} onClose={() => go({ phone: undefined })} />}
      {dialog === "new" && <NewPhone onClose={() => setDialog(null)} onOpen={(address) => (setDialog(null), go({ phone: address }))} />}
      <KnobsDrawer channel={channel.id} opened={dialog === "knobs"} onClose={() => setDialog(null)} />
    </Page>
  );
}

interface WallProps {
  channel: Channel;
  search: string;
  onOpen: (address: string) => void;
  onNew: () => void;
  isAway: boolean;
}

function Wall({ channel, search, onOpen, onNew, isAway }: WallProps) {
  const { t } = useTranslation("phones");
  const mayType = useAtLeast("agent");
  const { phones, total, ...query } = useWall(channel.id, search);
  if (query.isPending && !query.error) return <Loading shape="cards" rows={3} />;
  if (query.error && phones.length === 0) return isAway ? null : <Problem error={query.error} retry={() => void query.refetch()} />;
  if (phones.length === 0 && search) return <EmptyState title={t("notFound.title")}>{t("notFound.text")}</EmptyState>;
  if (phones.length === 0) {
    return (
      <EmptyState icon={<IconDeviceMobile size={34} />} title={t("empty.title")} steps={[t("empty.step1"), t("empty.step2"), t("empty.step3")]} actions={mayType && <Button onClick={onNew}>{t("new.title")}</Button>}>
        {t("empty.text")}
      </EmptyState>
    );
  }
  return (
    <>
      <ul className={classes.wall} aria-label={t("wall")}>
        {phones.map((phone) => (
          <Tile key={phone.address} channel={channel} phone={phone} onOpen={() => onOpen(phone.address)} />
        ))}
      </ul>
      {query.hasNextPage && (
        <Button mt="xl" variant="default" fullWidth loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t("more", { count: total - phones.length, number: formatNumber(total - phones.length) })}
        </Button>
      )}
    </>
  );
}
