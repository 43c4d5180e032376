/** Longest wait for a frame: a tab in the background gets none, and its state must not fall behind. */
const FRAME_MS = 100

/** Runs once, before the next frame where there are frames. */
export function soon(run: () => void): void {
  let done = false
  const once = () => {
    if (done) return
    done = true
    clearTimeout(timer)
    cancelAnimationFrame(frame)
    run()
  }
  const timer = setTimeout(once, FRAME_MS)
  const frame = requestAnimationFrame(once)
}
