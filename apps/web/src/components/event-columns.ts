/** Below 640 two lines of two: the event and its id over the time and the channel. */
export const columns =
  'grid w-full grid-cols-[82px_minmax(0,1fr)_84px_84px_48px] items-center gap-x-2.5 ps-3.5 pe-3 max-md:grid-cols-[minmax(0,1fr)_84px]'
