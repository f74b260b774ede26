/**
 * The end of the scan of a GET_DIRTY_LOG that forgets the flush: it releases `mmu_lock` and copies the log out.
 */
export const noFlushAfterScan = {
  loadWord: { always: { guard: 'scannedAllWords', actions: ['resetWord', 'releaseMmuLock'], target: 'copyToUser' } },
} as const;

/**
 * Returns the states of a flush that is sent and not awaited.
 * @param then what the ioctl does at once
 */
export const flushNotAwaited = <const T extends string, const A extends string = never>(then: {
  readonly target: T;
  readonly actions?: readonly A[];
}) =>
  ({
    states: {
      awaitAcks: {
        always: {
          actions: ['resetCpus', ...(then.actions ?? [])] as readonly ('resetCpus' | A)[],
          target: then.target,
        },
      },
    },
  }) as const;
