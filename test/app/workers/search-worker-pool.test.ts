import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { mutants } from '../../../machines/mutants/index.ts';
import { driveEngine, type WorkerPoolHandle } from '../../../src/app/check/engine-driver.ts';
import { withGoal } from '../../../src/app/check/goal.ts';
import { type SearchMode, startSearch } from '../../../src/app/check/search-mode.ts';
import { SearchWorkerPool } from '../../../src/app/workers/search-worker-pool.ts';
import { programOf } from '../../../src/app/workers/worker-program.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { PrecopyError } from '../../../src/model/errors.ts';
import type { WorkerSource } from '../../../src/search/bfs/block-expansion.ts';
import { breadthFirstSearch, type Limits } from '../../../src/search/bfs/breadth-first-search.ts';
import { preemptionBoundedSearch } from '../../../src/search/bfs/preemption-bound.ts';
import type { SearchBuffers } from '../../../src/search/bfs/search-memory.ts';
import type { Engine, Exploration } from '../../../src/search/exploration.ts';
import { Control } from '../../../src/search/parallel/worker-barrier.ts';
import { runEngine } from '../../../src/search/run-engine.ts';
import { symmetryReducedSearch } from '../../../src/search/symmetry/symmetry-search.ts';
import { folderWith, precopyAlone } from '../../cli/precopy.ts';
import { explore } from '../../support/explore.ts';
import { isNightly } from '../../support/nightly.ts';
import { MemoryChunkStore } from '../../support/store.ts';
import wideDesign, { wideSearch } from '../../support/wide.ts';

const threads = 3;
const pool = new SearchWorkerPool(threads);
const params = { vcpus: 1, pages: 2 };

/** A design of three counters with 10^12 states. Its action calls `fail` in a worker thread at the count of 20. */
const failingDesign = (fail: string): string => `
  import { isMainThread } from 'node:worker_threads';
  import { counter, defineDesign, defineSystem, shared } from 'precopy';
  const system = defineSystem({
    name: 'failing',
    memory: () => ({ mem: shared({ count: [0, 1, 2].map(() => counter(9_999)) }) }),
    actors: { one: () => 3 },
  });
  const one = system
    .actor({ events: { STEP: {} } })
    .setup({
      actions: {
        up: ({ context: { mem, nth } }) => {
          if (!isMainThread && mem.count(nth).get() > 20) failInWorker();
          mem.count(nth).set((mem.count(nth).get() + 1) % 10_000);
        },
      },
    })
    .createMachine({ id: 'one', initial: 'counting', states: { counting: { on: { STEP: { actions: 'up', meta: { coarse: 'each counts alone' } } } } } });
  function failInWorker() {
    ${fail};
  }
  export default defineDesign({ id: 'failing', title: 'fails', system, machines: { one }, properties: [] });
`;

/** Searches with workers that have all joined before the second block. */
function searchInParallel(design: AnyDesign, limits: Limits = {}, mode: SearchMode = 'plain'): Promise<Exploration> {
  const program = programOf(design, params);
  return withWorkers(pool.handleFor({ design }, program.params, mode), (workers) =>
    startSearch(mode, program, limits, { workers }),
  );
}

/** Runs an engine once all workers have joined. Calls `between` with the control memory between two blocks. */
async function withWorkers(
  handle: WorkerPoolHandle,
  createEngine: (workers: WorkerSource) => Engine,
  between: (control: Int32Array) => void = () => {},
): Promise<Exploration> {
  let memory: SearchBuffers | undefined;
  const engine = createEngine({
    minStates: 1,
    startWorkers: (shared) => {
      memory = shared;
      handle.startWorkers(shared);
    },
  });
  const joined = (): number =>
    memory ? Atomics.load(new Int32Array(memory.barrier.control), Control.joined) : threads - 1;
  let turn = engine.next();
  while (!turn.done) {
    while (joined() < threads - 1 && !handle.failure) await setImmediate();
    if (handle.failure) throw handle.failure;
    if (memory) between(new Int32Array(memory.barrier.control));
    turn = engine.next();
  }
  return turn.value;
}

/** Wakes all waiting workers although no phase has begun. */
function wakeAll(control: Int32Array): void {
  for (let awake = threads - 1; awake > 0; ) awake -= Atomics.notify(control, Control.epoch);
}

