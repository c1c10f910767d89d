import { ContactPanel } from "@/features/contacts";
import { InboxPage } from "@/features/inbox";

/** The inbox with the contact panel that the contacts feature draws. */
export function InboxScreen() {
  return <InboxPage contactPanel={(contactId) => <ContactPanel id={contactId} />} />;
}
