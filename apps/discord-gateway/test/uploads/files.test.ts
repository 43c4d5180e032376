import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DiscordApi } from '../../src/commands/discord-api.ts'
import type { HandlerContext } from '../../src/commands/handler.ts'
import { bodyWith, loadUploads } from '../../src/commands/files.ts'
import { restHandler, restRequest } from '../../src/commands/rest-handler.ts'
import { createCommandRunner } from '../../src/commands/runner.ts'
import { StoredOutcomes } from '../../src/commands/stored-outcomes.ts'
import { EVERY_SCOPE } from '../../src/tokens/scopes.ts'
import type { UploadStore } from '../../src/uploads/upload-store.ts'
import { answerJson, codeOf, contextOf, handlersOf, memoryExpiring } from '../helpers.ts'
import { chunksOf, picture, useStores } from './upload-files.ts'

const stores = useStores()
const backend = { id: 'web', name: 'web', scopes: EVERY_SCOPE }
const unknown = 'upload_0000000000000000000000'

const put = async (store: UploadStore, text: string | Uint8Array, about = {}) =>
  (await store.take({ ...picture, ...about }, chunksOf(text))).handle

type Part = { name: string; type: string; text: string }
type Form = { body: unknown; fields?: Record<string, string>; parts: Record<string, Part>; path: string }

