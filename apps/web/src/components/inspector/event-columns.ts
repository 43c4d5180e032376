/** Below 640 two lines of two: the event and its id over the time and the channel; with large text on a phone, four lines. */
export const columns =
  'grid w-full grid-cols-[5.125rem_minmax(0,1fr)_6.25rem_4.375rem_2.875rem] items-center gap-x-2.5 ps-3.5 pe-3 max-md:grid-cols-[minmax(0,1fr)_minmax(0,6.25rem)] max-sm:grid-cols-[minmax(0,1fr)]'

/** As high as its lines, and as a finger needs where it is one; every closed row is. */
export const rowHeight =
  'min-h-7 touch:min-h-11 max-md:grid-rows-[1.125rem_1.125rem] max-sm:grid-rows-[repeat(4,1.125rem)] max-md:content-center'
