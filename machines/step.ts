/**
 * Returns the transition of a state that is left by one STEP: `on: step('xchgDirtyWord', 'writeProtect')`.
 * @param target the next state; the machine stays where it is by default
 * @param coarse why the step may access shared memory more than once
 */
export const step = <const A extends string, const T extends string = never>(
  actions: A | readonly A[],
  target?: T,
  coarse?: string,
): {
  readonly STEP: {
    readonly actions: A | readonly A[];
    readonly target?: T;
    readonly meta?: { readonly coarse: string };
  };
} => ({ STEP: { actions, ...(target && { target }), ...(coarse && { meta: { coarse } }) } });
