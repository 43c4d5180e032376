/** What wears the bar and the tint of the event that is chosen, here as among the events. It stands `relative`. */
export const chosenGround = 'bg-selected after:absolute after:inset-y-0 after:start-0 after:w-[3px] after:bg-live'
