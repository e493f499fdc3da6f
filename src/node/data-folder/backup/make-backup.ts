import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isObject, parseJson } from '../../../core/base/parse-json'
import { parseConfig, serializeConfig } from '../../../core/settings/config-schema'
import { errorCode } from '../files/error-code'
import { readDataFile } from '../files/read-data-file'
import { presentFormat } from '../format/folder-format'
import { type Backup, BACKUP_VERSION, MAX_BACKUP_BYTES } from './backup-codec'

/** What has no secret. What is under way (actions, creates, messages) is not moved: it belongs to this computer. */
export const PLAIN_FILES = [
  'channels.json',
  'api-tokens.json',
  'presets.json',
  'pod-colors.json',
  'host-keys.json',
  'seen-host-keys.json',
  'forwards.json',
  'queue.jsonl',
] as const
export const FOLDERS = ['activity', 'costs'] as const
/** With values in plain text, or encrypted by the keyring of this computer. */
export const SECRET_FILES = { 'channel-secrets.json': 'channels', 'job-variables.json': 'jobs' } as const
export const KEY_FILE = 'cli-key.json'

export interface MadeBackup {
  readonly backup: Backup
  /** Secrets that only the keyring of this computer can read, and so are not in the backup. */
  readonly inKeyring: number
  /** Secrets that are not in the backup because nobody asked for them. */
  readonly leftOut: number
}

/** Throws file system errors, and where a file is no longer what it should be. */
export function makeBackup(folder: string, hasSecrets: boolean, madeAtMs: number): MadeBackup {
  const files: Record<string, string> = {}
  let [inKeyring, leftOut] = [0, 0]
  const read = (name: string): string | null => readDataFile(join(folder, name), MAX_BACKUP_BYTES)
  for (const name of [...PLAIN_FILES, ...FOLDERS.flatMap((each) => filesIn(folder, each))]) {
    const text = read(name)
    if (text !== null) files[name] = text
  }
  const config = read('config.json')
  if (config !== null) {
    const parsed = parseConfig(config)
    if (!parsed.ok) throw new Error(`config.json can’t be used: ${parsed.error}`)
    inKeyring += parsed.value.accounts.filter(({ encryptedKey }) => encryptedKey !== null).length
    const accounts = parsed.value.accounts.map((account) => ({ ...account, encryptedKey: null }))
    files['config.json'] = serializeConfig({ ...parsed.value, accounts })
  }
  for (const [name, field] of Object.entries(SECRET_FILES)) {
    const content = parseJson(read(name) ?? '')
    const entries = isObject(content) && isObject(content[field]) ? Object.entries(content[field]) : []
    const readable = entries.filter(([, entry]) => isObject(entry) && isObject(entry['values']))
    inKeyring += entries.length - readable.length
    if (!hasSecrets) leftOut += readable.length
    else if (readable.length > 0)
      files[name] = JSON.stringify({ version: 1, [field]: Object.fromEntries(readable) })
  }
  const keys = read(KEY_FILE)
  if (keys !== null && hasSecrets) files[KEY_FILE] = keys
  if (keys !== null && !hasSecrets) leftOut += 1
  const backup = {
    podkeeperBackup: BACKUP_VERSION,
    format: presentFormat.version,
    madeAtMs,
    hasSecrets,
    files,
  } as const
  return { backup, inKeyring, leftOut }
}

/** The files of a folder and of its folders, by their names with slashes. */
function filesIn(folder: string, name: string): readonly string[] {
  try {
    return readdirSync(join(folder, name), { withFileTypes: true }).flatMap((entry) => {
      const path = `${name}/${entry.name}`
      if (entry.isDirectory()) return filesIn(folder, path)
      return entry.isFile() && /\.jsonl?$/.test(entry.name) ? [path] : []
    })
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return []
    throw cause
  }
}
