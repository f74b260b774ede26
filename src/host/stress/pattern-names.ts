/** Names of write patterns under stress. `mixed` draws one of the others after each check. */
export const patternNames = ['mixed', 'sequential', 'uniform', 'hot'] as const;
export type PatternName = (typeof patternNames)[number];
