import { Tooltip } from '@base-ui/react/tooltip'
import type { ComponentProps } from 'react'
import { reasons, SHOWN_AFTER_MS } from './reason-tooltip.tsx'

const kinds = {
  plain: 'border-line-strong bg-panel text-ink hover:bg-hover',
  solid: 'border-ink-solid bg-ink-solid text-ink-solid-on',
  quiet: 'border-transparent bg-transparent text-ink-2 hover:bg-hover hover:text-ink',
} as const

/** Sizes apart from kinds: a small icon button is a small one and an icon one. */
export function buttonClass(
  kind: keyof typeof kinds = 'plain',
  shape: { small?: boolean; icon?: boolean } = {},
): string {
  const { small = false, icon = false } = shape
  const height = small ? 'min-h-[1.625rem] touch:min-h-11' : 'min-h-8 touch:min-h-11'
  const width = icon ? `px-0 ${small ? 'w-[1.625rem]' : 'w-8'} touch:min-w-11` : small ? 'px-2' : 'px-3'
  const text = small ? 'text-xs/5' : ''
  return `inline-flex flex-none items-center justify-center gap-1.5 rounded-2 border font-strong whitespace-nowrap no-underline transition-colors duration-(--dur-press) ease-calm aria-pressed:bg-selected aria-pressed:text-live aria-disabled:cursor-not-allowed aria-disabled:border-line aria-disabled:bg-transparent aria-disabled:text-ink-3 ${height} ${width} ${text} ${kinds[kind]}`
}

type ButtonProps = ComponentProps<'button'> & {
  kind?: keyof typeof kinds
  small?: boolean
  icon?: boolean
  /** Why it may not be pressed now. It stays where it is, takes focus, and says so. */
  refused?: string | undefined
  /** Says why in place of the tooltip, where somebody presses it all the same. */
  onRefused?: (() => void) | undefined
}

export function Button({
  kind = 'plain',
  small = false,
  icon = false,
  refused,
  onRefused,
  className = '',
  onClick,
  ...rest
}: ButtonProps) {
  const label = rest['aria-label']
  const disabled =
    refused === undefined
      ? {}
      : { 'aria-disabled': true, 'aria-label': label === undefined ? refused : `${label}. ${refused}` }
  return (
    <Tooltip.Trigger
      handle={reasons}
      payload={refused ?? ''}
      disabled={refused === undefined}
      delay={SHOWN_AFTER_MS}
      closeOnClick={false}
      render={
        <button
          type="button"
          {...rest}
          {...disabled}
          onClick={(event) => {
            if (refused === undefined) return onClick?.(event)
            event.preventDefault()
            if (onRefused) onRefused()
            // A finger passes over nothing: by it the reason is seen once it presses.
            else reasons.open(event.currentTarget.id)
          }}
          className={`${buttonClass(kind, { small, icon })} ${className}`}
        />
      }
    />
  )
}
