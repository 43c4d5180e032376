/** A UTF-16 unit is at most so many bytes of UTF-8. */
const UNIT_BYTES_MAX = 3

/** Whether a text has more bytes than that, as UTF-8. Counts them only where it may. */
export function isLarger(text: string, bytes: number): boolean {
  return text.length * UNIT_BYTES_MAX > bytes && (text.length > bytes || Buffer.byteLength(text) > bytes)
}
