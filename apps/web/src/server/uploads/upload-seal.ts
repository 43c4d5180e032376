import { createHmac, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { SEALED } from './sealed.ts'

/** For whom an upload is: who sent it here, and the server that it was sent for. */
export type UploadOf = { userId: string; guildId: string }

const KEY_BYTES = 32
/** Of what the key is made for, so that it is no other's. */
const PURPOSE = 'whose an upload is'

/**
 * Says on the handle of an upload whose it is: all uploads of a web are one backend's to the gateway, which would take each of
 * them from anybody. Nothing is kept, so it holds over restarts and at every web with the same link token; when that is another,
 * what was uploaded before is nobody's. Handles last a quarter of an hour.
 *
 * Whoever has a seal could try link tokens against it: the key is made of the token by scrypt, so that each try is dear.
 */
export class UploadSeal {
  readonly #key: Promise<Buffer>

  /** @param secret what every web that serves this site has, and nobody else: the link's token. */
  constructor(secret: string) {
    this.#key = promisify<string, string, number, Buffer>(scrypt)(secret, PURPOSE, KEY_BYTES)
    // Whoever needs it hears of it.
    this.#key.catch(() => {})
  }

  async seal(handle: string, of: UploadOf): Promise<string> {
    return `${handle}.${(await this.#sign(handle, of)).toString('base64url')}`
  }

  /** The gateway's handle; null: it is not theirs, or not for that server. */
  async open(sealed: string, of: UploadOf): Promise<string | null> {
    if (!SEALED.test(sealed)) return null
    const [handle = '', seal = ''] = sealed.split('.')
    return timingSafeEqual(Buffer.from(seal, 'base64url'), await this.#sign(handle, of)) ? handle : null
  }

  async #sign(handle: string, { userId, guildId }: UploadOf): Promise<Buffer> {
    return createHmac('sha256', await this.#key)
      .update(JSON.stringify([handle, userId, guildId]))
      .digest()
  }
}
