export { ContactsPage } from "./components/ContactsPage";
export { ContactPanel } from "./components/ContactPanel";
