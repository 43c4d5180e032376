import { once } from 'node:events'
import { request } from 'node:http'
import type { Duplex } from 'node:stream'
import { TOKEN, UPGRADE } from './link.ts'

export type FrameOptions = {
  /** Whether it is the last of its message. Default: true. */
  fin?: boolean
  /** The reserved bits, 0 to 7. */
  reserved?: number
  /** 0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 pong. Default: 1. */
  opcode?: number
  payload?: string | Buffer
  /** As a client's has to be. Default: true. */
  masked?: boolean
}

/** A client's frame, right or wrong. https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
export function frame(options: FrameOptions = {}): Buffer {
  const { fin = true, reserved = 0, opcode = 1, payload = '', masked = true } = options
  const data = Buffer.from(payload)
  const length = Buffer.alloc(data.length < 126 ? 1 : data.length < 65_536 ? 3 : 9)
  if (length.length === 1) length.writeUInt8(data.length)
  else if (length.length === 3) length.writeUIntBE(126 * 65_536 + data.length, 0, 3)
  else {
    length.writeUInt8(127)
    length.writeBigUInt64BE(BigInt(data.length), 1)
  }
  if (masked) length.writeUInt8(length.readUInt8() | 0x80)
  // A mask of zeros leaves the payload as it is.
  const mask = masked ? Buffer.alloc(4) : Buffer.alloc(0)
  return Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | (reserved << 4) | opcode]), length, mask, data])
}

/** The bytes of a link, without a library that would refuse to send what is wrong. */
export async function openRaw(port: number): Promise<Duplex> {
  const headers = { ...UPGRADE, authorization: `Bearer ${TOKEN}` }
  const asked = request({ host: '127.0.0.1', port, headers, agent: false }).end()
  const [, socket] = (await once(asked, 'upgrade')) as [unknown, Duplex]
  return socket.on('error', () => {})
}

/** The code that the link is closed with; 1006 where it is cut. */
export async function closeCodeOf(socket: Duplex): Promise<number> {
  let bytes = Buffer.alloc(0)
  try {
    for await (const part of socket) bytes = Buffer.concat([bytes, part as Buffer])
  } catch {
    // It was cut with something of ours unread.
  }
  for (let at = 0; at + 1 < bytes.length;) {
    const short = bytes.readUInt8(at + 1) & 0x7f
    const [start, length] =
      short < 126
        ? [2, short]
        : short === 126
          ? [4, bytes.readUInt16BE(at + 2)]
          : [10, Number(bytes.readBigUInt64BE(at + 2))]
    if ((bytes.readUInt8(at) & 0xf) === 8) return bytes.readUInt16BE(at + start)
    at += start + length
  }
  return 1006
}
