import type { FigureRange } from '@repo/discord-integration/types'

/** What the page shows before somebody chooses. Apart from the page, which is loaded where it is opened alone. */
export const FIRST_RANGE: FigureRange = '30m'
