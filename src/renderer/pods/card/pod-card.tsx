import { memo, useLayoutEffect, useRef } from 'react'
import { formatDuration, formatUsd, formatUsdPerHour } from '../../../core/base/format'
import { parsePodKey, type PodKey } from '../../../core/pods/pod'
import type { PodView } from '../../../core/view/snapshot'
import { accountListedAtMs, isAccountStale } from '../../state/account-parts'
import { useSnapshotStore } from '../../state/window-context'
import { AccountLabel } from '../../ui/account-label'
import { Icon } from '../../ui/icon'
import { Money } from '../../ui/money'
import { GpuBars } from './gpu-bars'
import { GuardPanel } from './guard-panel'
import { IdleBar } from './idle-bar'
import { IntentPanel } from './intent-panel'
import { hasOpenIntent } from '../../pod-model/intent-text'
import { ManagedPanel } from './managed-panel'
import { PodBudget } from './pod-budget'
import { PodButtons, type TerminalOffer } from './pod-buttons'
import { canKeepOn, podCommands } from '../../pod-model/pod-commands'
import { podRemarks, podState } from '../../pod-model/pod-text'
import { Sparkline } from './sparkline'
import { storageText } from '../../pod-model/storage-text'
import { useRestoredFocus } from './use-restored-focus'
import { useIsNearViewport } from './use-is-near-viewport'

interface PodCardProps {
  readonly podKey: PodKey
  /** Adds a bar per GPU and the storage risk. */
  readonly isDetailed: boolean
  /** Initial assumption about visibility, until the observer reports. */
  readonly isNearInitially: boolean
}

/**
 * One pod. Far outside the viewport only name and state are rendered, so that a thousand pods stay cheap and
 * still exist for a screen reader.
 */
export const PodCard = memo(function PodCard({ podKey, isDetailed, isNearInitially }: PodCardProps) {
  const name = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey)?.name)
  const tone = useSnapshotStore(({ podsByKey }) => stateOfPod(podsByKey.get(podKey))?.tone)
  const word = useSnapshotStore(({ podsByKey }) => stateOfPod(podsByKey.get(podKey))?.word)
  const { accountId } = parsePodKey(podKey)
  const isStale = useSnapshotStore(({ snapshot }) => isAccountStale(snapshot, accountId))
  const ref = useRef<HTMLElement>(null)
  const { handlers, restoreFocus } = useRestoredFocus(ref)
  const isNear = useIsNearViewport(ref, podKey, isNearInitially)
  if (name === undefined) return null
  const headingId = `name-${podKey}`
  return (
    <article
      ref={ref}
      id={`pod-${podKey}`}
      className={`card ${tone}${isStale ? ' stale' : ''}`}
      aria-labelledby={headingId}
      tabIndex={-1}
      {...handlers}
    >
      <header>
        <span className="dot" />
        <h3 id={headingId} title={name}>
          <bdi>{name}</bdi>
        </h3>
        <span className="pill">{word}</span>
      </header>
      <AccountLabel accountId={accountId} />
      {isNear && (
        <PodCardBody podKey={podKey} isStale={isStale} isDetailed={isDetailed} onRendered={restoreFocus} />
      )}
    </article>
  )
})

const stateOfPod = (pod: PodView | undefined) => (pod === undefined ? undefined : podState(pod))

interface PodCardBodyProps extends Pick<PodCardProps, 'podKey' | 'isDetailed'> {
  /** The data is out of date. */
  readonly isStale: boolean
  readonly onRendered: () => void
}

function PodCardBody({ podKey, isStale, isDetailed, onRendered }: PodCardBodyProps) {
  const pod = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey))
  useLayoutEffect(onRendered)
  if (pod === undefined) return null
  return (
    <>
      <PodFacts
        hardware={pod.hardware}
        dataCenter={pod.dataCenterId}
        perHourUsd={hasSeparatePrice(pod) ? pod.costPerHourUsd : null}
        isPriceApproximate={pod.isPriceApproximate === true}
        isLocked={pod.isLocked === true}
        terminateImpact={isDetailed && pod.phase !== 'terminated' ? pod.terminateImpact : null}
      />
      {pod.phase === 'running' && <UsageAndCost pod={pod} />}
      {isDetailed && <GpuBars pod={pod} />}
      <PodRemarks pod={pod} />
      <PodBudget pod={pod} />
      <IdleBar pod={pod} isStale={isStale} />
      <GuardPanel pod={pod} isStale={isStale} />
      <ManagedPanel pod={pod} isStale={isStale} />
      <IntentPanel pod={pod} />
      <CardButtons pod={pod} />
    </>
  )
}

function CardButtons({ pod }: { readonly pod: PodView }) {
  const kinds = podCommands(pod).map(({ kind }) => kind)
  return (
    <PodButtons
      podKey={pod.key}
      name={pod.name}
      terminal={terminalOfferOf(pod)}
      canStop={kinds.includes('stop')}
      canStart={kinds.includes('start')}
      isKeepOnOffered={shouldOfferKeepOn(pod)}
      hasMenu={kinds.some((kind) => kind !== 'terminal' && kind !== 'stop' && kind !== 'start')}
    />
  )
}

