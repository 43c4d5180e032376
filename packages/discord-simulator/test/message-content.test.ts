import { GatewayIntentBits } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { scene } from './scene.ts'

const intents = GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages

test('REST showed what was written to a bot without MESSAGE_CONTENT', async () => {
  await using at = await scene({ privileged: [] }, { intents })
  const messages = `/channels/${at.channel('general')}/messages`
  const own = await at.post('general', { content: 'my own words' })
  const listed = (await at.call('GET', `${messages}?limit=100`)).body as {
    id: string
    content: string
    author: { id: string }
    mentions: { id: string }[]
    embeds: object[]
  }[]
  const isMine = ({ author, mentions }: (typeof listed)[number]) =>
    author.id === at.bot.id || mentions.some(({ id }) => id === at.bot.id)
  const others = listed.filter((message) => !isMine(message))
  expect(others.length).toBeGreaterThan(5)
  expect(others.map(({ content, embeds }) => [content, embeds])).toEqual(others.map(() => ['', []]))
  expect(listed.find(({ id }) => id === own.id)).toMatchObject({ content: 'my own words' })
  const one = others.at(-1)!.id
  expect((await at.call('GET', `${messages}/${one}`)).body).toMatchObject({ id: one, content: '' })
  await at.call('PUT', `${messages}/pins/${one}`)
  expect((await at.call('GET', `${messages}/pins`)).body.items[0].message).toMatchObject({ id: one, content: '' })
})

test('with it switched on, REST shows it whatever the intents of sessions', async () => {
  await using at = await scene({ privileged: ['message_content'] }, { intents })
  const { body } = await at.call('GET', `/channels/${at.channel('general')}/messages?limit=100`)
  expect((body as { content: string }[]).some(({ content }) => content.length > 10)).toBe(true)
})
