import { characters, MESSAGE_MAX_CHARACTERS } from '@repo/discord-integration/types'
import { useRef, useState, type KeyboardEvent } from 'react'
import { useCommand } from '../../hooks/use-command.ts'
import { useGuild, useGuildStore } from '../../hooks/use-guild-store.ts'
import { count, plural } from '../../live/format.ts'
import { reasonOf } from '../../live/hindrance-words.ts'
import type { Attachment } from '../../live/attachments.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useCountdown } from '../ui/use-countdown.ts'
import { AttachButton } from './attach-button.tsx'
import { AttachedFiles, underWayOf } from './attached-files.tsx'
import { ComposerOff, isOff } from './composer-off.tsx'
import { COMPOSER, useConversation } from './conversation.tsx'
import { useAway } from '../hops/use-away.ts'
import { ReplyBar, useAnswered } from './reply-bar.tsx'
import { useAttaching } from './use-attaching.ts'

/** From here on the rest is counted down. */
const COUNT_FROM = 1_800

/** Where one writes, or why one may not. What is typed stays through every break. */
export function Composer() {
  const { channel, rights } = useConversation()
  const send = rights?.send ?? null
  if (isOff(send)) return <ComposerOff channel={channel} hindrance={send} />
  return <OpenComposer />
}

/** Enter sends, Shift+Enter begins a line, ArrowUp in an empty one edits what one wrote last, Escape takes the answer back. */
function OpenComposer() {
  const { channel, replyTo, reply } = useConversation()
  const store = useGuildStore()
  const command = useCommand()
  const editLast = useEditLast()
  const [text, setText] = useState(() => store.drafts.get(channel.id) ?? '')
  const [said, setSaid] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)
  const attaching = useAttaching()
  const { files } = attaching
  const refusal = useRefusal(text, files, attaching.hindrance)
  const label = `Message ${channel.name}`
  const length = characters(text)

  // It is said of now, not of then.
  if (refusal === null && said !== '') setSaid('')

  const keep = (value: string) => {
    setSaid('')
    attaching.forgetNotice()
    setText(value)
    if (value === '') store.drafts.delete(channel.id)
    else store.drafts.set(channel.id, value)
  }
  const send = () => {
    field.current?.focus()
    // Enter on a button that may not be pressed does nothing that one would hear.
    if (refusal !== null) setSaid(`Not sent. ${refusal.text}`)
    if (refusal !== null || (text.trim() === '' && files.length === 0)) return
    keep('')
    reply(null)
    void command.sendMessage({
      channelId: channel.id,
      content: text.trim(),
      ...(replyTo !== null && { replyTo }),
      files: store.attachments.take(channel.id),
    })
  }
  const attach = (added: readonly File[]) => {
    field.current?.focus()
    attaching.add(added)
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      send()
    } else if (event.key === 'Escape' && replyTo !== null) {
      event.preventDefault()
      reply(null)
    } else if (event.key === 'ArrowUp' && text === '' && editLast()) event.preventDefault()
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
      {...attaching.target}
      className="flex-none"
    >
      <div className="relative mx-5 mb-1.5 rounded-3 border border-line-strong bg-panel focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-focus max-md:mx-2.5 max-md:mb-2">
        <ReplyBar />
        <AttachedFiles files={files} notice={attaching.notice} remove={attaching.remove} />
        <div className="flex min-h-[2.625rem] items-end gap-1 py-1 ps-3 pe-1">
          <label htmlFor={COMPOSER} className="sr-only">
            {label}
          </label>
          <textarea
            ref={field}
            id={COMPOSER}
            rows={1}
            dir="auto"
            value={text}
            placeholder={label}
            onChange={(event) => keep(event.target.value)}
            onKeyDown={onKey}
            onPaste={attaching.onPaste}
            className="max-h-40 min-h-[2.125rem] min-w-0 flex-1 resize-none touch:min-h-11 touch:py-[0.6875rem] self-center bg-transparent py-1.5 text-md outline-0 [field-sizing:content] placeholder:text-ink-3 placeholder:opacity-100"
          />
          {length > COUNT_FROM && (
            <span
              className={`flex min-h-8 flex-none items-center px-1 text-xs tabular-nums touch:min-h-11 ${length > MESSAGE_MAX_CHARACTERS ? 'text-down' : 'text-ink-3'}`}
            >
              {count(MESSAGE_MAX_CHARACTERS - length)}
            </span>
          )}
          <AttachButton hindrance={attaching.hindrance} add={attach} refuse={attaching.refuse} />
          <Button
            kind={refusal === null ? 'solid' : 'plain'}
            icon
            type="submit"
            aria-label="Send"
            refused={refusal?.text}
          >
            <Icon name="send" />
          </Button>
        </div>
        {attaching.isOver && <DropHere hindrance={attaching.hindrance} />}
      </div>
      <p
        className={`flex items-center gap-1.5 ps-[2.0625rem] pe-5 pb-2.5 text-xs max-md:ps-[1.375rem] ${
          refusal?.isWrong === true ? 'text-down' : 'text-ink-3'
        } ${refusal === null ? 'max-md:hidden' : ''}`}
      >
        <Icon name={refusal === null ? 'info' : refusal.isWrong ? 'refused' : 'clock'} size={14} />
        {refusal?.text ?? 'Sent by the bot in your name, after checking that you may.'}
      </p>
      <output className="sr-only">{said}</output>
    </form>
  )
}

