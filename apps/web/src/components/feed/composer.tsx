import { characters, MESSAGE_MAX_CHARACTERS } from '@repo/discord-integration/types'
import { useRef, useState } from 'react'
import { count, plural } from '../../live/format.ts'
import { useGuild, useGuildStore } from '../../hooks/use-guild-store.ts'
import type { ViewChannel } from '../../live/view/view-types.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'

/** From here on the rest is counted down. */
const COUNT_FROM = 1_800

/** Where one writes. Enter sends, Shift+Enter begins a line; what is typed stays through every break. */
export function Composer({ channel }: { channel: ViewChannel }) {
  const store = useGuildStore()
  const [text, setText] = useState(() => store.drafts.get(channel.id) ?? '')
  const away = useAway()
  const label = `Message ${channel.name}`
  const length = characters(text)

  const [said, setSaid] = useState('')
  const keep = (value: string) => {
    setSaid('')
    setText(value)
    if (value === '') store.drafts.delete(channel.id)
    else store.drafts.set(channel.id, value)
  }
  const field = useRef<HTMLTextAreaElement>(null)
  const tooLong =
    away === null && length > MESSAGE_MAX_CHARACTERS
      ? `${plural(length - MESSAGE_MAX_CHARACTERS, 'character')} too long`
      : null
  const refused = away ?? tooLong ?? undefined
  const send = () => {
    field.current?.focus()
    // Enter on a button that may not be pressed does nothing that one would hear.
    if (refused !== undefined) setSaid(`Not sent. ${refused}`)
    if (refused !== undefined || text.trim() === '') return
    keep('')
    void store.outbox.send(channel.id, text.trim())
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
      className="flex-none"
    >
      <div className="mx-5 mb-1.5 flex min-h-11 items-end gap-1 rounded-3 border border-line-strong bg-panel py-1 ps-3 pe-1 focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-focus max-md:mx-2.5 max-md:mb-2">
        <label htmlFor="composer" className="sr-only">
          {label}
        </label>
        <textarea
          ref={field}
          id="composer"
          rows={1}
          dir="auto"
          value={text}
          placeholder={label}
          onChange={(event) => keep(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            send()
          }}
          className="max-h-40 min-h-[2.125rem] min-w-0 flex-1 resize-none touch:min-h-11 touch:py-[0.6875rem] self-center bg-transparent py-1.5 text-md outline-0 [field-sizing:content] placeholder:text-ink-3 placeholder:opacity-100"
        />
        {length > COUNT_FROM && (
          <span
            className={`flex min-h-8 flex-none items-center px-1 text-xs tabular-nums touch:min-h-11 ${length > MESSAGE_MAX_CHARACTERS ? 'text-down' : 'text-ink-3'}`}
          >
            {count(MESSAGE_MAX_CHARACTERS - length)}
          </span>
        )}
        <Button kind={refused === undefined ? 'solid' : 'plain'} icon type="submit" aria-label="Send" refused={refused}>
          <Icon name="send" />
        </Button>
      </div>
      <p
        className={`flex items-center gap-1.5 ps-[2.0625rem] pe-5 pb-2.5 text-xs max-md:ps-[1.375rem] ${
          tooLong === null ? 'text-ink-3' : 'text-down'
        } ${refused === undefined ? 'max-md:hidden' : ''}`}
      >
        <Icon name={away === null ? (tooLong === null ? 'info' : 'refused') : 'clock'} size={14} />
        {refused ?? 'Sent by the bot.'}
      </p>
      <output className="sr-only">{said}</output>
    </form>
  )
}

/** What sending waits for, or null. */
function useAway(): string | null {
  const phase = useGuild((snapshot) => snapshot.status.phase)
  const gateway = useGuild((snapshot) => snapshot.report?.gateway.state ?? null)
  if (phase === 'reconnecting') return 'Waits for the connection. Your text stays here.'
  return gateway === null || gateway === 'connected' ? null : 'Waits for the gateway. Your text stays here.'
}
