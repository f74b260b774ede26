/** The outcome of trying a step. */
export const StepOutcome = { refused: 0, taken: 1, fault: 2 } as const;
export type StepOutcome = (typeof StepOutcome)[keyof typeof StepOutcome];
