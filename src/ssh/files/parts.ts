import { createHash, randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { joinPath } from '../../core/files/file-name'
import { isProcessAlive } from '../../node/data-folder/files/is-process-alive'
import type { FileCopy } from './sides/file-copy'
import type { TransferSide } from './sides/transfer-side'
import { ifOfFile } from './session/transfer-problems'

/*
 * A file that is not whole is a part beside its final place. The name of a part says which file it becomes, of which
 * version, and which transfer writes it. So no two transfers write to one part, and each gives the final name to what
 * it wrote itself. A part that was left behind is taken over by renaming it, which one transfer alone succeeds in.
 */

const KEY_DIGITS = 16
const COMPUTER_DIGITS = 8
const PROCESS_DIGITS = 8
/** A transfer that runs writes more often, or has given up. */
const UNTOUCHED_S = 600

const hexOf = (text: string, digits: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, digits)

const thisComputer = hexOf(hostname(), COMPUTER_DIGITS)
/** Of the transfers in this process. */
const running = new Set<string>()

/** A transfer as the owner of parts. */
export interface PartOwner {
  readonly tag: string
  /** Leaves its parts to others. */
  readonly end: () => void
}

export function createPartOwner(): PartOwner {
  const process_ = process.pid.toString(16).padStart(PROCESS_DIGITS, '0')
  const tag = `${thisComputer}${process_}${randomBytes(4).toString('hex')}`
  running.add(tag)
  return { tag, end: () => void running.delete(tag) }
}

/** The name of the part that a transfer writes, and how those of the same version, and of the same file, begin. */
export function partNamesOf({ identity, entry, owner }: Pick<FileCopy, 'identity' | 'entry' | 'owner'>): {
  readonly own: string
  readonly ofVersion: string
  readonly ofFile: string
} {
  const ofFile = `.podkeeper-${hexOf(identity, KEY_DIGITS)}`
  const ofVersion = `${ofFile}${hexOf(`${entry.sizeBytes} ${entry.modifiedAtS}`, KEY_DIGITS)}`
  return { own: `${ofVersion}${owner}.part`, ofVersion, ofFile }
}

/** Paths of the parts of the file, of any version, that no transfer writes to any more. */
export async function findLeftParts(
  side: TransferSide,
  copy: Pick<FileCopy, 'identity' | 'entry' | 'owner' | 'session' | 'folder' | 'partsIn'>,
): Promise<readonly { readonly path: string; readonly isOfVersion: boolean }[]> {
  const { session, folder } = copy
  const { own, ofVersion, ofFile } = partNamesOf(copy)
  const left: { path: string; isOfVersion: boolean }[] = []
  for (const name of await copy.partsIn(folder)) {
    if (!name.startsWith(ofFile) || name === own) continue
    const path = joinPath(folder, name)
    if (await isLeft(name.slice(ofVersion.length, -'.part'.length), path))
      left.push({ path, isOfVersion: name.startsWith(ofVersion) })
  }
  return left

  async function isLeft(tag: string, path: string): Promise<boolean> {
    if (running.has(tag)) return false
    const pid = Number.parseInt(tag.slice(COMPUTER_DIGITS, COMPUTER_DIGITS + PROCESS_DIGITS), 16)
    const isOfThisProcess = pid === process.pid
    if (tag.startsWith(thisComputer) && (isOfThisProcess || !isProcessAlive(pid))) return true
    // Of another computer, or the number of the process is used again.
    const there = await side.entryAt(session, path).catch(ifOfFile(null))
    return there !== null && Date.now() / 1_000 - there.modifiedAtS > UNTOUCHED_S
  }
}
