import * as v from 'valibot'
import { parseJson } from '../../../core/base/parse-json'
import { fail, ok, type Result } from '../../../core/base/result'
import type { ReadonlyOutput } from '../../../core/base/readonly-output'
import { presentFormat } from '../format/folder-format'

/** Of the backup itself. The files in it have the format of the data folder. */
export const BACKUP_VERSION = 1
/** A queue may have that. */
export const MAX_BACKUP_BYTES = 500 * 1_024 * 1_024

/** Names of files in a data folder that a backup may have, and nothing else. */
const FILE_NAME = /^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*){0,2}$/

const backupSchema = v.strictObject({
  podkeeperBackup: v.literal(BACKUP_VERSION),
  /** The version of the data folder's format. */
  format: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Unix ms. */
  madeAtMs: v.number(),
  hasSecrets: v.boolean(),
  /** The text of each file by its name, with slashes. */
  files: v.record(
    v.pipe(
      v.string(),
      v.regex(FILE_NAME),
      v.check((name) => !name.includes('..')),
    ),
    v.string(),
  ),
})
export type Backup = ReadonlyOutput<typeof backupSchema>

const versionSchema = v.object({ podkeeperBackup: v.number() })

export const serializeBackup = (backup: Backup): string => `${JSON.stringify(backup, null, 1)}\n`

/** The error is a sentence. */
export function parseBackup(text: string): Result<Backup, string> {
  const json = parseJson(text)
  const version = v.safeParse(versionSchema, json)
  if (!version.success) return fail('This is no backup of Podkeeper.')
  if (version.output.podkeeperBackup > BACKUP_VERSION)
    return fail('A newer Podkeeper made this backup. Update Podkeeper to restore it.')
  const parsed = v.safeParse(backupSchema, json)
  if (!parsed.success) return fail('The backup is damaged.')
  const { format } = parsed.output
  if (format > presentFormat.version)
    return fail(
      `The backup is of a data folder in format ${format}, and this Podkeeper supports format ${presentFormat.version}. Update Podkeeper to restore it.`,
    )
  if (format < presentFormat.version)
    return fail(`The backup is of a data folder in the earlier format ${format}, which can’t be restored.`)
  return ok(parsed.output)
}
