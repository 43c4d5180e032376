import { Tooltip } from '@base-ui/react/tooltip'
import { useEffect, useState } from 'react'
import { SHOWN_AFTER_MS } from './reason-tooltip.tsx'

/**
 * A name that is cut, whole: while the pointer rests on it, or what it is in has the keyboard's focus. One for all that is cut
 * anywhere (`truncate`), so that no list has to think of it, and nothing is measured before it is asked for.
 */
export function WholeText() {
  const [cut, setCut] = useState<HTMLElement | null>(null)
  useEffect(() => listen(setCut), [])
  return (
    <Tooltip.Root open={cut !== null} onOpenChange={(isOpen) => isOpen || setCut(null)}>
      <Tooltip.Portal>
        <Tooltip.Positioner
          anchor={cut}
          align="start"
          sideOffset={6}
          collisionPadding={8}
          className="z-50 data-anchor-hidden:hidden"
        >
          {/* Who does not see it has it whole where it is. */}
          <Tooltip.Popup
            aria-hidden="true"
            dir="auto"
            data-whole-text
            className="max-w-[min(24rem,calc(100vw-1rem))] rounded-2 border border-line-strong bg-raised px-2 py-1 text-xs wrap-anywhere text-ink shadow-[0_2px_6px_-2px_var(--shadow)]"
          >
            {cut?.textContent}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}

function listen(show: (cut: HTMLElement | null) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const hide = () => {
    clearTimeout(timer)
    show(null)
  }
  const onPointer = ({ target, pointerType }: PointerEvent) => {
    hide()
    if (pointerType !== 'mouse' || !(target instanceof Element)) return
    const name = target.closest<HTMLElement>('.truncate')
    // The browser shows what has a title.
    if (name === null || name.closest('[title]') !== null) return
    timer = setTimeout(() => isCut(name) && show(name), SHOWN_AFTER_MS)
  }
  const onFocus = ({ target }: FocusEvent) => {
    hide()
    if (!(target instanceof Element) || !target.matches(':focus-visible')) return
    const names = [target, ...target.querySelectorAll('.truncate')].filter((one) => one instanceof HTMLElement)
    show(names.find((one) => one.classList.contains('truncate') && isCut(one)) ?? null)
  }
  const ends = new AbortController()
  const { signal } = ends
  document.addEventListener('pointerover', onPointer, { signal, passive: true })
  document.addEventListener('focusin', onFocus, { signal })
  document.addEventListener('focusout', hide, { signal })
  document.addEventListener('pointerdown', hide, { signal, passive: true })
  return () => {
    ends.abort()
    clearTimeout(timer)
  }
}

const isCut = (name: HTMLElement): boolean => name.isConnected && name.scrollWidth > name.clientWidth
