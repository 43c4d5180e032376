import './require-node.ts'
// Before the rest is loaded, which takes some tenths of a second: a signal that nobody hears ends a process by itself.
import './signals.ts'

await import('./gateway.ts')
