import { stringify } from 'yaml';
import { quote } from '../../shell-quote.ts';
import { type ArrayJob, runOptions } from './array-job.ts';

/** Time limit of a job on GitHub's runners, in seconds. */
const maxJobSeconds = 6 * 3600;
/** Time of a job that is not for shards, in seconds: installation, checkpoints, upload of the results. */
const reservedSeconds = 900;
/** Time between SIGTERM and SIGKILL, in seconds: precopy writes its checkpoint meanwhile. */
const graceSeconds = 60;

/**
 * Writes a workflow of GitHub Actions: a matrix of jobs that run shards, and a job that merges their results. Each job
 * keeps results and checkpoints as an artifact, with which `Re-run failed jobs` continues.
 */
export function githubWorkflow(job: ArrayJob): string {
  const { name, folder, tasks, concurrency } = job;
  const seconds = Math.min(job.seconds ?? Number.POSITIVE_INFINITY, maxJobSeconds - reservedSeconds);
  const shard = expression('matrix.shard');
  const artifact = `campaign-${shard}`;
  const run = [
    `timeout --preserve-status --kill-after=${graceSeconds} ${Math.ceil(seconds)}`,
    `npx precopy campaign run ${quote(folder)} --shard ${shard}/${tasks} ${runOptions(job)}`,
  ];
  const workflow = {
    name: `campaign ${name}`,
    on: { workflow_dispatch: {} },
    permissions: { contents: 'read' },
    jobs: {
      shards: {
        'runs-on': 'ubuntu-latest',
        'timeout-minutes': Math.ceil((seconds + reservedSeconds) / 60),
        strategy: {
          'fail-fast': false,
          ...(concurrency !== undefined && { 'max-parallel': concurrency }),
          matrix: { shard: Array.from({ length: tasks }, (_, index) => index + 1) },
        },
        steps: [
          ...installation,
          {
            name: 'Continue an earlier attempt',
            if: 'github.run_attempt > 1',
            'continue-on-error': true,
            uses: 'actions/download-artifact@v4',
            with: { name: artifact, path: folder },
          },
          { name: 'Run shards', run: run.join(' \\\n  ') },
          {
            name: 'Keep results and checkpoints',
            if: 'always()',
            uses: 'actions/upload-artifact@v4',
            with: {
              name: artifact,
              path: ['plan.json', 'results', 'checkpoints'].map((part) => `${folder}/${part}`).join('\n'),
              overwrite: true,
            },
          },
        ],
      },
      merge: {
        'runs-on': 'ubuntu-latest',
        needs: 'shards',
        if: '!cancelled()',
        steps: [
          ...installation,
          { uses: 'actions/download-artifact@v4', with: { pattern: 'campaign-*', path: 'campaign-copies' } },
          {
            name: 'Merge',
            run: `npx precopy campaign merge ${quote(folder)} campaign-copies/* --html campaign.html`,
          },
          {
            if: 'always()',
            uses: 'actions/upload-artifact@v4',
            with: { name: 'report', path: 'campaign.html' },
          },
        ],
      },
    },
  };
  return stringify(workflow, { lineWidth: 0 });
}

/** Returns an expression that GitHub evaluates. */
const expression = (text: string): string => `\${{ ${text} }}`;

const installation = [
  { uses: 'actions/checkout@v4' },
  { uses: 'actions/setup-node@v4', with: { 'node-version': 22, cache: 'npm' } },
  { run: 'npm ci' },
];
