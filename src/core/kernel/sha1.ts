/** SHA-1 (FIPS 180-4) over text, for name-based UUIDs (RFC 9562 version 5). Names only, never for security. */

/** @returns 20 bytes. */
export function sha1(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array((((bytes.length + 8) >> 6) + 1) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor((bytes.length * 8) / 0x1_0000_0000));
  view.setUint32(padded.length - 4, (bytes.length * 8) >>> 0);
  const hash = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  const words = new Uint32Array(80);
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0; i < 16; i += 1) words[i] = view.getUint32(block + i * 4);
    for (let i = 16; i < 80; i += 1) {
      words[i] = rotate(
        at(words, i - 3) ^ at(words, i - 8) ^ at(words, i - 14) ^ at(words, i - 16),
        1,
      );
    }
    mix(hash, words);
  }
  const out = new Uint8Array(20);
  const result = new DataView(out.buffer);
  hash.forEach((word, i) => {
    result.setUint32(i * 4, word);
  });
  return out;
}

function mix(hash: Uint32Array, words: Uint32Array): void {
  let [a, b, c, d, e] = [at(hash, 0), at(hash, 1), at(hash, 2), at(hash, 3), at(hash, 4)];
  for (let i = 0; i < 80; i += 1) {
    const [f, k] = round(i, b, c, d);
    const next = (rotate(a, 5) + f + e + k + at(words, i)) >>> 0;
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = next;
  }
  hash[0] = at(hash, 0) + a;
  hash[1] = at(hash, 1) + b;
  hash[2] = at(hash, 2) + c;
  hash[3] = at(hash, 3) + d;
  hash[4] = at(hash, 4) + e;
}

function round(i: number, b: number, c: number, d: number): [number, number] {
  if (i < 20) return [(b & c) | (~b & d), 0x5a827999];
  if (i < 40) return [b ^ c ^ d, 0x6ed9eba1];
  if (i < 60) return [(b & c) | (b & d) | (c & d), 0x8f1bbcdc];
  return [b ^ c ^ d, 0xca62c1d6];
}

const rotate = (word: number, by: number): number => ((word << by) | (word >>> (32 - by))) >>> 0;
const at = (words: Uint32Array, i: number): number => words[i] ?? 0;
