import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import markdownIt from 'markdown-it';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A block of code of a page. */
export interface CodeBlock {
  /** the page and the line: `docs/recipes.md:5` */
  readonly place: string;
  /** the word behind the fence; '' for an indented block */
  readonly language: string;
  readonly text: string;
  /** the comment right before the block, which the page does not show; '' if there is none */
  readonly note: string;
  /** the paragraph right before the block */
  readonly above: string;
}

export const allPages: readonly string[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'],
  { cwd: root, encoding: 'utf8' },
)
  .trim()
  .split('\n');

/** The pages that are written by hand. `npm run pages` and `npm run reference` write the others. */
export const pages = allPages.filter((page) => !/^docs\/(designs|reference)\//.test(page));

const tokensOf = (page: string) => markdownIt({ html: true }).parse(readFileSync(root + page, 'utf8'), {});

/** Returns the blocks of code of a page, fenced and indented. */
export function codeBlocksOf(page: string): CodeBlock[] {
  const tokens = tokensOf(page);
  return tokens.flatMap(({ type, info, content, map }, n) => {
    if (type !== 'fence' && type !== 'code_block') return [];
    const before = tokens[n - 1];
    const note = before?.type === 'html_block' ? (/^<!-- (.*) -->\s*$/.exec(before.content)?.[1] ?? '') : '';
    return [
      {
        place: `${page}:${(map?.[0] ?? 0) + 1}`,
        language: info,
        text: content.trimEnd(),
        note,
        above: tokens[n - 2]?.content ?? '',
      },
    ];
  });
}

/** Returns the code within the text of a page. */
export const codeSpansOf = (page: string): string[] =>
  tokensOf(page)
    .flatMap(({ children }) => children ?? [])
    .filter(({ type }) => type === 'code_inline')
    .map(({ content }) => content);

/** Returns the targets of the links and images of a page. */
export const linksOf = (page: string): string[] =>
  tokensOf(page)
    .flatMap(({ children }) => children ?? [])
    .flatMap((token) => token.attrGet('href') ?? token.attrGet('src') ?? [])
    .map(String);
