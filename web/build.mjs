// Puts the page together: markup, style, scripts, scenarios and the engine in one file.
//
//   node web/build.mjs ENGINE.wasm HASH OUT.html
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const [, , engineFile, hash, out] = process.argv;
const web = fileURLToPath(new URL('.', import.meta.url));
const read = (path) => readFileSync(join(web, path), 'utf8');

async function bundle(entry, define = {}) {
  const result = await build({
    entryPoints: [join(web, 'page/src', entry)],
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['chrome110', 'firefox115', 'safari16.4'],
    legalComments: 'none',
    charset: 'ascii',
    write: false,
    define,
  });
  return result.outputFiles[0].text;
}

/** A script's end tag within a script would end it. */
const guarded = (text) => text.replaceAll('</', '<\\/');
/** JSON in a script. */
const json = (value) => JSON.stringify(value).replaceAll('<', '\\u003c');
const csp = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const folder = join(web, '../scenarios');
const presets = Object.fromEntries(
  readdirSync(folder)
    .filter((name) => name.endsWith('.toml'))
    .sort()
    .map((name) => [name.replace('.toml', ''), readFileSync(join(folder, name), 'utf8')])
    // A page cannot read files that a scenario names.
    .filter(([, text]) => !/^\s*(agents|network)_file\s*=/m.test(text)),
);
const worker = await bundle('worker.ts');
const script = guarded(await bundle('main.ts', { WORKER_SOURCE: JSON.stringify(worker) }));
const style = read('page/style.css');
// The time that gzip notes is left out, so that the same module gives the same bytes.
const engine = gzipSync(readFileSync(engineFile), { level: 9 }).toString('base64');

const policy = [
  "default-src 'none'",
  `script-src ${csp(script)} 'wasm-unsafe-eval'`,
  `style-src ${csp(style)}`,
  'worker-src blob:',
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const parts = { policy, hash, style, script, presets: json(presets), engine };
const page = read('page/index.html').replace(/\{\{(\w+)\}\}/g, (_, name) => {
  if (!(name in parts)) throw new Error(`the page has no part ${name}`);
  return parts[name];
});
writeFileSync(out, page);
const size = Buffer.byteLength(page);
console.log(`${out}: ${(size / 1e6).toFixed(2)} MB`);
if (size >= 3e6) throw new Error('the page has 3 MB or more');
