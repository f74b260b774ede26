import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { pageInOneFile, servedPage } from '../../../src/app/explore/explorer-page.ts';

const hostile = { script: 'x = "</SCRIPT><!--<script>"', style: 'a::after { content: "</style>" }' };
const start = { design: '</script><script>alert(1)</script>' };
const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

describe('the page of the explorer', () => {
  it('has texts of designs as data, which end no element', () => {
    expect(count(servedPage(start), /<\/?script/g)).toBe(4);
    const file = pageInOneFile(hostile, '</script>', start, { '</script>': '</script>' });
    expect(count(file, /<\/script/gi)).toBe(4);
    expect(count(file, /<script /gi)).toBe(4);
    expect(count(file, /<\/style/gi)).toBe(1);
    expect(file).not.toContain('<!--');
  });

  it('as one file runs its own script, and no other that gets into it', () => {
    const file = pageInOneFile(hostile, '', start, {});
    const [, policy = ''] = /Content-Security-Policy" content="([^"]+)"/.exec(file) ?? [];
    const [, script = ''] = /<script type="module">(.*?)<\/script>/s.exec(file) ?? [];
    expect(policy).toContain(`'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    expect(policy).not.toMatch(/unsafe-inline|https?:|\*/);
  });
});
