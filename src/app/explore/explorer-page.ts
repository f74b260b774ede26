import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PageStart } from '../../explore/page-start.ts';
import { PrecopyError } from '../../model/errors.ts';

/** The built page: its HTML, script and style sheet. */
export interface PageParts {
  readonly script: string;
  readonly style: string;
}

/**
 * Reads the page that `npm run prepare` has built.
 * @throws PrecopyError `BAD_FILE` if it was not built
 */
export function readPage(): PageParts {
  const folder = fileURLToPath(new URL('dist/web/', import.meta.resolve('#package/package.json')));
  try {
    const html = readFileSync(join(folder, 'explorer.html'), 'utf8');
    const asset = (pattern: RegExp): string => readFileSync(join(folder, pattern.exec(html)?.[1] ?? ''), 'utf8');
    return { script: asset(/src="\.\/([^"]+\.js)"/), style: asset(/href="\.\/([^"]+\.css)"/) };
  } catch (error) {
    const cause = `the page of the explorer is not built: ${(error as Error).message}`;
    throw new PrecopyError('BAD_FILE', cause, 'run `npm run prepare` in the clone of precopy');
  }
}

/** Data in a page: no text of it can end the element that it is in. */
const json = (data: unknown): string => JSON.stringify(data).replaceAll('<', '\\u003c');

/** Returns a script or a style sheet as what an element of a page may contain: nothing in it ends that. */
const inElement = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replace(/<\/(script|style)/gi, '<\\/$1')
    .replaceAll('<!--', '\\x3c!--');

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

/** Returns the page that a server gives, which loads its script, style and engine from there. */
export const servedPage = (start: PageStart): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>precopy explore</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="explorer.css">
</head>
<body>
<div id="app"></div>
<script type="application/json" id="start">${json(start)}</script>
<script type="module" src="explorer.js"></script>
</body>
</html>
`;

/**
 * Returns the page as one file, which loads nothing from elsewhere. Its engine starts from the text in it. What a file
 * may do is in its policy: run its own script, by its hash, and the worker that generates code, and nothing else.
 */
export function pageInOneFile(
  { script, style }: PageParts,
  engine: string,
  start: PageStart,
  charts: Readonly<Record<string, unknown>>,
): string {
  const scriptText = `\n${inElement(script)}\n`;
  const styleText = `\n${inElement(style)}\n`;
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(scriptText)}' 'unsafe-eval'`,
    'worker-src blob:',
    `style-src '${hashOf(styleText)}'`,
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>precopy explore</title>
<link rel="icon" href="data:,">
<style>${styleText}</style>
</head>
<body>
<div id="app"></div>
<script type="application/json" id="start">${json(start)}</script>
<script type="application/json" id="charts">${json(charts)}</script>
<script type="application/json" id="engine-worker">${json(engine)}</script>
<script type="module">${scriptText}</script>
</body>
</html>
`;
}
