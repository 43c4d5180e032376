import { Tooltip } from '@base-ui/react/tooltip'

/** What the pointer only passes over is not shown. */
export const SHOWN_AFTER_MS = 300

/** One for all controls that say why they may not be pressed. */
export const reasons = Tooltip.createHandle<string>()

/** The reason of the control that has the pointer or the focus. Its name says the same to who does not see it. */
export function ReasonTooltip() {
  return (
    <Tooltip.Root handle={reasons}>
      {({ payload }: { payload: string | undefined }) => (
        <Tooltip.Portal>
          <Tooltip.Positioner sideOffset={6} collisionPadding={8} className="z-50">
            <Tooltip.Popup
              aria-hidden="true"
              className="max-w-64 rounded-2 border border-line-strong bg-raised px-2 py-1 text-xs text-ink shadow-[0_2px_6px_-2px_var(--shadow)]"
            >
              {payload}
            </Tooltip.Popup>
          </Tooltip.Positioner>
        </Tooltip.Portal>
      )}
    </Tooltip.Root>
  )
}
