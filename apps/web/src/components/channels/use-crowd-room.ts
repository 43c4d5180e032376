import { useCallback, useState } from 'react'

/** In rem: a face, and what comes after them, "169 more". */
const FACE_REM = 1.25
const NUMBER_REM = 4.625
const GAP_PX = 3
/** Of the column, before it has been measured. */
const COLUMN_PX = 204

/** How many faces are two rows of so many pixels, with room left for the number at the end of the second. */
export function facesInTwoRows(width: number, remPx: number): number {
  const fit = (room: number) => Math.max(0, Math.floor((room + GAP_PX) / (FACE_REM * remPx + GAP_PX)))
  return fit(width) + fit(width - NUMBER_REM * remPx - GAP_PX)
}

/** So many faces of a crowd have room in the element that the reference is given to, now. */
export function useCrowdRoom(): [faces: number, ref: (element: HTMLElement) => () => void] {
  const [faces, setFaces] = useState(() => facesInTwoRows(COLUMN_PX, 16))
  const ref = useCallback((element: HTMLElement) => {
    const measure = () => {
      const { clientWidth: width } = element
      // In a view that is not shown nothing has a width.
      if (width > 0)
        setFaces(facesInTwoRows(width, Number.parseFloat(getComputedStyle(document.documentElement).fontSize)))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [faces, ref]
}
