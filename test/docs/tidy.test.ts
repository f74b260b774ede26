import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tracked = execFileSync('git', ['ls-files', '*.ts', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
const linesOf = (path: string): string[] => readFileSync(`${root}/${path}`, 'utf8').split('\n');

/** `path:line` of every line that the predicate accepts. */
function find(paths: readonly string[], isBad: (line: string, path: string) => boolean): string[] {
  return paths.flatMap((path) => linesOf(path).flatMap((line, n) => (isBad(line, path) ? `${path}:${n + 1}` : [])));
}

const width = 120;
const sources = tracked.filter((path) => path.endsWith('.ts'));
const isComment = (line: string): boolean => /^\s*(\/\/|\/?\*)/.test(line);

describe('the sources are tidy', () => {
  it(`comments fit ${width} columns, as code does`, () => {
    expect(find(sources, (line) => isComment(line) && line.length > width && !/https?:/.test(line))).toEqual([]);
  });

  it(`prose of the pages fits ${width} columns; tables and code need not`, () => {
    const pages = tracked.filter(
      (path) => path.endsWith('.md') && !/^docs\/(designs|reference|talk|validation-tables)/.test(path),
    );
    const isProse = (line: string): boolean => !/^(\||!| {4}|<)/.test(line) && !/\]\([^)]*\)\S*$/.test(line);
    expect(find(pages, (line) => isProse(line) && line.length > width)).toEqual([]);
  });

  it('the model and the engines have no clock, no randomness and no timers of their own', () => {
    const deterministic = sources.filter((path) =>
      /^(machines|properties|src\/(model|compile|cache|search))\//.test(path),
    );
    const isImpure = (line: string): boolean => /\b(Date\.now|Math\.random|performance\.now|setTimeout)\b/.test(line);
    expect(find(deterministic, isImpure)).toEqual([]);
  });
});
