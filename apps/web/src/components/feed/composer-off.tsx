import { listed, permissionName, whoGives } from '../../live/deed-words.ts'
import { leftUntil, momentOf } from '../../live/hindrance-words.ts'
import { useGuild } from '../../hooks/use-guild-store.ts'
import type { ViewChannel } from '../../live/view/view-types.ts'
import type { Hindrance } from '../../server/function-results.ts'
import { Icon } from '../ui/icon.tsx'
import { useCountdown } from '../ui/use-countdown.ts'
import { COMPOSER } from './conversation.tsx'

/** Slow mode is a matter of seconds: one goes on writing meanwhile. */
export const isOff = (hindrance: Hindrance | null): hindrance is Hindrance =>
  hindrance !== null && hindrance.code !== 'SLOWMODE'

/** Where one would write: why one may not, and who can change that. Takes the focus as the field would. */
export function ComposerOff({ channel, hindrance }: { channel: ViewChannel; hindrance: Hindrance }) {
  const guild = useGuild((snapshot) => snapshot.guildName) ?? 'this server'
  const now = useCountdown(hindrance.until)
  const reason = reasonNotToWrite(hindrance, now)
  const who = whoCanChange(hindrance, guild)
  return (
    <div className="flex-none pb-1.5">
      <div className="mx-5 mb-1.5 flex min-h-11 items-center gap-2.5 rounded-3 border border-dashed border-line-strong bg-canvas px-3 py-1.5 text-ink-2 focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-focus max-md:mx-2.5 max-md:mb-2">
        <Icon name="lock" />
        <textarea
          id={COMPOSER}
          rows={1}
          readOnly
          aria-disabled="true"
          aria-label={`Message ${channel.name}. ${reason}${who}`}
          title={`${reason}${who}`}
          value={reason}
          className="min-w-0 flex-1 cursor-not-allowed resize-none bg-transparent outline-0 [field-sizing:content]"
        />
        {hindrance.until !== null && (
          <span className="flex-none text-ink-3 tabular-nums">{leftUntil(hindrance.until, now)}</span>
        )}
      </div>
    </div>
  )
}

function whoCanChange({ code }: Hindrance, guild: string): string {
  if (code === 'BOT_MISSING_PERMISSIONS') return ' An owner can give it.'
  return code === 'MISSING_PERMISSIONS' ? ` ${whoGives({ guild })}` : ''
}

function reasonNotToWrite({ code, missing, until }: Hindrance, now: number): string {
  switch (code) {
    case 'TIMED_OUT':
      return until === null ? 'You are timed out.' : `You are timed out until ${momentOf(until, now)}.`
    case 'LOCKED':
      return 'This thread is locked: moderators write here. You need Manage Threads.'
    case 'HELD_BACK':
      return 'You may read here, not write: this server does not let you write yet.'
    case 'BOT_MISSING_PERMISSIONS':
      return `You may write here, the bot may not. The bot needs ${listed(missing.map(permissionName))}.`
    default:
      return `You may read here, not write. You need ${listed(missing.map(permissionName))}.`
  }
}
