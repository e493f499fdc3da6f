import { memo, type ReactNode, useLayoutEffect, useRef } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import { idleReason, idleSummary } from '../../../core/idle/idle-text'
import { podGuardText } from '../../../core/pod-guard/guard-in-pod-view'
import { parsePodKey, type PodKey } from '../../../core/pods/pod'
import { isIdleForLong } from '../../../core/view/pod-view'
import type { PodView } from '../../../core/view/snapshot'
import { hasOpenIntent } from '../../pod-model/text/intent-text'
import { wouldLoseData } from '../../../core/view/stops/stop-plan'
import { canKeepOn, podCommands } from '../../pod-model/commands/pod-commands'
import { podColor } from '../../pod-model/pod-color'
import { podState } from '../../../core/view/pod-state'
import { podBudgetText } from '../../money/spend-text'
import { runningJobsText, waitingJobText } from '../../pod-model/text/job-text'
import { NO_PRICE, podRemarks } from '../../pod-model/text/pod-text'
import { accountListedAtMs, isAccountStale } from '../../state/account-parts'
import { perHourUsd } from '../../state/arrange/pod-order'
import { useRunningJobNames, useSuggestedJob } from '../../state/hooks/use-queue'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { AccountLabel } from '../../ui/labels/account-label'
import { Icon } from '../../ui/icon'
import { ClockText } from '../../ui/labels/clock-text'
import { Money } from '../../ui/labels/money'
import { AutoStopLine } from '../actions/auto-stop-switch'
import { RunNextButton } from '../actions/run-next-button'
import { CardLine } from './card-line'
import { AutoStopOffer } from './panels/auto-stop-offer'
import { GpuBars } from './gpu-bars'
import { IntentPanel } from './panels/intent-panel'
import { ManagedPanel } from './managed-panel'
import { NextStep } from './next-step'
import { PodButtons } from './pod-buttons'
import { PodFacts } from './pod-facts'
import { ProgressPanel } from './panels/progress-panel'
import { OutsideStopActions } from './panels/ways-out'
import { Sparkline } from './sparkline'
import { UnrecognizedLine } from './unrecognized-line'
import { useRestoredFocus } from './use-restored-focus'
import { useIsNearViewport } from './use-is-near-viewport'
import { cardText } from './card-text'

interface PodCardProps {
  readonly podKey: PodKey
  /** Adds a bar per GPU and the storage risk. */
  readonly isDetailed: boolean
  /** Initial assumption about visibility, until the observer reports. */
  readonly isNearInitially: boolean
  /** Tells it apart from another card of the same pod on the page. */
  readonly idPrefix?: string
  /** At the end of its first line. */
  readonly headerAction?: ReactNode
}

/**
 * One pod. Far outside the viewport only name, state and price are rendered, so that a thousand pods stay cheap and
 * still exist for a screen reader.
 */
export const PodCard = memo(function PodCard(props: PodCardProps) {
  const { podKey, isDetailed, isNearInitially, idPrefix = 'pod', headerAction } = props
  const name = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey)?.name)
  const { accountId } = parsePodKey(podKey)
  const isStale = useSnapshotStore(({ snapshot }) => isAccountStale(snapshot, accountId))
  const color = useSnapshotStore(({ podsByKey }) => {
    const pod = podsByKey.get(podKey)
    return pod === undefined || pod.phase === 'terminated' ? 'faded' : podColor(pod)
  })
  const canTakeFiles = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey)?.sshRoute === 'direct')
  const { navigate } = useWindow()
  const ref = useRef<HTMLElement>(null)
  const { handlers, restoreFocus } = useRestoredFocus(ref)
  const isNear = useIsNearViewport(ref, podKey, isNearInitially)
  if (name === undefined) return null
  const headingId = `name-${idPrefix}-${podKey}`
  return (
    <article
      ref={ref}
      id={`${idPrefix}-${podKey}`}
      className={`card ${color}${isStale ? ' stale' : ''}`}
      aria-labelledby={headingId}
      tabIndex={-1}
      data-drop-pod={canTakeFiles ? podKey : undefined}
      onKeyDown={(pressed) => {
        if (pressed.target !== pressed.currentTarget || pressed.key !== 'Enter') return
        pressed.preventDefault()
        navigate('pod', podKey)
      }}
      {...handlers}
    >
      <header>
        <span className="id-bar" aria-hidden="true" />
        <h3 id={headingId} title={name}>
          <PodName podKey={podKey} name={name} />
        </h3>
        <StatePill podKey={podKey} />
        <span className="head-end">
          <Rate podKey={podKey} />
          {headerAction}
        </span>
      </header>
      <AccountLabel accountId={accountId} />
      {isNear && (
        <PodCardBody podKey={podKey} isStale={isStale} isDetailed={isDetailed} onRendered={restoreFocus} />
      )}
    </article>
  )
})

