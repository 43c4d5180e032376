import { useRef, useState, type ReactNode } from 'react'

/** Covered until one asks for it. What is beneath has its place already, and is out of reach. */
export function Spoiler({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState(false)
  const text = useRef<HTMLSpanElement>(null)
  return (
    <span className="relative inline-block max-w-full rounded-1 bg-sunken px-0.5 align-top">
      <span ref={text} tabIndex={-1} className={shown ? '' : 'invisible'}>
        {children}
      </span>
      {!shown && (
        <button
          type="button"
          aria-label="Show spoiler"
          title="Show spoiler"
          onClick={() => {
            setShown(true)
            // The button goes, and whoever came by the keyboard should not be sent to the top of the page.
            text.current?.focus()
          }}
          className="absolute inset-0 min-h-full rounded-1 bg-ink-3 hover:bg-ink-2"
        />
      )}
    </span>
  )
}
