import { memo, useLayoutEffect, useRef } from 'react'
import { formatDuration, formatUsd, formatUsdPerHour } from '../../../core/base/format'
import type { PodId } from '../../../core/pods/pod'
import type { PodView } from '../../../core/view/snapshot'
import { useMirror } from '../../state/window-context'
import { Icon } from '../../ui/icon'
import { Money } from '../../ui/money'
import { GpuBars } from './gpu-bars'
import { GuardPanel } from './guard-panel'
import { IdleBar } from './idle-bar'
import { IntentPanel } from './intent-panel'
import { isOpen } from '../../pod-model/intent-text'
import { PodBudget } from './pod-budget'
import { PodButtons, type TerminalOffer } from './pod-buttons'
import { canKeepOn, podCommands } from '../../pod-model/pod-commands'
import { podRemarks, podState } from '../../pod-model/pod-text'
import { Sparkline } from './sparkline'
import { storageWords } from '../../pod-model/storage-text'
import { useKeptFocus } from './use-kept-focus'
import { useNearness } from './use-nearness'

interface PodCardProps {
  readonly podId: PodId
  /** The picture is not of now. */
  readonly isStale: boolean
  /** With a bar for each GPU, and what is at risk. */
  readonly isDetailed: boolean
  /** Whether to take for granted, at first, that it is in sight. */
  readonly isNearAtFirst: boolean
}

/**
 * One pod. Out of sight it is no more than its name and state, and renders again only when one of these changed; so
 * a thousand of them are still there for a screen reader, and cost next to nothing.
 */
export const PodCard = memo(function PodCard({ podId, isStale, isDetailed, isNearAtFirst }: PodCardProps) {
  const name = useMirror(({ podsById }) => podsById.get(podId)?.name)
  const tone = useMirror(({ podsById }) => stateOf(podsById.get(podId))?.tone)
  const word = useMirror(({ podsById }) => stateOf(podsById.get(podId))?.word)
  const ref = useRef<HTMLElement>(null)
  const { handlers, restoreFocus } = useKeptFocus(ref)
  const isNear = useNearness(ref, podId, isNearAtFirst)
  if (name === undefined) return null
  const headingId = `name-${podId}`
  return (
    <article
      ref={ref}
      id={`pod-${podId}`}
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
      {isNear && <Body podId={podId} isStale={isStale} isDetailed={isDetailed} onDrawn={restoreFocus} />}
    </article>
  )
})

const stateOf = (pod: PodView | undefined) => (pod === undefined ? undefined : podState(pod))

interface BodyProps extends Pick<PodCardProps, 'podId' | 'isStale' | 'isDetailed'> {
  readonly onDrawn: () => void
}

function Body({ podId, isStale, isDetailed, onDrawn }: BodyProps) {
  const pod = useMirror(({ podsById }) => podsById.get(podId))
  useLayoutEffect(onDrawn)
  if (pod === undefined) return null
  return (
    <>
      <Meta
        hardware={pod.hardware}
        place={pod.dataCenterId}
        perHourUsd={isPricedApart(pod) ? pod.costPerHourUsd : null}
        isLocked={pod.isLocked === true}
        terminateFate={isDetailed && pod.phase !== 'terminated' ? pod.terminateFate : null}
      />
      {pod.phase === 'running' && <Figures pod={pod} />}
      {isDetailed && <GpuBars pod={pod} />}
      <Remarks pod={pod} />
      <PodBudget pod={pod} />
      <IdleBar pod={pod} isStale={isStale} />
      <GuardPanel pod={pod} isStale={isStale} />
      <IntentPanel pod={pod} />
      <Buttons pod={pod} />
    </>
  )
}

function Buttons({ pod }: { readonly pod: PodView }) {
  const kinds = podCommands(pod).map(({ kind }) => kind)
  return (
    <PodButtons
      podId={pod.id}
      name={pod.name}
      terminal={terminalOffer(pod)}
      canStop={kinds.includes('stop')}
      canStart={kinds.includes('start')}
      isKeepOnOffered={isWorthKeeping(pod)}
      hasMenu={kinds.some((kind) => kind !== 'terminal' && kind !== 'stop' && kind !== 'start')}
    />
  )
}

function terminalOffer({ sshRoute, phase }: PodView): TerminalOffer {
  if (sshRoute !== null) return 'now'
  return phase === 'creating' ? 'not-yet' : 'no'
}

/** Whether the pod is idle or about to be stopped, so that keeping it on is what a person may want next. */
function isWorthKeeping(pod: PodView): boolean {
  const { keepOn, autoStop } = pod.guard
  return (
    canKeepOn(pod) &&
    !isOpen(pod.intent) &&
    keepOn === null &&
    (pod.activity.kind === 'idle' || autoStop.kind === 'planned' || autoStop.kind === 'held')
  )
}

/** Whether the card has no figures, beside which the price would stand. */
function isPricedApart({ phase, costPerHourUsd }: PodView): boolean {
  return phase !== 'running' && phase !== 'stopped' && (costPerHourUsd ?? 0) > 0
}

interface MetaProps {
  readonly hardware: string | null
  readonly place: string | null
  /** USD per hour, where it stands nowhere else on the card. */
  readonly perHourUsd: number | null
  readonly isLocked: boolean
  /** Null: not to be said here. */
  readonly terminateFate: PodView['terminateFate'] | null
}

/** What hardly ever changes of a pod. */
const Meta = memo(function Meta({ hardware, place, perHourUsd, isLocked, terminateFate }: MetaProps) {
  return (
    <div className="meta">
      {hardware !== null && <span>{hardware}</span>}
      {place !== null && <span>{place}</span>}
      {terminateFate !== null && <Storage terminateFate={terminateFate} />}
      {perHourUsd !== null && <span>{formatUsdPerHour(perHourUsd)}</span>}
      {isLocked && (
        <span>
          <Icon name="lock" size={12} /> locked, cannot be stopped
        </span>
      )}
    </div>
  )
})

function Storage({ terminateFate }: { readonly terminateFate: PodView['terminateFate'] }) {
  const { label, isWarning, risk } = storageWords(terminateFate)
  return (
    <span className={isWarning ? 'storage idle' : 'storage'} title={risk}>
      <Icon name={isWarning ? 'warning' : 'disk'} size={13} /> {label}
      <span className="unseen">. {risk}</span>
    </span>
  )
}

function Figures({ pod }: { readonly pod: PodView }) {
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
        <Sparkline podId={pod.id} isIdle={pod.activity.kind === 'idle'} />
      </div>
      <div className="cost">
        <div className="rate">
          {pod.costPerHourUsd === null ? 'no price' : <Money usd={pod.costPerHourUsd} per="hour" />}
        </div>
        <Since pod={pod} />
      </div>
    </div>
  )
}

/** Cost since the start, and the time since. As of the picture, so that an old one does not go on counting. */
function Since({ pod }: { readonly pod: PodView }) {
  const { startedAtMs, costSinceStartUsd } = pod
  const age = useMirror(({ snapshot }) =>
    startedAtMs === null || snapshot === null
      ? null
      : formatDuration((snapshot.pictureAtMs ?? snapshot.atMs) - startedAtMs),
  )
  return (
    <div className="cap" title="Since its start, at the present rate">
      {[costSinceStartUsd === null ? null : formatUsd(costSinceStartUsd), age]
        .filter((word) => word !== null)
        .join(' · ')}
    </div>
  )
}

function Remarks({ pod }: { readonly pod: PodView }) {
  const text = useMirror(({ snapshot }) =>
    podRemarks(pod, snapshot?.pictureAtMs ?? snapshot?.atMs ?? 0).join('\n'),
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
