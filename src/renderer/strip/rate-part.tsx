import { useMemo } from 'react'
import { formatUsdPerHour } from '../../core/base/text/format'
import { parsePodKey } from '../../core/pods/pod'
import { BurnCaption, useBurnRate } from '../money/burn-caption'
import { type BurnPart, burnPartText, burnSplit } from '../money/burn-split'
import { podCountText, stripText } from './strip-text'
import { podColor } from '../pod-model/pod-color'
import { isTogether } from '../state/account-parts'
import { isIdle } from '../../core/view/pod-state'
import { useAccountNames } from '../state/hooks/use-account-names'
import { useSnapshotStore } from '../state/window-context'
import { StripPart } from './strip-part'

/** What everything costs per hour, and who costs it. */
export function RatePart() {
  const burn = useBurnRate()
  if (burn === null) return null
  const [amount = '', per = ''] = formatUsdPerHour(burn.perHourUsd).split('/')
  return (
    <StripPart label={stripText.currentRate} details={() => <RateDetails />}>
      <span className="unseen">{stripText.currentRateIs} </span>
      <span>
        {burn.isAtLeast && `${stripText.atLeast} `}
        {burn.isApproximate && `${stripText.approximately} `}
        <b>{amount}</b>/{per}
      </span>
    </StripPart>
  )
}

function RateDetails() {
  const pods = useSnapshotStore(({ snapshot }) => snapshot?.pods ?? NONE)
  const volumesUsd = useSnapshotStore(({ snapshot }) => snapshot?.money?.volumesPerHourUsd ?? 0)
  const parts = useMemo(() => burnSplit(pods, volumesUsd), [pods, volumesUsd])
  const isOfSeveral = useSnapshotStore(isTogether)
  const accountNames = useAccountNames()
  const nameOf = ({ name, podKey }: BurnPart): string =>
    podKey === null || !isOfSeveral ? name : `${name} · ${accountNames[parsePodKey(podKey).accountId] ?? ''}`
  const colors = new Map(pods.map((pod) => [pod.key, podColor(pod)]))
  const colorOf = ({ key, podKey }: BurnPart): string => (podKey === null ? key : (colors.get(podKey) ?? key))
  return (
    <>
      <p className="details-title">{podCountText(pods, pods.filter(isIdle).length)}</p>
      <BurnCaption isTitle />
      {parts.length > 0 && (
        <>
          <div className="split" aria-hidden="true">
            {parts.map((part) => (
              <span key={part.key} className={`part ${colorOf(part)}`} style={{ flexGrow: part.share }} />
            ))}
          </div>
          <ul className="legend" aria-label={stripText.costByPod}>
            {parts.map((part) => (
              <li key={part.key}>
                <span className={`swatch ${colorOf(part)}`} aria-hidden="true" />
                <bdi title={nameOf(part)}>{nameOf(part)}</bdi>
                <span className="figures">{burnPartText(part)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

const NONE: never[] = []
