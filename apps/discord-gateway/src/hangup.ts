/**
 * From now on SIGHUP ends nothing. What comes back is to be given whom to call at each, and calls at once where one has
 * come before.
 */
export function hearHangups(): (listener: () => void) => void {
  let missed = false
  let heard = () => {
    missed = true
  }
  process.on('SIGHUP', () => heard())
  return (listener) => {
    heard = listener
    if (missed) listener()
  }
}
