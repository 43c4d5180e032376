import type { APIEmbed, APIMessage } from 'discord-api-types/v10'
import { kilnReport } from './kiln-report.ts'
import { PEOPLE } from './people.ts'
import type { Name } from './people.ts'

/** One message of the past. */
export interface Line {
  guild: string
  /** A channel's or thread's name. */
  channel: string
  /** Minutes before the world begins. */
  ago: number
  by: Name | 'gantry'
  text?: string
  /** A name to which `reply` can point. */
  as?: string
  reply?: string
  reacts?: Partial<Record<string, readonly (Name | 'gantry')[]>>
  embed?: APIEmbed
  edited?: true
  /** What else there is to it: its poll, its components, whose command it answers. */
  more?: Partial<APIMessage>
  /** Who voted for which answer of its poll. */
  votes?: Readonly<Record<number, readonly Name[]>>
  /** A line that it passes on. */
  forwards?: string
  /** `joined`: the system message that somebody came in. `thread`: that somebody started the thread named by `text`. */
  system?: 'joined' | 'thread'
}

const said = (guild: string, channel: string, lines: readonly Omit<Line, 'guild' | 'channel'>[]): Line[] =>
  lines.map((line) => ({ guild, channel, ...line }))

const T = 'Tidewater Makers'
const N = 'Night Ledger'

/** The thread of the workshop, and the channel it hangs on. */
export const THREAD = { guild: T, parent: 'build-log', name: 'cone 6 schedule', by: 'saltmarsh', ago: 2.2 } as const

