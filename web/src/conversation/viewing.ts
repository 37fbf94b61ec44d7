/** Hands down who shows a picture large; where nobody does, it opens in a tab of its own. */

import { inject, provide, type InjectionKey } from "vue";

export interface Looked {
  address: string;
  label: string;
}

export type Viewer = (picture: Looked) => void;

const VIEWER: InjectionKey<Viewer> = Symbol("viewer");

/** Nothing is provided where the browser knows no modal dialog: then a tab is the better way. */
export function provideViewer(show: Viewer): void {
  if (typeof HTMLDialogElement !== "undefined" && "showModal" in HTMLDialogElement.prototype) provide(VIEWER, show);
}

export function useViewer(): Viewer | null {
  return inject(VIEWER, null);
}
