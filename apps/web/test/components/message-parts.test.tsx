import type { APIMessage } from 'discord-api-types/v10'
import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { byShow, isOnStage } from '../../src/components/channels/voice-order.ts'
import { timeText } from '../../src/components/feed/markdown/time-text.ts'
import { Attachments } from '../../src/components/feed/message-attachments.tsx'
import { MessageComponents } from '../../src/components/feed/message-components.tsx'
import { Content } from '../../src/components/feed/message-content.tsx'
import { Embeds } from '../../src/components/feed/message-embeds.tsx'
import { Poll } from '../../src/components/feed/message-poll.tsx'
import { Stickers } from '../../src/components/feed/message-stickers.tsx'
import { systemText } from '../../src/components/feed/system-text.tsx'
import { writerTags } from '../../src/components/feed/writer-tags.ts'
import { GuildStoreProvider } from '../../src/hooks/use-guild-store.ts'
import { clipLength } from '../../src/live/format.ts'
import { messageType } from '../../src/live/view/discord-values.ts'
import { pollOf } from '../../src/live/view/message-poll.ts'
import type { ViewVoice } from '../../src/live/view/view-types.ts'
import { message } from '../live/fixtures.ts'
import { stillStore } from './still-store.ts'

const store = stillStore()
const html = (children: ReactNode): string =>
  renderToStaticMarkup(<GuildStoreProvider value={store}>{children}</GuildStoreProvider>)
const text = (children: ReactNode): string =>
  html(children)
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&#x27;', "'")

const picture = {
  url: 'https://evil.example/p.png',
  proxy_url: 'https://media.discordapp.net/p.png',
  width: 640,
  height: 360,
}

describe('embeds', () => {
  test('link to the web alone, and have pictures from Discord’s proxy', () => {
    const shown = html(
      <Embeds
        embeds={[{ title: 'a', url: 'javascript:alert(1)', author: { name: 'b', url: 'data:,x' }, image: picture }]}
      />,
    )
    expect(shown).not.toMatch(/javascript:|data:,|evil/)
    expect(shown).toContain('src="https://media.discordapp.net/p.png"')
    expect(shown).toContain('width="640" height="360"')
  })

  test('have no picture whose size nobody tells: it would move what stands below', () => {
    const { width: _, height: __, ...sizeless } = picture
    expect(html(<Embeds embeds={[{ title: 'a', image: sizeless }]} />)).not.toContain('<img')
  })

  test('are not shown where their writer took them away', () => {
    expect(text(<Content payload={{ content: 'a', embeds: [{ title: 'gone' }], flags: 4 }} />)).toBe('a')
  })
})

describe('attachments', () => {
  const file = {
    id: '1',
    filename: 'a.png',
    size: 1_000,
    url: 'https://cdn.discordapp.com/a.png',
    proxy_url: 'https://media.discordapp.net/a.png',
  }

  test('that are spoilers are covered, by name and by flag', () => {
    const covered = (fields: object) =>
      html(
        <Attachments attachments={[{ ...file, content_type: 'image/png', width: 9, height: 9, ...fields }]} />,
      ).includes('Show spoiler')
    expect(covered({})).toBe(false)
    expect(covered({ filename: 'SPOILER_a.png' })).toBe(true)
    expect(covered({ flags: 8 })).toBe(true)
  })

  test('that play load nothing before somebody plays them', () => {
    const shown = html(
      <Attachments
        attachments={[
          { ...file, content_type: 'video/mp4', width: 640, height: 360 },
          { ...file, id: '2', content_type: 'audio/ogg', duration_secs: 12, waveform: 'AA==' },
        ]}
      />,
    )
    expect(shown.match(/preload="none"/g)).toHaveLength(2)
    expect(shown).toContain('Voice message')
    expect(shown).toContain('0:12')
  })

  test.each([
    ['one that is small, as it is', 64, 64, 64, 64],
    ['one that is wide', 1600, 300, 400, 75],
    ['one that is tall', 300, 1600, 56, 300],
    ['one that is large', 4000, 3000, 400, 300],
    ['one that is next to nothing', 4000, 1, 400, 1],
  ])('that are pictures have their place beforehand: %s', (_what, width, height, placeWidth, placeHeight) => {
    const shown = html(<Attachments attachments={[{ ...file, content_type: 'image/png', width, height }]} />)
    expect(shown).toContain(`width="${placeWidth}" height="${placeHeight}"`)
  })

  test('that are pictures without a size are files', () => {
    expect(html(<Attachments attachments={[{ ...file, content_type: 'image/png' }]} />)).not.toContain('<img')
  })
})

test('stickers that are programs go by their names', () => {
  expect(html(<Stickers stickers={[{ id: '1', name: 'Bounce', format_type: 3 }]} />)).not.toContain('<img')
  expect(html(<Stickers stickers={[{ id: '1', name: 'Wave', format_type: 1 }]} />)).toContain('alt="Sticker: Wave"')
})

