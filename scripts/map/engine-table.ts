import { decidesText, engineNames, engines, exclusiveOptions, optionSpecs } from '../../src/app/check/engines.ts';
import { code, markdownTable, withSection } from './marked-section.ts';

const markers = {
  begin: '<!-- The strategies: `npm run map` writes them from src/app/check/engines.ts. -->',
  end: '<!-- End of the strategies. -->',
};

/**
 * Returns a page with the current table of strategies between its two markers.
 * @throws Error when the page lacks a marker
 */
export const withEngines = (page: string): string => withSection(page, markers, engineTable());

function engineTable(): string {
  const rows = engineNames.map((name) => {
    const { summary, options } = engines[name];
    const flags = options.map((option) => code(optionSpecs[option].flag)).join(', ');
    return [code(name), decidesText(name), summary, flags];
  });
  const pairs = exclusiveOptions.map(
    ([one, other, why]) => `* ${code(optionSpecs[one].flag)} with ${code(optionSpecs[other].flag)}: ${why}`,
  );
  const table = markdownTable(['strategy', 'decides', 'search', 'options'], rows);
  return `${table}\n\nOptions that exclude each other:\n\n${pairs.join('\n')}`;
}
