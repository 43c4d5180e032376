import { statSync } from 'node:fs'

/** Which file it is, on its file system: a copy that was put in its place is another one. */
export type FileIdentity = { inode: string; born: string | null }

/** `born` is null where it cannot be told from the last change: a file system without it says that instead. */
export function identityOf(path: string): FileIdentity {
  const { ino, birthtimeNs, ctimeNs } = statSync(path, { bigint: true })
  return { inode: String(ino), born: birthtimeNs > 0n && birthtimeNs !== ctimeNs ? String(birthtimeNs) : null }
}

/**
 * Whether a file is the one that was noted. An inode that was given up is given again, so its birth counts where it was known
 * once. It is known for good then: a file whose birth cannot be told has not been changed since, and is a copy.
 */
export function isSameFile(noted: FileIdentity, now: FileIdentity): boolean {
  return noted.inode === now.inode && (noted.born === null || noted.born === now.born)
}
