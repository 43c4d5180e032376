/** An example, and said to be one: these are nobody's figures. */
const stations = [
  { name: 'Discord', does: 'One session, held by a service of its own.', id: 'sequence 7731', at: '14:07:31.187' },
  { name: 'Gateway', does: 'Keeps every event in order, under one id.', id: 'k3f9x-48213', at: '+11.4 ms' },
  { name: 'Web', does: 'Checks what you may see, now and per event.', id: 'k3f9x-48213', at: '+0.6 ms' },
  {
    name: 'This browser',
    does: 'Comes back after a break and gets what it missed.',
    id: 'k3f9x-48213',
    at: '+5.1 ms',
  },
] as const

/** How an event comes from Discord to the page, as a line with four stations. */
export function WayOfAnEvent() {
  return (
    <div className="mt-10 mb-auto max-w-2xl">
      <ol aria-label="The way of one event, for example">
        {stations.map(({ name, does, id, at }) => (
          <li
            key={name}
            className="relative grid grid-cols-[16px_minmax(0,1fr)_auto] gap-x-4.5 pb-6.5 before:absolute before:start-[7px] before:top-3 before:-bottom-1 before:w-0.5 before:bg-live last:pb-0 last:before:hidden"
          >
            <span
              aria-hidden="true"
              className="relative mx-0.5 my-1 size-3 rounded-full bg-live shadow-[0_0_0_4px_var(--canvas)]"
            />
            <div>
              <b className="text-md font-title">{name}</b>
              <p className="text-ink-2">{does}</p>
            </div>
            <span className="pt-[3px] text-end font-code text-2xs text-live">
              <span className="block">{id}</span>
              <span className="block text-ink-3">{at}</span>
            </span>
          </li>
        ))}
      </ol>
      <p className="mt-5 text-xs text-ink-3">An example. The page shows the times as they are.</p>
    </div>
  )
}
