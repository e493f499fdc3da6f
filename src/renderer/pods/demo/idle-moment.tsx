import './idle-moment.css'
import { type ReactNode, useState } from 'react'
import { MINUTE_MS } from '../../../core/base/time/time'
import type { HourlySaving } from '../../../core/pods/data-impact'
import { nextMorning } from '../../../core/pod-rules/keep-on'
import type { PodView } from '../../../core/view/snapshot'
import { AutoStopLine } from '../actions/auto-stop-switch'
import { runPodCommand } from '../../pod-model/commands/pod-commands'
import { canUndo, hasOpenIntent } from '../../pod-model/text/intent-text'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { KeyHint } from '../../ui/labels/key-hint'
import { idleMomentText } from './idle-moment-text'

/**
 * What the demo opens on: a pod that wastes money, its stop, and the switch that stops it from then on. Nothing, once the
 * person is done with it. See docs/product-rules.md#9-first-run.
 */
export function IdleMoment() {
  const isInTour = useSnapshotStore(({ wholeSnapshot }) => (wholeSnapshot?.demo?.tour ?? null) !== null)
  const pod = useSnapshotStore(({ wholeSnapshot, podsByKey }) => {
    const podKey = wholeSnapshot?.demo?.idlePod?.key
    return podKey === undefined ? undefined : podsByKey.get(podKey)
  })
  const saving = useSnapshotStore(({ wholeSnapshot }) => wholeSnapshot?.demo?.idlePod?.saving ?? null)
  const [isDone, setIsDone] = useState(false)
  if (pod === undefined || isInTour || isDone) return null
  const { activity, phase, intent } = pod
  if (hasOpenIntent(intent) && intent?.action === 'stop') return <Stopping pod={pod} saving={saving} />
  if (phase === 'stopped') return <Stopped pod={pod} saving={saving} onDone={() => setIsDone(true)} />
  return activity.kind === 'idle' && pod.guard.keepOn === null ? <Idle pod={pod} /> : null
}

function Idle({ pod }: { readonly pod: PodView }) {
  const services = useWindow()
  const runOnce = useSingleFlight()
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const { name, activity, costPerHourUsd, idleCostUsd } = pod
  if (activity.kind !== 'idle' || costPerHourUsd === null || idleCostUsd === null) return null
  const untilMorningMs = nextMorning(nowMs, localOffset) - nowMs
  return (
    <Moment
      title={idleMomentText.idleFor(name, pod.hardware, activity.idleForMs)}
      amount={idleMomentText.wasted(idleCostUsd)}
      tone="idle"
      note={idleMomentText.byMorning(idleCostUsd, costPerHourUsd, untilMorningMs)}
    >
      <Button
        kind="primary"
        icon="stop"
        onPress={() => runOnce(() => runPodCommand(services, pod, { kind: 'stop' }))}
      >
        {idleMomentText.stop(name)}
      </Button>
    </Moment>
  )
}

interface StopProps {
  readonly pod: PodView
  /** Of its stop; null: not known. */
  readonly saving: HourlySaving | null
}

function Stopping({ pod, saving }: StopProps) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const { name, intent } = pod
  const canBeUndone = intent !== null && canUndo(intent, nowMs)
  const undo = (): void => {
    if (intent !== null)
      runOnce(() => snapshotStore.runRequest(idleMomentText.notUndone, bridge.undo(intent.id)))
  }
  return (
    <Moment
      title={idleMomentText.stopping(name)}
      amount={saving === null ? null : idleMomentText.saves(saving)}
      tone="ok"
      note={canBeUndone ? idleMomentText.canUndo : idleMomentText.isAsked}
    >
      {canBeUndone && (
        <Button onPress={undo}>
          {idleMomentText.undo}
          <KeyHint name="Z" />
        </Button>
      )}
    </Moment>
  )
}

function Stopped({ pod, saving, onDone }: StopProps & { readonly onDone: () => void }) {
  const arePaused = useSnapshotStore(({ snapshot }) => snapshot?.guard.areAutoStopsPaused === true)
  const isOn = pod.guard.isAutoStopEnabled
  return (
    <Moment
      title={idleMomentText.stopped(pod.name)}
      amount={saving === null ? null : idleMomentText.saves(saving)}
      tone="ok"
      note={isOn ? idleMomentText.automaticOn : idleMomentText.dataKept}
    >
      {!isOn && <b>{idleMomentText.automatic}</b>}
      <AutoStopLine pod={pod} arePaused={arePaused} />
      {isOn && <Button onPress={onDone}>{idleMomentText.done}</Button>}
    </Moment>
  )
}

interface MomentProps {
  readonly title: string
  readonly amount: string | null
  readonly tone: 'idle' | 'ok'
  readonly note: string
  /** What to do about it. */
  readonly children: ReactNode
}

function Moment({ title, amount, tone, note, children }: MomentProps) {
  return (
    <section className={`idle-moment ${tone}`} aria-label={idleMomentText.label}>
      <div className="words" role={tone === 'ok' ? 'status' : undefined}>
        <p>{title}</p>
        {amount !== null && <p className="amount">{amount}</p>}
        <p>{note}</p>
      </div>
      <div className="actions">{children}</div>
    </section>
  )
}

/** Of this computer's time zone, ms. */
const localOffset = (atMs: number): number => -new Date(atMs).getTimezoneOffset() * MINUTE_MS