/** Over the composer, while files are held over it. */
function DropHere({ hindrance }: { hindrance: string | null }) {
  return (
    <div className="pointer-events-none absolute -inset-px flex items-center gap-2 rounded-3 border-2 border-dashed border-line-strong bg-raised px-3 text-ink-2">
      <Icon name={hindrance === null ? 'attach' : 'lock'} />
      {hindrance ?? 'Drop to attach'}
    </div>
  )
}

/** What sending waits for, or what is wrong with what is written; null: nothing. */
function useRefusal(
  text: string,
  files: readonly Attachment[],
  notAttached: string | null,
): { text: string; isWrong: boolean } | null {
  const { channel, rights, replyTo } = useConversation()
  const away = useAway()
  const answered = useAnswered()
  const slow = rights?.send?.code === 'SLOWMODE' ? rights.send : null
  const now = useCountdown(slow?.until ?? null)
  const tooLong = characters(text) - MESSAGE_MAX_CHARACTERS
  if (away !== null) return { text: `${away}. Your text stays here.`, isWrong: false }
  if (tooLong > 0) return { text: `${plural(tooLong, 'character')} too long`, isWrong: true }
  const failed = files.filter(({ failure }) => failure !== null).length
  if (failed > 0) return { text: `Remove the ${failed === 1 ? 'file' : 'files'} that cannot be sent`, isWrong: true }
  if (files.length > 0 && notAttached !== null) return { text: `Not with files: ${notAttached}`, isWrong: true }
  const underWay = underWayOf(files)
  if (underWay > 0) return { text: `Waiting for ${plural(underWay, 'file')} to be uploaded`, isWrong: false }
  if (slow && (slow.until === null || slow.until > now)) {
    return { text: `${reasonOf(slow, channel.name, now)}. Your text stays here.`, isWrong: false }
  }
  if (replyTo === null) return null
  if (answered?.deletedAt != null) return { text: 'The message that you answer was deleted', isWrong: true }
  const reply = rights?.reply
  if (!reply || reply.code === 'SLOWMODE') return null
  return { text: `Not as an answer: ${reasonOf(reply, channel.name, now)}`, isWrong: true }
}

/** Begins to change the newest message that the bot wrote for the viewer. False: there is none. */
function useEditLast(): () => boolean {
  const { channel, own, edit } = useConversation()
  const items = useGuild(({ view }) => view.messages[channel.id]?.items)
  return () => {
    const last = items?.findLast(({ id, deletedAt }) => deletedAt === null && own.has(id))
    if (last === undefined) return false
    edit(last.id)
    return true
  }
}
