export { InboxPage, type InboxSearch } from "./components/InboxPage";
