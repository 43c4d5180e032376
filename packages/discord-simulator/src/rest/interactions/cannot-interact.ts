/** Why somebody could not do it: an interaction that Discord would not have let begin. */
export class CannotInteract extends Error {}
