import { quote } from '../../shell-quote.ts';
import { type ArrayJob, runOptions } from './array-job.ts';
import { retriedPattern } from './retries.ts';

/** Time before the time limit at which Slurm interrupts a task, in seconds: it writes its checkpoint meanwhile. */
const graceSeconds = 60;

/**
 * Writes a batch script for `sbatch`: an array, a task of which requeues itself if it was killed or interrupted. Only
 * an administrator could name the exit codes that Slurm requeues (`RequeueExit` of slurm.conf).
 *
 * @param executable path of precopy on the nodes
 */
export function slurmScript(job: ArrayJob, executable: string): string {
  const { name, folder, tasks, retries, concurrency, seconds, memoryBytes } = job;
  const directives = [
    `--job-name=${name}`,
    `--array=1-${tasks}${concurrency === undefined ? '' : `%${concurrency}`}`,
    '--ntasks=1',
    '--cpus-per-task=1',
    `--mem=${Math.ceil(memoryBytes / 2 ** 20)}M`,
    ...(seconds === undefined ? [] : [`--time=${slurmTime(seconds)}`, `--signal=B:TERM@${graceSeconds}`]),
    '--requeue',
    '--open-mode=append',
  ];
  return `#!/bin/bash
${directives.map((directive) => `#SBATCH ${directive}`).join('\n')}

campaign=${quote(folder)}
precopy="\${PRECOPY:-${quote(executable)}}"
"$precopy" campaign run "$campaign" --shard "$SLURM_ARRAY_TASK_ID/${tasks}" ${runOptions(job)} &
worker=$!

# Slurm signals only this shell when the time limit is near. precopy writes a checkpoint, and ends.
trap 'kill -TERM "$worker" 2>/dev/null' TERM
while wait "$worker"; kill -0 "$worker" 2>/dev/null; do :; done
wait "$worker"
code=$?

case $code in
  ${retriedPattern}) # killed, interrupted, out of memory: run it again, unless it is being cancelled
    task="\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
    if [ "\${SLURM_RESTART_COUNT:-0}" -lt ${retries} ] && scontrol show job "$task" | grep -q JobState=RUNNING; then
      scontrol requeue "$task"
    fi
    ;;
esac
exit $code
`;
}

/** Formats a time limit as Slurm reads it: minutes, rounded up. */
const slurmTime = (seconds: number): string => String(Math.ceil(seconds / 60));
