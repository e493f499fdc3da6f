import './idle-moment.css'
import { type ReactNode, useEffect, useRef } from 'react'
import type { HourlySaving } from '../../../core/pods/data-impact'
import { MINUTE_MS } from '../../../core/base/time/time'
import { nextMorning } from '../../../core/pod-rules/keep-on'
import { momentSteps, type MomentStep } from '../../../core/view/demo/idle-moment'
import { isIdle } from '../../../core/view/pod-state'
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
 * What the demo opens on: a pod that wastes money. Its steps wait for the person, who stops it, undoes that, and turns on
 * the switch that stops it from then on; each can be skipped. See docs/product-rules.md#9-first-run.
 */
export function IdleMoment() {
  const isInTour = useSnapshotStore(({ wholeSnapshot }) => (wholeSnapshot?.demo?.tour ?? null) !== null)
  const idlePod = useSnapshotStore(({ wholeSnapshot }) => wholeSnapshot?.demo?.idlePod)
  const pod = useSnapshotStore(({ podsByKey }) =>
    idlePod === undefined ? undefined : podsByKey.get(idlePod.key),
  )
  if (pod === undefined || idlePod === undefined || isInTour || idlePod.step === 'done') return null
  const { step, saving } = idlePod
  if (hasOpenIntent(pod.intent) && pod.intent?.action === 'stop')
    return <Stopping pod={pod} saving={saving} step={step} />
  if (pod.phase === 'stopped') return <Automatic pod={pod} saving={saving} step={step} />
  if (!isIdle(pod)) return null
  return step === 'automatic' ? (
    <Automatic pod={pod} saving={null} step={step} />
  ) : (
    <Idle pod={pod} step={step} />
  )
}

interface StepProps {
  readonly pod: PodView
  readonly step: MomentStep
}

function Idle({ pod, step }: StepProps) {
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const { name, activity, costPerHourUsd, idleCostUsd } = pod
  if (activity.kind !== 'idle' || costPerHourUsd === null || idleCostUsd === null) return null
  const untilMorningMs = nextMorning(nowMs, localOffset) - nowMs
  return (
    <Moment
      step={step}
      title={idleMomentText.idleFor(name, pod.hardware, activity.idleForMs)}
      amount={idleMomentText.wasted(idleCostUsd)}
      tone="idle"
      note={idleMomentText.byMorning(idleCostUsd, costPerHourUsd, untilMorningMs)}
    >
      <StopButton pod={pod} />
    </Moment>
  )
}

function StopButton({ pod }: Pick<StepProps, 'pod'>) {
  const services = useWindow()
  const runOnce = useSingleFlight()
  return (
    <Button
      kind="primary"
      icon="stop"
      onPress={() => runOnce(() => runPodCommand(services, pod, { kind: 'stop' }))}
    >
      {idleMomentText.stop(pod.name)}
    </Button>
  )
}

interface StoppedProps extends StepProps {
  /** Of its stop; null: not known, or it isn't stopped. */
  readonly saving: HourlySaving | null
}

function Stopping({ pod, saving, step }: StoppedProps) {
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
      step={step}
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

/** Offers the switch: of the pod that is stopped, or of one that the person let run. */
function Automatic({ pod, saving, step }: StoppedProps) {
  const arePaused = useSnapshotStore(({ snapshot }) => snapshot?.guard.areAutoStopsPaused === true)
  const isOn = pod.guard.isAutoStopEnabled
  const isStopped = pod.phase === 'stopped'
  const note = isStopped ? idleMomentText.dataKept : idleMomentText.keepsRunning
  return (
    <Moment
      step={step}
      title={isStopped ? idleMomentText.stopped(pod.name) : idleMomentText.runs(pod.name)}
      amount={saving === null ? null : idleMomentText.saves(saving)}
      tone="ok"
      note={isOn ? idleMomentText.automaticOn : note}
      isOver={isOn}
    >
      {!isOn && <b>{idleMomentText.automatic}</b>}
      <AutoStopLine pod={pod} arePaused={arePaused} />
      {!isStopped && <StopButton pod={pod} />}
    </Moment>
  )
}

interface MomentProps {
  readonly step: MomentStep
  readonly title: string
  readonly amount: string | null
  readonly tone: 'idle' | 'ok'
  readonly note: string
  /** What the step asks for is done. */
  readonly isOver?: boolean
  /** What to do about it. */
  readonly children: ReactNode
}

const listedSteps = momentSteps.filter((step) => step !== 'done')

function Moment({ step, title, amount, tone, note, isOver = false, children }: MomentProps) {
  const { bridge, snapshotStore } = useWindow()
  const section = useRef<HTMLElement>(null)
  const isFirst = useRef(true)
  // What had the focus is gone with its step, which a keyboard would lose.
  useEffect(() => {
    if (!isFirst.current && document.activeElement === document.body)
      section.current?.focus({ preventScroll: true })
    isFirst.current = false
  }, [step])
  const skip = (): void =>
    void snapshotStore.runRequest(idleMomentText.couldNotSkip, bridge.runDemoCommand('skip-step'))
  const at = listedSteps.findIndex((one) => one === step)
  return (
    <section className={`idle-moment ${tone}`} aria-label={idleMomentText.label} tabIndex={-1} ref={section}>
      <div className="words" role={tone === 'ok' ? 'status' : undefined}>
        <p>{title}</p>
        {amount !== null && <p className="amount">{amount}</p>}
        <p>{note}</p>
      </div>
      <div className="actions">
        {children}
        <Button kind="bare" onPress={skip}>
          {isOver ? idleMomentText.done : idleMomentText.skip}
        </Button>
      </div>
      <ol className="moment-steps" aria-label={idleMomentText.steps}>
        {listedSteps.map((one, index) => (
          <li
            key={one}
            className={index < at ? 'done' : ''}
            {...(one === step && { 'aria-current': 'step' as const })}
          >
            {idleMomentText.stepNames[one]}
          </li>
        ))}
      </ol>
    </section>
  )
}

/** Of this computer's time zone, ms. */
const localOffset = (atMs: number): number => -new Date(atMs).getTimezoneOffset() * MINUTE_MS
