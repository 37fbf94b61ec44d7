/** What a card may do and know beyond its own content; at the desk nothing of it is there. */

import { inject, provide, type InjectionKey } from "vue";
import type { CaseState, OrderState, Score } from "@/chat/protocol";

export interface CardHelp {
  /** Presses one of the house's questions about a product. */
  ask(question: string, productId: string, words: string): void;
  /** How an order stands now; undefined = as the card says. */
  order(number: string): OrderState | undefined;
  /** How a return stands now; undefined = as the card says. */
  returned(caseId: string): CaseState | undefined;
  /** Answers the card of message `seq`. */
  rate(seq: number, score: Score, words: string): void;
  /** What was answered on this page. */
  rated(seq: number): { score: Score; words: string } | undefined;
}

const HELP: InjectionKey<CardHelp> = Symbol("card help");

export function provideCardHelp(help: CardHelp): void {
  provide(HELP, help);
}

export function useCardHelp(): CardHelp | null {
  return inject(HELP, null);
}
