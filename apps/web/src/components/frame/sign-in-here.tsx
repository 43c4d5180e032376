import { useLocation } from '@tanstack/react-router'
import { buttonClass } from '../ui/button.tsx'

/** Loads the page anew, which then asks who one is, and comes back here. */
export function SignInHere({ again = false }: { again?: boolean }) {
  return (
    <a href={useLocation({ select: ({ href }) => href })} className={buttonClass('solid')}>
      {again ? 'Sign in again' : 'Sign in'}
    </a>
  )
}
