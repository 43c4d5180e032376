import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'

/*
 * The cheapest clients there can be, in a process of their own: they identify, and then only count frames, so that what
 * is measured is the simulator. Arguments: port, bot token, shards.
 */

const [port = '', token = '', shards = '1'] = process.argv.slice(2)
const ALL_INTENTS = 53_608_447

/** A frame as clients must send them: https://www.rfc-editor.org/rfc/rfc6455#section-5.3 */
function masked(text: string): Buffer {
  const payload = Buffer.from(text)
  const mask = randomBytes(4)
  const header = Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 0xff, ...mask])
  return Buffer.concat([header, payload.map((byte, index) => byte ^ (mask[index & 3] ?? 0))])
}

let frames = 0
let bytes = 0

/** Counts the frames in a stream of bytes, wherever it is cut. */
function counter() {
  let skip = 0
  let head = Buffer.alloc(0)
  return (part: Buffer) => {
    bytes += part.length
    let rest = head.length > 0 ? Buffer.concat([head, part]) : part
    head = Buffer.alloc(0)
    for (;;) {
      const skipped = Math.min(skip, rest.length)
      rest = rest.subarray(skipped)
      skip -= skipped
      if (rest.length === 0) return
      const short = (rest[1] ?? 0) & 0x7f
      const size = short < 126 ? 2 : short === 126 ? 4 : 10
      if (rest.length < size) return void (head = Buffer.from(rest))
      skip = size + (short < 126 ? short : short === 126 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2)))
      frames += 1
    }
  }
}

for (let shard = 0; shard < Number(shards); shard++) {
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(
    'GET /?v=10&encoding=json HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  const d = { token, intents: ALL_INTENTS, properties: {}, shard: [shard, Number(shards)] }
  socket.once('data', (answer: Buffer) => {
    const count = counter()
    count(answer.subarray(answer.indexOf('\r\n\r\n') + 4))
    socket.on('data', count)
    socket.write(masked(JSON.stringify({ op: 2, d })))
  })
  socket.on('close', () => process.exit(0))
}

process.on('message', () => process.send?.({ frames, bytes }))