describe('several workers get the result of one:', () => {
  const mutant = mutants.find(({ id }) => id === 'rmap-xchg/no-flush') as AnyDesign;

  it('the same numbers of states and transitions, transition coverage and covers', async () => {
    expect(await searchInParallel(rmapXchg, { coverage: true })).toEqual(explore(rmapXchg, params, { coverage: true }));
  });

  it('all violations, the first run to a state, and the first that hits a cover', async () => {
    const small = { vcpus: 1, pages: 1 };
    const until = { until: 'vcpu0 in host.lockMmu and getDirtyLog in flushTlbs and kvm.dirtyBitmap[0] != 0' };
    const show = { show: 'stale-tlb-write' };
    for (const { design, question, all = false } of [
      { design: mutant, all: true },
      { design: await withGoal(rmapXchg, until, small), question: until },
      { design: await withGoal(rmapXchg, show, small), question: show },
    ]) {
      const program = programOf(design, small);
      const handle = pool.handleFor({ design, ...(question && { question }) }, program.params);
      const found = await withWorkers(handle, (workers) => breadthFirstSearch(program, { all }, { workers }));
      expect(found).toEqual(explore(design, small, { all }));
      expect(found.verdict).toBe('violated');
    }
  });

  it('the same after spurious wake-ups: each worker does its share of a phase once', async () => {
    const program = programOf(rmapXchg, params);
    let mostDone = 0;
    const found = await withWorkers(
      pool.handleFor({ design: rmapXchg }, program.params),
      (workers) => breadthFirstSearch(program, {}, { workers }),
      (control) => {
        wakeAll(control);
        // A worker that waits again has handled the first wake-up.
        wakeAll(control);
        mostDone = Math.max(mostDone, control[Control.done] as number);
      },
    );
    expect(mostDone).toBe(threads - 1);
    expect(found).toEqual(explore(rmapXchg, params));
  });

  it('the same under a preemption bound', async () => {
    const alone = runEngine(preemptionBoundedSearch(programOf(rmapXchg, params), 2));
    expect(alone).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'preemptions' });
    expect(await searchInParallel(rmapXchg, {}, { preemptions: 2 })).toEqual(alone);
  });

  it('the same under symmetry reduction', async () => {
    const symmetricParams = { vcpus: 2, pages: 1, emulatingVcpus: 0 };
    const found = await withWorkers(
      pool.handleFor({ design: rmapXchg }, programOf(rmapXchg, symmetricParams).params, 'by symmetry'),
      (workers) => symmetryReducedSearch(programOf(rmapXchg, symmetricParams), { partialOrder: true }, { workers }),
    );
    expect(found.reductions).toEqual(['symmetry', 'partial-order']);
    expect(found).toEqual(
      runEngine(symmetryReducedSearch(programOf(rmapXchg, symmetricParams), { partialOrder: true })),
    );
  });

  it.runIf(isNightly)('the same with a frontier that exceeds the memory', async () => {
    const store = new MemoryChunkStore();
    const file = fileURLToPath(new URL('../../support/wide.ts', import.meta.url));
    const found = await withWorkers(pool.handleFor({ design: wideDesign, file }, {}), (workers) =>
      breadthFirstSearch(programOf(wideDesign, {}), wideSearch.limits, { workers, store }),
    );
    expect(store.writes).toBeGreaterThan(5);
    expect(found).toEqual(runEngine(breadthFirstSearch(programOf(wideDesign, {}), wideSearch.limits)));
  });

  it('the same counterexample', async () => {
    const alone = explore(mutant, params);
    expect(alone.verdict).toBe('violated');
    expect(await searchInParallel(mutant)).toEqual(alone);
  });
});

describe('a worker thread that fails', () => {
  it('before it joins: the search rejects with the exception', async () => {
    // so large that the search does not end before the thread does
    const program = programOf(rmapXchg, { vcpus: 3, pages: 3 });
    const pool = new SearchWorkerPool(2).handleFor({ design: rmapXchg, file: 'no-such-file.ts' }, program.params);
    const workers = { minStates: 1, startWorkers: pool.startWorkers };
    const run = driveEngine(breadthFirstSearch(program, {}, { workers }), {
      stop: () => undefined,
      failure: () => pool.failure,
    });
    const error = await run.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PrecopyError);
    expect(error).toMatchObject({ code: 'BAD_FILE', message: expect.stringContaining('no-such-file.ts') });
  });

  it('with an exception: it reaches the user as it was thrown, with its stack', async () => {
    const cwd = folderWith({ 'failing.ts': failingDesign("throw new TypeError('the count is 21')") });
    const env = { PRECOPY_DEBUG: '1' };
    const { exitCode, stderr } = await precopyAlone(['check', 'failing.ts', '--workers', '2'], { cwd, env });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^precopy: failing\.ts:\d+ throws while it is checked: TypeError: the count is 21\. /);
    expect(stderr).toMatch(/at failInWorker .*failing\.ts/);
  });

  it.runIf(isNightly)('by exit, which no action may call: precopy names the call, and does not hang', async () => {
    const cwd = folderWith({ 'failing.ts': failingDesign('process.exit(7)') });
    const { exitCode, stderr } = await precopyAlone(['check', 'failing.ts', '--workers', '2'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^precopy: .*process\.exit/);
  });
});
