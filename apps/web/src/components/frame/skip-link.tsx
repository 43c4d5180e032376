import { buttonClass } from '../ui/button.tsx'

/** Where the messages are, or what is said in their place. */
export const MESSAGES = 'messages'

/** The first thing that the keyboard reaches; seen only then. */
export function SkipLink() {
  return (
    <a href={`#${MESSAGES}`} className={`${buttonClass('solid')} absolute! start-3 -top-16 z-20 focus:top-2`}>
      Skip to messages
    </a>
  )
}
