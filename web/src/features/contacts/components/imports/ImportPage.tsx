import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Anchor, ConfirmDialog, Loading, Page, PageHeader, Problem, showDone } from "@/components/ui";
import { useAtLeast } from "@/lib/session";
import { deleteImport, fetchImport, importKey } from "../../api/imports";
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
      <PageHeader title={data?.file_name ?? t("import.title")} back={<Anchor to="/contacts/imports" size="sm">{t("import.history")}</Anchor>} actions={data && <Delete data={data} />} />
      <Steps active={data && data.state !== "uploaded" ? 2 : 1} />
      <Problem error={error} retry={() => void refetch()} />
      {!data && !error && <Loading shape="form" />}
      {data?.state === "uploaded" && <ImportMapping data={data} keep={keep} />}
      {data && data.state !== "uploaded" && <ImportRun data={data} keep={keep} />}
    </Page>
  );
}

/** Not while it runs: that would leave half a file behind. */
function Delete({ data }: { data: Import }) {
  const { t } = useTranslation("contacts");
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  if (!useAtLeast("admin") || data.state === "running" || data.state === "stopping") return null;
  const remove = async () => {
    await deleteImport(data.id);
    void queries.invalidateQueries({ queryKey: ["imports", "list"] });
    showDone(t("import.deleted", { name: data.file_name }));
    void navigate({ to: "/contacts/imports", replace: true });
  };
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t("import.delete")}
      </Button>
      <ConfirmDialog opened={asking} title={t("import.deleteQuestion")} confirmLabel={t("import.delete")} onConfirm={remove} onClose={() => setAsking(false)}>
        {t("import.deleteWhat")}
      </ConfirmDialog>
    </>
  );
}
