import { useRef } from 'react'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import type { Attaching } from './use-attaching.ts'

/** Has one choose files. It stays where it is, with the reason, where one may not. */
export function AttachButton({ hindrance, add, refuse }: Pick<Attaching, 'hindrance' | 'add' | 'refuse'>) {
  const chooser = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          add([...(currentTarget.files ?? [])])
          // The same file again is another choice.
          currentTarget.value = ''
        }}
      />
      <Button
        kind="quiet"
        icon
        aria-label="Attach a file"
        refused={hindrance ?? undefined}
        onRefused={refuse}
        onClick={() => chooser.current?.click()}
        className="relative border-transparent!"
      >
        <Icon name="attach" />
        {hindrance !== null && (
          <span className="absolute start-1/2 top-1/2 ms-[3px] mt-px rounded-[2px] bg-panel">
            <Icon name="lock" size={11} />
          </span>
        )}
      </Button>
    </>
  )
}
