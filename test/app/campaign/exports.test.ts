import { spawnSync } from 'node:child_process';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ArrayJob } from '../../../src/app/campaign/export/array-job.ts';
import { githubWorkflow } from '../../../src/app/campaign/export/github-actions.ts';
import { parallelScript } from '../../../src/app/campaign/export/gnu-parallel.ts';
import { kubernetesManifest } from '../../../src/app/campaign/export/kubernetes.ts';
import { schedulerLimits } from '../../../src/app/campaign/export/schedulers.ts';
import { slurmScript } from '../../../src/app/campaign/export/slurm.ts';

const job: ArrayJob = {
  name: 'nightly',
  folder: "/shared/it's nightly.campaign",
  tasks: 12,
  shards: 100,
  memoryBytes: 4 * 2 ** 30,
  retries: 3,
};
const volume = { image: 'registry/precopy:0.1.0', claim: 'nightly' };

describe('the manifest for Kubernetes', () => {
  const manifest = (changed: Partial<ArrayJob> = {}) => parse(kubernetesManifest({ ...job, ...changed }, volume));

  it('fits the published schema of batch/v1', () => {
    expect(() => new Job(manifest()).validate()).not.toThrow();
    expect(() => new Job(manifest({ concurrency: 2, seconds: 90.5 })).validate()).not.toThrow();
    expect(() => new Job({ ...manifest(), spec: { ...manifest().spec, completions: 'many' } }).validate()).toThrow();
  });

  it('never retries a violation, wrong usage or a bug, and everything else three times for each index', () => {
    const { backoffLimitPerIndex, podFailurePolicy, template } = manifest().spec;
    expect(backoffLimitPerIndex).toBe(3);
    expect(podFailurePolicy.rules).toMatchObject([
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] },
      { action: 'FailIndex', onExitCodes: { values: [1] } },
      { action: 'FailJob', onExitCodes: { values: [2, 70] } },
    ]);
    expect(template.spec.restartPolicy).toBe('Never');
  });

  it('runs shard i of n in index i - 1, so that signals reach precopy', () => {
    const [{ command }] = manifest().spec.template.spec.containers;
    const run = spawnSync(command[0], [command[1], command[2].replace('exec precopy', 'exec echo')], {
      env: { ...process.env, JOB_COMPLETION_INDEX: '11' },
      encoding: 'utf8',
    });
    expect(run.stdout).toBe('campaign run /campaign --shard 12/12 --retry-failed --memory 3221225472B\n');
  });

  it('has a name that Kubernetes takes', () => {
    const name = manifest({ name: `Nightly_${'x'.repeat(80)}.` }).metadata.name;
    expect(name).toMatch(/^precopy-nightly-x+$/);
    expect(name.length).toBe(63);
  });
});

describe('the workflow for GitHub Actions', () => {
  const relative = { ...job, folder: 'nightly.campaign' };

  it('has a job for each task, at most 256 of them, and merges their results also where one has failed', () => {
    const { shards, merge } = parse(githubWorkflow({ ...relative, tasks: schedulerLimits.github.maxTasks })).jobs;
    expect(shards.strategy.matrix.shard).toEqual(Array.from({ length: 256 }, (_, index) => index + 1));
    expect(shards.strategy['fail-fast']).toBe(false);
    expect(merge).toMatchObject({ needs: 'shards', if: '!cancelled()' });
  });

  it('ends in time to upload what it has', () => {
    const { shards } = parse(githubWorkflow(relative)).jobs;
    expect(shards['timeout-minutes']).toBe(360);
    expect(shards.steps.map(({ run }: { readonly run?: string }) => run)).toContainEqual(
      expect.stringMatching(/^timeout --preserve-status --kill-after=60 20700 /),
    );
  });
});

describe.each([
  ['Slurm', slurmScript],
  ['GNU parallel', parallelScript],
])('the script for %s', (_, scriptOf) => {
  it('is one of bash, with the names of its files quoted', () => {
    const script = scriptOf(job, '/opt/pre copy/bin/precopy.js');
    expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    expect(script).toContain("'/shared/it'\\''s nightly.campaign'");
  });

  it('retries what was killed or interrupted, and nothing else', () => {
    expect(scriptOf(job, 'precopy')).toContain('75 | 134 | 137 | 143)');
  });
});
