import './tokens.css'
import { useRef, useState } from 'react'
import type { ApiTokenView } from '../../shared/requests/pods-api-requests'
import { settingRowId } from '../state/setting-row-id'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { ClockText } from '../ui/labels/clock-text'
import { tokensText, tokenText } from './pods-api-text'
import { TokenDialog } from './token-dialog'
import { usePodsApi } from './use-pods-api'

/** The tokens of the Pods API, with buttons that create and revoke them. */
export function TokensSection() {
  const view = usePodsApi()
  const [isCreating, setCreating] = useState(false)
  const [message, setMessage] = useState('')
  const section = useRef<HTMLDivElement>(null)
  const tokens = view?.tokens ?? []
  return (
    <div id={settingRowId('api-tokens')} className="api-tokens" tabIndex={-1} ref={section}>
      {tokens.map((token) => (
        <TokenRow
          key={token.id}
          token={token}
          onRevoked={() => {
            setMessage(tokensText.revoked(token.name))
            // Its row, which had the focus, goes.
            section.current?.focus()
          }}
        />
      ))}
      <div className="setting-row">
        <div className="setting">
          <span className="label-like">{tokensText.title}</span>
          <span slot="description">{tokens.length === 0 ? tokensText.none : tokensText.help}</span>
          <span className="controls">
            <Button onPress={() => setCreating(true)}>{tokensText.create}</Button>
          </span>
        </div>
        <p className="tokens-message" role="status">
          {message}
        </p>
        {view?.problem != null && (
          <p className="tokens-message negative" role="alert">
            {view.problem}
          </p>
        )}
      </div>
      {isCreating && <TokenDialog onClose={() => setCreating(false)} onMessage={setMessage} />}
    </div>
  )
}

interface TokenRowProps {
  readonly token: ApiTokenView
  readonly onRevoked: () => void
}

function TokenRow({ token, onRevoked }: TokenRowProps) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const accounts = useSnapshotStore(({ wholeSnapshot }) => wholeSnapshot?.accounts) ?? []
  const { id, name } = token
  const nameOf = (accountId: string): string | null =>
    accounts.find(({ entry }) => entry.id === accountId)?.entry.name ?? null
  const revoke = () =>
    runOnce(async () => {
      const isRevoked = await snapshotStore.runRequest(tokensText.couldNotRevoke, bridge.revokeApiAccess(id))
      if (isRevoked === true) onRevoked()
    })
  return (
    <div className="setting-row" role="group" aria-label={tokensText.token(name)}>
      <div className="setting">
        <span className="label-like">
          <bdi>{name}</bdi>
        </span>
        <span slot="description">
          <ClockText textAt={(nowMs) => tokenText(token, nameOf, nowMs)} />
        </span>
        <span className="controls">
          <Button label={tokensText.revokeOf(name)} onPress={revoke}>
            {tokensText.revoke}
          </Button>
        </span>
      </div>
    </div>
  )
}
