/** The page's icons: one 16 px grid, one stroke. Decoration by themselves: what they mean is said by a word or a name. */
const paths = {
  attach: 'M12.8 7.4 8 12.2a3.2 3.2 0 0 1-4.5-4.5l5.2-5.2a2.1 2.1 0 0 1 3 3L6.6 10.6a1 1 0 0 1-1.5-1.5l4.4-4.4',
  announcement: 'M2.5 6.5v3l7 3v-9zM9.5 5.5h1.2a2.5 2.5 0 0 1 0 5H9.5M4.5 10.5l.8 3h1.5l-.6-2.3',
  arrive: 'M2 8h8M7 5l3 3-3 3M13.5 2.5v11',
  away: 'M13.3 10.8A6 6 0 1 1 14 8M13.5 13.8v-3.2h-3.2',
  boost: 'M8 1.8 11.5 5.3v5.4L8 14.2l-3.5-3.5V5.3zM8 5.2 9.6 6.8v2.4L8 10.8 6.4 9.2V6.8z',
  camera: 'M3.2 4.5h5.6q1.2 0 1.2 1.2v4.6q0 1.2-1.2 1.2H3.2q-1.2 0-1.2-1.2V5.7q0-1.2 1.2-1.2M10 7.3l4-2v5.4l-4-2',
  chat: 'M2.5 3h11v8H8l-3 2.7V11H2.5z',
  check: 'm3 8.4 3.2 3.2L13 4.6',
  chevronDown: 'm4.5 6.3 3.5 3.5 3.5-3.5',
  chevronRight: 'm6.3 4.5 3.5 3.5-3.5 3.5',
  clock: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0M8 4.6V8l2.3 1.5',
  close: 'm4 4 8 8M12 4l-8 8',
  deafened:
    'M2.8 10V8.5a5.2 5.2 0 0 1 .9-2.9M5.6 3.9A5.2 5.2 0 0 1 13.2 8.5V10M2.8 9.5h1.7v4H3.6a.8.8 0 0 1-.8-.8zM11.5 9.5h1.7v1.4M2.5 2.5l11 11',
  edit: 'M3 13l.7-3 7.2-7.2a1.4 1.4 0 0 1 2 2L5.8 12.2zM9.6 4.1l2.2 2.2',
  events: 'M1.5 8h3l2-5 3 10 2-5h3',
  file: 'M4 1.8h5l3.2 3.2v9.2H4zM9 1.8V5h3.2',
  forum: 'M2.5 3h11v3.5h-11zM2.5 9.5h11V13h-11z',
  forward: 'm3 4 4 4-4 4M8.5 4l4 4-4 4',
  hand: 'M4.5 8V4.2a1 1 0 0 1 2 0M6.5 7.2V2.8a1 1 0 0 1 2 0v4.4M8.5 7.2V3.4a1 1 0 0 1 2 0v4.2M10.5 7.6V5.2a1 1 0 0 1 2 0v4.4a4.4 4.4 0 0 1-4.4 4.4q-2 0-3.2-1.8L2.6 8.8a1 1 0 0 1 1.6-1.2l.8.9',
  hash: 'M6.3 2.5 5 13.5M11 2.5 9.7 13.5M2.8 5.8h10.7M2.5 10.2h10.7',
  info: 'M14.2 8A6.2 6.2 0 1 1 1.8 8a6.2 6.2 0 0 1 12.4 0M8 7.4v3.4M8 5.1v.1',
  lines: 'M2.5 4h11M2.5 8h11M2.5 12h7',
  lock: 'M4.7 7h6.6q1.2 0 1.2 1.2v4.1q0 1.2-1.2 1.2H4.7q-1.2 0-1.2-1.2V8.2Q3.5 7 4.7 7M5.5 7V5a2.5 2.5 0 0 1 5 0v2',
  more: 'M4.1 8a.6.6 0 1 1-1.2 0 .6.6 0 0 1 1.2 0M8.6 8a.6.6 0 1 1-1.2 0 .6.6 0 0 1 1.2 0M13.1 8a.6.6 0 1 1-1.2 0 .6.6 0 0 1 1.2 0',
  muted:
    'M6 5V4a2 2 0 0 1 4 0v3.2M10 9.4A2 2 0 0 1 6 8V7.4M3.8 8a4.2 4.2 0 0 0 6.6 3.4M12.2 8c0 .7-.2 1.3-.4 1.8M8 12.2v1.6M2.5 2.5l11 11',
  panel: 'M3.2 3h9.6q1.2 0 1.2 1.2v7.6q0 1.2-1.2 1.2H3.2Q2 13 2 11.8V4.2Q2 3 3.2 3M10 3v10',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  pin: 'M6 2.5h4l-.6 4 2.1 2.2h-7L6.6 6.5zM8 8.7v5',
  play: 'M5 3.2v9.6l7.5-4.8z',
  refused: 'M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4',
  react: 'M14.2 8A6.2 6.2 0 1 1 1.8 8a6.2 6.2 0 0 1 12.4 0M5.3 9.6a3 3 0 0 0 5.4 0M5.9 6.2v.1M10.1 6.2v.1',
  reply: 'M6.5 4 2.5 8l4 4M3 8h6.5a4 4 0 0 1 4 4v.5',
  restored: 'M2.7 5.2A6 6 0 1 1 2 8M2.5 2.2v3.2h3.2M8 4.8V8l2.2 1.6',
  search: 'M11.2 7a4.2 4.2 0 1 1-8.4 0 4.2 4.2 0 0 1 8.4 0M10.2 10.2l3.3 3.3',
  send: 'M2.5 8h7M2.5 8 2 2.8 14 8 2 13.2z',
  // As the plain ones, with a shield in the corner instead of a line across.
  serverDeafened:
    'M2.8 9.5V8a5.2 5.2 0 0 1 10.2-1.4M2.8 9h1.7v4H3.6a.8.8 0 0 1-.8-.8zM11.5 8.8l2.6.9v1.9q0 1.7-2.6 2.9-2.6-1.2-2.6-2.9V9.7z',
  serverMuted:
    'M6 4a2 2 0 0 1 4 0v3M9 9.6A2 2 0 0 1 6 8V4M3.8 8a4.2 4.2 0 0 0 4 4.2M11.5 8.8l2.6.9v1.9q0 1.7-2.6 2.9-2.6-1.2-2.6-2.9V9.7z',
  signOut: 'M9.5 3.5h-7v9h7M6.5 8h7.5M11.2 5l3 3-3 3',
  stage: 'M9.6 8a1.6 1.6 0 1 1-3.2 0 1.6 1.6 0 0 1 3.2 0M5 11a4.2 4.2 0 1 1 6 0M3 12.8a6.9 6.9 0 1 1 10 0M8 9.6v4',
  streaming: 'M3.2 3h9.6q1.2 0 1.2 1.2v5.6q0 1.2-1.2 1.2H3.2Q2 11 2 9.8V4.2Q2 3 3.2 3M6 13.5h4M7 5.4v3.2L9.7 7z',
  sun: 'M10.8 8a2.8 2.8 0 1 1-5.6 0 2.8 2.8 0 0 1 5.6 0M8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  thread: 'M4 2.5v6.2a2.3 2.3 0 0 0 2.3 2.3h6.2M10 8.5l2.5 2.5-2.5 2.5',
  trash: 'M2.8 4.3h10.4M6 4.3V2.8h4v1.5M4.2 4.3l.6 9h6.4l.6-9M6.8 6.8v4M9.2 6.8v4',
  unknown: 'M14.2 8A6.2 6.2 0 1 1 1.8 8a6.2 6.2 0 0 1 12.4 0M6.2 6.4a1.9 1.9 0 1 1 2.7 1.7c-.6.3-.9.7-.9 1.3M8 11.4v.1',
  updown: 'm5 6 3-3 3 3M5 10l3 3 3-3',
  voice: 'M2.5 6.2v3.6h2.3L8 12.5v-9L4.8 6.2zM10.4 5.8a3.2 3.2 0 0 1 0 4.4M12.3 3.9a5.8 5.8 0 0 1 0 8.2',
  you: 'M10.7 5.4a2.7 2.7 0 1 1-5.4 0 2.7 2.7 0 0 1 5.4 0M2.8 13.5a5.3 5.3 0 0 1 10.4 0',
} as const

