/** `npm run talk`: simulates the published claims about dirty logging, prints the results and writes docs/talk.md. */
import { writeFileSync } from 'node:fs';
import { showCount, showNs } from '../src/cli/options/units.ts';
import type { DesignFigures } from '../src/simulate/results.ts';
import { type BandwidthFrom, highestRate, type Load, leastLimit, limitOfRounds } from './talk/convergence.ts';
import { collected, gib, oneGet } from './talk/runs.ts';

const lines: string[] = [];

function print(...text: string[]): void {
  lines.push(...text, '');
  process.stdout.write(`${text.join('\n')}\n\n`);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  print(...[head, head.map((_, n) => (n === 0 ? '---' : '---:')), ...rows].map(row));
}

/** Returns the values from one to another, both included. */
const range = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, n) => from + n * step);

const ratio = (ours: number, published: number): string => `${(ours / published).toFixed(2)}`;

function byDesign(
  runs: readonly { readonly memoryGib: number; readonly rate: number; readonly ids: readonly string[] }[],
) {
  const rows = runs.flatMap(({ memoryGib, rate, ids }) =>
    ids.map((id) => rowOf(id, memoryGib, rate, collected(id, memoryGib, rate))),
  );
  const head = [
    'design',
    'memory',
    'dirtied a second',
    'write, longest',
    'GET held mmu_lock',
    'GET',
    'faults',
    'p99.9 of a write',
  ];
  table(head, rows);
}

function rowOf(id: string, memoryGib: number, rate: number, figures: DesignFigures): string[] {
  const { vcpuWriteNs, mmuLockByActor, getDirtyLogNs, faults } = figures;
  return [
    `\`${id}\``,
    `${memoryGib} GiB`,
    showCount(rate),
    showNs(vcpuWriteNs.max),
    showNs(mmuLockByActor['getDirtyLog']?.holdNs.max ?? 0),
    showNs(getDirtyLogNs.max),
    showCount(faults),
    showNs(vcpuWriteNs.p999),
  ];
}

print(
  '# The talk, reproduced',
  '',
  `What \`npm run talk\` printed on ${new Date().toISOString().slice(0, 10)}. All times are simulated, with the cost profile`,
  '[talk-2012](../profiles/talk-2012.json); the same seed gives the same figures on any machine. "Qualitative" claims are claims without a published',
  'table: only their order of magnitude is reproduced. The slides of the talk were not found, so none of their figures is here. One of these',
  'runs by itself: `npx precopy simulate srcu-switch --profile talk-2012 --memory 4GiB --rate 250 --collect-every 1s`.',
);

print(
  '## Milliseconds at 4 GB with the walk, far less with rmap and xchg',
  '',
  'Qualitative; published with the patch (60c34612b707): "few ms" became "< 200us" while the guest read a file. 4 vCPUs write at random; GET runs',
  'once a second. The walk visits every spte, dirty or not; rmap visits the dirty ones.',
);
byDesign([
  { memoryGib: 4, rate: 1000, ids: ['srcu-switch', 'rmap-xchg'] },
  { memoryGib: 4, rate: 3000, ids: ['srcu-switch', 'rmap-xchg'] },
]);

print(
  '## Milliseconds again at 10 GB with rmap and xchg, none with a periodic release',
  '',
  'Qualitative. The cost of rmap depends on the number of dirty pages, not on the size of the guest: milliseconds come with the dirty pages of a larger',
  'guest that does more. At 1,000 pages a second, as above, 10 GB do not cause them. A release of `mmu_lock` bounds the wait, with an early',
  'flush (`lock-break`) or a late one.',
);
const both = ['rmap-xchg', 'lock-break', 'lock-break-late-flush'];
byDesign([
  { memoryGib: 10, rate: 1000, ids: ['srcu-switch', 'rmap-xchg'] },
  { memoryGib: 10, rate: 25_000, ids: both },
  { memoryGib: 10, rate: 100_000, ids: ['srcu-switch', ...both] },
]);

print(
  '## O(1) with lazy protection, and where its cost went',
  '',
  'Qualitative. GET protects nothing and does not take `mmu_lock`; only the snapshot is left, which grows with the bitmap. The first',
  'fault below an entry of the root protects the 512 sptes of that table: see the faults, and the slowest writes.',
);
byDesign([4, 10].map((memoryGib) => ({ memoryGib, rate: 25_000, ids: ['rmap-xchg', 'lazy-protect'] })));

print(
  '## No faults with A/D bits, and a GET that pays for every page',
  '',
  'Qualitative. The processor sets the D bit, so no vCPU faults. GET tests every spte, dirty or not.',
);
byDesign([4, 10].map((memoryGib) => ({ memoryGib, rate: 1000, ids: ['rmap-xchg', 'ad-bits'] })));

const tried = [500, 1000, 2000, 2047, 2048, 4000, 8000, 12_000, 16_000, 32_000];
const walkNs = oneGet('srcu-switch', 4 * gib, 1000).getDirtyLogNs.max;
const getNs = (id: string, dirty: number): number => oneGet(id, 4 * gib, dirty).getDirtyLogNs.max;
const rmap = tried.map((dirty) => ({ dirty, ns: getNs('rmap-xchg', dirty) }));
const crossover = rmap.find(({ ns }) => ns > walkNs)?.dirty;
print(
  '## When rmap is no longer faster than the walk',
  '',
  `One GET over 4 GiB, dirty pages spread evenly; the walk (\`srcu-switch\`) takes ${showNs(walkNs)}. Linux 3.3 (\`rmap-hybrid\`) walks unless`,
  '`nr_dirty_pages < n_used_mmu_pages`, here 2,048 shadow pages. The commit message (95d4c16ce78c) says "some times faster" below and not worse at',
  `the boundary. Ours: rmap with xchg is first seen slower than the walk at ${crossover === undefined ? 'none of these' : `${showCount(crossover)} dirty pages`}, so the comparison of the kernel is on the safe side.`,
  'In `rmap-hybrid` a word with dirty pages costs no more than a clean one, as the model has one action for both: below 2,048 it looks better by',
  'up to 97 ns a dirty word.',
);
table(
  ['dirty pages', 'rmap-xchg', 'rmap-hybrid', 'walk by rmap-xchg'],
  rmap.map(({ dirty, ns }) => [showCount(dirty), showNs(ns), showNs(getNs('rmap-hybrid', dirty)), ratio(walkNs, ns)]),
);

