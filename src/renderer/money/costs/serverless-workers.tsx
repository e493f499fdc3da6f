import type { EndpointView } from '../../../core/endpoints/endpoint-view'
import type { AccountId } from '../../../core/pods/pod'
import { partOf } from '../../../core/view/snapshot'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { listProblemText, monthText, priceText, requestsText, serverlessText } from './serverless-text'

/** The endpoints that keep workers running. Nothing where there are none. */
export function ServerlessWorkers({ accountId }: { readonly accountId: AccountId }) {
  const view = useSnapshotStore(({ snapshot }) =>
    snapshot === null ? undefined : partOf(snapshot, accountId)?.endpoints,
  )
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  if (view === undefined) return null
  const problem = listProblemText(view, nowMs)
  if (view.endpoints.length === 0)
    return problem === null ? null : <p className="cap corrections">{problem}</p>
  return (
    <section className="tile cost-list serverless" aria-labelledby="serverless-workers">
      <header>
        <h2 id="serverless-workers">{serverlessText.title}</h2>
        <span className="cap">{serverlessText.scope}</span>
      </header>
      {problem !== null && <p className="cap">{problem}</p>}
      {view.open.map((text) => (
        <p className="cap" role="status" key={text}>
          {text}
        </p>
      ))}
      <ul>
        {view.endpoints.map((endpoint) => (
          <EndpointRow key={endpoint.id} accountId={accountId} endpoint={endpoint} nowMs={nowMs} />
        ))}
      </ul>
    </section>
  )
}

interface EndpointRowProps {
  readonly accountId: AccountId
  readonly endpoint: EndpointView
  readonly nowMs: number
}

function EndpointRow({ accountId, endpoint, nowMs }: EndpointRowProps) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const { id, name, minWorkers } = endpoint
  const setToZero = async (): Promise<void> => {
    const result = await snapshotStore.runRequest(
      serverlessText.notSet(name),
      bridge.setMinimumToZero(accountId, { id, name, minWorkers }),
    )
    if (result !== null) snapshotStore.showToast(result.kind === 'done' ? 'ok' : 'bad', result.message)
  }
  return (
    <li>
      <bdi className="cost-name" title={name}>
        {name}
      </bdi>
      <span className="cap">{serverlessText.minimum(minWorkers)}</span>
      <span className="cap requests">{requestsText(endpoint, nowMs)}</span>
      <b title={monthText(endpoint)}>{priceText(endpoint)}</b>
      {minWorkers !== null && (
        <Button label={serverlessText.setToZeroOf(name)} onPress={() => runOnce(setToZero)}>
          {serverlessText.setToZero}
        </Button>
      )}
    </li>
  )
}
