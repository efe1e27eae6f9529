// SPDX-License-Identifier: Apache-2.0
// The same picture in fewer bytes: a browser writes PNGs fast, not small. 8-bit RGB or RGBA, not interlaced.
import { deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(data.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}

function* chunksOf(png: Buffer): Generator<[string, Buffer]> {
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    yield [png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length)];
    at += length + 12;
  }
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

const predictors: ((a: number, b: number, c: number) => number)[] = [
  () => 0, (a) => a, (_, b) => b, (a, b) => (a + b) >> 1, paeth,
];

/** Rows of plain samples from rows with a filter each. */
function unfilter(raw: Buffer, height: number, stride: number, size: number): Buffer {
  const plain = Buffer.alloc(height * stride);
  for (let y = 0; y < height; y += 1) {
    const predict = predictors[raw[y * (stride + 1)] ?? 0] ?? predictors[0];
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x;
      const left = x >= size ? plain[at - size] ?? 0 : 0;
      const above = y > 0 ? plain[at - stride] ?? 0 : 0;
      const corner = x >= size && y > 0 ? plain[at - stride - size] ?? 0 : 0;
      plain[at] = ((raw[y * (stride + 1) + 1 + x] ?? 0) + (predict?.(left, above, corner) ?? 0)) & 255;
    }
  }
  return plain;
}

function withoutAlpha(rgba: Buffer): Buffer {
  const rgb = Buffer.alloc((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) rgba.copy(rgb, to, from, from + 3);
  return rgb;
}

export function packPng(png: Buffer): Buffer {
  let header = Buffer.alloc(0);
  const parts: Buffer[] = [];
  for (const [name, data] of chunksOf(png)) {
    if (name === 'IHDR') header = Buffer.from(data);
    if (name === 'IDAT') parts.push(data);
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const size = header[9] === 6 ? 4 : 3;
  const plain = unfilter(inflateSync(Buffer.concat(parts)), height, width * size, size);
  const rgb = size === 4 ? withoutAlpha(plain) : plain;
  // Flat areas and repeated letters: without filters the compressor finds the repetitions itself.
  const rows = Buffer.alloc(height * (width * 3 + 1));
  for (let y = 0; y < height; y += 1) rgb.copy(rows, y * (width * 3 + 1) + 1, y * width * 3, (y + 1) * width * 3);
  header[9] = 2;
  return Buffer.concat([SIGNATURE, chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })), chunk('IEND', Buffer.alloc(0))]);
}
