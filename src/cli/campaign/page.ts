import { writeFileSync } from 'node:fs';
import type { CampaignDocument, CheckEntry, SimulateEntry } from '../../app/campaign/merge-schema.ts';
import { fromPlanPath } from '../../app/campaign/plan-paths.ts';
import { shardCosts } from '../../app/campaign/shard-costs.ts';
import { withWriteErrors } from '../../app/files/output-file.ts';
import { type CampaignReport, type CheckRow, campaignPage, type SimulationRow } from '../../report/campaign-page.ts';
import { showCount, showSeconds } from '../options/units.ts';
import { plural } from '../report/plural.ts';
import { commandLineOf, replayCommandLine } from '../report/shell-command.ts';
import { caveatsOf } from './caveats.ts';

/** Lines of a list on the page; `merge --json` has all. */
const maxLines = 100;

/**
 * Writes the page of a campaign.
 * @param running number of shards that workers run now
 * @throws PrecopyError `BAD_FILE` if it cannot be written
 */
export function writeCampaignPage(
  file: string,
  folders: readonly string[],
  document: CampaignDocument,
  running = 0,
): void {
  const page = campaignPage({ ...reportOf(document, folders, running), costs: shardCosts(folders) });
  withWriteErrors(file, () => writeFileSync(file, page));
}

function reportOf(
  document: CampaignDocument,
  folders: readonly string[],
  running: number,
): Omit<CampaignReport, 'costs'> {
  const { name, precopy, verdict, shards, duplicates, check, mutants, simulate, seconds } = document;
  const { planned, done, failed, missing } = shards;
  const again = duplicates > 0 ? `, ${plural(duplicates, 'result')} twice` : '';
  const [folder = '.'] = folders;
  return {
    name,
    verdict,
    command: commandLineOf(['campaign', 'merge', ...folders]),
    about: [
      `precopy ${precopy.version}, code ${precopy.code.slice(0, 12)}`,
      `${showCount(planned)} shards, ${showSeconds(seconds)} of one core${again}`,
    ],
    shards: { planned, done, failed, running, left: Math.max(0, missing - running) },
    checks: check.map((entry) => checkRow(entry, folder)),
    mutants: { ...mutants, killed: mutants.killed.length },
    simulations: simulate.map(simulationRow),
    problems: problemsOf(document),
  };
}

function checkRow(entry: CheckEntry, folder: string): CheckRow {
  const { label, design, mutantOf, checks, params, memoryModel, strategy, verdict, shards, violation, file } = entry;
  const { states, depth, schedules, seconds } = entry;
  const pairs = Object.entries(params).flatMap(([param, value]) => (value === 0 ? [] : [`${param}=${value}`]));
  const path = file === undefined ? undefined : fromPlanPath(file, folder);
  return {
    label,
    design,
    isMutant: mutantOf !== undefined,
    checks,
    size: [...pairs, ...(memoryModel === 'sc' ? [] : [memoryModel])].join(' '),
    strategy,
    verdict,
    done: shards.done,
    planned: shards.planned,
    states,
    depth,
    ...(schedules !== undefined && { schedules }),
    seconds,
    notes: caveatsOf(entry),
    ...(violation &&
      mutantOf === undefined && {
        violation: {
          property: violation.property,
          length: violation.length,
          replay: replayCommandLine(violation.schedule, path),
        },
      }),
  };
}

function simulationRow({ label, shards: { done, planned }, figures }: SimulateEntry): SimulationRow {
  if (!figures) return { label, done, planned };
  const { vcpuWriteNs, totalNs, downtimeNs, violation } = figures;
  const { p50, p999, max } = vcpuWriteNs;
  return {
    label,
    done,
    planned,
    vcpuWriteNs: { p50, p999, max },
    totalNs,
    downtimeNs,
    ...(violation && { violation: violation.property }),
  };
}

function problemsOf({ failed, missing, contradictions, leftAlone }: CampaignDocument): CampaignReport['problems'] {
  const list = <T>(title: string, all: readonly T[], text: (one: T) => string) =>
    all.length > 0 ? [{ title, lines: all.slice(0, maxLines).map(text), count: all.length }] : [];
  return [
    ...list('Two results', contradictions, ({ label, isExpected, files }) => {
      const why = isExpected ? 'a limit of time or memory' : 'no limit explains it: please report it';
      return `${label}, in ${files.join(' and ')} (${why})`;
    }),
    ...list('Failed', failed, ({ label, cause, command }) => `${label}: ${cause}: ${command}`),
    ...list('Without a result', missing, ({ label, command }) => `${label}: ${command}`),
    ...list('Left alone', leftAlone, ({ file, why }) => `${file}: ${why}`),
  ];
}
