import { Button as AriaButton } from 'react-aria-components'
import type { AccountId } from '../../../core/pods/pod'
import { moneyOf } from '../../state/account-parts'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { unusedText } from './costs-text'

/** Unused resources that cost money, the most expensive first. */
export function UnusedCosts({ accountId }: { readonly accountId: AccountId | null }) {
  const unused = useSnapshotStore(({ snapshot }) => moneyOf(snapshot, accountId)?.unused ?? null)
  const atMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  if (unused === null || unused.length === 0) return null
  return (
    <section className="tile cost-list" aria-labelledby="unused-costs">
      <header>
        <h2 id="unused-costs">{unusedText.title}</h2>
        <span className="cap">{unusedText.total(unused)}</span>
      </header>
      <ul>
        {unused.map(({ kind, id, name, perDayUsd, sinceMs }) => (
          <li key={`${kind}/${id}`}>
            <bdi className="cost-name" title={name}>
              {kind === 'volume' ? <VolumeLink name={name || id} /> : name || id}
            </bdi>
            <span className="cap">{unusedText.kinds[kind]}</span>
            <span className="cap">{unusedText.since(atMs - sinceMs)}</span>
            <b>{unusedText.perDay(perDayUsd)}</b>
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
