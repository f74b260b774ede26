import { execFileSync } from 'node:child_process';
import { mkdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buttonDesign } from './own-designs.ts';
import { type Finished, folderWith, invoked, precopy } from './precopy.ts';

const cwd = folderWith({
  'unparsable.ts': 'const a: number = 1;\nconst b = = 2;\n',
  'throwing.ts': 'const f = (): never => {\n  throw new TypeError("no hands");\n};\nf();\n',
  'lost.ts': 'import { nothing } from "./nowhere.ts";\nexport default nothing;\n',
  'empty.ts': 'export const answer: number = 42;\n',
  'other.ts': 'export default { id: "looks like one" };\n',
  'twice.ts': `${buttonDesign({})}\nimport again from "./button.ts";\nexport const designs = [again];\n`,
  'button.ts': buttonDesign({}),
  'clumsy.ts': buttonDesign({ press: '() => {\n  throw new TypeError("no hands");\n}' }),
  'delayed.ts': buttonDesign({}).replace('up: {', 'up: { after: { 100: "down" },'),
  'aimless.ts': buttonDesign({}).replace("target: 'down'", "target: 'nowhere'"),
  'data.json': '{ "format": "something else" }',
  'broken.json': '{ "format": ',
  'trace.txt': 'kvm_entry vcpu 0\nthe last word\n',
  'huge.ts': '',
});

mkdirSync(join(cwd, 'folder'));
truncateSync(join(cwd, 'huge.ts'), 1e10);
execFileSync('mkfifo', [join(cwd, 'fifo')]);

/** An option with a value that it cannot have is named. */
const refusalOf = (option = ''): RegExp => new RegExp(`^(option '|)${option} (<\\w+>' argument|is ')`);

