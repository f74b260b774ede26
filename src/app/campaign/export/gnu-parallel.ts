import { quote } from '../../shell-quote.ts';
import { type ArrayJob, runOptions } from './array-job.ts';
import { retriedPattern } from './retries.ts';

/** Time between SIGTERM and SIGKILL, in milliseconds: precopy writes its checkpoint meanwhile. */
const graceMs = 60_000;

/**
 * Writes a script for bash that runs a campaign with GNU parallel, to which it passes its arguments. GNU parallel would
 * retry whatever the exit code, so that the script retries itself.
 *
 * @param executable path of precopy on the hosts
 */
export function parallelScript(job: ArrayJob, executable: string): string {
  const { name, folder, tasks, retries, concurrency } = job;
  const jobs = concurrency === undefined ? '' : ` --jobs ${concurrency}`;
  return `#!/bin/bash
# Runs the campaign ${name}. Arguments are those of GNU parallel, such as --jobs 8 and --bar.
set -u
campaign=${quote(folder)}
precopy="\${PRECOPY:-${quote(executable)}}"

# run_shards PRECOPY CAMPAIGN I/N: runs the shards again if they were killed, and never after a violation or an error.
run_shards() {
  local code attempt stopped=
  trap 'stopped=1; kill -TERM "$worker" 2>/dev/null' INT TERM
  for attempt in $(seq 0 ${retries}); do
    "$1" campaign run "$2" --shard "$3" ${runOptions(job)} &
    worker=$!
    while wait "$worker"; kill -0 "$worker" 2>/dev/null; do :; done
    wait "$worker"
    code=$?
    [ -z "$stopped" ] || return $code
    case $code in
      ${retriedPattern}) ;;
      *) return $code ;;
    esac
  done
  return $code
}
export -f run_shards
export PARALLEL_SHELL=/bin/bash

exec parallel --env run_shards --line-buffer --termseq TERM,${graceMs},KILL,25${jobs} "$@" \\
  --quote run_shards "$precopy" "$campaign" '{}/${tasks}' ::: $(seq ${tasks})
`;
}
