import { describe, expect, it } from 'vitest';
import { type CampaignReport, campaignPage } from '../../src/report/campaign-page.ts';

const report: CampaignReport = {
  name: '</title>nightly',
  verdict: 'holds',
  command: "npx precopy campaign merge 'a<b'",
  about: ['</script><b>'],
  shards: { planned: 1, done: 1, failed: 0, running: 0, left: 0 },
  checks: [],
  mutants: { killed: 0, survived: [], undecided: [] },
  simulations: [],
  costs: [],
  problems: [],
};

describe('the page of a campaign', () => {
  const page = campaignPage(report);

  it('loads nothing from elsewhere', () => {
    expect(page).not.toMatch(/<(script|link|img)[^>]+(src|href)=/);
    expect(page).not.toMatch(/@import|url\(/);
  });

  it('carries its results as data that cannot end the page early', () => {
    const [, data = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/.exec(page) ?? [];
    expect(JSON.parse(data)).toEqual(report);
    expect(page).toContain('<title>precopy: &lt;/title&gt;nightly</title>');
  });

  it('has colours for light and for dark, and prints the light ones', () => {
    expect(page).toContain('color-scheme: light dark');
    expect(page).toContain('@media screen and (prefers-color-scheme: dark)');
  });
});
