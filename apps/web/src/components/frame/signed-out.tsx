import { EmptyState } from '../ui/empty-state.tsx'
import { SignInHere } from './sign-in-here.tsx'

/** In the place of whatever was shown to whom has been signed out since. */
export function SignedOut() {
  return (
    <EmptyState icon="signOut" level="h1" title="You were signed out" actions={<SignInHere again />}>
      Your session ended in another window or was withdrawn. Nothing more is shown here.
    </EmptyState>
  )
}
