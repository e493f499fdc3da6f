import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Instant } from '../../../core/base/time/time'
import { parseJson } from '../../../core/base/parse-json'
import { parseQueueRecord, type QueueRecord } from '../../../core/queue/jobs/job-codec'
import { restoredQueue } from '../../../core/queue/jobs/restored-jobs'
import { readDataFile } from '../files/read-data-file'
import { replaceFile, syncFolder } from '../files/replace-file'
import { MAX_CONFIG_BYTES, parseConfig, serializeConfig } from '../../../core/settings/config-schema'
import { isIntact, journalLine } from '../journal/journal-line'
import type { Backup } from './backup-codec'
import { FOLDERS, KEY_FILE, PLAIN_FILES, SECRET_FILES } from './make-backup'
import { makeFolders } from '../files/private-folder'

/** All that a restore replaces: what a backup has, and what goes on with the present content, such as actions. */
const REPLACED = [
  'config.json',
  'config.json.last-good',
  ...PLAIN_FILES,
  'intents.jsonl',
  'creates.jsonl',
  'outbox.jsonl',
  'phone.json',
  'alert-marks.json',
  'idle-episodes.json',
  'known-pods.json',
  'idle-endpoints.json',
  'last-snapshots.json',
  'terminal-tabs.json',
  ...FOLDERS,
]

/**
 * Puts the files of a backup into the folder, whose lock this process holds. What was there is moved to a folder in it,
 * whose name is returned. Keys and secrets that are here and not in the backup stay. Throws file system errors; then the
 * folder has the old content, or none: never the old queue with new rules.
 */
export function restoreBackup(folder: string, backup: Backup, now: Instant): string {
  const stamp = new Date(now.wallMs).toISOString().replace(/[:.]/g, '-')
  const aside = `before-restore-${stamp}`
  const staged = join(folder, `restore-${stamp}.new`)
  const write = (name: string, text: string): void => {
    const path = join(staged, name)
    makeFolders(dirname(path))
    replaceFile(path, text)
  }
  try {
    makeFolders(staged)
    for (const [name, text] of Object.entries(backup.files))
      write(name, restoredText(folder, name, text, backup.madeAtMs, now))
  } catch (cause) {
    rmSync(staged, { recursive: true, force: true })
    throw cause
  }
  mkdirSync(join(folder, aside), { mode: 0o700 })
  // Those that are here stay where the backup has none.
  const secrets = [KEY_FILE, ...Object.keys(SECRET_FILES)].filter((name) => Object.hasOwn(backup.files, name))
  for (const name of [...REPLACED, ...secrets])
    if (existsSync(join(folder, name))) renameSync(join(folder, name), join(folder, aside, name))
  const tops = new Set(Object.keys(backup.files).map((name) => name.split('/')[0] ?? name))
  for (const name of tops) renameSync(join(staged, name), join(folder, name))
  rmSync(staged, { recursive: true, force: true })
  syncFolder(folder)
  return aside
}

function restoredText(folder: string, name: string, text: string, madeAtMs: number, now: Instant): string {
  if (name === 'queue.jsonl') return queueText(text, madeAtMs, now)
  return name === 'config.json' ? withPresentKeys(folder, text) : text
}

/** Keys that the keyring of this computer encrypted are in no backup. */
function withPresentKeys(folder: string, text: string): string {
  const restored = parseConfig(text)
  if (!restored.ok) throw new Error(`config.json in the backup can’t be used: ${restored.error}`)
  const present = parseConfig(readDataFile(join(folder, 'config.json'), MAX_CONFIG_BYTES) ?? '')
  const accounts = restored.value.accounts.map((account) => ({
    ...account,
    encryptedKey:
      (present.ok ? present.value.accounts.find(({ id }) => id === account.id)?.encryptedKey : null) ?? null,
  }))
  return serializeConfig({ ...restored.value, accounts })
}

/** Damaged lines stay in the backup only: a job that can't be read can't be run. */
function queueText(text: string, madeAtMs: number, now: Instant): string {
  const latest = new Map<string, QueueRecord>()
  for (const line of text.split('\n')) {
    const record = isIntact(line) ? parseQueueRecord(parseJson(line)) : null
    if (record?.kind === 'removed') latest.delete(record.id)
    else if (record !== null) latest.set(record.id, record)
  }
  return restoredQueue([...latest.values()], madeAtMs, now)
    .map(journalLine)
    .join('')
}
