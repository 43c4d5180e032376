/** First byte of a text message in one frame: FIN and opcode 1. https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
const FIN_TEXT = 0x81

/**
 * Texts as WebSocket messages, as a server sends them (unmasked), in one piece of memory.
 *
 * `ws` would encode and frame each anew for each socket. These bytes are made once and go to every backend's socket,
 * one write a batch. That may be done behind its back because it writes at once itself: without compression nothing
 * of it is ever half written between two calls.
 */
export function textFrames(texts: readonly string[]): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text))
  const total = lengths.reduce((sum, length) => sum + headerBytes(length) + length, 0)
  const bytes = Buffer.allocUnsafe(total)
  let offset = 0
  texts.forEach((text, index) => {
    offset = writeHeader(bytes, offset, lengths[index] ?? 0)
    offset += bytes.write(text, offset)
  })
  return bytes
}

function headerBytes(length: number): number {
  if (length < 126) return 2
  return length < 65_536 ? 4 : 10
}

function writeHeader(bytes: Buffer, offset: number, length: number): number {
  bytes[offset] = FIN_TEXT
  if (length < 126) return bytes.writeUInt8(length, offset + 1)
  if (length < 65_536) {
    bytes[offset + 1] = 126
    return bytes.writeUInt16BE(length, offset + 2)
  }
  bytes[offset + 1] = 127
  return bytes.writeBigUInt64BE(BigInt(length), offset + 2)
}