/** Opens the page of the pod. */
function PodName({ podKey, name }: Pick<PodCardProps, 'podKey'> & { readonly name: string }) {
  const { navigate } = useWindow()
  return (
    <AriaButton className="pod-open" onPress={() => navigate('pod', podKey)}>
      <bdi>{name}</bdi>
    </AriaButton>
  )
}

/** The only place on the card that says the state. */
function StatePill({ podKey }: Pick<PodCardProps, 'podKey'>) {
  const { accountId } = parsePodKey(podKey)
  const stateJson = useSnapshotStore(({ podsByKey, snapshot }) => {
    const pod = podsByKey.get(podKey)
    if (pod === undefined) return null
    const asOfMs = snapshot === null ? null : accountListedAtMs(snapshot, accountId)
    return JSON.stringify({ ...podState(pod, asOfMs), isKept: pod.guard.keepOn !== null })
  })
  if (stateJson === null) return null
  const { tone, word, isKept } = JSON.parse(stateJson) as ReturnType<typeof podState> & { isKept: boolean }
  return (
    <span className={`pill ${tone}`}>
      {isKept && <Icon name="clock" size={12} />}
      {word}
    </span>
  )
}

function Rate({ podKey }: Pick<PodCardProps, 'podKey'>) {
  const usd = useSnapshotStore(({ podsByKey }) => {
    const pod = podsByKey.get(podKey)
    return pod === undefined ? null : perHourUsd(pod)
  })
  const isApproximate = useSnapshotStore(
    ({ podsByKey }) => podsByKey.get(podKey)?.isPriceApproximate === true,
  )
  return (
    <span className="rate">
      {usd !== null && isApproximate && <small>{cardText.approximately} </small>}
      {usd === null ? NO_PRICE : <Money usd={usd} per="hour" />}
    </span>
  )
}

interface PodCardBodyProps extends Pick<PodCardProps, 'podKey' | 'isDetailed'> {
  /** The data is out of date. */
  readonly isStale: boolean
  readonly onRendered: () => void
}

function PodCardBody({ podKey, isStale, isDetailed, onRendered }: PodCardBodyProps) {
  const pod = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey))
  useLayoutEffect(onRendered)
  if (pod === undefined) return null
  const isRunning = pod.phase === 'running'
  return (
    <>
      <PodFacts pod={pod} isDetailed={isDetailed} />
      {isRunning && (
        <div className="graph">
          <Sparkline podKey={podKey} isFitted />
        </div>
      )}
      {isDetailed && <GpuBars pod={pod} />}
      <PodRemarks pod={pod} />
      <OutsideStopActions pod={pod} />
      <UnrecognizedLine pod={pod} />
      <PodBudget pod={pod} />
      <IdleEvidence pod={pod} />
      <NextStep pod={pod} isStale={isStale} />
      <GuardInPodLine pod={pod} />
      <JobLine pod={pod} />
      <CardAutoStop pod={pod} />
      {!isStale && <AutoStopOffer pod={pod} />}
      <ManagedPanel pod={pod} isStale={isStale} />
      <IntentPanel pod={pod} />
      <ProgressPanel pod={pod} isStale={isStale} />
      <CardButtons pod={pod} isStale={isStale} />
    </>
  )
}

