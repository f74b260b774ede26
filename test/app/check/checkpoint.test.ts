import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { Checkpoint } from '../../../src/app/check/checkpoint.ts';
import { driveEngine } from '../../../src/app/check/engine-driver.ts';
import { programOf } from '../../../src/app/workers/worker-program.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { breadthFirstSearch, type Limits, type SearchServices } from '../../../src/search/bfs/breadth-first-search.ts';
import { preemptionBoundedSearch } from '../../../src/search/bfs/preemption-bound.ts';
import type { Engine, Exploration } from '../../../src/search/exploration.ts';
import { runEngine } from '../../../src/search/run-engine.ts';
import { symmetryReducedSearch } from '../../../src/search/symmetry/symmetry-search.ts';
import { explore } from '../../support/explore.ts';
import { MemoryChunkStore } from '../../support/store.ts';
import wideDesign, { wideSearch } from '../../support/wide.ts';

const small = { vcpus: 1, pages: 2 };
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precopy-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (): string => join(folder, 'rmap-xchg.checkpoint');
const warnings: string[] = [];
function checkpointOf({
  design = rmapXchg,
  params = small,
  sources = '',
  options = '',
}: {
  readonly design?: AnyDesign;
  readonly params?: Readonly<Record<string, number>>;
  readonly sources?: string;
  readonly options?: string;
} = {}): Checkpoint {
  return new Checkpoint(folder, { program: programOf(design, params), sources, options }, (text) =>
    warnings.push(text),
  );
}

/** Searches a design whose frontier is mostly spilled. */
function searchWide(maxStates?: number): Exploration {
  const checkpoints = checkpointOf({ design: wideDesign, params: {} });
  const store = new MemoryChunkStore();
  const found = runEngine(
    breadthFirstSearch(
      programOf(wideDesign, {}),
      { ...wideSearch.limits, ...(maxStates && { maxStates }) },
      { checkpoints, store },
    ),
  );
  expect(store.writes).toBeGreaterThan(0);
  return found;
}

async function searchUpTo(maxStates: number): Promise<Exploration> {
  const { exploration } = await driveEngine(
    breadthFirstSearch(programOf(rmapXchg, small), { maxStates }, { checkpoints: checkpointOf() }),
    { stop: () => undefined },
  );
  return exploration;
}

describe('a checkpoint', () => {
  it('resumes a search that was stopped, to the same result', async () => {
    expect(await searchUpTo(10_000)).toMatchObject({ verdict: 'inconclusive' });
    const second = await searchUpTo(30_000);
    expect(second).toMatchObject({ verdict: 'inconclusive' });
    expect(second.states).toBeGreaterThanOrEqual(30_000);
    expect(await searchUpTo(1e9)).toEqual(explore(rmapXchg, small));
  });

  it('resumes a search whose frontier does not fit into memory', () => {
    expect(searchWide(80_000)).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'max-states' });
    expect(searchWide()).toEqual(runEngine(breadthFirstSearch(programOf(wideDesign, {}), wideSearch.limits)));
  });

  const symmetric = { vcpus: 2, pages: 1, emulatingVcpus: 0 };
  const searches = {
    'partial order': (limits, outside) =>
      breadthFirstSearch(programOf(rmapXchg, symmetric), { ...limits, partialOrder: true }, outside),
    'symmetry and partial order': (limits, outside) =>
      symmetryReducedSearch(programOf(rmapXchg, symmetric), { ...limits, partialOrder: true }, outside),
    'few preemptions': (limits, outside) => preemptionBoundedSearch(programOf(rmapXchg, symmetric), 1, limits, outside),
    coverage: (limits, outside) =>
      breadthFirstSearch(programOf(rmapXchg, symmetric), { ...limits, coverage: true }, outside),
  } satisfies Record<string, (limits: Limits, outside?: SearchServices) => Engine>;
  it.for(Object.entries(searches))('resumes a search with %s', ([, engine]) => {
    const first = runEngine(engine({ maxStates: 1000 }, { checkpoints: checkpointOf({ params: symmetric }) }));
    expect(first).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'max-states' });
    expect(runEngine(engine({}, { checkpoints: checkpointOf({ params: symmetric }) }))).toEqual(
      runEngine(engine({}, {})),
    );
  });

  it('is refused when params, code or options have changed', async () => {
    await searchUpTo(1000);
    const refused = (message: string) =>
      expect.objectContaining({ code: 'BAD_FILE', message: expect.stringContaining(message) });
    expect(() => checkpointOf({ params: { vcpus: 1, pages: 1 } })).toThrow(refused('is of another model'));
    expect(() => checkpointOf({ sources: 'changed' })).toThrow(refused('is of another model'));
    expect(() => checkpointOf({ options: 'with --coverage' })).toThrow(refused('is of a search without options'));
    expect(checkpointOf().latest?.states).toBeGreaterThanOrEqual(1000);
  });

  it('stays when the next one cannot be written', async () => {
    await searchUpTo(1000);
    const last = readFileSync(file());
    mkdirSync(`${file()}.next`);
    warnings.length = 0;
    await searchUpTo(2000);
    expect(readFileSync(file()).equals(last)).toBe(true);
    expect(warnings).toEqual([expect.stringMatching(/^no checkpoint could be written: EISDIR.*the last one is kept/)]);
  });

  it.skipIf(!existsSync('/dev/full'))('stays when the disk is full', async () => {
    await searchUpTo(1000);
    const last = readFileSync(file());
    symlinkSync('/dev/full', `${file()}.next`);
    warnings.length = 0;
    await searchUpTo(2000);
    expect(readFileSync(file()).equals(last)).toBe(true);
    expect(existsSync(`${file()}.next`)).toBe(false);
    expect(warnings).toEqual([
      expect.stringMatching(/^no checkpoint could be written: ENOSPC: no space left on device.*the last one is kept/),
    ]);
  });

  it('is refused when the file is no checkpoint, or truncated', async () => {
    writeFileSync(file(), 'something else, and long enough');
    expect(() => checkpointOf()).toThrow(expect.objectContaining({ code: 'BAD_FILE' }));
    rmSync(file());
    await searchUpTo(1000);
    writeFileSync(file(), readFileSync(file()).subarray(0, 2000));
    await expect(searchUpTo(2000)).rejects.toMatchObject({ code: 'BAD_FILE' });
    expect(existsSync(file())).toBe(true);
  });
});
