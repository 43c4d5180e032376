import { useEffect, useId, useRef, useState, type ReactNode } from 'react'
import { useGuildStore } from '../../hooks/use-guild-store.ts'
import { clockTime } from '../../live/format.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Icon } from '../ui/icon.tsx'
import { focusComposer, useConversation } from './conversation.tsx'

/**
 * What somebody was changing a message to when it was deleted: to be copied or discarded, it goes by nothing else. Where nothing
 * had been typed there is nothing to keep, and `children` are shown.
 *
 * @param deletedAt null where it is not known.
 */
export function DeletedEdit({
  messageId,
  deletedAt,
  children,
}: {
  messageId: string
  deletedAt: number | null
  children?: ReactNode
}) {
  const { editing, edit } = useConversation()
  const isEdited = editing === messageId
  const { edits } = useGuildStore()
  const [text, setText] = useState(() => edits.get(messageId))
  const field = useRef<HTMLTextAreaElement>(null)
  const id = useId()
  useEffect(() => {
    if (!isEdited) return
    // The editor had the focus, and is gone with it.
    const isLost = document.activeElement === document.body
    if (text !== undefined) {
      if (isLost) field.current?.focus()
      return
    }
    edit(null)
    if (isLost) focusComposer()
  }, [text, isEdited, edit])
  if (text === undefined) return children
  return (
    <div data-own-menu data-written-in className="max-w-[72ch] py-1">
      <label htmlFor={id} className="sr-only">
        Text that was not saved
      </label>
      <textarea
        ref={field}
        id={id}
        dir="auto"
        rows={1}
        readOnly
        value={text}
        className="max-h-60 min-h-[2.125rem] w-full resize-none rounded-2 border border-dashed border-line-strong bg-canvas px-2 py-1.5 text-md [field-sizing:content]"
      />
      <div className="flex min-h-7 flex-wrap items-center gap-2 pt-1 text-xs text-ink-2">
        <CopyButton text={text}>Copy text</CopyButton>
        <Button
          small
          onClick={() => {
            edits.delete(messageId)
            setText(undefined)
            if (isEdited) edit(null)
            focusComposer()
          }}
        >
          Discard
        </Button>
        <span role="alert" className="flex items-center gap-1.5">
          <Icon name="refused" size={14} className="text-down" />
          Not saved: the message was deleted{deletedAt !== null && ` at ${clockTime(deletedAt)}`}. Your text stays here.
        </span>
      </div>
    </div>
  )
}
