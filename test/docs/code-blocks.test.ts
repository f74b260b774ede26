import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { checkTla } from '../../bench/tla-checker.ts';
import { loadCampaign } from '../../src/app/campaign/campaign-file.ts';
import { expandCampaign } from '../../src/app/campaign/expand.ts';
import { executable, folderWith } from '../cli/precopy.ts';
import { nightly } from '../support/nightly.ts';
import { type CodeBlock, codeBlocksOf, codeSpansOf, pages, root } from './pages.ts';
import { assertRunnable, commandsIn, projectOf, wordsOf } from './shell.ts';

const blocks = pages.flatMap(codeBlocksOf);
const inLanguage = (language: string): CodeBlock[] => blocks.filter((block) => block.language === language);
const indented = inLanguage('');
const isOutput = ({ note }: CodeBlock): boolean => note.startsWith('prints: ');
const shell = [...inLanguage('sh'), ...indented.filter((block) => !isOutput(block))];
const outputs = indented.filter(isOutput);

/** Returns the code of a file, or of its lines between `// #region NAME` and `// #endregion`, without indentation. */
function codeOf(source: string): string {
  const [file = '', region] = source.split('#');
  const text = readFileSync(root + file, 'utf8');
  if (region === undefined) return text.trimEnd();
  const [, lines] = new RegExp(`^ *// #region ${region}\n([^]*?)^ *// #endregion`, 'm').exec(text) ?? [];
  if (lines === undefined) throw new Error(`${file} has no region '${region}'`);
  const indentation = /^ */.exec(lines)?.[0] ?? '';
  return lines.replaceAll(new RegExp(`^${indentation}`, 'gm'), '').trimEnd();
}

/** Returns a text without durations, rates and sizes, which differ from run to run. */
const withoutFigures = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim().replaceAll(/\d[\d.,]*(E-\d+)?[kM]?(?= ?(s|ms|min|[KMG]iB|transitions\/s)\b)/g, 'N'))
    .join('\n');

it('each block of code is of a kind that is checked', () => {
  const checked = ['', 'sh', 'ts', 'yaml', 'tla', 'promela'];
  // precopy runs no Rust: the pages quote it
  const quoted = ['rust'];
  const unknown = blocks.filter(({ language }) => ![...checked, ...quoted].includes(language));
  expect(unknown.map(({ place, language }) => `${place} ${language}`)).toEqual([]);
});

describe('TypeScript', () => {
  it.each(inLanguage('ts'))(
    '$place is the code of a file that the comment before it names, and runs',
    async (block) => {
      expect(block.note, 'write `<!-- FILE.ts -->` or `<!-- FILE.ts#REGION -->` before the block').toMatch(/^\S+\.ts/);
      expect(block.text).toBe(codeOf(block.note));
      const [file = ''] = block.note.split('#');
      if (!file.endsWith('.test.ts')) await import(root + file);
    },
  );
});

describe('YAML', () => {
  it.each(inLanguage('yaml'))('$place is a campaign that the comment before it names', async ({ text, note }) => {
    expect(text).toBe(codeOf(note));
    const campaign = await loadCampaign(root + note);
    const folders = { campaign: join(root, 'examples'), plan: root };
    expect((await expandCampaign(campaign, folders, { isLarge: false })).tasks.length).toBeGreaterThan(1);
  });
});

describe('commands', () => {
  it.each(shell)('$place could run', async ({ text, place }) => {
    for (const line of text.split('\n')) {
      expect(commandsIn(line), line).not.toEqual([]);
      for (const command of commandsIn(line)) await assertRunnable(command, place);
    }
  });

  it.each(pages)('in the text of %s could run', async (page) => {
    const complete = codeSpansOf(page).filter(
      (code) => /^(npx precopy|npm run)\b[^<[]*$/.test(code) && !/\b[A-Z]{3,}\b/.test(code),
    );
    for (const command of complete.flatMap(commandsIn)) await assertRunnable(command, page);
  });

  const ofThisProject = shell.filter(({ place }) => projectOf(place) === join(root, '.'));
  const quick = ofThisProject.flatMap(({ place, text }) =>
    commandsIn(text)
      .filter((command) => /^npx precopy (check|designs|compare)\b(?!.*(\$|\bmy-))/.test(command))
      .map((command) => ({ place, command })),
  );
  it.each(nightly(quick))('$command of $place runs', ({ command }) => {
    expect(run(command).status).toBeLessThan(2);
  });

  it.each(nightly(outputs))('$place is what $note', ({ text, note }) => {
    const { stdout, stderr } = run(note.slice('prints: '.length));
    expect(withoutFigures(stripVTControlCharacters(stdout + stderr))).toContain(withoutFigures(text));
  });
});

describe('other languages', () => {
  it.each(inLanguage('tla'))('tla-checker finds the states of $place', ({ text, note }) => {
    const config = 'CONSTANT\n  Client = {c1, c2, c3}\nINIT\n  Init\nNEXT\n  Next\nINVARIANTS\n  MutualExclusion';
    expect(checkTla(text, config).states).toBe(Number(note.replace(' states', '')));
  });

  const { error } = spawnSync('spin', ['-V']);
  it.skipIf(error && !process.env['CI']).each(inLanguage('promela'))('spin parses $place', ({ text }) => {
    const folder = folderWith({ 'model.pml': text });
    const { stdout } = spawnSync('spin', ['-p', '-u1', 'model.pml'], { cwd: folder, encoding: 'utf8' });
    expect(stdout).not.toContain('Error');
    expect(stdout).toContain('proc ');
  });
});

/** Runs a command line of precopy in the root of the project. */
function run(command: string) {
  const args = wordsOf(command.replace('npx precopy', '').trim());
  return spawnSync(process.execPath, [executable, ...args], { cwd: root, encoding: 'utf8' });
}
