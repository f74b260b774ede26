import type { IJob } from 'kubernetes-models/batch/v1/Job';
import { stringify } from 'yaml';
import { type ArrayJob, runOptions } from './array-job.ts';
import { finalExitCodes } from './retries.ts';

/** Where the tasks find precopy and the campaign. */
export interface KubernetesOptions {
  /** container image that has `precopy` on its PATH */
  readonly image: string;
  /** name of the PersistentVolumeClaim whose root is the folder of the campaign */
  readonly claim: string;
}

const container = 'precopy';
const mountPath = '/campaign';
/** Time between SIGTERM and SIGKILL, in seconds: precopy writes its checkpoint meanwhile. */
const graceSeconds = 60;
/** A name of an object is a DNS label. */
const maxNameLength = 63;

/**
 * Writes the manifest of an Indexed Job. A violation fails its index, which is not run again; wrong usage and a bug in
 * precopy fail the job; all other ends are retried, and the eviction of a pod does not count.
 */
export function kubernetesManifest(job: ArrayJob, { image, claim }: KubernetesOptions): string {
  const { violation, usage, internal } = finalExitCodes;
  const shard = `--shard "$((JOB_COMPLETION_INDEX + 1))/${job.tasks}"`;
  const command = `exec precopy campaign run ${mountPath} ${shard} ${runOptions(job)}`;
  const onExit = (action: 'FailIndex' | 'FailJob', values: number[]) => ({
    action,
    onExitCodes: { containerName: container, operator: 'In' as const, values },
  });
  const manifest: IJob = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: nameOf(job) },
    spec: {
      completionMode: 'Indexed',
      completions: job.tasks,
      parallelism: job.concurrency ?? job.tasks,
      backoffLimitPerIndex: job.retries,
      ...(job.seconds !== undefined && { activeDeadlineSeconds: Math.ceil(job.seconds) }),
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          onExit('FailIndex', [violation]),
          onExit('FailJob', [usage, internal]),
        ],
      },
      template: {
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: graceSeconds,
          containers: [
            {
              name: container,
              image,
              command: ['sh', '-c', command],
              resources: {
                requests: { cpu: '1', memory: memoryOf(job) },
                limits: { memory: memoryOf(job) },
              },
              volumeMounts: [{ name: 'campaign', mountPath }],
            },
          ],
          volumes: [{ name: 'campaign', persistentVolumeClaim: { claimName: claim } }],
        },
      },
    },
  };
  return stringify(manifest);
}

const memoryOf = ({ memoryBytes }: ArrayJob): string => `${Math.ceil(memoryBytes / 2 ** 20)}Mi`;

/** Returns a DNS label for the name of a campaign. */
function nameOf({ name }: ArrayJob): string {
  const label = `precopy-${name.toLowerCase()}`.replaceAll(/[^a-z0-9-]+/g, '-');
  return label.slice(0, maxNameLength).replace(/-+$/, '');
}
