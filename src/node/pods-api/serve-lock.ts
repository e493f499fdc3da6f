import { join } from 'node:path'
import { fail, ok, type Result } from '../../core/base/result'
import { claimFolderLock, type LockHolder } from '../data-folder/lock/lock-socket'

export type ServeLockRefusal =
  /** Null: it did not say which it is. */
  | { readonly kind: 'other-program'; readonly holder: LockHolder | null }
  /** `message`: a sentence. */
  | { readonly kind: 'unusable'; readonly message: string }

/**
 * Takes the right to serve the folder, since one program alone knows which requests were carried out. Returns what gives
 * it back, as the end of the process does.
 */
export async function takeServeLock(
  folder: string,
  program: LockHolder['program'],
): Promise<Result<() => void, ServeLockRefusal>> {
  const claim = await claimFolderLock(join(folder, 'api-serve'), program)
  if (!claim.ok) return fail({ kind: 'unusable', message: claim.error })
  if (claim.value.kind === 'held') return ok(claim.value.release)
  claim.value.stopWaiting()
  return fail({ kind: 'other-program', holder: claim.value.holder })
}
