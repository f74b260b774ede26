import { Command, Option } from 'commander';
import { parseBytes, parseCount, parseDuration, parseWhole } from '../../app/parse-units.ts';
import type { ExportFlags, KubernetesFlags } from '../campaign/export.ts';
import { optionWithDefault } from '../options/units.ts';
import { addHelpSections } from '../report/help-text.ts';

/** Creates `precopy campaign export`. */
export function exportCommand(): Command {
  return new Command('export')
    .summary('write what a scheduler takes: Slurm, Kubernetes, GitHub Actions, GNU parallel')
    .description(
      [
        'Prints a batch script, manifest or workflow whose tasks run the shards of a planned campaign. A task that is',
        'killed, interrupted or out of memory is run again, and one that finds a violation, is used wrongly or meets a bug',
        'in precopy is not: docs/campaigns.md.',
      ].join(' '),
    )
    .helpCommand(false)
    .addCommand(slurmCommand())
    .addCommand(kubernetesCommand())
    .addCommand(githubCommand())
    .addCommand(parallelCommand());
}

const exitCodes = 'Exit codes: 0 printed; 2 wrong usage, or no plan in the folder; 70 an internal error.';

function slurmCommand(): Command {
  const command = schedulerCommand('slurm', 'a batch script: an array of tasks')
    .addOption(timeOption())
    .action(async (folder: string, flags: ExportFlags) => {
      const { exportSlurm } = await import('../campaign/export.ts');
      exportSlurm(folder, flags);
    });
  return addHelpSections(command, {
    notes: [
      'Options of sbatch replace those of the script: `sbatch --partition=night slurm.sh`. The nodes need the folder and ' +
        'precopy at the same paths; PRECOPY=/path/of/precopy names another executable.',
      exitCodes,
    ],
    examples: [
      ['npx precopy campaign export slurm nightly.campaign | sbatch'],
      ['npx precopy campaign export slurm nightly.campaign --tasks 200 --time 4h > slurm.sh'],
    ],
  });
}

function kubernetesCommand(): Command {
  const command = schedulerCommand('kubernetes', 'the manifest of an Indexed Job')
    .requiredOption('--image <image>', 'container image with `precopy` on its PATH')
    .requiredOption('--claim <name>', 'PersistentVolumeClaim whose root is the folder of the campaign')
    .addOption(timeOption('time limit of the whole job'))
    .action(async (folder: string, flags: KubernetesFlags) => {
      const { exportKubernetes } = await import('../campaign/export.ts');
      exportKubernetes(folder, flags);
    });
  return addHelpSections(command, {
    notes: ['Needs Kubernetes 1.33 or later, where a backoff limit per index is stable.', exitCodes],
    examples: [
      [
        'npx precopy campaign export kubernetes nightly.campaign --image registry/precopy:0.1.0 --claim nightly ' +
          '| kubectl apply -f -',
      ],
    ],
  });
}

function githubCommand(): Command {
  const command = schedulerCommand('github', 'a workflow of GitHub Actions: a matrix of jobs', { retries: false })
    .addOption(timeOption())
    .action(async (folder: string, flags: ExportFlags) => {
      const { exportGithub } = await import('../campaign/export.ts');
      exportGithub(folder, flags);
    });
  return addHelpSections(command, {
    notes: [
      'The plan is to be committed, and is named relative to the working directory, which has to be the root of the ' +
        'repository. GitHub retries nothing itself: `Re-run failed jobs` continues with the checkpoints.',
      exitCodes,
    ],
    examples: [['npx precopy campaign export github nightly.campaign > .github/workflows/campaign.yml']],
  });
}

function parallelCommand(): Command {
  const command = schedulerCommand('parallel', 'a script for bash and GNU parallel').action(
    async (folder: string, flags: ExportFlags) => {
      const { exportParallel } = await import('../campaign/export.ts');
      exportParallel(folder, flags);
    },
  );
  return addHelpSections(command, {
    notes: [
      'The script passes its arguments to GNU parallel, and ends as it does: with the number of failed tasks.',
      exitCodes,
    ],
    examples: [
      ['npx precopy campaign export parallel nightly.campaign > parallel.sh'],
      ['bash parallel.sh --jobs 8 --bar', 'eight at a time, with a progress bar'],
    ],
  });
}

function schedulerCommand(name: string, summary: string, { retries = true } = {}): Command {
  const command = new Command(name)
    .summary(summary)
    .description(`Prints ${summary}.`)
    .argument('<folder>', 'folder of a planned campaign')
    .option('--tasks <n>', 'number of tasks (default: as many as are worth their start)', parseCount('--tasks'))
    .option('--concurrency <n>', 'most tasks at the same time', parseCount('--concurrency'))
    .option('--memory <size>', 'memory of a task (default: from the estimates of the plan)', parseBytes('--memory'));
  const retriesOption = () =>
    optionWithDefault('--retries <n>', 'times that a task is run again', '3', parseWhole('--retries', { max: 1000 }));
  return retries ? command.addOption(retriesOption()) : command;
}

const timeOption = (description = 'time limit of a task'): Option =>
  new Option('--time <time>', description).argParser(parseDuration('--time'));
