/** In pixels. */
export interface Size {
  width: number
  height: number
}

type Reader = (bytes: Buffer) => Size | undefined

/** https://www.w3.org/TR/png-3/#11IHDR: the first chunk, after the signature */
const png: Reader = (bytes) =>
  bytes.length >= 24 &&
  bytes.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n' &&
  bytes.toString('latin1', 12, 16) === 'IHDR'
    ? { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
    : undefined

/** https://www.w3.org/Graphics/GIF/spec-gif89a.txt, section 18 */
const gif: Reader = (bytes) =>
  bytes.length >= 10 && /^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))
    ? { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }
    : undefined

/** Segments that give the size of the frame: SOF0 to SOF15, without DHT, JPG and DAC, which lie between. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

/** https://www.w3.org/Graphics/JPEG/itu-t81.pdf, annex B: segments, each with its length */
const jpeg: Reader = (bytes) => {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined
  let at = 2
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes.readUInt8(at + 1)
    if (isFrame(marker)) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
    // A marker may be filled up with further 0xff.
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2)
  }
  return undefined
}

/** https://developers.google.com/speed/webp/docs/riff_container: extended, lossless or lossy */
const webp: Reader = (bytes) => {
  if (bytes.length < 30 || bytes.toString('latin1', 0, 4) !== 'RIFF') return undefined
  const kind = bytes.toString('latin1', 8, 16)
  if (kind === 'WEBPVP8X') return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }
  if (kind === 'WEBPVP8 ') return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }
  if (kind !== 'WEBPVP8L') return undefined
  const packed = bytes.readUInt32LE(21)
  return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 }
}

/** How large a picture is, by what it says of itself; undefined for what is none. */
export function imageSize(bytes: Buffer): Size | undefined {
  for (const read of [png, gif, jpeg, webp]) {
    const size = read(bytes)
    if (size) return size
  }
  return undefined
}
