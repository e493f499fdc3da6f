import { type AccountId, isPodKey, type PodKey } from '../../../core/pods/pod'

/** What the page of a new pod is filled in by. */
export type NewPodTarget =
  /** Like this pod; `rebuild`: to replace it. */
  | { readonly kind: 'like' | 'rebuild'; readonly podKey: PodKey }
  /** Like a create that ended; `isWaiting`: it waits until something is free. */
  | {
      readonly kind: 'create'
      readonly accountId: AccountId
      readonly createId: string
      readonly isWaiting: boolean
    }

/** As the target of the page. */
export const newPodTarget = (target: NewPodTarget): string =>
  target.kind === 'create'
    ? `${target.isWaiting ? 'wait' : 'again'}:${target.createId}:${target.accountId}`
    : `${target.kind}:${target.podKey}`

/** Null for any other text. */
export function parseNewPodTarget(text: string): NewPodTarget | null {
  const [kind = '', ...rest] = text.split(':')
  const about = rest.join(':')
  if (kind === 'like' || kind === 'rebuild') return isPodKey(about) ? { kind, podKey: about } : null
  if (kind !== 'wait' && kind !== 'again') return null
  const [createId = '', ...account] = rest
  const accountId = account.join(':')
  return createId === '' || accountId === ''
    ? null
    : { kind: 'create', accountId, createId, isWaiting: kind === 'wait' }
}
