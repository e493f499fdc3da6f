import { Button as AriaButton } from 'react-aria-components'
import { formatDuration, formatUsd } from '../../../core/base/format'
import type { UnusedCost } from '../../../core/money/money-view'
import type { AccountId } from '../../../core/pods/pod'
import { moneyOf } from '../../state/account-parts'
import { useSnapshotStore, useWindow } from '../../state/window-context'

const unusedKindLabels: Readonly<Record<UnusedCost['kind'], string>> = {
  pod: 'stopped pod',
  volume: 'network volume that no pod mounts',
}

/** "$1.34 a day, at least". */
function unusedTotalText(unused: readonly UnusedCost[]): string {
  const perDayUsd = unused.reduce((sum, cost) => sum + (cost.perDayUsd ?? 0), 0)
  return `${formatUsd(perDayUsd)} a day${unused.some((cost) => cost.perDayUsd === null) ? ', at least' : ''}`
}

/** Unused resources that cost money, the most expensive first. */
export function UnusedCosts({ accountId }: { readonly accountId: AccountId | null }) {
  const unused = useSnapshotStore(({ snapshot }) => moneyOf(snapshot, accountId)?.unused ?? null)
  const atMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  if (unused === null || unused.length === 0) return null
  return (
    <section className="tile cost-list" aria-labelledby="unused-costs">
      <header>
        <h2 id="unused-costs">Unused but costing money</h2>
        <span className="cap">{unusedTotalText(unused)}</span>
      </header>
      <ul>
        {unused.map(({ kind, id, name, perDayUsd, sinceMs }) => (
          <li key={`${kind}/${id}`}>
            <bdi className="cost-name" title={name}>
              {kind === 'volume' ? <VolumeLink name={name || id} /> : name || id}
            </bdi>
            <span className="cap">{unusedKindLabels[kind]}</span>
            <span className="cap">seen unused for {formatDuration(atMs - sinceMs)}</span>
            <b>{perDayUsd === null ? 'no public price, see its bill' : `${formatUsd(perDayUsd)} a day`}</b>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What to do about it is on the page of the volumes. */
function VolumeLink({ name }: { readonly name: string }) {
  const { navigate } = useWindow()
  return (
    <AriaButton className="text-button" onPress={() => navigate('volumes')}>
      {name}
    </AriaButton>
  )
}
