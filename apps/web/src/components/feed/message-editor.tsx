import { characters, MESSAGE_MAX_CHARACTERS } from '@repo/discord-integration/types'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { useCommand } from '../../hooks/use-command.ts'
import { useGuildStore } from '../../hooks/use-guild-store.ts'
import { plural } from '../../live/format.ts'
import type { ViewMessage } from '../../live/view/message-list.ts'
import { Button } from '../ui/button.tsx'
import { Icon, Turning } from '../ui/icon.tsx'
import { focusComposer, useConversation } from './conversation.tsx'
import { useMessageRefusals } from './message-rights.ts'

/**
 * A message being changed, in its place: Enter saves, Shift+Enter begins a line, Escape leaves it as it was. It stays open, with
 * what was typed, until the change is made. One of which nothing is left is deleted, if that is what was meant.
 */
export function MessageEditor({ message }: { message: ViewMessage }) {
  const { channel, edit, askToDelete } = useConversation()
  const { edits } = useGuildStore()
  const command = useCommand()
  const refusals = useMessageRefusals(message)
  const id = useId()
  const before = message.payload.content
  const [text, setText] = useState(() => edits.get(message.id) ?? before)
  const [isSaving, setSaving] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    field.current?.focus()
    const end = field.current?.value.length ?? 0
    field.current?.setSelectionRange(end, end)
  }, [])

  const tooLong = characters(text) - MESSAGE_MAX_CHARACTERS
  const isEmpty = text.trim() === ''
  const hindrance = refusals.edit ?? (isEmpty ? refusals.delete : null)
  const refused = hindrance ?? (tooLong > 0 ? `${plural(tooLong, 'character')} too long` : null)
  const keep = (value: string) => {
    setText(value)
    // Of a message without text nothing is to be kept, and none is saved.
    if (value === before || value.trim() === '') edits.delete(message.id)
    else edits.set(message.id, value)
  }
  const leave = () => {
    edits.delete(message.id)
    edit(null)
    focusComposer()
  }
  const save = async () => {
    if (refused !== null || isSaving) return
    const content = text.trim()
    if (isEmpty) return askToDelete(message.id)
    if (content === before) return leave()
    setSaving(true)
    const outcome = await command.editMessage({ channelId: channel.id, messageId: message.id, content })
    setSaving(false)
    if (outcome.ok) leave()
    else field.current?.focus()
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      void save()
    } else if (event.key === 'Escape') {
      event.preventDefault()
      leave()
    }
  }
  return (
    <form
      data-own-menu
      data-written-in
      aria-label="Edit message"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
      className="max-w-[72ch] py-1"
    >
      <label htmlFor={id} className="sr-only">
        Message text
      </label>
      <textarea
        ref={field}
        id={id}
        dir="auto"
        rows={1}
        value={text}
        aria-busy={isSaving}
        onChange={(event) => keep(event.target.value)}
        onKeyDown={onKey}
        className="max-h-60 min-h-[2.125rem] w-full resize-none rounded-2 border border-line-strong bg-panel px-2 py-1.5 text-md [field-sizing:content]"
      />
      <div className="flex min-h-7 flex-wrap items-center gap-2 pt-1 text-xs text-ink-3">
        <Button kind="solid" small type="submit" refused={refused ?? (isSaving ? 'Saving' : undefined)}>
          Save
        </Button>
        <Button small onClick={leave}>
          Cancel
        </Button>
        {isSaving ? (
          <output className="after-400ms flex items-center gap-2">
            <Turning />
            Saving
          </output>
        ) : refused === null ? (
          <span className={isEmpty ? '' : 'max-md:hidden'}>
            {isEmpty ? 'Nothing is left: Enter asks whether to delete it' : 'Enter saves, Escape leaves it as it was'}
          </span>
        ) : (
          <span className="flex items-center gap-1.5">
            <Icon name="clock" size={14} />
            {refused}
          </span>
        )}
      </div>
    </form>
  )
}
