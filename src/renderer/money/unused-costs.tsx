import { formatDuration, formatUsd } from '../../core/format'
import type { UnusedCost } from '../../core/money/money-view'
import { useMirror } from '../state/window-context'

const kindWords: Readonly<Record<UnusedCost['kind'], string>> = {
  pod: 'stopped pod',
  volume: 'network volume that no pod mounts',
}

/** What costs money while nobody uses it, the dearest first. */
export function UnusedCosts() {
  const unused = useMirror(({ snapshot }) => snapshot?.money?.unused ?? null)
  const atMs = useMirror(({ snapshot }) => snapshot?.atMs ?? 0)
  if (unused === null || unused.length === 0) return null
  return (
    <section className="tile unused" aria-labelledby="unused-costs">
      <h2 id="unused-costs">Costs money unused</h2>
      <ul>
        {unused.map(({ kind, id, name, perDayUsd, sinceMs }) => (
          <li key={`${kind}/${id}`}>
            <bdi className="row-name" title={name}>
              {name || id}
            </bdi>
            <span className="cap">{kindWords[kind]}</span>
            <span className="cap">seen unused for {formatDuration(atMs - sinceMs)}</span>
            <b>{perDayUsd === null ? 'no public price, its bill tells' : `${formatUsd(perDayUsd)} a day`}</b>
          </li>
        ))}
      </ul>
    </section>
  )
}
