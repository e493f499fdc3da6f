import { partOf } from '../../../core/view/snapshot'
import { accountStateText, isInTrouble } from '../../accounts/accounts-text'
import type { PodSection } from '../../state/arrange/arrange-pods'
import { useSnapshotStore } from '../../state/window-context'
import { spentOfBudgetText } from '../../strip/strip-text'
import { StopIdleButton } from '../bulk/stop-idle-button'

const hasStopIdle: readonly PodSection['kind'][] = ['needs-you', 'gpu', 'data-center', 'all']

/**
 * At the end of a section's heading: what its idle pods cost and a way to stop them, or an account's budget and
 * balance.
 */
export function SectionEnd({ section }: { readonly section: PodSection }) {
  if (section.kind === 'account') return <AccountFigures accountId={section.about ?? ''} />
  return hasStopIdle.includes(section.kind) ? <StopIdleButton podKeys={section.podKeys} /> : null
}

function AccountFigures({ accountId }: { readonly accountId: string }) {
  const part = useSnapshotStore(({ snapshot }) =>
    snapshot === null ? undefined : partOf(snapshot, accountId),
  )
  if (part === undefined) return null
  const isTrouble = !part.entry.isPaused && isInTrouble(part)
  const state = accountStateText(part)
  return (
    <span className="section-figures">
      {part.money !== null && spentOfBudgetText(part.money)}
      {part.money !== null && state !== '' && ' · '}
      <span className={isTrouble ? 'bad-text' : undefined}>{state}</span>
    </span>
  )
}
