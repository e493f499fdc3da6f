import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { replaceFile } from './replace-file'

/**
 * Keeps a durable copy of a file beside it and returns its path; the file itself stays. The name says why and comes
 * from the content, so that a start that is repeated keeps one copy and never overwrites another one. Throws
 * file system errors such as a full disk.
 */
export function copyAside(path: string, why: 'damaged' | 'future' = 'damaged'): string {
  const content = readFileSync(path)
  const copy = `${path}.${why}-${createHash('sha256').update(content).digest('hex').slice(0, 12)}`
  // The copy is written atomically, so one that exists is complete.
  if (!existsSync(copy)) replaceFile(copy, content)
  return copy
}
