import type { PodKey } from '../../../core/pods/pod'
import { isIdle } from '../../../core/view/pod-state'
import { partOf } from '../../../core/view/snapshot'
import { accountStateText, isInTrouble } from '../../accounts/accounts-text'
import type { PodSection } from '../../state/arrange/arrange-pods'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { spentOfBudgetText } from '../../strip/strip-text'
import { Button } from '../../ui/button'
import { stoppable, stopSaving } from '../../../core/view/stops/stop-plan'
import { savesText } from '../../../core/view/stops/stop-plan-text'
import { stopIdleLabel } from '../bulk/bulk-text'
import '../bulk/bulk.css'

const hasStopIdle: readonly PodSection['kind'][] = ['needs-you', 'gpu', 'data-center', 'all']

/**
 * At the end of a section's heading: what its idle pods cost and a way to stop them, or an account's budget and
 * balance.
 */
export function SectionEnd({ section }: { readonly section: PodSection }) {
  if (section.kind === 'account') return <AccountFigures accountId={section.about ?? ''} />
  if (!hasStopIdle.includes(section.kind)) return null
  return section.kind === 'needs-you' ? <StopShownIdleButton /> : <StopIdleButton podKeys={section.podKeys} />
}

/** For all idle pods that are shown, also those that were idle for too short a time for an alert. */
function StopShownIdleButton() {
  const sections = useSnapshotStore((state) => state.sections)
  return <StopIdleButton podKeys={sections.flatMap(({ podKeys }) => podKeys)} />
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

/** Opens the list of all idle pods, those that the header counts; nothing with fewer than two. */
function StopIdleButton({ podKeys }: { readonly podKeys: readonly PodKey[] }) {
  const { snapshotStore } = useWindow()
  const podsByKey = useSnapshotStore((state) => state.podsByKey)
  const idle = stoppable(podKeys.flatMap((podKey) => podsByKey.get(podKey) ?? [])).filter(isIdle)
  if (idle.length < 2) return null
  return (
    <Button
      kind="bare"
      icon="stop"
      onPress={() => snapshotStore.openDialog({ kind: 'stop-pods', podKeys: idle.map(({ key }) => key) })}
    >
      {stopIdleLabel(idle.length)} <span className="dim saves">{savesText(stopSaving(idle))}</span>
    </Button>
  )
}
