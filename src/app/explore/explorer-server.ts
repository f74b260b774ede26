import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PrecopyError } from '../../model/errors.ts';

/** What a server gives: by path, without the slash. */
export interface ServedFile {
  readonly type: string;
  /** the text as it is now */
  readonly text: () => string;
}

export interface ExplorerServer {
  readonly address: string;
  /** Tells the open pages that the files have changed. */
  reload(): void;
  close(): void;
}

/** What pages may do: load what this server gives, and start a worker from there. Only the worker generates code. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
const workerPolicy = "default-src 'none'; script-src 'unsafe-eval'; connect-src 'none'";

/**
 * Serves some files on the loopback address, to pages of this very server: a request with another host or origin is
 * refused, so that no other page reads them (DNS rebinding).
 * @param charts returns the statecharts of a design as JSON, if there is such a design
 * @param port 0 for a free one
 * @throws PrecopyError `BAD_PARAMETER` if the port is taken
 */
export function serveExplorer(
  files: Readonly<Record<string, ServedFile>>,
  charts: (design: string) => Promise<string | undefined>,
  port: number,
): Promise<ExplorerServer> {
  const listeners = new Set<ServerResponse>();
  const server = createServer({ maxHeaderSize: 16_384, requestTimeout: 10_000 }, (request, response) => {
    const { port: own } = server.address() as AddressInfo;
    const path = refusalOf(request, own) ?? pathOf(request);
    request.resume();
    if (typeof path === 'number') end(response, path);
    else if (path === 'changes' && request.method === 'GET') listen(response, listeners);
    else if (Object.hasOwn(files, path)) give(response, files[path] as ServedFile, path);
    else if (path.startsWith('charts/')) {
      charts(decoded(path.slice('charts/'.length))).then(
        (text) =>
          text === undefined
            ? end(response, 404)
            : give(response, { type: 'application/json', text: () => text }, path),
        () => end(response, 500),
      );
    } else end(response, 404);
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const cause =
        error.code === 'EADDRINUSE' ? `port ${port} is taken` : `no server can be started: ${error.message}`;
      reject(new PrecopyError('BAD_PARAMETER', cause, 'give another --port, or none'));
    });
    server.listen(port, '127.0.0.1', () => {
      resolve({
        address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        reload: () => {
          for (const response of listeners) response.write('event: changed\ndata: \n\n');
        },
        close: () => {
          server.close();
          server.closeAllConnections();
        },
      });
    });
  });
}

/** Returns the status that refuses a request, if it is not one of a page of this server. */
function refusalOf({ headers, method }: IncomingMessage, port: number): number | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(headers.host ?? '')) return 421;
  if (headers.origin !== undefined && !hosts.map((host) => `http://${host}`).includes(headers.origin)) return 403;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return 403;
  return method === 'GET' || method === 'HEAD' ? undefined : 405;
}

/** Returns the name in a path; empty if it is not encoded as it should be. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const [path = ''] = url.split('?');
  return path === '/' ? 'explorer.html' : path.slice(1);
}

const headers = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
};

function give(response: ServerResponse, { type, text }: ServedFile, path: string): void {
  const policy = path === 'engine-worker.js' ? workerPolicy : pagePolicy;
  response.writeHead(200, { ...headers, 'Content-Security-Policy': policy, 'Content-Type': `${type}; charset=utf-8` });
  response.end(text());
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { ...headers, 'Content-Type': 'text/plain' });
  response.end();
}

function listen(response: ServerResponse, listeners: Set<ServerResponse>): void {
  response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream' });
  response.write(': listening\n\n');
  listeners.add(response);
  response.once('close', () => listeners.delete(response));
}
