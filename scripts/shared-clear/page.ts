import { sharedClear } from '../../machines/designs/shared-clear.ts';
import { machinesOf, type Orders } from '../../machines/shared-clear/orders.ts';
import { memoise } from '../../src/cache/cached-program.ts';
import { compile } from '../../src/compile/compile.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { breadthFirstSearch } from '../../src/search/bfs/breadth-first-search.ts';
import { runEngine } from '../../src/search/run-engine.ts';

const faults: readonly Orders['fault'][] = ['install, then mark', 'mark, then install'];
const clears: readonly Orders['clear'][] = ['clear, then protect', 'protect, then clear'];
const failures: readonly Orders['failure'][] = ['retried', 'ignored'];

/** All combinations, the sound one first. */
export const combinations: readonly Orders[] = faults.flatMap((fault) =>
  clears.flatMap((clear) => failures.map((failure) => ({ fault, clear, failure }))),
);

const params = { vcpus: 2, pages: 1, loggingOn: 1 };

/** Searches a combination for a lost write. Returns the number of states if there is none, else of steps to it. */
export function verdictOn(orders: Orders): { readonly holds: boolean; readonly count: number } {
  const properties = sharedClear.properties.filter(({ id }) => id === 'no-lost-write');
  const design: AnyDesign = {
    ...sharedClear,
    machines: { ...sharedClear.machines, ...machinesOf(orders) },
    properties,
  };
  const { verdict, states, violation } = runEngine(
    breadthFirstSearch(memoise(compile(design, { ...sharedClear.params, ...params }))),
  );
  return verdict === 'holds'
    ? { holds: true, count: states }
    : { holds: false, count: violation?.schedule.length ?? 0 };
}

/** Returns the page with the verdict on each combination. */
export function sharedClearPage(): string {
  const rows = combinations.map((orders) => {
    const { holds, count } = verdictOn(orders);
    const verdict = holds ? `**holds** (${count.toLocaleString('en')} states)` : `loses a write in ${count} steps`;
    return `| ${orders.fault} | ${orders.clear} | ${orders.failure} | ${verdict} |`;
  });
  return `${intro}
| a fault | CLEAR_DIRTY_LOG | its cmpxchg that fails | no-lost-write |
|---|---|---|---|
${rows.join('\n')}

${why}`;
}

const intro = `# CLEAR_DIRTY_LOG without the exclusive lock

CLEAR_DIRTY_LOG holds \`mmu_lock\` for writing in all kernels up to 7.2, so that every fault waits for it. May it hold
the lock for reading, as faults do? For arm64 that was proposed in 2023 and not merged. It depends on three things:

* whether a fault makes the page writable and then marks it (\`user_mem_abort\` of arm64, \`fast_page_fault\`), or marks
  it first (\`make_spte\` of x86's TDP MMU);
* whether CLEAR_DIRTY_LOG clears the bits of a word and then protects their pages (\`kvm_clear_dirty_log_protect\`), or
  protects first;
* whether a cmpxchg of CLEAR_DIRTY_LOG that fails, since another bit of the pte has changed, is tried again.

The verdicts are those of an exhaustive search at two vCPUs and one page, with the log on (\`npm run shared-clear\`
writes this page):
`;

const why = `Why: the protection looks at the pte once. If it finds the page read-only, a fault may still be on its way.

* *Mark, then install* loses the mark of such a fault: it set the bit, CLEAR_DIRTY_LOG cleared it and found nothing to
  protect, and then the page becomes writable without a bit. The other order sets the bit afterwards.
* *Protect, then clear* takes the bit that a fault set after the protection, and leaves its page writable.
* *A failed cmpxchg that is ignored* leaves the page writable although its bit is clear. A fault for the execution of
  code is enough: it changes another bit of the pte.

The sound combination is the design [shared-clear](designs/shared-clear.md), proved with all its properties, also at two
vCPUs and two pages (71,962,496 states: \`npx precopy check shared-clear --pages 2\`). The three bugs are its mutants.
x86 can have the shared lock if its faults mark after they install. With the lock held for writing both orders of a
fault are sound: [manual-clear-tdp](designs/manual-clear-tdp.md) marks first,
[rmap-xchg-fpf](designs/rmap-xchg-fpf.md) installs first.

What is not modelled: faults of arm64 run on processors that reorder stores. Here each step is seen at once by all.
\`stage2_attr_walker\` orders its cmpxchg with what follows it, and \`read_unlock\` is a release.
`;
