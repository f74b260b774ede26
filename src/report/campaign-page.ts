import { htmlPage } from './html-page.ts';

type Verdict = 'holds' | 'violated' | 'inconclusive';

/** Numbers of shards. */
interface ShardCounts {
  readonly planned: number;
  readonly done: number;
  readonly failed: number;
  readonly running: number;
  /** neither done nor failed nor running */
  readonly left: number;
}

/** A search of a design, of all its seeds. */
export interface CheckRow {
  /** describes the search in full */
  readonly label: string;
  readonly design: string;
  readonly isMutant: boolean;
  readonly checks: string;
  /** parameters, memory model */
  readonly size: string;
  readonly strategy: string;
  readonly verdict: Verdict;
  readonly done: number;
  readonly planned: number;
  /** distinct states */
  readonly states: number;
  readonly depth: number;
  /** sampled schedules; undefined for other strategies */
  readonly schedules?: number;
  /** of all shards */
  readonly seconds: number;
  /** limits that ended searches, covers that were not hit */
  readonly notes: readonly string[];
  readonly violation?: { readonly property: string; readonly length: number; readonly replay: string };
}

/** Runs of a simulation. */
export interface SimulationRow {
  readonly label: string;
  readonly done: number;
  readonly planned: number;
  /** of guest writes; undefined without a run */
  readonly vcpuWriteNs?: { readonly p50: number; readonly p999: number; readonly max: number };
  readonly totalNs?: number;
  readonly downtimeNs?: number;
  /** the property that a run violated */
  readonly violation?: string;
}

/**
 * Time and memory of a shard that is done. Where there are many, of `shards` neighbours: the one that took longest, and
 * the largest memory.
 */
export interface ShardCost {
  /** position in the plan, from 1 */
  readonly nth: number;
  readonly shards: number;
  readonly label: string;
  readonly seconds: number;
  /** of the process, when the shard ended */
  readonly memoryBytes: number;
}

/** Contents of the page of a campaign. */
export interface CampaignReport {
  readonly name: string;
  readonly verdict: Verdict;
  /** command that prints the same results */
  readonly command: string;
  /** by line: version, cost */
  readonly about: readonly string[];
  readonly shards: ShardCounts;
  readonly checks: readonly CheckRow[];
  readonly mutants: {
    readonly killed: number;
    readonly survived: readonly string[];
    readonly undecided: readonly string[];
  };
  readonly simulations: readonly SimulationRow[];
  readonly costs: readonly ShardCost[];
  /** shards without a result, and files that were left alone: a heading, the first lines, and how many there are */
  readonly problems: readonly { readonly title: string; readonly lines: readonly string[]; readonly count: number }[];
}

/** Returns the report of a campaign as one self-contained HTML file: verdicts, states, time and memory of shards. */
export function campaignPage(report: CampaignReport): string {
  return htmlPage({
    title: `precopy: ${report.name}`,
    data: report,
    styles: [
      import.meta.resolve('#package/src/report/browser/page.css'),
      import.meta.resolve('#package/src/report/browser/campaign.css'),
    ],
    scripts: [import.meta.resolve('#package/src/report/browser/campaign.js')],
  });
}
