import { randomBytes } from 'node:crypto'
import { boot } from './boot.server.ts'

/** Where pictures of people, servers and messages are: https://docs.discord.com/developers/reference#image-formatting */
const DISCORD_MEDIA = ['https://cdn.discordapp.com', 'https://*.discordapp.net']

/** New for every page: https://www.w3.org/TR/CSP3/#security-nonces asks for 128 bits. */
export const newNonce = (): string => randomBytes(16).toString('base64')

/** The development server's own scripts and styles bear no nonce, so its pages have no policy but not to be framed. */
export function setPolicy(headers: Headers, nonce: string): void {
  const { demo, DISCORD_API_URL } = boot().config
  const media = demo ? new URL(DISCORD_API_URL).origin : null
  const policy = import.meta.env.DEV ? "frame-ancestors 'none'; base-uri 'none'" : pagePolicy(nonce, media)
  headers.set('Content-Security-Policy', policy)
}

/**
 * What a page may load and be put into, as `Content-Security-Policy`: scripts and styles of the build's own files or
 * with this page's nonce, pictures, sound and films of Discord's, and nothing of anybody else.
 *
 * @param media where the demo's pictures are, beside Discord's: the simulator.
 */
export function pagePolicy(nonce: string, media: string | null): string {
  const pictures = [...DISCORD_MEDIA, ...(media === null ? [] : [media])].join(' ')
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    // The hub that holds the stream for all tabs.
    "worker-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data: ${pictures}`,
    // What was attached to messages and is played.
    `media-src ${pictures}`,
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