describe('components', () => {
  test('are named, and not to be pressed; links lead to the web alone', () => {
    const shown = html(
      <MessageComponents
        components={[
          {
            type: 1,
            components: [
              { type: 2, style: 1, label: 'Fire', custom_id: 'a' },
              { type: 2, style: 5, label: 'Sheet', url: 'https://a.org' },
              { type: 2, style: 5, label: 'Trap', url: 'javascript:alert(1)' },
            ],
          },
        ]}
      />,
    )
    expect(shown).toContain('aria-label="Fire. Answers in Discord, not here"')
    expect(shown).toContain('href="https://a.org"')
    expect(shown).not.toContain('javascript')
    expect(shown).toContain('Trap')
  })

  test('that hold each other without end, or that nobody knows, end', () => {
    let nested: object = { type: 10, content: 'deep' }
    for (let depth = 0; depth < 500; depth += 1) nested = { type: 17, components: [nested, { type: 99 }] }
    expect(text(<MessageComponents components={[nested as never]} />)).toBe('')
  })
})

describe('a poll', () => {
  const asked = (results?: object) =>
    pollOf(
      {
        poll: {
          question: { text: 'Which?' },
          answers: [
            { answer_id: 1, poll_media: { text: 'A' } },
            { answer_id: 2, poll_media: { text: 'B' } },
          ],
          expiry: new Date(Date.now() - 1).toISOString(),
          allow_multiselect: false,
          layout_type: 1,
          ...results,
        },
      },
      false,
    )!

  test('whose votes are not known says so', () => {
    expect(text(<Poll poll={asked()} />)).toMatch(/A–.*B–.*Votes not known · ended, being counted/)
  })

  test('that has ended says what won', () => {
    const poll = asked({ results: { is_finalized: true, answer_counts: [{ id: 2, count: 3, me_voted: false }] } })
    expect(text(<Poll poll={poll} />)).toMatch(/A0 votes0\u00a0%B \(won\)3 votes100\u00a0%3 votes · ended/)
  })
})

describe('Discord’s own messages', () => {
  const written: ReadonlySet<number> = new Set([
    messageType.default,
    messageType.reply,
    messageType.command,
    messageType.contextCommand,
  ])

  test.each(Object.entries(messageType).filter(([, type]) => !written.has(type)))('%s has a line', (_name, type) => {
    const { says } = systemText(message(0, { type }))
    expect(text(says)).not.toContain('does not show')
    expect(text(says)).not.toBe('')
  })

  test('one that a later Discord sends says so', () => {
    expect(text(systemText(message(0, { type: 250 as never })).says)).toContain('(type 250)')
  })

  test.each<[type: number, fields: Partial<APIMessage>, says: string]>([
    [messageType.boost, { content: '3' }, 'boosted the server 3 times'],
    [messageType.boostTier2, { content: '' }, 'boosted the server, which has reached level 2'],
    [messageType.recipientRemove, { mentions: [message(0).author] }, 'left'],
    [
      messageType.pollResult,
      {
        embeds: [
          {
            fields: [
              { name: 'poll_question_text', value: 'Q' },
              { name: 'total_votes', value: '0' },
            ],
          },
        ],
      },
      'asked Q, and the poll has ended: nobody voted',
    ],
    [
      messageType.pollResult,
      { embeds: [{ fields: [{ name: 'total_votes', value: '2' }] }] },
      'asked a question, and the poll has ended: a tie, of 2 votes',
    ],
  ])('%i says %o as %s', (type, fields, says) => {
    expect(text(systemText(message(0, { type, ...fields })).says)).toBe(says)
  })
})

test.each<[fields: Partial<APIMessage>, isBot: boolean, tags: string[]]>([
  [{}, false, []],
  [{}, true, ['BOT']],
  [{ webhook_id: '1' }, true, ['WEBHOOK']],
  [{ webhook_id: '1', application_id: '2' }, true, ['BOT']],
  [{ webhook_id: '1', flags: 2 }, true, ['FOLLOWED']],
])('%o of a bot (%s) bears %o', (fields, isBot, tags) => {
  expect(writerTags(message(0, fields), isBot)).toEqual(tags)
})

test.each([
  [12.4, '0:12'],
  [61, '1:01'],
  [3_723, '1:02:03'],
])('%d seconds play for %s', (seconds, says) => {
  expect(clipLength(seconds)).toBe(says)
})

test.each([
  [0, 'now'],
  [-5_000, '5 seconds ago'],
  [90_000, 'in 2 minutes'],
  [-7_200_000, '2 hours ago'],
  [-86_400_000, 'yesterday'],
  [40 * 86_400_000, 'next month'],
])('%d ms from now is %s', (ms, says) => {
  expect(timeText(1_700_000_000_000 + ms, 'R', 1_700_000_000_000)).toBe(says)
})

test('in voice those come first who show most, and an audience is no speaker', () => {
  const state = (userId: string, is: Partial<ViewVoice> = {}): ViewVoice => ({
    userId,
    channelId: '202',
    muted: true,
    deafened: false,
    serverMuted: false,
    serverDeafened: false,
    camera: false,
    streaming: false,
    suppressed: false,
    raisedHand: false,
    ...is,
  })
  const states = [
    state('1'),
    state('2', { muted: false }),
    state('3', { camera: true }),
    state('4', { streaming: true }),
    state('5'),
  ]
  expect(byShow(states).map(({ userId }) => userId)).toEqual(['4', '3', '2', '1', '5'])
  expect(isOnStage(state('1', { suppressed: true }))).toBe(false)
})
