import { LinkError, type FigureRange, type Figures, type FiguresReport } from '@repo/discord-integration/types'
import type { Handler } from './handler.ts'

export type OwnFigures = {
  read: (history?: FigureRange) => Figures
  /** @throws {LinkError} where it comes too often. */
  report: (consumerId: number, report: FiguresReport) => void
}

export function createGetFigures({ read }: Pick<OwnFigures, 'read'>): Handler<'get_figures'> {
  return async ({ history }) => read(history)
}

export function createReportFigures({ report }: Pick<OwnFigures, 'report'>): Handler<'report_figures'> {
  return async (told, { consumerId }) => {
    if (consumerId === undefined) throw new LinkError('INTERNAL_ERROR', 'It is not known which connection tells that')
    report(consumerId, told)
    return { success: true }
  }
}
