export { ContactsPage, type ContactsSearch } from "./components/ContactsPage";
export { ContactPanel } from "./components/ContactPanel";
export { ListsPage } from "./components/ListsPage";
export { SegmentsPage } from "./components/segments/SegmentsPage";
export { SegmentPage } from "./components/segments/SegmentPage";
export { ImportsPage } from "./components/imports/ImportsPage";
export { NewImportPage } from "./components/imports/NewImportPage";
export { ImportPage } from "./components/imports/ImportPage";
