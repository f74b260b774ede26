import { describe, expect, it } from 'vitest';
import { simulationPage } from '../../src/report/simulation-page.ts';

const report = { command: "npx precopy simulate 'a<b'", about: ['1 GiB </script><b>'], designs: [], timelines: {} };

describe('the simulation page', () => {
  const page = simulationPage(report);

  it('loads nothing from elsewhere', () => {
    expect(page).not.toMatch(/<(script|link|img)[^>]+(src|href)=/);
    expect(page).not.toMatch(/@import|url\(/);
  });

  it('carries its figures as data that cannot end the page early', () => {
    const [, data = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/.exec(page) ?? [];
    expect(JSON.parse(data)).toEqual(report);
  });
});