export const HISTORY: readonly Line[] = [
  ...said(T, 'announcements', [
    {
      ago: 4_330,
      by: 'tessellate',
      text: 'The extractor is serviced and back in. Please log your hours on the sheet by the door.',
      reacts: { '👍': ['brackish', 'pikelet', 'umberfox', 'gantry'] },
    },
    {
      ago: 1_512,
      by: 'brackish',
      text: 'Friday demo as usual, 18:00. Two slots are still free.',
      reacts: { '🔥': ['oddment'] },
    },
  ]),
  ...said(T, 'general', [
    { ago: 388, by: 'cinderwick', text: 'Whose bicycle is in front of the timber rack? I need the long oak.' },
    { ago: 383, by: 'halfpenny', text: 'Mine, moving it now. Sorry!' },
    {
      ago: 171,
      by: 'oddment',
      text: 'The radio in the wood shop only gets one station and it is all accordion.',
      as: 'radio',
    },
    {
      ago: 168,
      by: 'pikelet',
      text: 'That is a feature.',
      reply: 'radio',
      reacts: { '😂': ['oddment', 'saltmarsh', 'umberfox'] },
    },
    { ago: 94, by: 'fenwick_lamp', text: 'Anyone seen the small calipers?' },
    { ago: 92, by: 'quillwort', text: 'Second drawer.' },
    { ago: 91, by: 'fenwick_lamp', text: 'Never mind, found it.', reacts: { '👍': ['quillwort'] } },
    { ago: 17, by: 'lanternfish', system: 'joined' },
    { ago: 16, by: 'umberfox', text: 'Welcome! The kettle is left of the door, everything else is labelled.' },
  ]),
  ...said(T, 'build-log', [
    {
      ago: 95,
      by: 'cinderwick',
      text: 'Second coat on the hull is dry. Sanded with 320, it finally looks like a boat.',
    },
    { ago: 94, by: 'cinderwick', text: 'Photos on Friday, I promise.', reacts: { '🚣': ['pikelet', 'brackish'] } },
    {
      ago: 12,
      by: 'tessellate',
      as: 'booked',
      text: 'Kiln 2 is booked until nine tonight. If you want a slot tomorrow, reply here and I will put you on the sheet.',
      reacts: {
        '👍': ['brackish', 'pikelet', 'saltmarsh', 'quillwort', 'oddment', 'umberfox'],
        '🔥': ['cinderwick', 'gantry'],
      },
    },
    {
      ago: 10,
      by: 'saltmarsh',
      reply: 'booked',
      text: 'Put me down for ten. Two shelves of bisque, nothing above cone 04.',
      reacts: { '👍': ['tessellate', 'pikelet', 'brackish'], '🔥': ['quillwort', 'gantry'] },
    },
    { ago: 8, by: 'gantry', embed: kilnReport('Kiln 2, cone 6 glaze', 1043, 1222, 83, '20:40') },
    { ago: 5, by: 'pikelet', text: 'Is the extractor meant to be off during the hold?', as: 'extractor' },
    { ago: 4.4, by: 'brackish', reply: 'extractor', text: 'No. Checking.' },
    { ago: THREAD.ago, by: THREAD.by, system: 'thread', text: THREAD.name },
    { ago: 1.2, by: 'brackish', text: 'It was the door switch: two turns on the bracket.', edited: true },
    { ago: 1.1, by: 'brackish', text: 'The hold is flat again.' },
    { ago: 0.8, by: 'pikelet', text: '<@brackish> confirmed, it pulls air again. Thanks.' },
  ]),
  ...said(T, THREAD.name, [
    { ago: 2.1, by: 'saltmarsh', text: '83 an hour to 1,000, then 60 to the top, fifteen minutes hold. Too slow?' },
    { ago: 1.6, by: 'quillwort', text: 'Not with that much iron in the glaze. I would even add a soak at 1,100.' },
  ]),
  ...said(T, 'kiln-watch', [
    { ago: 68, by: 'gantry', embed: kilnReport('Kiln 2, cone 6 glaze', 960, 1222, 83, '20:41') },
    { ago: 38, by: 'gantry', embed: kilnReport('Kiln 2, cone 6 glaze', 1002, 1222, 83, '20:40') },
    { ago: 30, by: 'quillwort', text: 'Leaving the vent open for the night shift.' },
    { ago: 8, by: 'gantry', embed: kilnReport('Kiln 2, cone 6 glaze', 1043, 1222, 83, '20:40') },
  ]),
  ...said(T, 'buy-together', [
    {
      ago: 640,
      by: 'umberfox',
      text: 'Ordering stoneware on Thursday, 12 kg bags. I have 30 on the list so far.',
      as: 'clay',
    },
    { ago: 610, by: 'saltmarsh', reply: 'clay', text: 'Four for me.' },
    { ago: 598, by: 'halfpenny', text: 'שתי שקיות בשבילי, תודה! I can help carry.' },
    { ago: 590, by: 'umberfox', text: 'الطلب يوم الخميس، ومن يحتاج طيناً فليكتب هنا.', reacts: { '👍': ['saltmarsh'] } },
  ]),
  ...said(T, 'inventory', [
    {
      ago: 2_900,
      by: 'quillwort',
      text: 'Counted the glaze shelf: celadon is down to one bucket, tenmoku two and a half.',
    },
    {
      ago: 2_870,
      by: 'umberfox',
      text: 'Celadon goes on the Thursday order.',
      reacts: { '✅': ['quillwort', 'gantry'] },
    },
  ]),
  ...said(T, 'keyholders', [
    { ago: 700, by: 'tessellate', text: 'New code for the side door from Monday. Ask me in person.' },
    { ago: 655, by: 'brackish', text: 'I lock up tonight.', reacts: { '🔑': ['umberfox'] } },
  ]),
  ...said(N, 'front-desk', [
    { ago: 840, by: 'palimpsest', text: 'Next is the one with the lighthouse. Chapters one to six by Sunday.' },
    { ago: 822, by: 'vesper_mole', text: 'Is six the long one?' },
    { ago: 820, by: 'palimpsest', text: 'Six is the long one.', reacts: { '😅': ['vesper_mole', 'umberfox'] } },
    {
      ago: 400,
      by: 'nocturne_7',
      more: { pinned: true },
      text: `## House rules
1. Whoever reads **last** writes the minutes.
2. Endings go behind bars: ||the keeper did it||.
3. Times are <t:in 2880:F>, that is <t:in 2880:R>, and *nobody* is early.
-# As agreed in the cellar. Ask <@palimpsest> about \`no. 2\`.`,
    },
    {
      ago: 380,
      by: 'palimpsest',
      votes: { 1: ['nocturne_7', 'umberfox', 'vesper_mole'], 2: ['quillwort'] },
      more: {
        poll: {
          question: { text: 'What is next?' },
          answers: [
            {
              answer_id: 1,
              poll_media: { text: 'The one with the lighthouse, again', emoji: { id: null, name: '🕯️' } },
            },
            { answer_id: 2, poll_media: { text: 'Anything without a lighthouse' } },
          ],
          // A week from then: Discord's polls last no longer than 32 days.
          expiry: 'in 9700',
          allow_multiselect: false,
          layout_type: 1,
        },
      },
    },
    { ago: 130, by: 'vesper_mole', forwards: 'fog' },
    {
      ago: 120,
      by: 'gantry',
      text: 'The lamp room is free until nine.',
      more: {
        type: 20,
        interaction_metadata: {
          id: '1187220946017062912',
          type: 2,
          user: PEOPLE.umberfox,
          authorizing_integration_owners: {},
        },
        interaction: { id: '1187220946017062912', type: 2, name: 'lamp', user: PEOPLE.umberfox },
        components: [
          {
            type: 1,
            components: [
              { type: 2, style: 1, label: 'Keep it for me', custom_id: 'keep', emoji: { name: '🕯️' } },
              { type: 2, style: 5, label: 'The rota', url: 'https://example.org/rota' },
            ],
          },
        ],
      },
    },
  ]),
  ...said(N, 'marginalia', [
    {
      ago: 150,
      by: 'candlewright',
      text: '> the fog came in like an unpaid debt\nUnderlined twice, no idea why.',
      as: 'fog',
    },
    { ago: 141, by: 'nocturne_7', reply: 'fog', text: 'Because it is about the brother.' },
    {
      ago: 139,
      by: 'quillwort',
      text: 'Everything is about the brother.',
      reacts: { '🕯️': ['candlewright', 'nocturne_7'] },
    },
  ]),
  ...said(N, 'treasury', [{ ago: 5_000, by: 'palimpsest', text: 'Forty-one left after the candles.' }]),
]