const published: readonly (readonly [number, number])[] = [
  [1, 80_824],
  [2, 60_077],
  [4, 51_745],
  [65_536, 2_008_468],
  [131_072, 3_402_165],
  [262_144, 5_614_625],
];
print(
  '## GET_DIRTY_LOG over a slot of 1 GB',
  '',
  'Published in January 2012 with the patch (kvm-unit-tests ae5e9163, dirty-log-perf), and `rmap-xchg`. The profile is fitted to these',
  'figures, so the table only shows how well a cost per word and a cost per page describe them.',
);
const fitted = published.map(([dirty, ns]) => ({ dirty, ns, ours: oneGet('rmap-xchg', gib, dirty).getDirtyLogNs.max }));
table(
  ['dirty pages', 'published, ns', 'ours, ns', 'ours / published'],
  fitted.map(({ dirty, ns, ours }) => [showCount(dirty), showCount(ns), showCount(Math.round(ours)), ratio(ours, ns)]),
);
const far = fitted.filter(({ ns, ours }) => ours > 2 * ns || ours < ns / 2);
print(
  far.length === 0
    ? 'None differs by more than a factor of two. Published times fall from 1 to 4 pages, as caches get warm, which ours do not.'
    : `More than a factor of two: ${far.map(({ dirty }) => showCount(dirty)).join(', ')} pages, as no cache gets warm in the model.`,
);

print(
  '## When a migration converges',
  '',
  'A model of December 2025 (qemu-devel 20251218114220.83354-1) predicts how the duration of a sync affects convergence, for a link of 15 GB/s. Ours',
  'are results of migrations with the decisions of QEMU 10.2, with both rates and the guest scaled by 1/100: the value of a grid from which on',
  'every migration converges within 30 s (limits), or up to which every one does (rates). The model makes two assumptions that QEMU does not meet;',
  'the columns add them one after the other.',
);
interface Question {
  readonly text: string;
  readonly model: number;
  readonly unit: string;
  readonly ours: (from: BandwidthFrom) => number | undefined;
  /** the load of the row, and the downtime limit in ms that the model predicts for it */
  readonly rounds: readonly [load: Load, limitMs: number];
}
const limit = (syncMs: number, model: number, grid: readonly number[]): Question => {
  const load = { syncMs, dirtyRate: 10 };
  return {
    text: `least downtime limit, sync ${syncMs} ms, 10 GB/s dirtied`,
    model,
    unit: 'ms',
    ours: (from) => leastLimit(load, from, grid),
    rounds: [load, model],
  };
};
const rate = (syncMs: number, model: number, grid: readonly number[]): Question => ({
  text: `highest dirty rate, sync ${syncMs} ms, limit 150 ms`,
  model,
  unit: 'GB/s',
  ours: (from) => highestRate(syncMs, 150, from, grid),
  rounds: [{ syncMs, dirtyRate: model }, 150],
});
const questions: readonly Question[] = [
  limit(73, 219, range(120, 260, 10)),
  limit(12, 27.2, range(22, 38, 1)),
  rate(73, 7.7, range(4.5, 10.5, 0.5)),
  rate(12, 13.8, range(13, 14.4, 0.2)),
];
table(
  [
    '',
    'the model',
    'ours',
    'ours / model',
    "with the model's bandwidth",
    '/ model',
    'and all sent before a sync',
    '/ model',
  ],
  questions.map(({ text, model, unit, ours, rounds: [load, limitMs] }) => {
    const figure = (value: number | undefined): string[] =>
      value === undefined ? ['none', ''] : [`${Number(value.toFixed(2))} ${unit}`, ratio(value, model)];
    const ofRounds = limitOfRounds(load);
    return [
      text,
      `${model} ${unit}`,
      ...figure(ours('measured')),
      ...figure(ours('model')),
      `needs ${ofRounds.toFixed(1)} ms, not ${limitMs}`,
      ratio(ofRounds, limitMs),
    ];
  }),
);
print(
  'The bandwidth: QEMU measures it over windows of at least 100 ms that end between two passes of 50 ms. With a long sync some windows contain no',
  'sync and show the whole link, so a migration converges at a lower limit. With a short sync a window contains two or three where',
  'the model has one, so a migration needs a higher limit. The next column has the results with the bandwidth of the model (`--avail-switchover-bandwidth`).',
  'What is sent: in the model every page is sent before the next sync. QEMU syncs as soon as less is left than fits into the limit, and the rest',
  'counts again, so it needs a higher limit, or a lower rate, if a sync takes long. If a sync is short there are hundreds of rounds in 30 s,',
  'and a single favourable one is enough. Rounds that do send everything need what the model predicts: see the last column, with a limit of 1 ms and',
  'the rate of the row.',
);
writeFileSync(new URL('../docs/talk.md', import.meta.url), `${lines.join('\n').trimEnd()}\n`);
