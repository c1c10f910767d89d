import { ContactPanel } from "@/features/contacts";
import { InboxPage } from "@/features/inbox";
import { consentOf, heldOf, whyOf } from "./meeting";

/** The inbox with what other features draw: the contact, the reasons for a message, and that marketing is held. */
export function InboxScreen() {
  return <InboxPage contactPanel={(contactId) => <ContactPanel id={contactId} consent={consentOf} />} why={whyOf} notice={heldOf} />;
}
