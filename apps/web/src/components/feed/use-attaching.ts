import { MESSAGE_MAX_FILES } from '@repo/discord-integration/types'
import { useEffect, useState, useSyncExternalStore, type ClipboardEvent, type DragEvent } from 'react'
import { useGuildStore } from '../../hooks/use-guild-store.ts'
import { plural } from '../../live/format.ts'
import type { Attachment } from '../../live/attachments.ts'
import { reasonOf } from '../../live/hindrance-words.ts'
import { useConversation } from './conversation.tsx'

export type Attaching = {
  files: readonly Attachment[]
  /** Why one may not attach anything here; null: one may, as far as that is known. */
  hindrance: string | null
  /** What was not attached, in a sentence; empty: nothing. */
  notice: string
  /** What was not attached is of no matter any more. */
  forgetNotice: () => void
  /** Files are held over the composer. */
  isOver: boolean
  add: (files: readonly File[]) => void
  remove: (id: string) => void
  /** Says that nothing is attached here, and why. */
  refuse: () => void
  onPaste: (event: ClipboardEvent) => void
  /** For what files are dropped on. */
  target: { [Name in 'onDragOver' | 'onDragLeave' | 'onDrop']: (event: DragEvent<HTMLElement>) => void }
}

/** The files of what one writes in the channel that one reads: chosen, pasted or dropped. */
export function useAttaching(): Attaching {
  const { channel, rights, now } = useConversation()
  const { attachments } = useGuildStore()
  const get = () => attachments.of(channel.id)
  const files = useSyncExternalStore(attachments.subscribe, get, get)
  const [notice, setNotice] = useState('')
  const [isOver, setOver] = useState(false)
  useOnlyHere()
  // One attaches while one waits.
  const attach = rights?.attach?.code === 'SLOWMODE' ? null : (rights?.attach ?? null)
  const hindrance = attach === null ? null : reasonOf(attach, channel.name, now)

  const forgetNotice = () => setNotice('')
  const refuse = () => setNotice(`Not attached. ${hindrance}.`)
  const add = (given: readonly File[]) => {
    if (given.length === 0) return
    if (hindrance !== null) return refuse()
    const left = attachments.add(channel.id, given)
    setNotice(left === 0 ? '' : `${plural(left, 'file')} not attached: a message has at most ${MESSAGE_MAX_FILES}.`)
  }
  return {
    files,
    hindrance,
    notice,
    isOver,
    add,
    refuse,
    forgetNotice,
    remove(id) {
      forgetNotice()
      attachments.remove(channel.id, id)
    },
    onPaste(event) {
      const { files: pasted, types } = event.clipboardData
      // A table is pasted as text, though what copied it adds a picture of it.
      if (pasted.length === 0 || (types.includes('text/plain') && types.includes('text/html'))) return
      event.preventDefault()
      add([...pasted])
    },
    target: {
      onDragOver(event) {
        if (!hasFiles(event)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'copy'
        setOver(true)
      },
      onDragLeave({ currentTarget, relatedTarget }) {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setOver(false)
      },
      onDrop(event) {
        setOver(false)
        if (!hasFiles(event)) return
        event.preventDefault()
        add([...event.dataTransfer.files])
      },
    },
  }
}

const hasFiles = ({ dataTransfer }: Pick<DragEvent | globalThis.DragEvent, 'dataTransfer'>): boolean =>
  dataTransfer?.types.includes('Files') === true

/** Whoever misses the composer would have the browser leave the page for the file. */
function useOnlyHere(): void {
  useEffect(() => {
    const hold = (event: globalThis.DragEvent) => {
      if (event.defaultPrevented || !hasFiles(event)) return
      event.preventDefault()
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'none'
    }
    globalThis.addEventListener('dragover', hold)
    globalThis.addEventListener('drop', hold)
    return () => {
      globalThis.removeEventListener('dragover', hold)
      globalThis.removeEventListener('drop', hold)
    }
  }, [])
}
