/** The outcome of trying a step. */
export const Step = { refused: 0, taken: 1, fault: 2 } as const;
export type StepOutcome = (typeof Step)[keyof typeof Step];
