import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrateFolder } from '../../../src/node/data-folder/format/folder-format'

/** A new folder of the present format, as whoever holds its lock leaves it. */
export function migratedFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  migrateFolder(folder)
  return folder
}
