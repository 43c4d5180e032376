import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { buttonClass } from '../ui/button.tsx'
import { viewerQuery } from './viewer-card.tsx'

/** The way to /ops. For others there is no such page, so whoever is not known to be let in is not shown it. */
export function OperationsLink({ quiet = false }: { quiet?: boolean }) {
  const viewer = useQuery(viewerQuery).data
  if (viewer?.operator !== true) return null
  return (
    <Link to="/ops" className={quiet ? buttonClass('quiet', { small: true }) : buttonClass()}>
      Operations
    </Link>
  )
}
