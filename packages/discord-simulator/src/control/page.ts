import { readFile } from 'node:fs/promises'
import type { Reply } from '../http/reply.ts'

const FOLDER = new URL('../page/', import.meta.url)

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

/** Only what the simulator itself serves, and nothing inline: what people write there stays text. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * Answers a request for the page or for one of its files, `/page/main.js`, as it lies in the folder: nothing is built.
 * Undefined if it is no such request.
 */
export async function answerPage(method: string | undefined, path: string): Promise<Reply | undefined> {
  if (method !== 'GET' && method !== 'HEAD') return undefined
  const name = path === '/' ? 'index.html' : /^\/page\/([a-z-]+\.(?:css|js|svg))$/.exec(path)?.[1]
  if (name === undefined) return undefined
  try {
    const headers = {
      'Content-Type': TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
      'Content-Security-Policy': POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    }
    return { status: 200, text: await readFile(new URL(name, FOLDER)), headers }
  } catch {
    return undefined
  }
}
