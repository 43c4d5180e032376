import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { request, type ClientRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { UploadStore, type NewUpload, type UploadStoreOptions } from '../../src/uploads/upload-store.ts'
import { collectingLogger } from '../helpers.ts'
import { TOKEN, type HttpAnswer } from '../link.ts'

/** A folder for each test of a file, and stores over it. */
export function useStores() {
  let folder = ''
  const opened: UploadStore[] = []
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()))
    if (folder !== '') rmSync(folder, { recursive: true, force: true })
    folder = ''
  })
  const path = () => (folder ||= mkdtempSync(join(tmpdir(), 'uploads-')))
  return {
    get folder() {
      return path()
    },
    names: () => readdirSync(path()).sort(),
    open: async (options: Partial<UploadStoreOptions> = {}): Promise<UploadStore> => {
      const store = await UploadStore.open(path(), { logger: collectingLogger().logger, ...options })
      opened.push(store)
      return store
    },
  }
}

export const picture: NewUpload = { backendId: 'web', filename: 'glaze.png', contentType: 'image/png' }

export async function* chunksOf(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part)
}

export type Post = { asked: ClientRequest; answer: Promise<HttpAnswer> }

/** An upload whose body the test writes. */
export function post(port: number, headers: Record<string, string | number> = {}, query = '?filename=glaze.png'): Post {
  const { promise: answer, resolve, reject } = Promise.withResolvers<HttpAnswer>()
  const asked = request({
    host: '127.0.0.1',
    port,
    path: `/uploads${query}`,
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'image/png', ...headers },
    agent: false,
  })
  // Of what is refused the rest cannot be written, and the answer is there.
  asked.on('error', reject)
  answer.catch(() => {})
  asked.on('response', (response) => {
    let text = ''
    response.setEncoding('utf8').on('data', (part: string) => (text += part))
    response.on('end', () => {
      const isJson = response.headers['content-type'] === 'application/json'
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: isJson ? JSON.parse(text) : text })
    })
  })
  return { asked, answer }
}

/** An upload of these bytes. */
export async function upload(
  port: number,
  body: string | Uint8Array,
  headers: Record<string, string | number> = {},
  query?: string,
): Promise<HttpAnswer> {
  const { asked, answer } = post(port, { 'content-length': Buffer.byteLength(body), ...headers }, query)
  asked.end(body)
  return await answer
}

export const handleOf = ({ body }: HttpAnswer): string => String((body as { upload?: unknown }).upload)
