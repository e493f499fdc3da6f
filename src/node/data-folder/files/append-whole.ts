import { fstatSync, fsyncSync, ftruncateSync, readSync, writeFileSync } from 'node:fs'

/**
 * Writes all of `text` or nothing, fsynced: on a full disk, a partial line would corrupt the next one. A partial line
 * that stayed is ended first. `file`: opened with "a+". Throws file system errors.
 */
export function appendWhole(file: number, text: string): void {
  const sizeBefore = fstatSync(file).size
  try {
    writeFileSync(file, endsWithNewline(file, sizeBefore) ? text : `\n${text}`)
    fsyncSync(file)
  } catch (cause) {
    ftruncateSync(file, sizeBefore)
    throw cause
  }
}

function endsWithNewline(file: number, size: number): boolean {
  const end = Buffer.alloc(1)
  if (size > 0) readSync(file, end, 0, 1, size - 1)
  return size === 0 || end.toString() === '\n'
}
