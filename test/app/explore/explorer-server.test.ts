import { type RequestOptions, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExplorerServer, serveExplorer } from '../../../src/app/explore/explorer-server.ts';

/** Statecharts of one design, whose name is no path. */
const charts = async (design: string): Promise<string | undefined> => {
  if (design === 'broken') throw new Error('no layout');
  return design === 'a/<script>' ? '{}' : undefined;
};

describe('the server of the explorer', () => {
  let server: ExplorerServer;
  let port: number;
  beforeAll(async () => {
    const files = { 'explorer.html': '<p>', 'engine-worker.js': 'work()' };
    const served = Object.entries(files).map(([path, text]) => [path, { type: 'text/html', text: () => text }]);
    server = await serveExplorer(Object.fromEntries(served), charts, 0);
    port = Number(new URL(server.address).port);
  });
  afterAll(() => server.close());

  const ask = (
    options: RequestOptions,
    body = '',
  ): Promise<{ status: number | undefined; headers: Readonly<Record<string, unknown>> }> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, ...options }, (response) => {
        response.resume();
        resolve({ status: response.statusCode, headers: response.headers });
      });
      sent.once('error', reject).end(body);
    });

  it('gives its files to its own pages', async () => {
    const { status, headers } = await ask({ headers: { Origin: `http://127.0.0.1:${port}` } });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('lets the worker generate code, and no page', async () => {
    const policyOf = async (path: string) => (await ask({ path })).headers['content-security-policy'];
    expect(await policyOf('/engine-worker.js')).toContain("'unsafe-eval'");
    expect(await policyOf('/')).not.toContain('unsafe');
  });

  it.each([
    ['a host that was rebound to this address', { headers: { Host: 'evil.example' } }, 421],
    ['another port of the host', { headers: { Host: '127.0.0.1:1' } }, 421],
    ['a page of another origin', { headers: { Origin: 'http://evil.example' } }, 403],
    ['a page without an origin, as from file://', { headers: { Origin: 'null' } }, 403],
    ['another site that embeds it', { headers: { 'Sec-Fetch-Site': 'cross-site' } }, 403],
    ['another port of this host that embeds it', { headers: { 'Sec-Fetch-Site': 'same-site' } }, 403],
    ['a method that changes something', { method: 'POST' }, 405],
    ['a path out of its files', { path: '/../package.json' }, 404],
    ['an encoded path out of its files', { path: '/%2e%2e%2fpackage.json' }, 404],
    ['a name that every object has', { path: '/__proto__' }, 404],
    ['statecharts of no design', { path: '/charts/__proto__' }, 404],
    ['a name of a design that is cut off', { path: '/charts/%E0%A4%A' }, 404],
    ['an address of another host as path', { path: 'http://evil.example/explorer.html' }, 404],
    ['a path of 60 kB', { path: `/${'a'.repeat(60_000)}` }, 431],
    ['a header of 60 kB', { headers: { 'X-Long': 'a'.repeat(60_000) } }, 431],
  ] as const)('refuses %s', async (_, options, status) => {
    expect((await ask(options)).status).toBe(status);
  });

  it('gives statecharts of a design of any name', async () => {
    expect(await ask({ path: `/charts/${encodeURIComponent('a/<script>')}` })).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
    });
  });

  it('goes on after statecharts that cannot be drawn', async () => {
    expect((await ask({ path: '/charts/broken' })).status).toBe(500);
    expect((await ask({})).status).toBe(200);
  });

  it('says that a port is taken', async () => {
    await expect(serveExplorer({}, charts, port)).rejects.toThrow(`port ${port} is taken`);
  });

  it('tells its pages that files have changed', async () => {
    const text = new Promise<string>((resolve) => {
      request({ host: '127.0.0.1', port, path: '/changes' }, (response) => {
        response.on('data', (data) => {
          if (String(data).includes('listening')) server.reload();
          else resolve(String(data));
        });
      })
        .on('error', () => undefined)
        .end();
    });
    expect(await text).toContain('event: changed');
  });
});
