import type { ApiPodDetails } from '../../../core/pods-api/account-details'

/** A terminate that a token asked for and a person has to confirm. Times are Unix ms. */
export interface PendingConfirmation {
  readonly id: string
  readonly accountId: string
  readonly podId: string
  readonly podName: string
  readonly message: string
  readonly expiresAtMs: number
}

export interface ConfirmationBody {
  readonly id: string
  readonly status: 'pending' | 'confirmed' | 'expired'
  readonly expiresAt: number
  readonly message: string
}

const VALID_MS = 15 * 60_000
const MAX_KEPT = 500

export interface PendingConfirmations {
  /** One for each pod: asking again within its time is the same question. `isNew`: it wasn't asked yet. */
  open(
    asked: Pick<PendingConfirmation, 'accountId' | 'podId' | 'podName' | 'message'>,
    nowMs: number,
  ): { readonly confirmation: PendingConfirmation; readonly isNew: boolean }
  find(id: string): PendingConfirmation | null
  /** Nobody could be asked. */
  forget(id: string): void
}

export function createPendingConfirmations(newId: () => string): PendingConfirmations {
  const kept = new Map<string, PendingConfirmation>()
  return {
    open(asked, nowMs) {
      const known = [...kept.values()].find(
        ({ accountId, podId, expiresAtMs }) =>
          accountId === asked.accountId && podId === asked.podId && expiresAtMs > nowMs,
      )
      if (known !== undefined) return { confirmation: known, isNew: false }
      const confirmation = { ...asked, id: newId(), expiresAtMs: nowMs + VALID_MS }
      kept.set(confirmation.id, confirmation)
      const [oldest] = kept.keys()
      if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest)
      return { confirmation, isNew: true }
    },
    find: (id) => kept.get(id) ?? null,
    forget: (id) => void kept.delete(id),
  }
}

/** `pod`: as it is now; null: it is gone. */
export function confirmationBody(
  { id, message, expiresAtMs }: PendingConfirmation,
  pod: Pick<ApiPodDetails, 'phase' | 'openAction'> | null,
  nowMs: number,
): ConfirmationBody {
  const isConfirmed = pod === null || pod.phase === 'terminated' || pod.openAction === 'terminate'
  const status = isConfirmed ? 'confirmed' : nowMs >= expiresAtMs ? 'expired' : 'pending'
  return { id, status, expiresAt: Math.round(expiresAtMs), message }
}
