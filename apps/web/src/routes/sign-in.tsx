import { createFileRoute, Navigate } from '@tanstack/react-router'
import { SIGN_IN, signInSearch } from '../sign-in-search.ts'

/** The root asks whoever is not signed in; whoever is has nothing to do here. */
export const Route = createFileRoute('/sign-in')({
  validateSearch: signInSearch,
  component: () => <Navigate to="/" replace />,
})

SIGN_IN satisfies '/sign-in'
