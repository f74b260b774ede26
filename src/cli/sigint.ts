const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Returns a signal that the end of the parent process aborts, if that process has a channel to this one. */
export function parentEnd(): AbortSignal {
  const controller = new AbortController();
  process.once('disconnect', () => controller.abort());
  process.channel?.unref();
  return controller.signal;
}

let current: AbortController | undefined;

/**
 * Returns a signal that the first Ctrl-C aborts, or a request of the system to end. The handlers are removed with it,
 * so a second one kills the process. Until then there is one signal for the process.
 */
export function interruptSignal(): AbortSignal {
  if (current) return current.signal;
  const controller = new AbortController();
  current = controller;
  const abort = (): void => {
    for (const signal of signals) process.off(signal, abort);
    current = undefined;
    controller.abort();
  };
  for (const signal of signals) process.on(signal, abort);
  return controller.signal;
}
