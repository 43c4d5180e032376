const shapes = [
  ['w-28', 'w-[86%]', 'w-[44%]'],
  ['w-20', 'w-[62%]'],
  ['w-32', 'w-[92%]', 'w-[70%]'],
] as const

/**
 * Where messages will stand, in their sizes. Not shown at once, and after two seconds with a word.
 *
 * @param loading false where nothing has been asked for yet: it stands there, and says nothing.
 */
export function FeedSkeleton({ label = 'Loading messages', loading = true }: { label?: string; loading?: boolean }) {
  return (
    <div className="after-a-moment">
      <output {...(loading && { 'aria-label': label })} className="block">
        <p className={`px-5 pb-1 text-xs text-ink-3 max-md:px-3.5 ${loading ? 'after-two-seconds' : 'invisible'}`}>
          Still loading messages
        </p>
      </output>
      {shapes.map(([name, ...lines]) => (
        <div key={name} className="mt-2 grid grid-cols-[2.25rem_minmax(0,1fr)] gap-x-3 px-5 py-1 max-md:px-3.5">
          <span className="skeleton mt-0.5 size-9 rounded-3" />
          <span>
            <span className={`skeleton mt-[5px] mb-[9px] h-2.5 rounded-1 ${name}`} />
            {lines.map((line) => (
              <span key={line} className={`skeleton mb-2 h-2.5 rounded-1 ${line}`} />
            ))}
          </span>
        </div>
      ))}
    </div>
  )
}
