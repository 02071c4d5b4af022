// Prints the hash over the sources of the page: everything that the engine and the page are made from. The test
// tests/it/explore.rs computes the same hash.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** All files below a folder, by path from the root. */
function below(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (['src/cli', 'web/node_modules', 'web/engine/target', 'web/test'].includes(path)) return [];
    if (entry.isDirectory()) return below(path);
    return entry.isFile() ? [path] : [];
  });
}

const files = ['Cargo.toml', 'Cargo.lock', ...below('src'), ...below('web'), ...below('scenarios')].filter(
  (path) => path !== 'src/main.rs',
);
// In the order of their bytes.
files.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
const all = createHash('sha256');
for (const path of files) {
  const hash = createHash('sha256').update(readFileSync(join(root, path))).digest('hex');
  all.update(`${hash}  ${path}\n`);
}
console.log(all.digest('hex'));
