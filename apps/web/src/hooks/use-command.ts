import { useMemo } from 'react'
import type { DeedOutcome, SendOutcome, UploadedFile, UploadOutcome } from '../server/function-results.ts'
import type { Deed } from '../live/deeds.ts'
import type { NewUpload } from '../live/uploads.ts'
import { useGuildStore } from './use-guild-store.ts'

/**
 * What one has the bot do in this guild. Each is answered when it is known what became of it, with `{ ok: true }` or with why
 * not: nothing is shown as done before the stream says so. What failed, or is not known, stands in `useDeeds` until it is asked
 * for again or dismissed. The same that is under way is not asked for twice.
 */
export type Commands = {
  /**
   * It stands in `useGuild(({ outgoing }) => outgoing)` until the stream brings it: `pending`, `sent`, `failed` or `unknown`. With
   * `files`, at most ten that were uploaded, `content` may be empty.
   */
  sendMessage: (message: {
    channelId: string
    content: string
    replyTo?: string | undefined
    files?: readonly UploadedFile[] | undefined
  }) => Promise<SendOutcome>
  /**
   * Uploads a file of at most 10 MiB for a message in that channel. What it resolves to, where it is `ok`, is for `files` of
   * `sendMessage`, within 15 minutes.
   */
  uploadFile: (upload: NewUpload) => Promise<UploadOutcome>
  editMessage: (message: { channelId: string; messageId: string; content: string }) => Promise<DeedOutcome>
  deleteMessage: (message: { channelId: string; messageId: string }) => Promise<DeedOutcome>
  /** As the bot: the reaction is the bot's. `emoji`: a character, or `name:id` of a server's own. */
  addReaction: (reaction: { channelId: string; messageId: string; emoji: string }) => Promise<DeedOutcome>
  removeReaction: (reaction: { channelId: string; messageId: string; emoji: string }) => Promise<DeedOutcome>
  /** `channelId` null: out of voice. */
  moveMember: (move: { userId: string; channelId: string | null }) => Promise<DeedOutcome>
  muteMember: (member: { userId: string; mute: boolean }) => Promise<DeedOutcome>
  deafenMember: (member: { userId: string; deaf: boolean }) => Promise<DeedOutcome>
  /** `forMs`: for how long from now, at most 28 days; null: no longer. */
  timeoutMember: (member: { userId: string; forMs: number | null }) => Promise<DeedOutcome>
}

export function useCommand(): Commands {
  const store = useGuildStore()
  return useMemo((): Commands => {
    const act = (deed: Deed) => store.deeds.do(deed)
    return {
      sendMessage: ({ channelId, content, replyTo, files }) => store.outbox.send(channelId, content, replyTo, files),
      uploadFile: (upload) => store.uploads.upload(upload),
      editMessage: (message) => act({ kind: 'edit', ...message }),
      deleteMessage: (message) => act({ kind: 'delete', ...message }),
      addReaction: (reaction) => act({ kind: 'react', ...reaction }),
      removeReaction: (reaction) => act({ kind: 'unreact', ...reaction }),
      moveMember: (move) => act({ kind: 'move', ...move }),
      muteMember: ({ userId, mute }) => act({ kind: 'mute', userId, on: mute }),
      deafenMember: ({ userId, deaf }) => act({ kind: 'deafen', userId, on: deaf }),
      timeoutMember: ({ userId, forMs }) => {
        // By the server's clock: this browser's may be wrong by more than the timeout is long.
        const until = forMs === null ? null : new Date(store.serverNow() + forMs).toISOString()
        return act({ kind: 'timeout', userId, until })
      },
    }
  }, [store])
}
