import type { PodKey } from '../../../core/pods/pod'
import { isIdleForLong } from '../../../core/view/pod-view'
import { partOf } from '../../../core/view/snapshot'
import { accountStateText, isInTrouble } from '../../accounts/accounts-text'
import type { PodSection } from '../../state/arrange/arrange-pods'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { spentOfBudgetText } from '../../strip/strip-text'
import { Button } from '../../ui/button'
import { savesText, savingOf, stopIdleLabel } from '../bulk/bulk-text'
import '../bulk/bulk.css'
import { stoppable } from '../../pod-model/commands/pod-commands'

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

/** Opens the list of all pods that were idle for long; nothing with fewer than two. */
function StopIdleButton({ podKeys }: { readonly podKeys: readonly PodKey[] }) {
  const { snapshotStore } = useWindow()
  const podsByKey = useSnapshotStore((state) => state.podsByKey)
  const idle = stoppable(podKeys.flatMap((podKey) => podsByKey.get(podKey) ?? [])).filter(isIdleForLong)
  if (idle.length < 2) return null
  return (
    <Button
      kind="bare"
      icon="stop"
      onPress={() => snapshotStore.openDialog({ kind: 'stop-pods', podKeys: idle.map(({ key }) => key) })}
    >
      {stopIdleLabel(idle.length)} <span className="dim saves">{savesText(savingOf(idle))}</span>
    </Button>
  )
}
