import { useMemo } from 'react'
import { formatMoment, formatUsdPerHour } from '../../core/base/text/format'
import { type AccountId, parsePodKey } from '../../core/pods/pod'
import { type BurnPart, burnPartText, burnSplit } from '../money/burn-split'
import { podCountText, stripText } from './strip-text'
import { podColor } from '../pod-model/pod-color'
import { accountOrShown, isTogether } from '../state/account-parts'
import { isIdle } from '../../core/view/pod-state'
import { burnText } from '../money/burn-text'
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

/** What the pods cost per hour now; null until that is known. */
function useBurnRate(accountId: AccountId | null = null) {
  return useSnapshotStore(({ snapshot }) => accountOrShown(snapshot, accountId)?.burn ?? null)
}

/** The caption of the burn rate: since when it is out of date, and whether a price is missing in it. */
function BurnCaption({
  isTitle = false,
  accountId = null,
}: {
  readonly isTitle?: boolean
  /** Whose rate it is; null: of what is shown. */
  readonly accountId?: AccountId | null
}) {
  const burn = useBurnRate(accountId)
  const asOf = useSnapshotStore(({ snapshot }) => {
    const shown = accountOrShown(snapshot, accountId)
    return snapshot === null ||
      shown === null ||
      shown.listedAtMs === null ||
      shown.connection.kind === 'live'
      ? null
      : formatMoment(shown.listedAtMs, { nowMs: snapshot.atMs })
  })
  const olderText = useSnapshotStore((state) =>
    accountId === null && isTogether(state) ? burnText.olderAccounts(state.snapshot) : '',
  )
  return (
    <div className="cap">
      {burnText.caption(isTitle, asOf)}
      {olderText}
      {burn?.isAtLeast && burnText.atLeast(isTitle)}
    </div>
  )
}