/** What is on the shelf of the reading circle: each with how it began, and what was answered. */
export const POSTS: readonly {
  name: string
  by: Name
  ago: number
  /** By their places among the channel's. */
  tags: readonly number[]
  pinned?: true
  text: string
  answers: readonly { by: Name; ago: number; text: string }[]
}[] = [
  {
    name: 'The one with the lighthouse',
    by: 'palimpsest',
    ago: 2_000,
    tags: [0, 1],
    text: 'Chapters one to six by Sunday. Quote with `>`, and hide what happens in six.',
    answers: [
      { by: 'candlewright', ago: 1_300, text: '> the fog came in like an unpaid debt\nIs the fog the debt?' },
      { by: 'vesper_mole', ago: 95, text: '||The debt is the fog.||' },
    ],
  },
  {
    name: 'How this shelf works',
    by: 'nocturne_7',
    ago: 4_000,
    tags: [],
    pinned: true,
    text: 'A post for each book. Say what it is, and who has it.',
    answers: [],
  },
  {
    name: 'Letters nobody sent',
    by: 'quillwort',
    ago: 3_100,
    tags: [],
    text: 'I have it until Friday.',
    answers: [{ by: 'umberfox', ago: 2_900, text: 'Then me, please.' }],
  },
]

/** Who is in voice when the world begins. */
export const IN_VOICE: readonly {
  guild: string
  channel: string
  who: Name
  is?: readonly ('self_mute' | 'self_deaf' | 'self_stream' | 'self_video')[]
}[] = [
  { guild: T, channel: 'Workbench', who: 'brackish', is: ['self_stream'] },
  { guild: T, channel: 'Workbench', who: 'pikelet', is: ['self_mute'] },
  { guild: T, channel: 'Workbench', who: 'quillwort', is: ['self_mute', 'self_deaf'] },
  { guild: T, channel: 'Workbench', who: 'saltmarsh', is: ['self_video'] },
  { guild: T, channel: 'Quiet room', who: 'nocturne_7', is: ['self_mute'] },
  { guild: T, channel: 'Loft', who: 'tessellate' },
  { guild: T, channel: 'Loft', who: 'lanternfish', is: ['self_video'] },
  { guild: T, channel: 'Loft', who: 'fenwick_lamp', is: ['self_mute'] },
  { guild: T, channel: 'Loft', who: 'oddment' },
  { guild: N, channel: 'Lamp room', who: 'palimpsest' },
  { guild: N, channel: 'Lamp room', who: 'vesper_mole', is: ['self_mute'] },
]
