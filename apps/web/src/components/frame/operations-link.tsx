import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { buttonClass } from '../ui/button.tsx'
import { viewerQuery } from './viewer-card.tsx'

/** The way to /ops. For others there is no such page, so whoever is not known to be let in is not shown it. */
export function OperationsLink({ quiet = false }: { quiet?: boolean }) {
  const look = quiet ? buttonClass('quiet', { small: true }) : buttonClass()
  const isLetIn = useQuery(viewerQuery).data?.operator === true
  const [was, setWas] = useState(false)
  if (isLetIn && !was) setWas(true)
  // Who is signed out has it no more, and its place is kept: nothing in the bar moves.
  if (!isLetIn)
    return was && quiet ? (
      <span aria-hidden="true" className={`${look} invisible`}>
        Operations
      </span>
    ) : null
  return (
    <Link to="/ops" className={look}>
      Operations
    </Link>
  )
}
