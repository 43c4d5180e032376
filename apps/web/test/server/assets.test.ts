import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withAssets } from '../../src/server/http/assets.ts'

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'web-assets-'))
  mkdirSync(join(dir, 'client/assets'), { recursive: true })
  writeFileSync(join(dir, 'client/assets/index-abc.js'), 'export {}')
  writeFileSync(join(dir, 'client/assets/hub-worker-abc.js'), 'export {}')
  writeFileSync(join(dir, 'client/icon.svg'), '<svg/>')
  writeFileSync(join(dir, 'secret.txt'), 'hush')
})
afterAll(() => rmSync(dir, { recursive: true }))

const get = (path: string) =>
  withAssets(join(dir, 'client'), () => Promise.resolve(new Response('a page')))(new Request(`http://web${path}`))

describe('withAssets', () => {
  it('lets a hashed file be kept for good', async () => {
    const answer = await get('/assets/index-abc.js')
    expect(await answer.text()).toBe('export {}')
    expect(answer.headers.get('cache-control')).toMatch(/max-age=31536000.*immutable/)
    expect(answer.headers.get('content-type')).toMatch(/javascript/)
  })

  it('lets the worker that holds the stream open it, and nothing elsewhere', async () => {
    const policy = (await get('/assets/hub-worker-abc.js')).headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'; script-src 'self'; connect-src 'self';")
    expect((await get('/assets/index-abc.js')).headers.get('content-security-policy')).toBeNull()
  })

  it('has any other file asked for again', async () => {
    const answer = await get('/icon.svg')
    expect(await answer.text()).toBe('<svg/>')
    expect(answer.headers.get('cache-control')).toBeNull()
    expect(answer.headers.get('etag')).not.toBeNull()
  })

  it('answers a hashed file that is gone with 404 and no page', async () => {
    const answer = await get('/assets/index-old.js')
    expect(answer.status).toBe(404)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it.each(['/', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/assets'])('leaves %s to the pages', async (path) => {
    expect(await (await get(path)).text()).toBe('a page')
  })
})
