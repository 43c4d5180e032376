import { describe, expect, test } from 'vitest'
import { scene } from './scene.ts'
import type { Scene } from './scene.ts'

const messages = (at: Scene) => `/channels/${at.channel('general')}/messages`

describe('files', () => {
  const form = (payload: object, ...files: [name: string, text: string][]) => {
    const data = new FormData()
    data.append('payload_json', JSON.stringify(payload))
    for (const [index, [name, text]] of files.entries()) {
      data.append(`files[${index}]`, new Blob([text], { type: 'text/plain' }), name)
    }
    return data
  }

  test('are shown in the message, and can be fetched', async () => {
    await using at = await scene()
    const body = form({ attachments: [{ id: 1, description: 'the second' }] }, ['a b.txt', 'one'], ['c.txt', 'two'])
    const { status, body: message } = await at.call('POST', `/channels/${at.channel('general')}/messages`, body)
    expect(status).toBe(200)
    expect(message.attachments).toMatchObject([
      { filename: 'a_b.txt', size: 3, content_type: 'text/plain; charset=utf-8' },
      { filename: 'c.txt', size: 3, description: 'the second' },
    ])
    expect(await (await fetch(message.attachments[1].url as string)).text()).toBe('two')
    const read = await at.call('GET', `/channels/${at.channel('general')}/messages/${message.id}`)
    expect(read.body.attachments).toEqual(message.attachments)
    expect((await fetch(`${at.simulator.url}/attachments/1/2/c.txt`)).status).toBe(404)
  })

  test('were of the type that their part of the form named', async () => {
    await using at = await scene()
    const names = ['a.png', 'B.OGG', 'c.tar.gz', 'd', 'e.constructor']
    const body = form({}, ...names.map((name): [string, string] => [name, 'no picture']))
    const { attachments } = (await at.call('POST', messages(at), body)).body
    const types = (attachments as { content_type?: string }[]).map(({ content_type }) => content_type)
    expect(types).toEqual(['image/png', 'audio/ogg', undefined, undefined, undefined])
    const served = async (index: number) => (await fetch(attachments[index].url as string)).headers.get('content-type')
    expect([await served(0), await served(3)]).toEqual(['image/png', 'application/octet-stream'])
  })

  test('of which the body spoke were not looked for', async () => {
    await using at = await scene()
    const fault = { _errors: [{ code: 'ATTACHMENT_NOT_FOUND', message: 'Attachment data not found' }] }
    const missing = (index: number) => ({
      status: 400,
      body: { code: 50035, errors: { attachments: { [index]: fault } } },
    })
    const two = { content: 'x', attachments: [{ id: 0 }, { id: 3 }] }
    expect(await at.call('POST', messages(at), form(two, ['a.txt', 'one']))).toMatchObject(missing(1))
    expect(await at.call('POST', messages(at), { content: 'x', attachments: [{ id: 0 }] })).toMatchObject(missing(0))
    const webhook = (await at.call('POST', `/channels/${at.channel('general')}/webhooks`, { name: 'kiln' })).body
    const hook = `/webhooks/${webhook.id}/${webhook.token}`
    expect(await at.call('POST', hook, { content: 'x', attachments: [{ id: 0 }] })).toMatchObject(missing(0))
    // An edit names what is there, and what comes with it.
    const { id, attachments } = (await at.call('POST', messages(at), form({}, ['a.txt', 'one']))).body
    const edit = (body: unknown) => at.call('PATCH', `${messages(at)}/${id}`, body)
    const both = { attachments: [{ id: attachments[0].id }, { id: 0 }] }
    expect(await edit({ attachments: [{ id: '1' }] })).toMatchObject(missing(0))
    expect((await edit(form(both, ['b.txt', 'two']))).body.attachments).toHaveLength(2)
  })

  test('of an edit stayed though its list left them out', async () => {
    await using at = await scene()
    const { id, attachments } = (await at.call('POST', messages(at), form({}, ['a.txt', 'one']))).body
    const edit = async (body: unknown) => {
      const edited = (await at.call('PATCH', `${messages(at)}/${id}`, body)).body.attachments
      return (edited as { filename: string }[]).map(({ filename }) => filename)
    }
    const old = { id: attachments[0].id }
    expect(await edit(form({ attachments: [old] }, ['b.txt', 'two']))).toEqual(['a.txt'])
    expect(await edit(form({}, ['c.txt', 'three']))).toEqual(['a.txt', 'c.txt'])
    expect(await edit(form({ attachments: [{ id: 1 }] }, ['d.txt', 'four'], ['e.txt', 'five']))).toEqual(['e.txt'])
  })

  test('need ATTACH_FILES, and are ten at most', async () => {
    await using at = await scene()
    const one = form({}, ['x.txt', 'x'])
    // #build-log is closed to files for who is no maker.
    expect((await at.call('POST', `/channels/${at.channel('build-log')}/messages`, one)).body.code).toBe(50013)
    const many = form({}, ...Array.from({ length: 11 }, (_, n): [string, string] => [`${n}.txt`, 'x']))
    expect((await at.call('POST', `/channels/${at.channel('general')}/messages`, many)).body.code).toBe(30015)
  })

  test('that are no form are refused', async () => {
    await using at = await scene()
    const headers = { 'content-type': 'multipart/form-data; boundary=x' }
    const { status, body } = await at.call('POST', `/channels/${at.channel('general')}/messages`, 'no form', headers)
    expect([status, body.code]).toEqual([400, 50035])
  })
})
