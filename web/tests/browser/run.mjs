// SPDX-License-Identifier: Apache-2.0
// run.mjs --binary PATH [--screenshots] [playwright options]: drives the program's own dashboard.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const rest = process.argv.slice(2);
const at = rest.indexOf('--binary');
if (at < 0 || !rest[at + 1]) {
  console.error('usage: npm run test:browser -- --binary PATH [playwright options]');
  process.exit(2);
}
// npm runs this in web/; the path was given from where npm was called.
const binary = resolve(process.env.INIT_CWD ?? '.', rest[at + 1]);
rest.splice(at, 2);

const screenshots = rest.indexOf('--screenshots');
const projects = screenshots >= 0
  ? ['--project=screenshots']
  : ['--project=desktop*', '--project=tablet*', '--project=phone*', '--project=behaviour'];
if (screenshots >= 0) rest.splice(screenshots, 1);
const chosen = rest.some((option) => option.startsWith('--project')) ? [] : projects;
const run = spawnSync('npx', ['playwright', 'test', ...chosen, ...rest], {
  stdio: 'inherit', env: { ...process.env, TAPELINE_BINARY: binary },
});
process.exit(run.status ?? 1);
