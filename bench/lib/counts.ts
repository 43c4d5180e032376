const COUNTS = [10, 100, 1_000, 10_000]

/** The fewest that are measured. */
export const [FEWEST = 1] = COUNTS

/** How many there are of what a hop has ever more of. */
export const countsUpTo = (most: number): readonly number[] => COUNTS.filter((count) => count <= most)
