import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'

/** What stands on a hop: passes bytes both ways, until it is told to cut, to hold them back, or to let nobody in. */
export class TcpProxy implements AsyncDisposable {
  readonly #server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket))
  readonly #sockets = new Set<Socket>()
  #target = 0
  #port = 0
  /** How many stalls and refusals are on: they may overlap, and end with the last. */
  #stalls = 0
  #refusals = 0

  /** @param target a port of the loopback; it may be said later, but before anybody comes. */
  static async start(target = 0): Promise<TcpProxy> {
    const proxy = new TcpProxy()
    proxy.target = target
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    const address = proxy.#server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    proxy.#port = address.port
    return proxy
  }

  get port(): number {
    return this.#port
  }

  set target(port: number) {
    this.#target = port
  }

  /** Every connection breaks, in both directions at once. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  /** Nothing passes, and nobody is told: new connections are taken and hear nothing. */
  stall(): void {
    this.#stalls++
    for (const socket of this.#sockets) socket.pause()
  }

  flow(): void {
    if (--this.#stalls === 0) for (const socket of this.#sockets) socket.resume()
  }

  /** New connections are reset. */
  refuse(): void {
    this.#refusals++
  }

  admit(): void {
    this.#refusals--
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    this.cut()
    await once(this.#server, 'close')
  }

  #accept(near: Socket): void {
    if (this.#refusals > 0) return void near.resetAndDestroy()
    const far = connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true })
    this.#join(near, far)
    this.#join(far, near)
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from)
    from.setNoDelay(true)
    from.on('data', (bytes) => {
      if (!to.write(bytes)) from.pause()
    })
    to.on('drain', () => {
      if (this.#stalls === 0) from.resume()
    })
    from.on('end', () => to.end())
    // What broke is told by its close; without a listener it would be thrown.
    from.on('error', () => {})
    from.on('close', () => {
      this.#sockets.delete(from)
      to.destroy()
    })
    if (this.#stalls > 0) from.pause()
  }
}