/** Its switch for auto-stop, while the pod costs more than its disk. */
function CardAutoStop({ pod }: { readonly pod: PodView }) {
  const arePaused = useSnapshotStore(({ snapshot }) => snapshot?.guard.areAutoStopsPaused === true)
  return pod.phase === 'running' || pod.phase === 'creating' ? (
    <AutoStopLine pod={pod} arePaused={arePaused} />
  ) : null
}

/** The actions of the pod. While its data is old, none of them is the next thing to do. */
export function CardButtons({ pod, isStale }: { readonly pod: PodView; readonly isStale: boolean }) {
  const kinds = podCommands(pod).map(({ kind }) => kind)
  return (
    <PodButtons
      podKey={pod.key}
      name={pod.name}
      hasTerminal={pod.sshRoute !== null}
      canStop={kinds.includes('stop')}
      canStart={kinds.includes('start')}
      isStopNext={isIdleForLong(pod)}
      isStale={isStale}
      wouldLoseData={wouldLoseData(pod)}
      isKeepOnOffered={shouldOfferKeepOn(pod)}
      hasMenu={kinds.some((kind) => kind !== 'terminal' && kind !== 'stop' && kind !== 'start')}
    />
  )
}

/** Whether the pod is idle or about to be stopped, which makes "Keep running" a likely next step. */
function shouldOfferKeepOn(pod: PodView): boolean {
  const { keepOn, autoStop } = pod.guard
  return (
    canKeepOn(pod) &&
    !hasOpenIntent(pod.intent) &&
    keepOn === null &&
    (pod.activity.kind === 'idle' || autoStop.kind === 'planned' || autoStop.kind === 'blocked')
  )
}

/** Other notes about the pod. */
export function PodRemarks({ pod }: { readonly pod: PodView }) {
  const text = useSnapshotStore(({ snapshot }) =>
    podRemarks(pod, snapshot === null ? 0 : accountListedAtMs(snapshot, pod.accountId)).join('\n'),
  )
  if (text === '') return null
  return (
    <div className="remarks">
      {text.split('\n').map((remark) => (
        <p key={remark}>{remark}</p>
      ))}
    </div>
  )
}

/** What the guard in the pod found: "Guard in the pod: idle 12 of 360 min". */
function GuardInPodLine({ pod: { guardInPod } }: { readonly pod: PodView }) {
  if (guardInPod === undefined) return null
  return (
    <CardLine icon="shield">
      <ClockText textAt={(nowMs) => podGuardText(guardInPod, nowMs)} />
    </CardLine>
  )
}

/** Which jobs run on a pod, or the one that an idle pod could run. */
function JobLine({ pod }: { readonly pod: PodView }) {
  const names = useRunningJobNames(pod.key)
  const suggested = useSuggestedJob(pod.key)
  if (names !== '') return <CardLine icon="queue">{runningJobsText(names.split('\n'))}</CardLine>
  if (suggested === null) return null
  return (
    <CardLine icon="queue" action={<RunNextButton pod={pod} />}>
      {waitingJobText(suggested.spec.name)}
    </CardLine>
  )
}

/**
 * Spending of a pod against its own monthly budget; renders nothing without a budget or without cost data.
 */
function PodBudget({ pod }: { readonly pod: PodView }) {
  const budgetUsd = pod.guard.rules.monthlyBudgetUsd
  const spentUsd = pod.money?.monthUsd ?? null
  if (budgetUsd === undefined || spentUsd === null || pod.clusterId !== null) return null
  return (
    <div className={spentUsd >= budgetUsd ? 'remarks bad' : 'remarks'} title={cardText.monthlyBudget}>
      <p>{podBudgetText(spentUsd, budgetUsd)}</p>
    </div>
  )
}

/** Why the pod counts as idle; never cut. Its page has all figures. See docs/product-rules.md#26-saying-why. */
function IdleEvidence({ pod: { phase, activity } }: { readonly pod: PodView }) {
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs)
  if (phase !== 'running' || activity.kind !== 'idle') return null
  const style = { nowMs: nowMs ?? activity.sinceMs }
  return (
    <p className="why" title={idleReason(activity, style)}>
      {idleSummary(activity, style)}
    </p>
  )
}