export type IconName = keyof typeof paths

const sizes = {
  11: 'size-[11px]',
  12: 'size-3',
  14: 'size-3.5',
  16: 'size-4',
  20: 'size-5',
  22: 'size-[22px]',
} as const

export function Icon({
  name,
  size = 16,
  className = '',
}: {
  name: IconName
  size?: keyof typeof sizes
  className?: string
}) {
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden="true"
      className={`flex-none fill-none stroke-current [stroke-linecap:round] [stroke-linejoin:round] [stroke-width:1.5] ${sizes[size]} ${className}`}
    >
      <path d={paths[name]} />
    </svg>
  )
}

/** The product's mark: two posts, and what passes between them. */
export function Mark() {
  return (
    <svg viewBox="0 0 26 26" aria-hidden="true" className="size-[26px] flex-none text-live">
      <g className="stroke-ink [stroke-linecap:round] [stroke-width:2.4]">
        <path d="M8.5 4v18M17.5 4v18" />
      </g>
      <path d="M1.5 13H10M16 13h8.5" stroke="currentColor" strokeWidth="2.4" strokeLinecap="round" />
      <circle cx="13" cy="13" r="2.7" fill="currentColor" />
    </svg>
  )
}

/** Something is under way: a ring of dashes that turns. */
export function Turning({ className = 'size-3' }: { className?: string }) {
  return (
    <svg viewBox="0 0 14 14" aria-hidden="true" className={`flex-none ${className}`}>
      <circle
        className="turning fill-none stroke-current [stroke-dasharray:3.4_2.25] [stroke-width:2.2]"
        cx="7"
        cy="7"
        r="5.4"
      />
    </svg>
  )
}
