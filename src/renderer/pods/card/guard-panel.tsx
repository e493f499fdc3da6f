import { impactSentence } from '../../../core/pods/data-impact-text'
import type { PodView } from '../../../core/view/snapshot'
import { heldRuleText, movedText, plannedStopText } from '../../pod-model/guard-text'
import { heldStopsText, keepOnText } from '../../pod-model/keep-on-text'
import { useSingleFlight } from '../../state/use-single-flight'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { Icon } from '../../ui/icon'
import { ClockText } from '../../ui/clock-text'
import { runPodCommand } from '../../pod-model/pod-commands'
import { BlockedStop } from './blocked-stop'

/** Shows that a pod is kept on and what that holds, or when it will be stopped and what survives, or why it is not stopped. */
export function GuardPanel({ pod, isStale }: { readonly pod: PodView; readonly isStale: boolean }) {
  const { keepOn, autoStop } = pod.guard
  if (keepOn !== null) return <KeepOnNotice pod={pod} keepOn={keepOn} />
  if (autoStop.kind === 'blocked') return <BlockedStop pod={pod} blocked={autoStop} />
  // No stop is announced from stale data, because a pod that can't be observed isn't stopped either.
  if (autoStop.kind === 'planned' && !isStale) return <PlannedStopNotice pod={pod} planned={autoStop} />
  const heldText = heldRuleText(pod.guard)
  return heldText === null ? null : <p className="guard idle">{heldText}</p>
}

interface KeepOnNoticeProps {
  readonly pod: PodView
  readonly keepOn: NonNullable<PodView['guard']['keepOn']>
}

function KeepOnNotice({ pod, keepOn }: KeepOnNoticeProps) {
  const services = useWindow()
  const runOnce = useSingleFlight()
  return (
    <div className="guard kept">
      <Icon name="moon" size={14} />
      <p>
        <ClockText textAt={(nowMs) => keepOnText(keepOn, pod.activity, nowMs)} />
        {pod.guard.heldStops.length > 0 && (
          <span className="cap">
            <ClockText textAt={(nowMs) => heldStopsText(pod.guard.heldStops, nowMs) ?? ''} />
          </span>
        )}
      </p>
      <Button
        kind="bare"
        label={`End keeping on ${pod.name}`}
        onPress={() => runOnce(() => runPodCommand(services, pod, { kind: 'end-keep-on' }))}
      >
        End
      </Button>
    </div>
  )
}

interface PlannedStopNoticeProps {
  readonly pod: PodView
  readonly planned: Extract<PodView['guard']['autoStop'], { kind: 'planned' }>
}

function PlannedStopNotice({ pod, planned }: PlannedStopNoticeProps) {
  const isDryRun = useSnapshotStore(({ snapshot }) => snapshot?.guard.isDryRun ?? false)
  const impact = planned.action === 'stop' ? pod.stopImpact : pod.terminateImpact
  return (
    <p className={isDryRun ? 'guard mute' : planned.action === 'terminate' ? 'guard bad' : 'guard idle'}>
      <b>
        <ClockText textAt={(nowMs) => `${plannedStopText(planned, isDryRun, nowMs)}.`} />
      </b>{' '}
      {planned.moved !== undefined && (
        <>
          <ClockText textAt={(nowMs) => movedText(planned, nowMs) ?? ''} />{' '}
        </>
      )}
      {impactSentence(impact)}
    </p>
  )
}
