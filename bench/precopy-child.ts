/**
 * One search by precopy in a process of its own, so that V8 starts cold: `precopy-child.ts VCPUS PAGES [MAX_STATES]`. What it measures is
 * what `check` does: compile the machines, then search with properties, covers, fingerprints and origins.
 */
import { rmapXchg } from '../machines/designs.ts';
import { compile, type Exploration, exhaustive, type Limits, memoise } from '../src/index.ts';

/** What the child writes to stdout, as JSON. */
export interface ChildReport {
  readonly exploration: Exploration;
  readonly seconds: number;
}

function search(sizes: Readonly<Record<string, number>>, limits: Limits): Exploration {
  const exploring = exhaustive(memoise(compile(rmapXchg, sizes)), limits);
  for (;;) {
    const { done, value } = exploring.next();
    if (done) return value;
  }
}

const [vcpus = 2, pages = 2, maxStates] = process.argv.slice(2).map(Number);
const start = performance.now();
const exploration = search({ vcpus, pages, loggingOn: 1 }, maxStates === undefined ? {} : { maxStates });
const report: ChildReport = { exploration, seconds: (performance.now() - start) / 1000 };
process.stdout.write(JSON.stringify(report));
