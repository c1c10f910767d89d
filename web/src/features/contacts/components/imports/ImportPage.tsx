import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Anchor, Loading, Page, PageHeader, Problem } from "@/components/ui";
import { fetchImport, importKey } from "../../api/imports";
import type { Import } from "../../api/types";
import { ImportMapping } from "./ImportMapping";
import { ImportRun } from "./ImportRun";
import { Steps } from "./Steps";

/** One uploaded file: what its columns mean, then how it goes, then how it went. */
export function ImportPage() {
  const { t } = useTranslation("contacts");
  const queries = useQueryClient();
  const { importId } = useParams({ from: "/shell/contacts/imports/$importId" });
  const { data, error, refetch } = useQuery({ queryKey: importKey(importId), queryFn: ({ signal }) => fetchImport(importId, signal) });
  const keep = (changed: Import) => queries.setQueryData(importKey(importId), changed);
  return (
    <Page width={data?.state === "uploaded" ? "wide" : "narrow"}>
      <PageHeader title={data?.file_name ?? t("import.title")} back={<Anchor to="/contacts/imports" size="sm">{t("import.history")}</Anchor>} />
      <Steps active={data && data.state !== "uploaded" ? 2 : 1} />
      <Problem error={error} retry={() => void refetch()} />
      {!data && !error && <Loading shape="form" />}
      {data?.state === "uploaded" && <ImportMapping data={data} keep={keep} />}
      {data && data.state !== "uploaded" && <ImportRun data={data} keep={keep} />}
    </Page>
  );
}
