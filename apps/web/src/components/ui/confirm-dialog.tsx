import { AlertDialog } from '@base-ui/react/alert-dialog'
import { useRef, type ReactNode } from 'react'
import { buttonClass } from './button.tsx'

export const dialogBackdrop = 'fixed inset-0 z-40 bg-[light-dark(rgb(0_0_0/0.3),rgb(0_0_0/0.6))]'
export const dialogPanel =
  'fixed inset-x-4 top-1/2 z-40 mx-auto grid max-h-[calc(100dvh-2rem)] max-w-[26rem] -translate-y-1/2 gap-3 overflow-auto rounded-3 border border-line-strong bg-raised p-4 shadow-[0_10px_30px_-8px_var(--shadow)] outline-0'

/** Asks before something that cannot be undone. Escape and Cancel leave things as they are. */
export function ConfirmDialog({
  open,
  onClose,
  title,
  confirm,
  onConfirm,
  goesOnAt,
  children,
}: {
  open: boolean
  onClose: () => void
  title: string
  /** What is done: a verb. */
  confirm: string
  onConfirm: () => void
  /** The id of what has the focus after that: what it was opened from may be gone with it. */
  goesOnAt: string
  children: ReactNode
}) {
  const isConfirmed = useRef(false)
  return (
    <AlertDialog.Root open={open} onOpenChange={(isOpen) => isOpen || onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={dialogBackdrop} />
        <AlertDialog.Popup
          finalFocus={() => {
            const isDone = isConfirmed.current
            isConfirmed.current = false
            return isDone ? document.getElementById(goesOnAt) : true
          }}
          className={dialogPanel}
        >
          <AlertDialog.Title className="text-md font-title">{title}</AlertDialog.Title>
          <AlertDialog.Description render={<div />} className="grid gap-2 text-ink-2">
            {children}
          </AlertDialog.Description>
          <div className="flex justify-end gap-2">
            <AlertDialog.Close className={buttonClass()}>Cancel</AlertDialog.Close>
            <AlertDialog.Close
              className={buttonClass('solid')}
              onClick={() => {
                isConfirmed.current = true
                onConfirm()
              }}
            >
              {confirm}
            </AlertDialog.Close>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
