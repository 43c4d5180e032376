import { Toast } from '@base-ui/react/toast'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'

export type ToastTone = 'refused' | 'unknown' | 'wait'

const tones: Readonly<Record<ToastTone, { icon: IconName; ink: string }>> = {
  refused: { icon: 'refused', ink: 'text-down' },
  unknown: { icon: 'unknown', ink: 'text-unknown' },
  wait: { icon: 'clock', ink: 'text-wait' },
}

/** More at once would cover what one reads; the others come when these are dismissed, and it is said how many they are. */
export const TOASTS_MAX = 3

/**
 * A notice that lies over the page until it is dismissed: what did not happen, what is needed and who can give it, what one can
 * do, and the code.
 */
export function ToastCard({
  toast,
  tone,
  title,
  text,
  code,
  children,
}: {
  toast: Toast.Root.ToastObject
  tone: ToastTone
  title: string
  text: string
  code: string
  /** What one can do. */
  children: ReactNode
}) {
  const { icon, ink } = tones[tone]
  return (
    <Toast.Root
      toast={toast}
      swipeDirection={[]}
      // It is no dialog, and what can be done in it is found by everybody, also before it has the focus.
      role="alert"
      aria-modal={undefined}
      className="grid grid-cols-[1.25rem_minmax(0,1fr)_auto] gap-x-2.5 rounded-3 border border-line-strong bg-raised py-3 ps-3.5 pe-2.5 shadow-[0_10px_30px_-8px_var(--shadow),0_2px_6px_-2px_var(--shadow)] data-limited:hidden"
    >
      <Icon name={icon} className={`mt-0.5 ${ink}`} />
      <div className="min-w-0">
        <Toast.Title className="text-sm font-title wrap-anywhere">{title}</Toast.Title>
        <Toast.Description className="text-ink-2 wrap-anywhere">{text}</Toast.Description>
      </div>
      <Toast.Close
        aria-hidden={false}
        render={<Button kind="quiet" small icon aria-label="Dismiss" className="self-start" />}
      >
        <Icon name="close" />
      </Toast.Close>
      <div className="col-span-2 col-start-2 mt-2 flex flex-wrap items-center gap-1.5">
        {children}
        <code className="ms-auto font-code text-2xs text-ink-3">{code}</code>
      </div>
    </Toast.Root>
  )
}
