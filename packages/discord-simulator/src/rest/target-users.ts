import { isSnowflake } from '../snowflake.ts'
import type { Upload } from './body.ts'
import { refusal } from './errors.ts'

/** For whom an invite is, and when they were named by a file. Others neither see nor accept it. */
export interface TargetUsers {
  ids: Set<string>
  /** When the last file was read, as Discord writes moments; null if none was. */
  readAt: string | null
}

const HEADER = 'user_id'
const FIELD = 'target_users_file'

/** How the file that lists them goes back out: https://docs.discord.com/developers/resources/invite#get-target-users */
export const asCsv = ({ ids }: TargetUsers): string => [HEADER, ...ids, ''].join('\n')

/**
 * Reads a file of one id a line, with or without a header.
 * https://docs.discord.com/developers/resources/invite#update-target-users
 */
export function fromCsv(files: readonly Upload[]): string[] {
  const file = files.find(({ field }) => field === FIELD)
  if (!file) {
    const fault = { code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }
    throw refusal.invalidForm([{ path: [FIELD], ...fault }])
  }
  const lines = file.bytes
    .toString('utf8')
    .split(/\r?\n/)
    .map((line) => line.trim())
  const wrong = lines.flatMap((line, index) =>
    line === '' || isSnowflake(line) || (index === 0 && line === HEADER) ? [] : [index + 1],
  )
  if (wrong.length > 0) {
    const faultOf = (line: number) => `Line ${line}: invalid user ID - must be a valid Discord snowflake`
    throw refusal.invalidTargets({ [FIELD]: wrong.map(faultOf) })
  }
  return lines.filter(isSnowflake)
}
