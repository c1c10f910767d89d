import { ContactsPage } from "@/features/contacts";
import { consentOf } from "./meeting";

/** Contacts with the consent that its own feature draws. */
export function ContactsScreen() {
  return <ContactsPage consent={consentOf} />;
}