/** In place of Discord: reads forms, and answers as it is told. */
async function formReader(answer: (response: ServerResponse, form: Form) => void) {
  const forms: Form[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
      const read = new Response(Buffer.concat(chunks), {
        headers: { 'content-type': request.headers['content-type'] ?? '' },
      })
      const form: Form = { body: null, parts: {}, path: request.url ?? '' }
      if (request.headers['content-type'] === 'application/json') form.body = await read.json()
      else {
        for (const [key, value] of await read.formData()) {
          if (typeof value === 'string') {
            if (key === 'payload_json') form.body = JSON.parse(value)
            else (form.fields ??= {})[key] = value
          } else form.parts[key] = { name: value.name, type: value.type, text: await value.text() }
        }
      }
      forms.push(form)
      answer(response, form)
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no address')
  const apiUrl = `http://127.0.0.1:${address.port}/api`
  return {
    forms,
    apiUrl,
    discord: new DiscordApi({ token: 'bot-token', apiUrl }),
    [Symbol.dispose]: () => server.close().closeAllConnections(),
  }
}

const created = (response: ServerResponse) => answerJson(response, 200, { id: '999' })

/** Commands over a store, and over a clock that is the test's. */
async function started(answer: (response: ServerResponse, form: Form) => void = created) {
  const clock = { now: Date.now() }
  const now = () => clock.now
  const store = await stores.open({ now })
  const reader = await formReader(answer)
  const runnerOf = (outcomes = new StoredOutcomes(memoryExpiring(now))) =>
    createCommandRunner({
      handlers: handlersOf(),
      discord: reader.discord,
      outcomes,
      findCreated: async () => null,
      uploads: store,
    }).run
  return {
    ...reader,
    clock,
    store,
    runnerOf,
    run: runnerOf(),
    put: (text: string, about = {}) => put(store, text, about),
  }
}

describe('files of a command', () => {
  it('go to Discord beside the body, each with what is said of it', async () => {
    using scene = await started()
    const files = [
      { upload: await scene.put('one'), description: 'A glaze' },
      { upload: await scene.put('two', { filename: 'näme "x".txt', contentType: 'text/plain;charset=utf-8' }) },
      { upload: await scene.put('three'), filename: 'hidden.png', is_spoiler: true },
    ]
    const origin = { backend, version: 2 as const }
    expect(await scene.run('send_message', { channel_id: '1', content: 'Look', files }, origin)).toMatchObject({
      message_id: '999',
    })
    expect(scene.forms).toEqual([
      {
        path: '/api/v10/channels/1/messages',
        body: {
          content: 'Look',
          nonce: expect.any(String),
          enforce_nonce: true,
          attachments: [
            { id: 0, filename: 'glaze.png', description: 'A glaze' },
            { id: 1, filename: 'näme "x".txt' },
            { id: 2, filename: 'hidden.png', is_spoiler: true },
          ],
        },
        parts: {
          'files[0]': { name: 'glaze.png', type: 'image/png', text: 'one' },
          'files[1]': { name: 'näme "x".txt', type: 'text/plain;charset=utf-8', text: 'two' },
          'files[2]': { name: 'hidden.png', type: 'image/png', text: 'three' },
        },
      },
    ])
  })

  it('may be the same for several of them', async () => {
    using scene = await started()
    const files = [{ upload: await scene.put('one') }]
    for (const channel_id of ['1', '2'])
      await scene.run('send_message', { channel_id, content: 'x', files }, { backend, version: 2 })
    expect(scene.forms.map(({ parts }) => parts['files[0]']?.text)).toEqual(['one', 'one'])
  })

  it('are refused by their fields where they are not there, all of them, and nothing is sent', async () => {
    using scene = await started()
    const files = [
      { upload: unknown },
      { upload: await scene.put('one') },
      { upload: await scene.put('x', { backendId: 'other' }) },
    ]
    const sent = scene.run('send_message', { channel_id: '1', content: 'x', files }, { backend, version: 2 })
    await expect(sent).rejects.toMatchObject({
      code: 'UNKNOWN_UPLOAD',
      retryable: false,
      issues: [
        { path: 'data.payload.files.0.upload', message: expect.any(String) },
        { path: 'data.payload.files.2.upload', message: expect.any(String) },
      ],
    })
    expect(scene.forms).toEqual([])
  })

  it('are there again for a second attempt', async () => {
    let attempts = 0
    using scene = await started((response) => {
      attempts += 1
      if (attempts === 1) answerJson(response, 502, {})
      else created(response)
    })
    const files = [{ upload: await scene.put('one') }]
    await scene.run('send_message', { channel_id: '1', content: 'x', files }, { backend, version: 2 })
    expect(scene.forms.map(({ parts }) => parts['files[0]']?.text)).toEqual(['one', 'one'])
  })

  it('are past their time for the next command, and not for what was answered before', async () => {
    using scene = await started()
    const payload = { channel_id: '1', content: 'x', files: [{ upload: await scene.put('one') }] }
    const origin = { backend, version: 2 as const, requestId: 'r-1' }
    const answer = await scene.run('send_message', payload, origin)
    scene.clock.now += 60 * 60_000
    expect(await scene.run('send_message', payload, origin)).toEqual(answer)
    expect(await codeOf(scene.run('send_message', payload, { ...origin, requestId: 'r-2' }))).toBe('UNKNOWN_UPLOAD')
    expect(scene.forms).toHaveLength(1)
  })

  it('are there for a command that is done again, which was begun in time', async () => {
    using scene = await started()
    const payload = { channel_id: '1', content: 'x', files: [{ upload: await scene.put('one') }] }
    const origin = { backend, version: 2 as const, requestId: 'r-1' }
    const rows = memoryExpiring()
    const begun = new StoredOutcomes(rows)
    const hung = createCommandRunner({
      handlers: { ...handlersOf(), send_message: () => new Promise(() => {}) },
      discord: scene.discord,
      outcomes: begun,
      findCreated: async () => null,
      uploads: scene.store,
    }).run
    void hung('send_message', payload, origin)
    scene.clock.now += 16 * 60_000
    const again = scene.runnerOf(new StoredOutcomes(rows))
    expect(await again('send_message', payload, origin)).toMatchObject({ success: true })
    expect(await codeOf(again('send_message', payload, { ...origin, requestId: 'r-2' }))).toBe('UNKNOWN_UPLOAD')
  })
})

const editContext = (discord: DiscordApi, store: UploadStore, more: Partial<HandlerContext> = {}) =>
  contextOf(discord, { backend, findUpload: (handle) => store.find(handle, backend.id), ...more })

describe('what an edit says of files', () => {
  const route = { channel_id: '1', message_id: '2' }
  const edit = restHandler({ route: 'PATCH /channels/{channel_id}/messages/{message_id}' })
  it('is nothing where they are added to those that stay', async () => {
    using scene = await started()
    const payload = { ...route, files: [{ upload: await scene.put('one') }] }
    await edit(payload, editContext(scene.discord, scene.store))
    expect(scene.forms).toMatchObject([{ body: {}, parts: { 'files[0]': { text: 'one' } } }])
    expect(scene.forms[0]?.body).not.toHaveProperty('attachments')
  })

  it('stands behind those that stay where they are listed', async () => {
    using scene = await started()
    const files = [{ upload: await scene.put('one'), description: 'new' }]
    const payload = { ...route, attachments: [{ id: '77' }], files }
    await edit(payload, editContext(scene.discord, scene.store))
    expect(scene.forms[0]?.body).toEqual({
      attachments: [{ id: '77' }, { id: 0, filename: 'glaze.png', description: 'new' }],
    })
  })

  it('is refused where it would remove the others in silence', async () => {
    using scene = await started()
    const payload = { ...route, files: [{ upload: await scene.put('one'), description: 'new' }] }
    await expect(edit(payload, editContext(scene.discord, scene.store))).rejects.toMatchObject({
      code: 'INVALID_PAYLOAD',
      issues: [{ path: 'data.payload.attachments' }],
    })
    expect(scene.forms).toEqual([])
  })
})

describe('an edit that adds files', () => {
  const origin = { backend, version: 2 as const, requestId: 'r-1' }
  const route = { channel_id: '1', message_id: '2', content: 'x' }

  it('is not made twice, since it would add them twice', async () => {
    using scene = await started((response) => answerJson(response, 502, {}))
    const payload = { ...route, files: [{ upload: await scene.put('one') }] }
    for (const _time of [1, 2]) expect(await codeOf(scene.run('edit_message', payload, origin))).toBe('OUTCOME_UNKNOWN')
    expect(scene.forms).toHaveLength(1)
  })

  it('is made again where it names those that stay, and one without files too', async () => {
    using scene = await started((response) => answerJson(response, 502, {}))
    const edit = restHandler({ route: 'PATCH /channels/{channel_id}/messages/{message_id}' })
    const context = editContext(scene.discord, scene.store, { repeatable: 'idempotent', repeated: true })
    const payload = { ...route, attachments: [], files: [{ upload: await scene.put('one') }] }
    for (const one of [payload, route]) expect(await codeOf(edit(one, context))).toBe('OUTCOME_UNKNOWN')
    expect(scene.forms).toHaveLength(4)
  })
})

describe('where a payload has its uploads', () => {
  const load = async (input: object, store: UploadStore, options = {}) =>
    await loadUploads(input, (handle) => store.find(handle, 'web'), options)

  it('may be the message of a thread', async () => {
    const store = await stores.open()
    const input = { name: 'Glazes', message: { content: 'x', files: [{ upload: await put(store, 'one') }] } }
    using loaded = await load(input, store)
    expect(loaded.input).toEqual({
      name: 'Glazes',
      message: { content: 'x', attachments: [{ id: 0, filename: 'glaze.png' }] },
    })
    expect(loaded.files).toHaveLength(1)
    await expect(load({ message: { files: [{ upload: unknown }] } }, store)).rejects.toMatchObject({
      issues: [{ path: 'data.payload.message.files.0.upload' }],
    })
  })

  it('is where the route has them: in data, where all of the payload is', async () => {
    const store = await stores.open()
    const command = { route: 'POST /interactions/{id}/{token}/callback', fixed: { type: 4 }, under: 'data' } as const
    using loaded = await load(
      { id: '1', token: 't', content: 'x', files: [{ upload: await put(store, 'one') }] },
      store,
    )
    const { body } = restRequest(command, loaded.input)
    expect(body).toEqual({ type: 4, data: { content: 'x', attachments: [{ id: 0, filename: 'glaze.png' }] } })
    const form = await new Response(bodyWith(body, loaded.files).body as Blob).formData()
    expect(form.get('payload_json')).toBe(JSON.stringify(body))
  })

  it('is named as it was, whatever stands in its name', async () => {
    const store = await stores.open()
    const name = 'a "b"; c=é €.png'
    using loaded = await load({ files: [{ upload: await put(store, 'one', { filename: name }) }] }, store)
    const form = await new Response(bodyWith(loaded.input, loaded.files).body as Blob).formData()
    expect(form.get('files[0]')).toMatchObject({ name, type: 'image/png' })
  })

  it('may be refused before all of it was sent, by Discord or by its deadline, again and again', async () => {
    const store = await stores.open()
    const upload = await put(store, 'x'.repeat(8 * 1024 ** 2))
    // At once, at some point in the midst of it, or never.
    let calls = 0
    const server = createServer((request, response) => {
      calls += 1
      if (calls === 5) return
      const answer = () => response.writeHead(403, { connection: 'close' }).end('{"code":50013,"message":"No"}')
      if (calls % 2 === 0) answer()
      else request.once('data', answer)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    using _server = { [Symbol.dispose]: () => server.close().closeAllConnections() }
    const { port } = server.address() as AddressInfo
    const discord = new DiscordApi({ token: 't', apiUrl: `http://127.0.0.1:${port}/api`, deadlineMs: 1_500 })
    using loaded = await load({ files: [{ upload }] }, store)
    for (let time = 0; time < 12; time += 1) {
      const call = discord.call({ action: 'send', repeatable: 'no', hasFiles: true }, (rest, signal) =>
        rest.post('/channels/1/messages', { ...bodyWith(loaded.input, loaded.files), signal }),
      )
      // What fails beside it, and nobody waits for, fails this file.
      await expect(call).rejects.toMatchObject({ name: 'LinkError' })
    }
    expect(calls).toBe(12)
  })

  const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  it('may be a picture, which then stands in the body', async () => {
    const store = await stores.open()
    const icon = { upload: await put(store, PNG) }
    using loaded = await load({ name: 'x', icon, banner: null, image: 'data:image/png;base64,AAAA' }, store)
    expect(loaded.input).toEqual({
      name: 'x',
      icon: `data:image/png;base64,${PNG.toString('base64')}`,
      banner: null,
      image: 'data:image/png;base64,AAAA',
    })
    expect(bodyWith(loaded.input, loaded.files)).toEqual({ body: loaded.input })
    await expect(load({ icon: { upload: unknown } }, store)).rejects.toMatchObject({
      issues: [{ path: 'data.payload.icon.upload' }],
    })
  })

  it.each([
    ['\x89PNG\r\n\x1a\n…', 'image/png'],
    ['\xff\xd8\xff\xe0', 'image/jpeg'],
    ['GIF87a', 'image/gif'],
    ['GIF89a', 'image/gif'],
    ['RIFF\x01\0\0\0WEBPVP8 ', 'image/webp'],
    ['\0\0\0\x1cftypavif', 'image/avif'],
    ['\0\0\0\x1cftypheic', null],
    ['RIFF\x01\0\0\0WAVEfmt ', null],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', null],
    ['x', null],
  ])('that is a picture is what its bytes say: %j', async (text, type) => {
    const store = await stores.open()
    const bytes = Buffer.from(text, 'latin1')
    const icon = { upload: await put(store, bytes, { contentType: 'application/octet-stream' }) }
    const loaded = load({ icon }, store)
    if (type === null) {
      const issues = [{ path: 'data.payload.icon', message: expect.stringContaining('PNG') }]
      return await expect(loaded).rejects.toMatchObject({ code: 'INVALID_PAYLOAD', issues })
    }
    using picked = await loaded
    expect(picked.input).toEqual({ icon: `data:${type};base64,${bytes.toString('base64')}` })
  })

  it('leaves a payload without any as it is, and itself unchanged', async () => {
    const store = await stores.open()
    for (const input of [{ channel_id: '1', content: 'x' }, { message: { content: 'x' } }, { files: 7 }, {}]) {
      using loaded = await load(input, store)
      expect(loaded).toMatchObject({ input, files: [] })
    }
    const named = { files: [{ upload: await put(store, 'one') }] }
    const before = structuredClone(named)
    using _loaded = await load(named, store)
    expect(named).toEqual(before)
  })

  it('has so many pictures in memory at once, and no more', async () => {
    const store = await stores.open()
    const large = await put(store, `GIF89a${'x'.repeat(9 * 1024 * 1024)}`)
    const loaded = await Promise.all(Array.from({ length: 7 }, () => load({ icon: { upload: large } }, store)))
    const more = load({ icon: { upload: large } }, store)
    await expect(more).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfter: 1 })
    for (const one of loaded) one[Symbol.dispose]()
    using _again = await load({ icon: { upload: large } }, store)
  })
})

describe('a form whose fields are parts of their own', () => {
  const sticker = { guild_id: '1', name: 'kiln', description: '', tags: 'fire' }
  const origin = { backend, version: 2 as const }

  it('is what a command of the table sends where its entry says so', async () => {
    using scene = await started()
    const file = { upload: await scene.put('GIF89a'), filename: 'kiln.gif' }
    await scene.run('create_sticker', { ...sticker, file }, origin)
    expect(scene.forms).toEqual([
      {
        path: '/api/v10/guilds/1/stickers',
        body: null,
        fields: { name: 'kiln', description: '', tags: 'fire' },
        parts: { file: { name: 'kiln.gif', type: 'image/gif', text: 'GIF89a' } },
      },
    ])
  })

  it('is refused by the field of its file where that is not there, and nothing is sent', async () => {
    using scene = await started()
    for (const upload of [unknown, await scene.put('x', { backendId: 'other' })]) {
      const sent = scene.run('create_sticker', { ...sticker, file: { upload } }, origin)
      const issues = [{ path: 'data.payload.file.upload', message: expect.any(String) }]
      await expect(sent).rejects.toMatchObject({ code: 'UNKNOWN_UPLOAD', issues })
    }
    expect(scene.forms).toEqual([])
  })

  it('is what discord_api sends where it has uploads, under any names', async () => {
    using scene = await started()
    const targets = { upload: await scene.put('1\n2\n', { filename: 'users.csv', contentType: 'text/csv' }) }
    const sticker_file = { upload: await scene.put('GIF89a'), filename: 'kiln.gif' }
    await scene.run('discord_api', { method: 'PUT', path: '/a', form: { targets, sticker_file } }, origin)
    const body = { payload_json: { max_age: 0 }, name: 'kiln', count: 2, deep: true, list: ['"'], tags: null }
    await scene.run('discord_api', { method: 'POST', path: '/b', body, form: { 'files[0]': targets } }, origin)
    const csv = { name: 'users.csv', type: 'text/csv', text: '1\n2\n' }
    expect(scene.forms).toEqual([
      {
        path: '/api/v10/a',
        body: null,
        parts: { targets: csv, sticker_file: { name: 'kiln.gif', type: 'image/gif', text: 'GIF89a' } },
      },
      {
        path: '/api/v10/b',
        body: { max_age: 0 },
        fields: { name: 'kiln', count: '2', deep: 'true', list: '["\\""]' },
        parts: { 'files[0]': csv },
      },
    ])
  })

  it('is refused of discord_api by each upload that is not the backend’s, and nothing is sent', async () => {
    using scene = await started()
    const form = {
      file: { upload: await scene.put('x', { backendId: 'other' }) },
      own: { upload: await scene.put('x') },
      'files[0]': { upload: unknown },
    }
    const asked = scene.run('discord_api', { method: 'POST', path: '/a', form }, origin)
    const issues = ['file', 'files[0]'].map((name) => ({
      path: `data.payload.form.${name}.upload`,
      message: expect.any(String),
    }))
    await expect(asked).rejects.toMatchObject({ code: 'UNKNOWN_UPLOAD', issues })
    expect(scene.forms).toEqual([])
  })

  it.each([
    ['file', 'form.file'],
    ['name', 'body.name'],
  ])('that Discord refuses is told by the fields of discord_api: %s', async (field, path) => {
    const errors = { [field]: { _errors: [{ code: 'SOME', message: 'No' }] } }
    using scene = await started((response) => answerJson(response, 400, { code: 50_035, message: 'No', errors }))
    const form = { file: { upload: await scene.put('x') } }
    const asked = scene.run('discord_api', { method: 'POST', path: '/a', form }, origin)
    await expect(asked).rejects.toMatchObject({ issues: [{ path: `data.payload.${path}`, message: 'No' }] })
  })

  it.each([
    ['\x89PNG\r\n\x1a\n…', 'image/apng', 'image/png'],
    ['\x89PNG\r\n\x1a\n…', 'application/octet-stream', 'image/png'],
    ['{"v":"5.5.7"}', 'application/octet-stream', 'application/json'],
    ['\n {"v":"5.5.7"}', 'application/json; charset=utf-8', 'application/json'],
    [`\xef\xbb\xbf${' '.repeat(60)}{"v":"5.5.7"}`, '', 'application/json'],
    [`${' '.repeat(64)}{"v":"5.5.7"}`, 'application/octet-stream', 'application/octet-stream'],
    ['{{ kiln }}', 'text/plain', 'text/plain'],
    ['{"v":"5.5.7"}', 'application/jsonlines', 'application/jsonlines'],
    ['[1]', 'application/octet-stream', 'application/octet-stream'],
    ['user_id\n81384788765712384\n', 'text/csv', 'text/csv'],
  ])('has a file of the type that its bytes say, and otherwise of its own: %j, %s', async (text, contentType, type) => {
    const store = await stores.open()
    const bytes = Buffer.from(text, 'latin1')
    const upload = await put(store, bytes, { contentType })
    using loaded = await loadUploads({ file: { upload } }, (handle) => store.find(handle, 'web'), { parts: ['file'] })
    expect(loaded.files).toMatchObject([{ part: 'file', name: 'glaze.png', blob: { type } }])
    const sent = await new Response(loaded.files[0]?.blob).arrayBuffer()
    expect(Buffer.from(sent)).toEqual(bytes)
  })

  const formOf = (fields: object, ...files: [part: string, name: string, text: string][]) =>
    bodyWith(
      fields,
      files.map(([part, name, text]) => ({ part, name, blob: new Blob([text], { type: 'image/png' }) })),
      true,
    ).body as Blob

  it('says of each part what it is called, and nothing that is in a name or a value is taken for more of it', async () => {
    const value = '\r\n--form-0\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--form-0--'
    const name = '"; name="tags"\r\n\r\nx'
    const form = formOf({ description: value, [name]: 'y', count: 2, deep: true, list: [{ a: null }] }, [
      'fi"le',
      name,
      'z',
    ])
    const boundary = form.type.replace('multipart/form-data; boundary=', '')
    const escaped = '%22; name=%22tags%22%0D%0A%0D%0Ax'
    const saying = (called: string, content: string, more = '') =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${called}"${more}\r\n\r\n${content}\r\n`
    expect(await form.text()).toBe(
      [
        saying('description', value),
        saying(escaped, 'y'),
        saying('count', '2'),
        saying('deep', 'true'),
        saying('list', '[{"a":null}]'),
        saying('fi%22le', 'z', `; filename="${escaped}"\r\nContent-Type: image/png`),
        `--${boundary}--\r\n`,
      ].join(''),
    )
  })

  it('is read as what was sent, whatever that is', async () => {
    // A reader takes what looks escaped for that, and a mark of byte order at the beginning away.
    const text = fc
      .string({ unit: 'grapheme' })
      .filter((one) => !/%(?:0A|0D|22)/i.test(one) && !one.startsWith('\ufeff'))
    const value = fc.oneof(
      text,
      text.map((one) => `\r\n--form-${one}--\r\n`),
    )
    const named = fc.dictionary(text, value, { maxKeys: 5 })
    const file = fc.tuple(
      text,
      text.filter((name) => name !== ''),
      value,
    )
    await fc.assert(
      fc.asyncProperty(named, file, async (fields, [part, name, content]) => {
        fc.pre(!(part in fields))
        const read = await new Response(formOf(fields, [part, name, content])).formData()
        const { [part]: sent, ...others } = Object.fromEntries(read)
        expect(others).toEqual({ ...fields })
        expect(sent).toMatchObject({ name, type: 'image/png' })
        expect(await (sent as File).text()).toBe(content)
      }),
    )
  })
})

it('a command with files has longer than three seconds for its first attempt', async () => {
  using scene = await started((response) => void setTimeout(() => created(response), 100))
  const discord = new DiscordApi({ token: 'bot-token', apiUrl: scene.apiUrl, attemptMaxMs: 20 })
  const sent = (files: object) => {
    const { run } = createCommandRunner({
      handlers: handlersOf(),
      discord,
      outcomes: new StoredOutcomes(memoryExpiring()),
      findCreated: async () => null,
      uploads: scene.store,
    })
    return codeOf(
      run('edit_message', { channel_id: '1', message_id: '2', content: 'x', ...files }, { backend, version: 2 }),
    )
  }
  expect(await sent({ files: [{ upload: await scene.put('one') }] })).toBe('done')
  expect(await sent({})).toBe('OUTCOME_UNKNOWN')
})
