import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Anchor } from "@/components/ui";
import { consentKey, fetchConsent } from "../api/ledger";
import classes from "./Consent.module.css";
import { EntryView } from "./ConsentTab";

/** The entry of the ledger that a message rests on, within its reasons. */
export function ConsentLine({ contact, entry }: { contact: string; entry: string }) {
  const { t } = useTranslation("consent");
  const { data } = useQuery({ queryKey: consentKey(contact), queryFn: ({ signal }) => fetchConsent(contact, null, signal) });
  const found = data?.entries.items.find(({ id }) => id === entry);
  return (
    <section>
      <h3 className={classes.small}>{t("line.title")}</h3>
      {found && (
        <ul className={classes.ledger}>
          <EntryView entry={found} />
        </ul>
      )}
      <Anchor to="/contacts" search={{ contact, tab: "consent" }} size="sm">
        {t("line.all")}
      </Anchor>
    </section>
  );
}