function terminalOfferOf({ sshRoute, phase }: PodView): TerminalOffer {
  if (sshRoute !== null) return 'now'
  return phase === 'creating' ? 'not-yet' : 'no'
}

/** Whether the pod is idle or about to be stopped, which makes "Keep on" a likely next step. */
function shouldOfferKeepOn(pod: PodView): boolean {
  const { keepOn, autoStop } = pod.guard
  return (
    canKeepOn(pod) &&
    !hasOpenIntent(pod.intent) &&
    keepOn === null &&
    (pod.activity.kind === 'idle' || autoStop.kind === 'planned' || autoStop.kind === 'blocked')
  )
}

/** Whether the card has no figures to put the price beside. */
function hasSeparatePrice({ phase, costPerHourUsd }: PodView): boolean {
  return phase !== 'running' && phase !== 'stopped' && (costPerHourUsd ?? 0) > 0
}

interface PodFactsProps {
  readonly hardware: string | null
  readonly dataCenter: string | null
  /** USD per hour, when the card shows it nowhere else. */
  readonly perHourUsd: number | null
  readonly isPriceApproximate: boolean
  readonly isLocked: boolean
  /** Null when it isn't shown here. */
  readonly terminateImpact: PodView['terminateImpact'] | null
}

/** The facts of a pod that hardly ever change, memoized apart from its figures. */
const PodFacts = memo(function PodFacts({
  hardware,
  dataCenter,
  perHourUsd,
  isPriceApproximate,
  isLocked,
  terminateImpact,
}: PodFactsProps) {
  return (
    <div className="meta">
      {hardware !== null && <span>{hardware}</span>}
      {dataCenter !== null && <span>{dataCenter}</span>}
      {terminateImpact !== null && <StorageFact terminateImpact={terminateImpact} />}
      {perHourUsd !== null && <span>{formatUsdPerHour(perHourUsd, isPriceApproximate)}</span>}
      {isLocked && (
        <span>
          <Icon name="lock" size={12} /> locked, cannot be stopped
        </span>
      )}
    </div>
  )
})

function StorageFact({ terminateImpact }: { readonly terminateImpact: PodView['terminateImpact'] }) {
  const { label, isWarning, risk } = storageText(terminateImpact)
  return (
    <span className={isWarning ? 'storage idle' : 'storage'} title={risk}>
      <Icon name={isWarning ? 'warning' : 'disk'} size={13} /> {label}
      <span className="unseen">. {risk}</span>
    </span>
  )
}

function UsageAndCost({ pod }: { readonly pod: PodView }) {
  const unit = pod.gpuCount > 0 ? 'GPU' : 'CPU'
  const percent = pod.utilPercent === null ? null : Math.round(pod.utilPercent)
  return (
    <div className="row">
      <div className="util" title={pod.gpuCount > 1 ? 'The busiest GPU' : undefined}>
        <div className={percent === null ? 'big dim' : 'big'}>
          {percent ?? '–'}
          {percent !== null && <small>%</small>}
        </div>
        <div className="cap">
          {unit}
          {percent === null && <span className="unseen"> use not known</span>}
        </div>
      </div>
      <div className="graph">
        <Sparkline podKey={pod.key} isIdle={pod.activity.kind === 'idle'} />
      </div>
      <div className="cost">
        <div className="rate">
          {pod.isPriceApproximate === true && <small>approx. </small>}
          {pod.costPerHourUsd === null ? 'no price' : <Money usd={pod.costPerHourUsd} per="hour" />}
        </div>
        <CostSinceStart pod={pod} />
      </div>
    </div>
  )
}

/** Cost and time since the start, as of the snapshot, so that stale data doesn't keep counting. */
function CostSinceStart({ pod }: { readonly pod: PodView }) {
  const { startedAtMs, costSinceStartUsd } = pod
  const uptime = useSnapshotStore(({ snapshot }) =>
    startedAtMs === null || snapshot === null
      ? null
      : formatDuration(accountListedAtMs(snapshot, pod.accountId) - startedAtMs),
  )
  return (
    <div className="cap" title="Since its start, at the present rate">
      {[costSinceStartUsd === null ? null : formatUsd(costSinceStartUsd), uptime]
        .filter((word) => word !== null)
        .join(' · ')}
    </div>
  )
}

function PodRemarks({ pod }: { readonly pod: PodView }) {
  const text = useSnapshotStore(({ snapshot }) =>
    podRemarks(pod, snapshot === null ? 0 : accountListedAtMs(snapshot, pod.accountId)).join('\n'),
  )
  if (text === '') return null
  return (
    <div className={pod.phase === 'error' ? 'remarks bad' : 'remarks'}>
      {text.split('\n').map((remark) => (
        <p key={remark}>{remark}</p>
      ))}
    </div>
  )
}
