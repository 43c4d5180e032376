/** Within what a command is answered, waiting for rate limits included. Below the 10 s after which a backend's client gives up. */
export const COMMAND_DEADLINE_MS = 8_000

/**
 * So much earlier everything is given up: on a machine that is busy timers fire late, and the answer still has to get to the
 * backend.
 */
export const ANSWER_MARGIN_MS = 1_000

/** What is not begun with less time left stays undone: it would mostly become unknown. */
export const ATTEMPT_MIN_MS = 1_000
