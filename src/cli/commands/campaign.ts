import { Command, type Option } from 'commander';
import { parseBytes, parseDuration, parseWhole } from '../../app/parse-units.ts';
import type { RunFlags } from '../campaign/run.ts';
import { optionWithDefault } from '../options/units.ts';
import { addHelpSections } from '../report/help-text.ts';
import { exportCommand } from './campaign-export.ts';

export function campaignCommand(): Command {
  return new Command('campaign')
    .summary('many checks and simulations, on many machines: plan, run, merge')
    .description(
      [
        'Divides searches and simulations into shards that run anywhere, in any order, and joins their results. A plan is a',
        'file, results are files: any scheduler can run a campaign, and nothing is lost when a machine dies.',
      ].join(' '),
    )
    .helpCommand(false)
    .addCommand(planCommand())
    .addCommand(exportCommand())
    .addCommand(runCommand())
    .addCommand(mergeCommand())
    .addCommand(statusCommand());
}

const outText = 'folder of the plan and the results (default: ./NAME.campaign)';
const yesText = 'plan more than 100,000 shards';

function planCommand(): Command {
  const command = new Command('plan')
    .summary('expand a campaign into shards, and say what it will cost')
    .description(
      [
        'Reads a campaign (docs/schemas/campaign.schema.json), compiles everything that it names, and writes plan.json. A',
        'shard is named by the hash of what it does. Its time and memory are estimated from former runs in the folder, or',
        'from a short measurement.',
      ].join(' '),
    )
    .argument('<campaign>', 'a campaign: YAML, JSON, or a TypeScript module')
    .option('--out <dir>', outText)
    .option('--yes', yesText)
    .option('--json', 'the plan on stdout (docs/schemas/campaign-plan.schema.json), text on stderr')
    .action(async (file: string, flags: PlanFlags) => {
      const { runPlan } = await import('../campaign/plan.ts');
      process.exitCode = await runPlan(file, flags);
    });
  return addHelpSections(command, {
    notes: ['Exit codes: 0 it is planned; 2 a mistake in the campaign, or a folder that cannot be written.'],
    examples: [['npx precopy campaign plan nightly.yaml', 'writes nightly.campaign/plan.json']],
  });
}

interface PlanFlags {
  readonly out?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

function runCommand(): Command {
  const command = new Command('run')
    .summary('run a campaign, or shards of it')
    .description(
      [
        'Runs the shards of a campaign that have no result: all of them with worker processes of this machine, or with',
        '--shard or --next those of one worker. Workers of many machines may share the folder. A worker that is killed',
        'loses the shard that it ran; a long search goes on from its checkpoint, on any machine.',
      ].join(' '),
    )
    .argument('<campaign|dir>', 'a campaign, which is planned first, or the folder of its plan')
    .option('--out <dir>', outText)
    .option('--yes', yesText)
    .option('--shard <i/n|id>', 'run part i of n, from 1, or one shard: for arrays of jobs')
    .option('--next', 'run what no other worker runs, until nothing is left: for a shared folder')
    .option(
      '--workers <n>',
      'worker processes (default: as many as cores and memory allow)',
      parseWhole('--workers', { min: 1, max: 1024 }),
    )
    .option(
      '--memory <size>',
      'memory limit of a search that the campaign does not limit (default: 80 % of the memory, divided by the workers; ' +
        'half of the memory with --shard and --next)',
      parseBytes('--memory'),
    )
    .option('--stop-on-violation', 'run no shard after the first that violates a property of a design')
    .option('--retry-failed', 'run shards again that have failed')
    .addOption(leaseOption())
    .option('--json', 'the joined results on stdout (docs/schemas/campaign-result.schema.json), text on stderr')
    .option('--quiet', 'only the verdict, and no progress')
    .action(async (target: string, flags: RunFlags) => {
      const { runCampaign } = await import('../campaign/run.ts');
      process.exitCode = await runCampaign(target, flags);
    });
  return addHelpSections(command, {
    notes: [
      'Exit codes: 0 all properties hold; 1 a property is violated, or a mutant survived; 2 wrong usage, or a mistake in ' +
        'the campaign; 3 inconclusive; 70 an internal error; 75 shards have no result yet, because of a signal, of ' +
        'memory or of a full disk: the same command goes on. Schedulers retry 75, and a process that was killed.',
      'With --shard and --next: 0 each shard has a result, and none is a violation.',
    ],
    examples: [
      ['npx precopy campaign run nightly.yaml', 'all of it, on this machine'],
      ['npx precopy campaign run nightly.campaign --shard 3/8', 'the third of eight parts'],
      ['npx precopy campaign run nightly.campaign --next', 'a worker beside others'],
    ],
  });
}

const leaseOption = (): Option =>
  optionWithDefault(
    '--lease <time>',
    'a shard whose worker gives no sign of life for this long is run by another one',
    '60s',
    parseDuration('--lease'),
  );

const htmlText = 'write a page with tables and charts';

interface MergeFlags {
  readonly json?: boolean;
  readonly html?: string;
  readonly quiet?: boolean;
}

function mergeCommand(): Command {
  const command = new Command('merge')
    .summary('join the results of all shards')
    .description(
      [
        'Joins the results in the folder of a campaign, and in copies of it. The order of the folders does not matter, and',
        'a result counts once. Files that are torn, changed or of something else are named and left alone. Shards without',
        'a result are listed with the command that runs them.',
      ].join(' '),
    )
    .argument('<dir...>', 'folders with results; one of them has the plan')
    .option('--json', 'one JSON document on stdout (docs/schemas/campaign-result.schema.json), text on stderr')
    .option('--html <file>', htmlText)
    .option('--quiet', 'only the verdict')
    .action(async (folders: string[], flags: MergeFlags) => {
      const { runMerge } = await import('../campaign/merge.ts');
      process.exitCode = runMerge(folders, flags);
    });
  return addHelpSections(command, {
    notes: [
      'Exit codes: 0 all properties hold, and all mutants are killed; 1 a property is violated, or a mutant survived; 2 ' +
        'wrong usage; 3 inconclusive, or shards without a result.',
    ],
    examples: [
      ['npx precopy campaign merge nightly.campaign --html nightly.html'],
      ['npx precopy campaign merge machine1 machine2 --json'],
    ],
  });
}

interface StatusFlags {
  readonly watch?: boolean;
  readonly html?: string;
  readonly json?: boolean;
}

function statusCommand(): Command {
  const command = new Command('status')
    .summary('what is done, running, failed and left')
    .argument('<dir>', 'the folder of a campaign')
    .option('--watch', 'print it again when it changes, until the campaign is over')
    .option('--html <file>', `${htmlText}; with --watch, whenever something changes`)
    .option('--json', 'one JSON document on stdout')
    .action(async (folder: string, flags: StatusFlags) => {
      const { runStatus } = await import('../campaign/status.ts');
      process.exitCode = await runStatus(folder, flags);
    });
  return addHelpSections(command, {
    notes: ['Exit codes: 0 each shard has a result; 2 wrong usage; 75 shards have no result yet.'],
    examples: [['npx precopy campaign status nightly.campaign --watch']],
  });
}
