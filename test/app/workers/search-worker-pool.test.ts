import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs.ts';
import { mutants } from '../../../machines/mutants.ts';
import { driveEngine, type Engine, type WorkerPoolHandle } from '../../../src/app/check/engine-driver.ts';
import { type SearchMode, startSearch } from '../../../src/app/check/search-mode.ts';
import { programOf } from '../../../src/app/check/verification-job.ts';
import { SearchThreads } from '../../../src/app/workers/search-worker-pool.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import type { WorkerSource } from '../../../src/search/bfs/block-expansion.ts';
import { breadthFirstSearch, type Limits } from '../../../src/search/bfs/breadth-first-search.ts';
import { preemptionBoundedSearch } from '../../../src/search/bfs/preemption-bound.ts';
import type { SearchBuffers } from '../../../src/search/bfs/search-memory.ts';
import type { Exploration } from '../../../src/search/exploration.ts';
import { Control } from '../../../src/search/parallel/worker-barrier.ts';
import { runEngine } from '../../../src/search/run-engine.ts';
import { symmetryReducedSearch } from '../../../src/search/symmetry/symmetry-search.ts';
import { folderWith, precopy } from '../../cli/precopy.ts';
import { explore } from '../../support/explore.ts';
import { TestStore } from '../../support/store.ts';
import wideDesign, { wide } from '../../support/wide.ts';

const threads = 3;
const together = new SearchThreads(threads);
const sizes = { vcpus: 1, pages: 2 };

/** Three counters, and no end to what they can count; a thread that helps with the search dies when one is above 20. */
const dyingDesign = `
  import { isMainThread } from 'node:worker_threads';
  import { counter, defineDesign, defineSystem, shared } from 'precopy';
  const system = defineSystem({
    name: 'dying',
    memory: () => ({ mem: shared({ count: [0, 1, 2].map(() => counter(9_999)) }) }),
    actors: { one: () => 3 },
  });
  const one = system
    .actor({ events: { STEP: {} } })
    .setup({
      actions: {
        up: ({ context: { mem, nth } }) => {
          if (!isMainThread && mem.count(nth).get() > 20) process.exit(7);
          mem.count(nth).set((mem.count(nth).get() + 1) % 10_000);
        },
      },
    })
    .createMachine({ id: 'one', initial: 'counting', states: { counting: { on: { STEP: { actions: 'up' } } } } });
  export default defineDesign({ id: 'dying', title: 'dies', system, machines: { one }, properties: [] });
`;

/** Searches with threads that are all there from the first large block on. */
function searchTogether(design: AnyDesign, limits: Limits = {}, way: SearchMode = 'plain'): Promise<Exploration> {
  const program = programOf(design, sizes);
  return withHelp(together.for({ design }, program.params, way), (helpers) =>
    startSearch(way, program, limits, { helpers }),
  );
}

/** Calls `between` with the control memory between two blocks, once there is some. */
async function withHelp(
  help: WorkerPoolHandle,
  engineWith: (helpers: WorkerSource) => Engine,
  between: (control: Int32Array) => void = () => {},
): Promise<Exploration> {
  let memory: SearchBuffers | undefined;
  const engine = engineWith({
    minStates: 1,
    startWorkers: (shared) => {
      memory = shared;
      help.startWorkers(shared);
    },
  });
  const joined = (): number => (memory ? Atomics.load(new Int32Array(memory.control), Control.joined) : threads - 1);
  let turn = engine.next();
  while (!turn.done) {
    while (joined() < threads - 1 && !help.failure) await setImmediate();
    if (help.failure) throw help.failure;
    if (memory) between(new Int32Array(memory.control));
    turn = engine.next();
  }
  return turn.value;
}

/** Wakes all threads that help, without a reason. */
function wakeAll(control: Int32Array): void {
  for (let awake = threads - 1; awake > 0; ) awake -= Atomics.notify(control, Control.epoch);
}

describe('several threads find what one finds:', () => {
  const mutant = mutants.find(({ id }) => id === 'rmap-xchg/no-flush') as AnyDesign;

  it('the same numbers of states and transitions, each transition as often, and the same covers', async () => {
    expect(await searchTogether(rmapXchg, { coverage: true })).toEqual(explore(rmapXchg, sizes, { coverage: true }));
  });

  it('and do their part of a phase once, also if they are woken twice', async () => {
    const program = programOf(rmapXchg, sizes);
    let mostDone = 0;
    const found = await withHelp(
      together.for({ design: rmapXchg }, program.params),
      (helpers) => breadthFirstSearch(program, {}, { helpers }),
      (control) => {
        wakeAll(control);
        // once they can be woken again, they have done what there was to do
        wakeAll(control);
        mostDone = Math.max(mostDone, control[Control.done] as number);
      },
    );
    expect(mostDone).toBe(threads - 1);
    expect(found).toEqual(explore(rmapXchg, sizes));
  });

  it('the same with few preemptions', async () => {
    const alone = runEngine(preemptionBoundedSearch(programOf(rmapXchg, sizes), 2));
    expect(alone).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'preemptions' });
    expect(await searchTogether(rmapXchg, {}, { preemptions: 2 })).toEqual(alone);
  });

  it('the same by symmetry', async () => {
    const alike = { vcpus: 2, pages: 1, emulatingVcpus: 0 };
    const found = await withHelp(
      together.for({ design: rmapXchg }, programOf(rmapXchg, alike).params, 'by symmetry'),
      (helpers) => symmetryReducedSearch(programOf(rmapXchg, alike), { partialOrder: true }, { helpers }),
    );
    expect(found.reductions).toEqual(['symmetry', 'partial-order']);
    expect(found).toEqual(runEngine(symmetryReducedSearch(programOf(rmapXchg, alike), { partialOrder: true })));
  });

  it('the same with a frontier that does not fit into memory', async () => {
    const store = new TestStore();
    const file = fileURLToPath(new URL('../../support/wide.ts', import.meta.url));
    const found = await withHelp(together.for({ design: wideDesign, file }, {}), (helpers) =>
      breadthFirstSearch(programOf(wideDesign, {}), wide.limits, { helpers, store }),
    );
    expect(store.writes).toBeGreaterThan(5);
    expect(found).toEqual(runEngine(breadthFirstSearch(programOf(wideDesign, {}), wide.limits)));
  });

  it('the same counterexample', async () => {
    const alone = explore(mutant, sizes);
    expect(alone.verdict).toBe('violated');
    expect(await searchTogether(mutant)).toEqual(alone);
  });
});

describe('a thread that dies', () => {
  it('before it joins ends the search with an error', async () => {
    // so large that it does not end before the thread does
    const program = programOf(rmapXchg, { vcpus: 3, pages: 3 });
    const help = new SearchThreads(2).for({ design: rmapXchg, file: 'no-such-file.ts' }, program.params);
    const threads = { minStates: 1, startWorkers: help.startWorkers };
    const run = driveEngine(
      breadthFirstSearch(program, {}, { helpers: threads }),
      undefined,
      () => false,
      () => undefined,
      () => help.failure,
    );
    await expect(run).rejects.toMatchObject({ code: 'INTERNAL', message: expect.stringContaining('no-such-file.ts') });
  });

  it('in the middle of its work ends precopy with 70, and not with a hang', async () => {
    const cwd = folderWith({ 'dying.ts': dyingDesign });
    const { exitCode, stderr } = await precopy(['check', 'dying.ts', '--workers', '2'], { cwd });
    expect(exitCode).toBe(70);
    expect(stderr).toMatch(/^precopy: internal error: a thread of the search died: it ended with 7\. try --workers 1/);
  });
});
