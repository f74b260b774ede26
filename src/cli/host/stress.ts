import { pagesPerWord } from '../../host/kernel/kvm-api.ts';
import { type HostOffer, probe } from '../../host/probe.ts';
import { brokenCollectors, type Collector, collectors } from '../../host/stress/collectors.ts';
import type { LostWrite, WriteId } from '../../host/stress/oracle.ts';
import { type StressOptions, type StressResult, stress } from '../../host/stress/stress.ts';
import { PrecopyError } from '../../model/errors.ts';
import { ExitCode, worstExitCode } from '../exit-codes.ts';
import { showBytes, showCount, showSeconds } from '../options/units.ts';
import { Output } from '../report/console-output.ts';
import { Interrupt } from '../sigint.ts';
import type { HostStressDocument, StressEntry } from './documents.ts';

/** What the command line says. */
export interface StressFlags extends Omit<StressOptions, 'chunkPages' | 'device'> {
  readonly device: string;
  readonly chunkPages?: number;
  readonly mutants?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Stresses collectors on the real kernel. Returns the exit code. */
export async function hostStress(names: readonly string[], flags: StressFlags): Promise<ExitCode> {
  const output = new Output(flags);
  checkOptions(flags);
  const chosen = choose(names, flags.mutants ?? false);
  const offer = await probe(flags.device);
  const interrupt = new Interrupt();
  const entries: StressEntry[] = [];
  const notRun: { collector: string; reason: string }[] = [];
  const codes: ExitCode[] = [];
  for (const collector of chosen) {
    const reason = interrupt.requested ? 'interrupted before its turn' : missing(collector, offer);
    if (reason !== undefined) {
      output.print(`${collector.id} not run: ${reason}`);
      notRun.push({ collector: collector.id, reason });
      codes.push(interrupt.requested ? ExitCode.inconclusive : ExitCode.holds);
      continue;
    }
    const result = await stress(collector, flags, () => interrupt.requested);
    const brokenOnPurpose = collector.wrong !== undefined;
    entries.push({ ...result, brokenOnPurpose });
    codes.push(codeOf(result, brokenOnPurpose));
    tell(output, collector, result);
  }
  if (entries.length === 0) codes.push(ExitCode.inconclusive);
  if (flags.json) {
    output.document({
      format: 'precopy-host-stress',
      version: 1,
      seed: flags.seed,
      collectors: entries,
      notRun,
    } satisfies HostStressDocument);
  }
  const code = worstExitCode(codes);
  if (code === ExitCode.violated) output.print(`again: ${commandOf(chosen, entries, flags)}`);
  return code;
}

function checkOptions({ chunkPages = pagesPerWord, ringEntries, seed }: StressFlags): void {
  const refuse = (cause: string, remedy: string): never => {
    throw new PrecopyError('BAD_PARAMETER', cause, remedy);
  };
  if (chunkPages === 0 || chunkPages % pagesPerWord !== 0) refuse(`--chunk is ${chunkPages}`, 'give a multiple of 64');
  if (ringEntries < 1 || !Number.isInteger(Math.log2(ringEntries)))
    refuse(`--ring is ${ringEntries}`, 'give a power of two');
  if (!Number.isSafeInteger(seed)) refuse('--seed is too large', 'give at most 9007199254740991');
}

function choose(names: readonly string[], mutants: boolean): readonly Collector[] {
  if (names.length === 0) return mutants ? brokenCollectors : collectors;
  const all = [...collectors, ...brokenCollectors];
  return names.map((name) => {
    const found = all.find(({ id }) => id === name);
    if (found) return found;
    throw new PrecopyError(
      'UNKNOWN_NAME',
      `no collector is called '${name}'`,
      `there are ${all.map(({ id }) => id).join(', ')}`,
    );
  });
}

function missing({ needs }: Collector, offer: HostOffer): string | undefined {
  if (needs === undefined) return undefined;
  const has = { ...offer, dirtyRing: offer.dirtyRingEntries > 0 }[needs];
  return has ? undefined : `this kernel does not offer what it needs (${needs}); see \`precopy host probe\``;
}

function codeOf({ verdict }: StressResult, brokenOnPurpose: boolean): ExitCode {
  if (verdict === 'inconclusive') return ExitCode.inconclusive;
  return (verdict === 'violated') === brokenOnPurpose ? ExitCode.holds : ExitCode.violated;
}

function tell(output: Output, { id, title, wrong }: Collector, result: StressResult): void {
  const { ink } = output;
  const verdict = result.verdict === 'violated' && wrong !== undefined ? 'caught' : result.verdict;
  const isBad = verdict === 'violated' || (verdict === 'holds' && wrong !== undefined);
  output.gap();
  output.print(`${ink.bold(id)} ${isBad ? ink.red(verdict) : verdict}`);
  output.paragraph(wrong === undefined ? title : `${title}: ${wrong}`);
  output.paragraph(
    [
      `${showCount(result.rounds)} rounds`,
      `${showCount(result.checks)} ${result.checks === 1 ? 'check' : 'checks'} of all pages`,
      `${showCount(result.copies)} copies`,
      `${showCount(result.writes)} writes`,
      `${showCount(result.kicks)} kicks`,
      ...(result.ringFullExits > 0 ? [`${showCount(result.ringFullExits)} exits for a full ring`] : []),
      showSeconds(result.seconds),
    ].join(', '),
  );
  const [first] = result.lost;
  if (first) for (const line of linesOf(first)) output.printDetail(`  ${line}`);
}

function linesOf({ page, round, holds, lastCopied, history, rememberedSince }: LostWrite): string[] {
  return [
    `page ${page} after round ${round}: holds ${nameOf(holds)}, and its last copy ${nameOf(lastCopied)}`,
    `of the rounds since ${rememberedSince}, it was reported ${history.length === 0 ? 'never' : `in ${showCount(history.length)} of them`}`,
    ...history.slice(-historyShown).map((event) => `  round ${event.round}: copied with ${nameOf(event.copied)}`),
  ];
}

const historyShown = 8;

function nameOf(write?: WriteId): string {
  return write === undefined ? 'no write' : `write ${showCount(write.write)} of vCPU ${write.vcpu}`;
}

function commandOf(chosen: readonly Collector[], entries: readonly StressResult[], flags: StressFlags): string {
  const guilty = chosen.filter(({ id, wrong }) =>
    entries.some(({ collector, verdict }) => collector === id && (verdict === 'violated') !== (wrong !== undefined)),
  );
  return [
    `npx precopy host stress ${guilty.map(({ id }) => id).join(' ')}`,
    `--memory ${showBytes(flags.memoryBytes).replace(' ', '')} --vcpus ${flags.vcpus} --time ${flags.seconds}s --seed ${flags.seed}`,
    `--pattern ${flags.pattern} --kicks ${flags.kicks} --ring ${flags.ringEntries}`,
    ...(flags.chunkPages === undefined ? [] : [`--chunk ${flags.chunkPages}`]),
    ...(flags.hugePages ? ['--huge-pages'] : []),
  ].join(' ');
}
