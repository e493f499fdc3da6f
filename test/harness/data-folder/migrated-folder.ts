import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrateFolder, presentFormat } from '../../../src/node/data-folder/format/folder-format'

/** Lets a folder in which files are prepared count as one of the present format. */
export const writeFormatFile = (folder: string): void =>
  writeFileSync(join(folder, 'format.json'), JSON.stringify({ version: presentFormat.version }))

/** A new folder of the present format, as whoever holds its lock leaves it. */
export function migratedFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  migrateFolder(folder)
  return folder
}
