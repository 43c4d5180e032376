import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { refused, scene } from './scene.ts'

test('no channel could follow another, and what was published went nowhere', async () => {
  await using at = await scene()
  const [source, target] = [at.channel('announcements'), at.channel('general')]
  const path = `/channels/${source}/followers`
  const follow = (channel: string, from = path) => at.call('POST', from, { webhook_channel_id: channel })
  expect(await follow(target, `/channels/${target}/followers`)).toMatchObject({ status: 400, body: { code: 50_024 } })
  const { body } = await follow(target)
  expect(body).toMatchObject({ channel_id: source })
  expect(await at.heard('WEBHOOKS_UPDATE')).toEqual({ guild_id: at.guild.id, channel_id: target })
  expect(await at.heard('MESSAGE_CREATE')).toMatchObject({ type: 12, message_reference: { channel_id: source } })
  const listed = (await at.call('GET', `/channels/${target}/webhooks`)).body
  expect(listed).toMatchObject([{ id: body.webhook_id, type: 2, source_channel: { name: 'announcements' } }])

  const said = at.simulator.people.speak({ user_id: PEOPLE.brackish.id, channel_id: source, content: 'Open day' })
  expect(await at.heard('MESSAGE_CREATE')).toMatchObject({ id: said.id })
  const crosspost = () => at.call('POST', `/channels/${source}/messages/${said.id}/crosspost`)
  expect(await crosspost()).toMatchObject(refused(50_013))
  at.forbid(0n, 'announcements')
  await crosspost()
  expect(await at.heard('MESSAGE_CREATE')).toMatchObject({
    channel_id: target,
    content: 'Open day',
    flags: 2,
    webhook_id: body.webhook_id,
    message_reference: { channel_id: source, message_id: said.id },
  })
  at.forbid(Bit.ManageWebhooks)
  expect(await follow(target)).toMatchObject(refused(50_013))
})

test('a webhook did not know what Slack and GitHub say', async () => {
  await using at = await scene()
  const { id, token } = (await at.call('POST', `/channels/${at.channel('general')}/webhooks`, { name: 'Kiln' })).body
  const hook = `/webhooks/${id}/${token}`
  const attachments = [{ title: 'Peak', text: 'See <https://x.invalid|the log>', color: '#ff0000', ts: 1_790_000_000 }]
  const slack = { text: 'Done', username: 'Thermocouple', attachments }
  expect(await at.call('POST', `${hook}/slack`, slack)).toMatchObject({ status: 200, body: 'ok' })
  expect(await at.heard('MESSAGE_CREATE')).toMatchObject({
    content: 'Done',
    author: { username: 'Thermocouple' },
    embeds: [{ title: 'Peak', description: 'See [the log](https://x.invalid)', color: 0xff0000 }],
  })
  const sender = { login: 'octocat', html_url: 'https://github.invalid/octocat' }
  const repository = { full_name: 'tide/kiln' }
  const issue = { number: 7, title: 'Too hot', html_url: 'https://github.invalid/7' }
  const github = { sender, repository, action: 'opened', issue }
  expect((await at.call('POST', `${hook}/github`, github)).status).toBe(204)
  expect(await at.heard('MESSAGE_CREATE')).toMatchObject({
    embeds: [{ title: '[tide/kiln] Issue opened: #7 Too hot', author: { name: 'octocat' } }],
  })
  const commits = [
    { id: '0123456789', message: 'Mend\n\nMore', url: 'https://github.invalid/c' },
    { id: 'abcdefabcd', message: 'Bare' },
  ]
  await at.call('POST', `${hook}/github`, { sender, repository, ref: 'refs/heads/main', commits })
  expect((await at.heard('MESSAGE_CREATE')).embeds[0]).toMatchObject({
    title: '[tide/kiln] main 2 new commits',
    description: '[`0123456`](https://github.invalid/c) Mend\n`abcdefa` Bare',
  })
  // What is of no interest is passed over.
  expect((await at.call('POST', `${hook}/github`, { sender, action: 'created' })).status).toBe(204)
  expect(await at.call('POST', `/webhooks/${id}/wrong/slack`, slack)).toMatchObject({
    status: 401,
    body: { code: 50_027 },
  })
})

test('webhooks outlived their channel, and were no unknown ones', async () => {
  await using at = await scene()
  const { id: channel_id } = (await at.call('POST', `/guilds/${at.guild.id}/channels`, { name: 'pop-up' })).body
  const { id, token } = (await at.call('POST', `/channels/${channel_id}/webhooks`, { name: 'Kiln' })).body
  const stays = (await at.call('POST', `/channels/${at.channel('general')}/webhooks`, { name: 'Wheel' })).body
  const followed = `/channels/${at.channel('announcements')}/followers`
  await at.call('POST', followed, { webhook_channel_id: channel_id })
  await at.call('DELETE', `/channels/${channel_id}`)
  for (const [method, path] of [
    ['GET', `/webhooks/${id}`],
    ['GET', `/webhooks/${id}/${token}`],
    ['PATCH', `/webhooks/${id}/${token}`],
    ['POST', `/webhooks/${id}/${token}`],
    ['DELETE', `/webhooks/${id}`],
  ] as const)
    expect([method, path, await at.call(method, path, method === 'GET' ? undefined : { content: 'x' })]).toMatchObject([
      method,
      path,
      { status: 404, body: { code: 10_015 } },
    ])
  const left = (await at.call('GET', `/guilds/${at.guild.id}/webhooks`)).body
  expect(left).toMatchObject([{ id: stays.id }])
  // Nor does a new channel of that id have them back.
  at.simulator.dispatch('CHANNEL_CREATE', { id: channel_id, guild_id: at.guild.id, name: 'pop-up', type: 0 })
  expect((await at.call('GET', `/channels/${channel_id}/webhooks`)).body).toEqual([])
})
