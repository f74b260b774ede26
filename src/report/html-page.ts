import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { escapeMarkup } from '../trace/escape-markup.ts';

/** Parts of a self-contained page. */
interface PageParts {
  readonly title: string;
  /** read by the script from the element `data`, as JSON */
  readonly data: unknown;
  /** URLs of style sheets */
  readonly styles: readonly string[];
  /** URLs of the scripts that fill the element `report`, in order; uPlot is loaded before them */
  readonly scripts: readonly string[];
}

/** Returns a page as one HTML file that loads nothing from elsewhere: uPlot, style sheets, scripts and data. */
export function htmlPage({ title, data, styles, scripts }: PageParts): string {
  const scriptText = (url: string): string => read(url).replaceAll('</script', '<\\/script');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title>
<style>
${[import.meta.resolve('uplot/dist/uPlot.min.css'), ...styles].map(read).join('\n')}
</style>
</head>
<body>
<main id="report"></main>
<script type="application/json" id="data">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>
<script>${scriptText(import.meta.resolve('uplot/dist/uPlot.iife.min.js'))}</script>
${scripts.map((url) => `<script>${scriptText(url)}</script>`).join('\n')}
</body>
</html>
`;
}

const read = (url: string): string => readFileSync(fileURLToPath(url), 'utf8');
