import { useRef, useState, type RefObject } from 'react'

export type Cover<T extends HTMLElement> = {
  shown: boolean
  /** What lies beneath. It can take the focus. */
  inside: RefObject<T | null>
  uncover: () => void
}

/** What is covered until one asks for it, once. */
export function useCover<T extends HTMLElement>(): Cover<T> {
  const [shown, setShown] = useState(false)
  const inside = useRef<T>(null)
  const uncover = () => {
    setShown(true)
    // The button goes, and whoever came by the keyboard should not be sent to the top of the page.
    inside.current?.focus()
  }
  return { shown, inside, uncover }
}
