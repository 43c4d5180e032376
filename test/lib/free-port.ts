import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below 32768 Linux gives no port to whoever asks for any, nor to a connection that goes out. */
const [FIRST, LAST] = [10_000, 32_767]

/**
 * A port that nobody has, and that nobody is given by chance before it is taken: whoever is to listen there is yet to be started.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1))
    if (await isFree(port)) return port
  }
}

/** What `npm start` is told of ports, each of them free. */
export async function freePorts() {
  const [web, gateway, simulator] = [await freePort(), await freePort(), await freePort()]
  return { PORT: String(web), GATEWAY_PORT: String(gateway), SIMULATOR_PORT: String(simulator) }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
