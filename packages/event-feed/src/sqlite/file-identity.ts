import { statSync } from 'node:fs'

/** Which file it is, on its file system: a copy that was put in its place is another one. */
export type FileIdentity = { inode: string; born: string | null }

/** `born` is null where it cannot be told from the last change: a file system without it says that instead. */
export function identityOf(path: string): FileIdentity {
  const { ino, birthtimeNs, ctimeNs } = statSync(path, { bigint: true })
  return { inode: String(ino), born: birthtimeNs > 0n && birthtimeNs !== ctimeNs ? String(birthtimeNs) : null }
}

/** An inode that was given up is given again, so the birth counts where both know theirs. */
export function isSameFile(one: FileIdentity, other: FileIdentity): boolean {
  return one.inode === other.inode && (one.born === null || other.born === null || one.born === other.born)
}
