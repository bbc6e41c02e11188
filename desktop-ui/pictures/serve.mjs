// Serves a folder of built files on a free port of this computer, under the rules of the product's window: what its
// content security policy forbids fails here as well.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};

/** The window over the scripted host. FAKE_FOLDER names another build of it than the usual one. */
export function serveFake() {
  const other = process.env['FAKE_FOLDER'];
  return serve(other === undefined ? new URL('../dist-fake/', import.meta.url) : pathToFileURL(`${other}/`));
}

/** @param {URL} folder */
async function serve(folder) {
  const window = JSON.parse(await readFile(new URL('../../desktop/window/tauri.conf.json', import.meta.url), 'utf8'));
  const policy = window.app.security.csp;
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    try {
      const content = await readFile(new URL(`.${path}`, folder));
      response
        .writeHead(200, {
          'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
          'content-security-policy': policy,
        })
        .end(content);
    } catch {
      response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(resolve)) };
}
