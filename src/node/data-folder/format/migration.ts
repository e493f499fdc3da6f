import { join } from 'node:path'

/** Brings the files of a folder from one format to the next. */
export interface Migration {
  /** The version it starts from; it leads to the next one. */
  readonly from: number
  /** Names of the files that it reads or writes, relative to the data folder. */
  readonly files: readonly string[]
  /** The new texts by name, from the old ones; null: no such file. Repeated from the backup after a crash. */
  readonly migrate: (read: (name: string) => string | null) => Readonly<Record<string, string>>
}

/** A version of the data folder, and how folders of earlier versions get there. */
export interface FolderFormat {
  readonly version: number
  readonly migrations: readonly Migration[]
}

/** The folder with the files as they were in that version. */
export const backupFolder = (folder: string, version: number): string =>
  join(folder, `format-${version}-backup`)
