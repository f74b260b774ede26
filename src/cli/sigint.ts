/**
 * Returns a signal that the first Ctrl-C aborts. The handler is removed with it, so a second Ctrl-C kills the process.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}
