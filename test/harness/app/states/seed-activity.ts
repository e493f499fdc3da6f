import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditEntry, ListedAuditEntry } from '../../../../src/core/audit-log/audit-log'
import { auditLogFileName } from '../../../../src/node/data-folder/records/audit-log-files'

const PER_FILE = 4_000

/** Writes a log of `count` entries to a data folder that no program uses yet. `entryAt`: from the oldest, 0, on. */
export function seedActivity(dataDir: string, count: number, entryAt: (index: number) => AuditEntry): void {
  const folder = join(dataDir, 'activity')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (let first = 0; first < count; first += PER_FILE) {
    const lines = Array.from({ length: Math.min(PER_FILE, count - first) }, (_, index) => {
      const entry: ListedAuditEntry = { seq: first + index + 1, ...entryAt(first + index) }
      return `${JSON.stringify(entry)}\n`
    })
    writeFileSync(join(folder, auditLogFileName(first + 1)), lines.join(''), { mode: 0o600 })
  }
}