/** Mistakes of a user: each gives one line on stderr, and exit code 2. */
const mistakes: readonly (readonly [command: string, answer: string | RegExp])[] = [
  ['chekc', `unknown command 'chekc' (Did you mean check?). \`${invoked} --help\` shows what there is`],
  [
    'check --pagse 3',
    `unknown option '--pagse' (Did you mean --pages?). \`${invoked} check --help\` shows what there is`,
  ],
  ['check --pages', /^option '--pages <n>' argument missing\./],
  ['check --format svg', "--format is 'svg'. the choices are columns, commit, json, mermaid, itf, junit, github"],
  ['replay --format comit x', /^--format is 'comit'\. did you mean commit\b.*\? the choices are .*perfetto$/],
  ['check --reductions symetry', /^--reductions is 'symetry'\. did you mean symmetry\b/],
  ['check --memory-model tos', /^--memory-model is 'tos'\./],
  ['completion bsh', "the shell is 'bsh'. the choices are bash, zsh, fish"],
  ['designs rmap-xchg', /^too many arguments for 'designs'/],
  ['replay', `missing required argument 'schedule'. \`${invoked} replay --help\` shows what there is`],

  ['check --pages 0', /^pages is 0, but must be an integer from 1 to 268435456\. pages: number of pages/],
  ['check --pages 99999999999', /^pages is 99999999999, but must be an integer from 1 to 268435456\./],
  [
    'check rmap-xchg --pages 70000',
    'there are 350074 choices, too many to explore all. choose smaller sizes, or draw schedules with --strategy random',
  ],
  ['check rmap-xchg --strategy bitstate --pages 100000', /^there are 500074 choices, too many to explore all\./],
  [
    'check rmap-xchg --strategy random --pages 268435456',
    'there are 1342177354 choices, too many to draw from. choose smaller sizes',
  ],
  ['check --pages x', "--pages is 'x'. give a whole number"],
  ['check --max-states 10Q', "--max-states is '10Q'. give a count such as 10M, 2k or 1_000_000"],
  ...['0', '-1', '1.5', '1e20', '0x10', 'NaN', 'Infinity', '9'.repeat(400)].flatMap((value) =>
    [
      'check --strategy random --runs',
      'check --strategy dpor --depth',
      'check --max-states',
      'check --workers',
      'simulate --runs',
      'simulate --workers',
    ].map((option) => [`${option} ${value}`, refusalOf(option.split(' ').at(-1))] as const),
  ),
  ...['1e20', '-1', '1.5', ''].map((value) => [`check --param n=${value}`, /^--param is 'n=/] as const),
  ['check --param =3', /^--param is '=3'/],
  ...['0', '-1', '1e20', '9'.repeat(400)].flatMap((value) =>
    ['check --time', 'check --max-memory', 'simulate --duration', 'simulate --memory', 'host stress --time'].map(
      (option) => [`${option} ${value}`, refusalOf(option.split(' ').at(-1))] as const,
    ),
  ),
  [
    'check --strategy luck',
    "--strategy is 'luck'. the choices are exhaustive, symbolic, views, random, pct, pos, bitstate, swarm, dpor",
  ],
  ['check --strategy radnom', /^--strategy is 'radnom'\. did you mean random\?/],
  [
    'check rmap-xchg --liveness --reductions symmetry',
    'symmetry is not sound with liveness: it identifies actors, and fairness distinguishes them. check liveness without it, or check safety only',
  ],
  [
    'check --seed 1',
    '--seed cannot be combined with --strategy exhaustive. --seed is for --strategy random, pct, pos, bitstate and swarm',
  ],
  [
    'check --strategy pos --bug-depth 2',
    '--bug-depth cannot be combined with --strategy pos. --bug-depth is for --strategy pct',
  ],
  ['check --param rooms', "--param is 'rooms'. give a name and a whole number, such as --param rms=5"],
  ['check button.ts --vcpus 1', "design button has no parameter 'vcpus'. its parameters are rooms"],
  [
    'check button.ts --param room=1',
    "design button has no parameter 'room' (did you mean 'rooms'?). its parameters are rooms",
  ],
  ['check --max-memory 5', "--max-memory is '5', without a unit. give a size such as 4GiB or 512MB"],
  ['simulate --zero-pages 200%', "--zero-pages is '200%'. give a share such as 30%"],
  ['simulate --zero-pages ', /^--zero-pages is ''/],
  ['simulate --rate fast', "--rate is 'fast'. give a count such as 25k, or max"],
  ['simulate --sweep memry=1GiB', "--sweep has no dimension 'memry'. did you mean memory?"],
  ['simulate --sweep memory=1', /^--sweep memory is '1', without a unit\./],
  ['simulate --cost copyToUser=5', /^--cost is '5', without a unit\./],
  ['host foo', /^unknown command 'foo'\. /],
  ['check --time 30', "--time is '30', without a unit. give a time such as 500ms, 30s, 5min or 1h"],
  [
    'simulate button.ts',
    /^button has no vCPUs and no migration thread: only designs of the system of precopy\/kvm are simulated\./,
  ],
  ['compare button.ts', /^button has no vCPUs and no migration thread: /],

  [
    'check --checkpoint /proc/x/y',
    /^\/proc\/x\/y: ENOENT: no such file or directory, mkdir '\/proc\/x'\. name another directory$/,
  ],
  [
    'check --checkpoint button.ts',
    /^button\.ts: EEXIST: file already exists, mkdir '.*button\.ts'\. name another directory$/,
  ],

  ['check rmap-xhg', /^there is no design 'rmap-xhg'\. did you mean rmap-xchg[ ,?].*`precopy designs` lists all$/],
  ['check no-flush', /did you mean (\w+-\w+\/no-flush(, | or )?)+\?/],
  ['check --mutants button.ts', 'button.ts has no mutants. define some with defineMutant'],
  ['check nowhere.ts', 'there is no file nowhere.ts. check the path'],
  ['check unparsable.ts', 'unparsable.ts:2:10 does not parse: Unexpected "=". correct the file'],
  ['check throwing.ts', 'throwing.ts:2 throws while it loads: TypeError: no hands. correct the file'],
  ['check lost.ts', /^lost\.ts:1 does not load: Cannot find module .*nowhere\.ts.* check its imports$/],
  ['check empty.ts', /^empty\.ts exports no design\. export default a design made with defineDesign/],
  ['check other.ts', /^other\.ts exports something that is no design\./],
  ['check twice.ts', "twice.ts has two designs called 'button'. give each an id of its own"],
  ['check clumsy.ts', /^clumsy\.ts:\d+ throws while it is checked: TypeError: no hands\. correct the file$/],
  ['check aimless.ts', /'nowhere'/],
  ['check delayed.ts', /^machine 'hand', state 'up': after \(a delayed transition\) is not supported\./],

  ['replay nonsense', /^this is no schedule: it is not DESIGN@PARAMS:MODEL:CHOICES\./],
  ['replay rmap-xchg@vcpus=2,pages=2:0123abcd', /^this is no schedule: /],
  ['replay rmap-xchg@vcpus=1,pages=1:0123abcd:AgAA', /^the schedule is not for the current rmap-xchg/],
  [
    'replay button@rooms=1:0123abcd:AA',
    /^there is no design 'button'\. if it is a design of your own, name its file with --file$/,
  ],
  ['replay --file button.ts lamp@:0123abcd:AA', /^the schedule is for lamp, and button\.ts exports button\./],
  ['replay trace.txt', /^trace\.txt does not end with a schedule, nor is it a JSON trace/],
  ['replay folder', 'folder is not a regular file. name another file'],
  ['replay /dev/zero', '/dev/zero is not a regular file. name another file'],
  ['check /dev/zero', '/dev/zero is not a regular file. name a TypeScript file'],
  ['check folder', 'folder is not a regular file. name a TypeScript file'],
  ['check huge.ts', 'huge.ts is larger than 64 MiB. name a TypeScript file'],
  ['simulate --profile huge.ts', 'huge.ts is larger than 64 MiB. name another file'],
  ['simulate --profile /dev/zero', '/dev/zero is not a regular file. name another file'],
  ['simulate rmap-xchg --workload file:/dev/zero', '/dev/zero is not a regular file. name another file'],
  ['simulate --html fifo', /^fifo cannot be written: ENXIO/],
  ['replay fifo', 'fifo is not a regular file. name another file'],
  ['replay nowhere.json', /^there is no file nowhere\.json\./],
  ['replay data.json', /^data\.json is JSON, but neither a trace nor/],
  ['replay broken.json', /^broken\.json is not JSON: /],
];

describe('wrong usage', () => {
  let finished: readonly Finished[];
  beforeAll(async () => {
    finished = await Promise.all(mistakes.map(([command]) => precopy(command.split(' '), { cwd })));
  });

  it.each(mistakes.map(([command, answer], nth) => ({ command, answer, nth })))(
    'precopy $command',
    ({ answer, nth }) => {
      const { exitCode, stdout, stderr } = finished[nth] as Finished;
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      const [line = '', ...more] = stderr.split('\n');
      expect(more).toEqual(['']);
      expect(line).toMatch(/^precopy: /);
      const said = line.slice('precopy: '.length);
      if (typeof answer === 'string') expect(said).toBe(answer);
      else expect(said).toMatch(answer);
    },
  );
});
