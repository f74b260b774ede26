import { pagesPerWord } from '../../host/kernel/kvm-api.ts';
import { probe } from '../../host/probe.ts';
import type { HostCapabilities } from '../../host/results.ts';
import { type Collector, collectors, mutantCollectors } from '../../host/stress/collectors.ts';
import { type StressOptions, stressCollector } from '../../host/stress/stress.ts';
import { PrecopyError } from '../../model/errors.ts';
import type { HostStressDocument, StressEntry } from './host-documents.ts';

/** Observers of `stressHost`, and the signal that ends it. */
export interface StressHooks {
  readonly signal: AbortSignal;
  readonly onResult?: (collector: Collector, entry: StressEntry) => void;
  readonly onSkipped?: (collector: Collector, reason: string) => void;
}

/**
 * Stresses collectors on the kernel of this host, one after another: those that it supports, or all mutants, if
 * `names` is empty.
 * @throws PrecopyError `HOST_UNAVAILABLE`, `BAD_PARAMETER`, `UNKNOWN_NAME`
 */
export async function stressHost(
  names: readonly string[],
  options: StressOptions & { readonly mutants?: boolean },
  { signal, onResult, onSkipped }: StressHooks,
): Promise<HostStressDocument> {
  checkOptions(options);
  const chosen = chooseCollectors(names, options.mutants ?? false);
  const capabilities = await probe(options.device);
  const entries: StressEntry[] = [];
  const notRun: { collector: string; reason: string }[] = [];
  for (const collector of chosen) {
    const reason = signal.aborted ? 'interrupted' : missingCapability(collector, capabilities);
    if (reason !== undefined) {
      notRun.push({ collector: collector.id, reason });
      onSkipped?.(collector, reason);
      continue;
    }
    const result = await stressCollector(collector, options, () => signal.aborted);
    const entry = { ...result, mutant: collector.bug !== undefined };
    entries.push(entry);
    onResult?.(collector, entry);
  }
  return { format: 'precopy-host-stress', version: 2, seed: options.seed, collectors: entries, notRun };
}

/** Returns true if a collector loses a write, or a mutant loses none. */
export const isUnexpected = ({ verdict, mutant }: StressEntry): boolean =>
  verdict !== 'inconclusive' && (verdict === 'violated') !== mutant;

function checkOptions({ chunkPages = pagesPerWord, ringEntries, seed }: StressOptions): void {
  const refuse = (cause: string, remedy: string): never => {
    throw new PrecopyError('BAD_PARAMETER', cause, remedy);
  };
  if (chunkPages === 0 || chunkPages % pagesPerWord !== 0) refuse(`--chunk is ${chunkPages}`, 'give a multiple of 64');
  if (ringEntries < 1 || !Number.isInteger(Math.log2(ringEntries))) {
    refuse(`--ring is ${ringEntries}`, 'give a power of two');
  }
  if (!Number.isSafeInteger(seed)) refuse('--seed is too large', `give at most ${Number.MAX_SAFE_INTEGER}`);
}

function chooseCollectors(names: readonly string[], mutants: boolean): readonly Collector[] {
  if (names.length === 0) return mutants ? mutantCollectors : collectors;
  const all = [...collectors, ...mutantCollectors];
  return names.map((name) => {
    const collector = all.find(({ id }) => id === name);
    if (collector) return collector;
    const ids = all.map(({ id }) => id).join(', ');
    throw new PrecopyError('UNKNOWN_NAME', `there is no collector '${name}'`, `there are ${ids}`);
  });
}

function missingCapability({ requires }: Collector, capabilities: HostCapabilities): string | undefined {
  if (requires === undefined) return undefined;
  const has = { ...capabilities, dirtyRing: capabilities.dirtyRingEntries > 0 }[requires];
  return has ? undefined : `this kernel has no ${requires}; see \`precopy host probe\``;
}
