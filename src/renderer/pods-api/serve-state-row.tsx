import './tokens.css'
import { useState } from 'react'
import { settingRowId } from '../state/setting-row-id'
import { Button } from '../ui/button'
import { copyText } from '../ui/copy-text'
import { podsApiText, servedAddress, serveStateText } from './pods-api-text'
import { usePodsApi } from './use-pods-api'

/** Where the Pods API is served, or why it isn't. */
export function ServeStateRow() {
  const state = usePodsApi()?.state ?? { kind: 'off' }
  const [isCopied, setCopied] = useState(false)
  const address = servedAddress(state)
  const isBad = state.kind === 'failed' || state.kind === 'port-in-use' || state.kind === 'other-program'
  return (
    <div className="setting-row" id={settingRowId('pods-api-state')} tabIndex={-1}>
      <div className="setting">
        <span className="label-like">{podsApiText.state}</span>
        <span slot="description" role="status" className={isBad ? 'serve-problem' : undefined}>
          {serveStateText(state)}
        </span>
        <span className="controls">
          {address !== null && (
            <Button onPress={() => setCopied(copyText(address))}>{podsApiText.copyAddress}</Button>
          )}
        </span>
      </div>
      <p className="tokens-message" role="status">
        {isCopied && address !== null && podsApiText.addressCopied}
      </p>
    </div>
  )
}
