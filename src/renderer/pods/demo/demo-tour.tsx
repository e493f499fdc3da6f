import { nextMorning } from '../../../core/pod-rules/keep-on'
import { MINUTE_MS } from '../../../core/base/time/time'
import { isIdle } from '../../../core/view/pod-state'
import { AutoStopLine } from '../actions/auto-stop-switch'
import { runPodCommand } from '../../pod-model/commands/pod-commands'
import { canUndo, hasOpenIntent } from '../../pod-model/text/intent-text'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { KeyHint } from '../../ui/labels/key-hint'
import { demoTourText } from './demo-tour-text'
import { TourPanel, type TourStepProps, useTourCommand } from './tour-panel'
import { Saved, Start, Watch } from './tour-watch'

/**
 * What the demo opens on: a pod that wastes money. Each step waits for the person, who stops it, undoes that, turns on the
 * switch that stops it from then on, and lets it; each can be skipped. See docs/product-rules.md#9-first-run.
 */
export function DemoTour() {
  const tour = useSnapshotStore(({ wholeSnapshot }) => wholeSnapshot?.demo?.tour)
  const pod = useSnapshotStore(({ podsByKey }) => (tour === undefined ? undefined : podsByKey.get(tour.key)))
  if (pod === undefined || tour === undefined || tour.step === 'done') return null
  const props = { pod, tour }
  if (tour.step === 'saved') return <Saved {...props} />
  if (hasOpenIntent(pod.intent) && pod.intent?.action === 'stop') return <Stopping {...props} />
  switch (tour.step) {
    case 'stop':
    case 'undo':
      return isIdle(pod) ? <Idle {...props} /> : <Working {...props} />
    case 'automatic':
      return <Automatic {...props} />
    case 'start':
      return <Start {...props} />
    case 'watch':
      return <Watch {...props} />
  }
}

function Idle({ pod, tour }: TourStepProps) {
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const { name, activity, costPerHourUsd, idleCostUsd } = pod
  if (activity.kind !== 'idle' || costPerHourUsd === null || idleCostUsd === null) return null
  const untilMorningMs = nextMorning(nowMs, localOffset) - nowMs
  return (
    <TourPanel
      step={tour.step}
      title={demoTourText.idleFor(name, pod.hardware, activity.idleForMs)}
      amount={demoTourText.wasted(idleCostUsd)}
      tone="idle"
      note={demoTourText.byMorning(idleCostUsd, costPerHourUsd, untilMorningMs)}
    >
      <StopButton pod={pod} />
    </TourPanel>
  )
}

/** There is nothing to stop yet. */
function Working({ pod, tour }: TourStepProps) {
  const command = useTourCommand()
  return (
    <TourPanel
      step={tour.step}
      title={demoTourText.works(pod.name)}
      amount={null}
      tone="ok"
      note={demoTourText.idleLater}
    >
      {pod.phase === 'running' && (
        <Button kind="primary" onPress={() => command('pass-time')}>
          {demoTourText.passTime}
        </Button>
      )}
    </TourPanel>
  )
}

function StopButton({ pod }: Pick<TourStepProps, 'pod'>) {
  const services = useWindow()
  const runOnce = useSingleFlight()
  return (
    <Button
      kind="primary"
      icon="stop"
      onPress={() => runOnce(() => runPodCommand(services, pod, { kind: 'stop' }))}
    >
      {demoTourText.stop(pod.name)}
    </Button>
  )
}

function Stopping({ pod, tour }: TourStepProps) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const { name, intent } = pod
  const canBeUndone = intent !== null && canUndo(intent, nowMs)
  const undo = (): void => {
    if (intent !== null)
      runOnce(() => snapshotStore.runRequest(demoTourText.notUndone, bridge.undo(intent.id)))
  }
  return (
    <TourPanel
      step={tour.step}
      title={demoTourText.stopping(name)}
      amount={tour.saving === null ? null : demoTourText.saves(tour.saving)}
      tone="ok"
      note={canBeUndone ? demoTourText.canUndo : demoTourText.isAsked}
    >
      {canBeUndone && (
        <Button onPress={undo}>
          {demoTourText.undo}
          <KeyHint name="Z" />
        </Button>
      )}
    </TourPanel>
  )
}

/** Offers the switch: of the pod that is stopped, or of one that the person let run. */
function Automatic({ pod, tour }: TourStepProps) {
  const arePaused = useSnapshotStore(({ snapshot }) => snapshot?.guard.areAutoStopsPaused === true)
  const isStopped = pod.phase === 'stopped'
  return (
    <TourPanel
      step={tour.step}
      title={isStopped ? demoTourText.stopped(pod.name) : demoTourText.runs(pod.name)}
      amount={tour.saving === null || !isStopped ? null : demoTourText.saves(tour.saving)}
      tone="ok"
      note={isStopped ? demoTourText.dataKept : demoTourText.keepsRunning}
    >
      <b>{demoTourText.automatic}</b>
      <AutoStopLine pod={pod} arePaused={arePaused} />
      {!isStopped && <StopButton pod={pod} />}
    </TourPanel>
  )
}

/** Of this computer's time zone, ms. */
const localOffset = (atMs: number): number => -new Date(atMs).getTimezoneOffset() * MINUTE_MS
