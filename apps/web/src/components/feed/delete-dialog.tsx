import { useCommand } from '../../hooks/use-command.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { COMPOSER, useConversation } from './conversation.tsx'
import { Quoted } from './quoted.tsx'

/** Asks before a message is deleted. */
export function DeleteDialog() {
  const { channel, deleting, askToDelete } = useConversation()
  const command = useCommand()
  return (
    <ConfirmDialog
      open={deleting !== null}
      onClose={() => askToDelete(null)}
      title="Delete this message?"
      confirm="Delete"
      goesOnAt={COMPOSER}
      onConfirm={() => {
        if (deleting !== null) void command.deleteMessage({ channelId: channel.id, messageId: deleting })
      }}
    >
      <p>It is deleted at Discord, for everybody. That cannot be undone.</p>
      <p className="flex min-w-0 items-center gap-1.5 rounded-2 bg-sunken px-2 py-1 text-xs">
        {deleting !== null && <Quoted channelId={channel.id} messageId={deleting} />}
      </p>
    </ConfirmDialog>
  )
}
