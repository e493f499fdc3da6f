import type { ReactNode } from 'react'
import { impactSentence } from '../../../core/pods/data-impact-text'
import { partOf, type PodView } from '../../../core/view/snapshot'
import { heldRuleText, movedText, plannedStopText } from '../../pod-model/text/guard-text'
import { insideLookText } from '../../pod-model/text/inside-look-text'
import { heldStopsText, keepOnText } from '../../pod-model/text/keep-on-text'
import { idleBarText } from '../../pod-model/text/pod-text'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { ClockText } from '../../ui/labels/clock-text'
import { CardLine } from './card-line'
import { ReleaseButton } from '../actions/release-button'
import { useWarningLeadsMs } from './warning-leads'
import { cardText } from './card-text'

interface NextStepProps {
  readonly pod: PodView
  /** The data is out of date. */
  readonly isStale: boolean
}

/**
 * What happens to the pod next and when, or what holds that, without a time. See
 * docs/product-rules.md#34-showing-the-plan.
 */
export function NextStep({ pod, isStale }: NextStepProps) {
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const mode = useSnapshotStore(({ snapshot }) =>
    snapshot === null ? null : (partOf(snapshot, pod.accountId) ?? snapshot).guard,
  )
  const idle = mode && idleBarText(pod, mode, nowMs, isStale)
  const plan = planLine(pod, isStale, mode?.isDryRun ?? false)
  const next = idle?.nextText ?? null
  const spent = idle?.spent ?? null
  if (idle === null && plan === null) return null
  return (
    <div className="next-step">
      {idle !== null && idle.progress !== null && (
        <GuardBar progress={idle.progress} stopInMs={idle.stopInMs} />
      )}
      {plan ?? (next !== null && <CardLine icon="shield">{sentence(next)}</CardLine>)}
      {spent !== null && (
        <b className={idle?.isWasted ? 'spent idle-text' : 'spent'}>{cardText.spentIdle(spent)}</b>
      )}
    </div>
  )
}

function planLine(pod: PodView, isStale: boolean, isDryRun: boolean): ReactNode {
  const { keepOn, autoStop } = pod.guard
  if (keepOn !== null) return <KeptLine pod={pod} keepOn={keepOn} />
  if (autoStop.kind === 'blocked') return <BlockedLine pod={pod} blocked={autoStop} />
  // No stop is announced from stale data, because a pod that can't be observed isn't stopped either.
  if (autoStop.kind === 'planned' && !isStale) {
    const impact = autoStop.action === 'stop' ? pod.stopImpact : pod.terminateImpact
    return (
      <CardLine icon="shield">
        <b className={autoStop.action === 'terminate' && !isDryRun ? 'bad-text' : undefined}>
          <ClockText textAt={(nowMs) => `${plannedStopText(autoStop, isDryRun, nowMs)}.`} />
        </b>{' '}
        {pod.guard.server !== undefined && `${cardText.byServer(pod.guard.server)} `}
        {autoStop.moved !== undefined && (
          <>
            <ClockText textAt={(nowMs) => movedText(autoStop, nowMs) ?? ''} />{' '}
          </>
        )}
        {impactSentence(impact)}
      </CardLine>
    )
  }
  const heldText = heldRuleText(pod.guard)
  return heldText === null ? null : <CardLine icon="lock">{heldText}</CardLine>
}

/** Fills from the start of the idle time to the stop, with a tick for each warning. */
function GuardBar({ progress, stopInMs }: { readonly progress: number; readonly stopInMs: number | null }) {
  const leadsMs = useWarningLeadsMs()
  // The whole bar, from the share that is over and the time that is left.
  const totalMs = stopInMs === null || progress >= 1 ? null : stopInMs / (1 - progress)
  return (
    <div className="guard-bar" aria-hidden="true">
      <span className="fill" style={{ width: `${progress * 100}%` }} />
      {totalMs !== null &&
        leadsMs
          .filter((leadMs) => leadMs < totalMs)
          .map((leadMs) => (
            <span key={leadMs} className="tick" style={{ left: `${(1 - leadMs / totalMs) * 100}%` }} />
          ))}
    </div>
  )
}

function KeptLine({
  pod,
  keepOn,
}: {
  readonly pod: PodView
  readonly keepOn: NonNullable<PodView['guard']['keepOn']>
}) {
  return (
    <CardLine
      icon="clock"
      action={pod.isFromLastRun !== true && pod.guard.keptBy === undefined && <ReleaseButton pod={pod} />}
    >
      <ClockText textAt={(nowMs) => keepOnText(keepOn, pod.activity, nowMs, undefined, pod.guard.keptBy)} />
      {pod.guard.heldStops.length > 0 && (
        <span className="cap held-stops">
          <ClockText textAt={(nowMs) => heldStopsText(pod.guard.heldStops, nowMs) ?? ''} />
        </span>
      )}
    </CardLine>
  )
}

interface BlockedLineProps {
  readonly pod: PodView
  readonly blocked: Extract<PodView['guard']['autoStop'], { kind: 'blocked' }>
}

/** Why a pod is not stopped. If metrics cannot show that it is at rest, a look from inside is offered. */
function BlockedLine({ pod, blocked }: BlockedLineProps) {
  return blocked.conditions.includes('cannot-tell') ? (
    <LookInsideLine pod={pod}>{blocked.text}</LookInsideLine>
  ) : (
    <CardLine icon="lock">{blocked.text}</CardLine>
  )
}

interface LookInsideLineProps {
  readonly pod: PodView
  /** Why the pod is not stopped. */
  readonly children: string
}

/** Why a pod is not stopped, with the offer of a look from inside and what the last one found. */
export function LookInsideLine({ pod, children }: LookInsideLineProps) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  // While a look runs, another press changes nothing, and the button keeps the focus.
  const look = () =>
    runOnce(() => snapshotStore.runRequest(cardText.lookFromInside, bridge.lookInside(pod.key)))
  return (
    <CardLine
      icon="lock"
      action={
        pod.sshRoute !== null && (
          <Button label={cardText.lookInside(pod.name)} onPress={look}>
            {cardText.lookFromInside}
          </Button>
        )
      }
    >
      {children} <ClockText textAt={(nowMs) => insideLookText(pod.insideLook, nowMs)} />
    </CardLine>
  )
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`
