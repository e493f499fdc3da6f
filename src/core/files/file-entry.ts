export type FileKind = 'file' | 'folder' | 'link' | 'other'

/** What a folder has, as it was announced. */
export interface FileEntry {
  /** In the form of `decodeName`: a name without "/", or a path relative to the listed folder. */
  readonly path: string
  readonly kind: FileKind
  readonly sizeBytes: number
  /** The nine bits of `rwxrwxrwx`. */
  readonly mode: number
  /** Unix seconds. */
  readonly modifiedAtS: number
  /** Of a link; null where unknown. */
  readonly target: string | null
}

/** "drwxr-xr-x", as `ls -l` has it. */
export function modeText({ kind, mode }: Pick<FileEntry, 'kind' | 'mode'>): string {
  const type = { file: '-', folder: 'd', link: 'l', other: '?' }[kind]
  const bits = Array.from({ length: 9 }, (_, at) => ((mode >> (8 - at)) & 1 ? 'rwx'.charAt(at % 3) : '-'))
  return `${type}${bits.join('')}`
}
