/** What one of a scene's people says. */
export interface SceneLine {
  /** A letter for whoever plays the part. */
  who: string
  text: string
  /** The line that this one replies to, counted from 0. */
  answers?: number
  /** The emojis that others react with. */
  draws?: readonly string[]
  /** What was sent first, when the text is the correction. */
  first?: string
}

/** A short conversation that could be had in a channel. */
export interface Scene {
  guild: string
  channel: string
  lines: readonly SceneLine[]
}

type Extra = Omit<SceneLine, 'who' | 'text'>

const say = (who: string, text: string, extra: Extra = {}): SceneLine => ({ who, text, ...extra })
const place = (guild: string, channel: string, ...scenes: (readonly SceneLine[])[]): Scene[] =>
  scenes.map((lines) => ({ guild, channel, lines }))

const T = 'Tidewater Makers'
const N = 'Night Ledger'

export const SCENES: readonly Scene[] = [
  ...place(
    T,
    'general',
    [
      say('a', 'Kettle is on, who is in?'),
      say('b', 'Two from the loft, please.', { draws: ['🫖'] }),
      say('c', 'None for me, I am covered in epoxy.'),
    ],
    [
      say('a', 'Is the big bandsaw free after four?'),
      say('b', 'Should be. New blade went on this morning, go easy on it.', { answers: 0, draws: ['👍'] }),
    ],
    [
      say('a', 'There is a grey jumper on the lathe. Not a place for jumpers.', { draws: ['😬'] }),
      say('b', 'Mine. I am so sorry. Coming.'),
      say('a', 'It is on the hook by the stairs now.', { draws: ['🙏'] }),
    ],
    [
      say('a', 'Does anybody own a 7/16 tap? Asking for a very old bicycle.'),
      say('b', 'Imperial drawer, left one, under the thread gauges.', {
        first: 'Imperial drawer, right one, under the thread gauges.',
      }),
      say('a', 'Found it, thank you.', { draws: ['🚲'] }),
    ],
    [
      say('a', 'Rain is coming in at the roof light again.'),
      say('b', 'Bucket is under it. I will call the landlord, again.', { draws: ['🪣', '🙏'] }),
    ],
    [
      say('a', 'What do you all finish spoons with?'),
      say('b', 'Tung oil, three coats, a week apart.'),
      say('c', 'Walnut oil and impatience.', { answers: 0, draws: ['😂'] }),
    ],
    [say('a', 'The parcel with the stepper motors is at the front desk, whoever they are for.', { draws: ['📦'] })],
  ),
  ...place(
    T,
    'build-log',
    [
      say('a', 'The plotter draws circles that close now. It was backlash on Y, not the firmware.', {
        draws: ['🎉', '🔥'],
      }),
      say('b', 'How did you take it out?', { answers: 0 }),
      say('a', 'Spring on the nut. Embarrassingly simple.'),
    ],
    [
      say('a', 'Glaze test 14: the iron went olive instead of amber. I like it more than what I wanted.', {
        draws: ['👀'],
      }),
      say('b', 'What was the hold?'),
      say('a', 'Twenty minutes, five more than usual.', { first: 'Twenty minutes, five less than usual.' }),
    ],
    [
      say('a', 'Broke a dovetail on the last corner, of course on the last corner.', { draws: ['😭'] }),
      say('b', 'Glue, clamp, and call it a feature.'),
      say('c', 'Everyone looks at the other three anyway.', { draws: ['👍'] }),
    ],
    [
      say('a', 'First print of the ocarina in resin. In tune to about a fifth of a semitone.', { draws: ['🎶'] }),
      say('b', 'Bring it on Friday!', { answers: 0 }),
    ],
    [
      say('a', 'The extraction fan controller now waits for the sensor instead of guessing.'),
      say('b', 'Does it still start when the laser does?'),
      say('a', 'Two seconds before. Relay two, see the label.', { draws: ['✅'] }),
    ],
    [say('a', 'Lesson of today: measure the drawer after the runners are in.', { draws: ['😂', '💯'] })],
  ),
  ...place(
    T,
    'cone 6 schedule',
    [
      say('a', 'Slower above 1,150 helped. No pinholes on the bottom shelf this time.', { draws: ['🎉'] }),
      say('b', 'And the top shelf?'),
      say('a', 'Two small ones. I blame the draught.'),
    ],
    [
      say('a', 'Can we try a drop and soak at 1,040 next week?'),
      say('b', 'Yes, but then overnight. I will not sit with it until three.', { answers: 0 }),
    ],
  ),
  ...place(
    T,
    'kiln-watch',
    [
      say('a', 'Kiln 2 looks flat to me, witness cone just starting to bend.', { draws: ['👀'] }),
      say('b', 'Thanks. Leave it.'),
    ],
    [say('a', 'Peephole bung was out, I put it back.'), say('b', 'Good catch.', { answers: 0 })],
    [
      say('a', 'Kiln 1 is at 180 and may be cracked a finger wide. Gloves, please.'),
      say('b', 'On my way down.', { draws: ['🧤'] }),
    ],
    [say('a', 'Leaving the vent open for the night shift.')],
  ),
  ...place(
    T,
    'buy-together',
    [
      say('a', 'Birch ply, 12 mm: I need three sheets, delivery is free from ten. Anyone?'),
      say('b', 'Two for me.', { answers: 0 }),
      say('c', 'Four, if someone helps me carry.', { answers: 0, draws: ['💪'] }),
      say('a', 'Nine. One more and I order.'),
    ],
    [
      say('a', 'Sanding belts, 75 by 533, box of ten. Shall we go halves?'),
      say('b', 'Yes! Grit 120 and 180.', { first: 'Yes! Grit 120 and 150.' }),
    ],
    [say('a', 'The clay came. 30 bags, all dry, they are behind the stairs.', { draws: ['🎉', '🙏'] })],
  ),
  ...place(
    T,
    'inventory',
    [say('a', 'Last tin of tung oil is open. Adding it to the list.'), say('b', 'Thank you.', { draws: ['✅'] })],
    [say('a', 'Counted the M4 inserts: 212. I am not counting them again.', { draws: ['😂'] })],
    [
      say('a', 'Low on:\n- tenmoku (*two buckets*)\n- kiln wash\n- ~~celadon~~ came today', { draws: ['🙏'] }),
      say('b', 'The list by the door is `inventory.ods` again, not v2.', { answers: 0 }),
    ],
  ),
  ...place(
    T,
    'keyholders',
    [say('a', 'Who locks up tonight?'), say('b', 'Me. Kiln 2 stays on, I checked the interlock.', { draws: ['🔑'] })],
    [say('a', 'Side door sticks again when it rains. Lift, then turn.', { draws: ['👍'] })],
  ),
  ...place(
    N,
    'front-desk',
    [say('a', 'Are we still on for Sunday?'), say('b', 'Yes, nine. Lamp room.', { answers: 0, draws: ['🕯️'] })],
    [
      say('a', 'I lent my copy to someone here and I have forgotten to whom.'),
      say('b', 'It was me. It is wonderful. I need one more week.', { draws: ['😂'] }),
    ],
    [say('a', 'New candles are in the tin. The tin is where the tin always is.')],
  ),
  ...place(
    N,
    'marginalia',
    [
      say('a', 'Page 88, in pencil, not mine: "no".', { draws: ['😂', '🕯️'] }),
      say('b', 'Whoever it was, they were right.', { answers: 0 }),
    ],
    [
      say('a', 'Did anyone else think the letter was never sent?'),
      say('b', 'I thought it was never written.', { draws: ['👀'] }),
      say('c', 'Chapter four says it was burnt.', { first: 'Chapter three says it was burnt.' }),
    ],
    [say('a', 'Reading by the window until the light goes. Nobody call.', { draws: ['🌙'] })],
    [
      say('a', '> and the lamp went out of its own accord\nOf its **own** accord. I ask you.'),
      say('b', 'Lamps do, in chapter six: ||it was never lit||.', { answers: 0, draws: ['🕯️', '😅'] }),
    ],
  ),
  ...place(N, 'treasury', [say('a', 'Thirty-eight now. Ink.')]),
]
