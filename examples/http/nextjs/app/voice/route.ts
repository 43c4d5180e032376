import { whoIsInVoice } from '../../../voice.ts'

// Its answer is another every time. The link is held by Next.js's process, so its runtime is Node.js, which is the default;
// where Next.js loads voice.ts once for each route, each has a link of its own, which does no harm.
// The tests ask these functions as Next.js does, with standard requests, and do without its 300 MB.
export const dynamic = 'force-dynamic'

export const GET = (): Response => Response.json(whoIsInVoice())
