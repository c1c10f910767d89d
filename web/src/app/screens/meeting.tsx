/** What one feature draws inside another: fetched when it is first shown. */
import { lazy, Suspense, type ReactNode } from "react";
import { Loading } from "@/components/ui/Loading";

const ConsentTab = lazy(() => import("@/features/consent").then(({ ConsentTab }) => ({ default: ConsentTab })));
const ConsentLine = lazy(() => import("@/features/consent").then(({ ConsentLine }) => ({ default: ConsentLine })));
const HeldNotice = lazy(() => import("@/features/consent").then(({ HeldNotice }) => ({ default: HeldNotice })));
const WhyDialog = lazy(() => import("@/features/decisions").then(({ WhyDialog }) => ({ default: WhyDialog })));
const WouldWe = lazy(() => import("@/features/decisions").then(({ WouldWe }) => ({ default: WouldWe })));

const arriving = (part: ReactNode, meanwhile: ReactNode = <Loading rows={3} />): ReactNode => <Suspense fallback={meanwhile}>{part}</Suspense>;

export const consentOf = (contact: string): ReactNode =>
  arriving(<ConsentTab contact={contact} wouldWe={<WouldWe contact={contact} />} />);

export const whyOf = (message: string, contact: string, onClose: () => void): ReactNode =>
  arriving(<WhyDialog message={message} onClose={onClose} consent={(entry) => contact && <ConsentLine contact={contact} entry={entry} />} />, null);

export const heldOf = (contact: string): ReactNode => arriving(<HeldNotice contact={contact} />, null);
