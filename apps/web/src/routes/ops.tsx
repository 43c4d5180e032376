import { createFileRoute, notFound } from '@tanstack/react-router'
import { FIRST_RANGE } from '../components/ops/first-range.ts'
import { OpsPage } from '../components/ops/ops-page.tsx'
import { getOps } from '../server/ops/ops-functions.ts'

export const Route = createFileRoute('/ops')({
  // What came with the page is only its beginning: the page asks for itself.
  staleTime: Infinity,
  loader: async () => {
    try {
      return await getOps({ data: { range: FIRST_RANGE, has: null } })
    } catch (error) {
      // For whoever may not see it, there is no such page.
      if (error instanceof Error && error.message === 'NOT_FOUND') throw notFound()
      throw error
    }
  },
  component: Operations,
})

function Operations() {
  return <OpsPage first={Route.useLoaderData()} />
}
