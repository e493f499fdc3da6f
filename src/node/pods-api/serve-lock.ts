import { join } from 'node:path'
import { fail, ok, type Result } from '../../core/base/result'
import { claimFolderLock } from '../data-folder/lock/lock-socket'

export type ServeLockRefusal =
  /** Its process id; null: it did not say. */
  | { readonly kind: 'other-program'; readonly pid: number | null }
  /** `message`: a sentence. */
  | { readonly kind: 'unusable'; readonly message: string }

/**
 * Takes the right to serve the folder, since one program alone knows which requests were carried out. Returns what gives
 * it back, as the end of the process does.
 */
export async function takeServeLock(folder: string): Promise<Result<() => void, ServeLockRefusal>> {
  const claim = await claimFolderLock(join(folder, 'api-serve'), 'cli')
  if (!claim.ok) return fail({ kind: 'unusable', message: claim.error })
  if (claim.value.kind === 'held') return ok(claim.value.release)
  claim.value.stopWaiting()
  return fail({ kind: 'other-program', pid: claim.value.holder?.pid ?? null })
}
