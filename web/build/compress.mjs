// SPDX-License-Identifier: Apache-2.0
// compress.mjs FOLDER: writes FILE.gz beside each file that becomes smaller; the server hands them out
// as they are. The same bytes every time: gzip's header has no time and no name here.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

function* filesBelow(folder) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* filesBelow(path);
    else if (!name.endsWith('.gz')) yield path;
  }
}

let plain = 0;
let sent = 0;
for (const path of filesBelow(process.argv[2])) {
  const bytes = readFileSync(path);
  const packed = gzipSync(bytes, { level: 9 });
  if (packed.length < bytes.length) writeFileSync(`${path}.gz`, packed);
  plain += bytes.length;
  sent += Math.min(packed.length, bytes.length);
}
console.log(`${plain} bytes, ${sent} as they are sent`);
