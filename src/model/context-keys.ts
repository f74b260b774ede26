/** Key of the context of actions: that context itself. xstate passes copies, which would not refuse what it does. */
export const actionContext = Symbol('actionContext');

/** Key of the context of actions: the context of guards of the same actor, which only reads. */
export const guardContext = Symbol('guardContext');

/** Key of the context of actions: the arguments of ghost updates, whose event is assigned before use. */
export const ghostArgs = Symbol('ghostArgs');

/** Returns the context that actions get where xstate passes a copy. */
export const contextOfActions = (context: unknown): unknown =>
  (context as { readonly [actionContext]?: unknown })[actionContext] ?? context;

/** Returns the context that guards get where xstate passes that of actions. */
export const contextOfGuards = (context: unknown): unknown =>
  (context as { readonly [guardContext]?: unknown })[guardContext] ?? context;
