import { useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { DAY_MS } from '../../core/base/time/time'
import type { AccountId } from '../../core/pods/pod'
import { TOKEN_NAME } from '../../core/pods-api/api-token'
import { providerName } from '../../core/settings/account-record'
import { parseUsd } from '../../core/settings/definitions/usd-text'
import { MAX_TOKEN_HOURLY_USD, type NewApiToken } from '../../shared/requests/pods-api-requests'
import { answerOf } from '../state/answer-of'
import { requestText } from '../state/state-text'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { CloseButton } from '../ui/close-button'
import { commonText } from '../ui/common-text'
import { Choice } from '../ui/controls/choice'
import { FormField, SubmitByEnter } from '../ui/controls/form-field'
import { Tick } from '../ui/controls/tick'
import { Dialog, useIsOpen } from '../ui/dialog'
import { lifetimes, tokenDialogText, tokensText } from './pods-api-text'

interface TokenDialogProps {
  readonly onClose: () => void
  /** Shows a sentence below the tokens. */
  readonly onMessage: (text: string) => void
}

const accountChoices = [
  { id: 'all', label: tokenDialogText.allAccounts },
  { id: 'chosen', label: tokenDialogText.chosenAccounts },
] as const
/** What a person gets who chooses none. */
const DEFAULT_LIFETIME: (typeof lifetimes)[number]['id'] = '30'

/** Makes a token. It is shown in the app's own window, which also confirms one that may do more than read. */
export function TokenDialog({ onClose, onMessage }: TokenDialogProps) {
  const { bridge, snapshotStore } = useWindow()
  const draft = useTokenDraft()
  const { token, isNameBad, isLimitBad, isAccountMissing } = draft
  const [hasTried, setTried] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const isOpen = useIsOpen()
  const form = useRef<HTMLFormElement>(null)

  async function create(): Promise<void> {
    const answer = await answerOf(bridge.grantApiAccess(token))
    // Declined: what was typed stays.
    if (answer.ok && answer.value === 'canceled') return
    if (answer.ok) {
      onMessage(answer.value === 'copied' ? tokensText.copied(token.name) : tokensText.created(token.name))
      if (isOpen.current) onClose()
      return
    }
    const text = requestText.failed(tokenDialogText.couldNotCreate, answer.error.message)
    if (isOpen.current) setRefusal(text)
    else snapshotStore.showToast('bad', text)
  }

  function submit(): void {
    // Problems are marked at once: a key that is typed next belongs to the field that gets the focus.
    flushSync(() => setTried(true))
    if (isNameBad || isLimitBad || isAccountMissing)
      return form.current
        ?.querySelector<HTMLElement>('[aria-invalid="true"], [role="group"].invalid input')
        ?.focus()
    if (isBusy) return
    setRefusal(null)
    setBusy(true)
    void create().finally(() => setBusy(false))
  }

  return (
    <Dialog label={tokenDialogText.title} kind="sheet" onClose={onClose}>
      <header>
        <h2>{tokenDialogText.title}</h2>
        <CloseButton onPress={onClose} />
      </header>
      <form
        ref={form}
        className="dialog-body form"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <TokenFields draft={draft} hasTried={hasTried} />
        {refusal !== null && (
          <p className="form-problem" role="alert">
            {refusal}
          </p>
        )}
        <SubmitByEnter />
      </form>
      <footer>
        <Button onPress={onClose}>{commonText.cancel}</Button>
        <Button kind="primary" isPending={isBusy} onPress={submit}>
          {tokenDialogText.create}
        </Button>
      </footer>
    </Dialog>
  )
}

/** What is typed and chosen for a new token, and what is wrong with it. */
function useTokenDraft() {
  const accounts = useSnapshotStore(({ wholeSnapshot }) => wholeSnapshot?.accounts) ?? []
  const [name, setName] = useState('')
  const [mayWrite, setMayWrite] = useState(false)
  const [mayTerminate, setMayTerminate] = useState(false)
  const [scope, setScope] = useState<(typeof accountChoices)[number]['id']>('all')
  const [chosen, setChosen] = useState<ReadonlySet<AccountId>>(new Set())
  const [limit, setLimit] = useState('')
  const [lifetime, setLifetime] = useState<(typeof lifetimes)[number]['id']>(DEFAULT_LIFETIME)
  const offered = accounts.filter(({ entry }) => !entry.isDemo)
  // One may have been removed since it was chosen.
  const chosenIds = offered.flatMap(({ entry }) => (chosen.has(entry.id) ? [entry.id] : []))
  const limitUsd = limit.trim() === '' ? null : (parseUsd(limit) ?? 0)
  const token: NewApiToken = {
    name: name.trim(),
    scopes: [
      'pods:read',
      ...(mayWrite ? ['pods:write' as const] : []),
      ...(mayTerminate ? ['pods:terminate' as const] : []),
    ],
    accountIds: scope === 'all' ? null : chosenIds,
    maxHourlyUsd: mayWrite ? limitUsd : null,
    lifetimeMs: lifetime === 'never' ? null : Number(lifetime) * DAY_MS,
  }
  return {
    name,
    setName,
    mayWrite,
    setMayWrite,
    mayTerminate,
    setMayTerminate,
    scope,
    setScope,
    chosen,
    setChosen,
    limit,
    setLimit,
    lifetime,
    setLifetime,
    offered,
    token,
    isNameBad: !TOKEN_NAME.test(name.trim()),
    isLimitBad: mayWrite && limitUsd !== null && !(limitUsd > 0 && limitUsd <= MAX_TOKEN_HOURLY_USD),
    isAccountMissing: scope === 'chosen' && chosenIds.length === 0,
  }
}

interface TokenFieldsProps {
  readonly draft: ReturnType<typeof useTokenDraft>
  /** Whether it was tried to make the token: what is missing is marked. */
  readonly hasTried: boolean
}

function TokenFields({ draft, hasTried }: TokenFieldsProps) {
  const { name, setName, mayWrite, setMayWrite, mayTerminate, setMayTerminate, scope, setScope } = draft
  const { chosen, setChosen, limit, setLimit, lifetime, setLifetime, offered } = draft
  const { isNameBad, isLimitBad, isAccountMissing } = draft
  return (
    <>
      <FormField
        label={tokenDialogText.name}
        value={name}
        onChange={setName}
        help={tokenDialogText.nameHelp}
        problem={hasTried && isNameBad ? tokenDialogText.badName : null}
        autoFocus
        maxLength={40}
      />
      <div className="token-scopes" role="group" aria-label={tokenDialogText.mayDo}>
        <span className="form-label" aria-hidden="true">
          {tokenDialogText.mayDo}
        </span>
        <Tick name={tokenDialogText.read} isSelected isReadOnly>
          {tokenDialogText.readNote}
        </Tick>
        <Tick name={tokenDialogText.write} isSelected={mayWrite} onChange={setMayWrite}>
          {tokenDialogText.writeNote}
        </Tick>
        <Tick name={tokenDialogText.terminate} isSelected={mayTerminate} onChange={setMayTerminate}>
          {tokenDialogText.terminateNote}
        </Tick>
      </div>
      {mayWrite && (
        <FormField
          label={tokenDialogText.limit}
          value={limit}
          onChange={setLimit}
          unit={tokenDialogText.limitUnit}
          help={tokenDialogText.limitHelp}
          problem={isLimitBad ? tokenDialogText.badLimit(MAX_TOKEN_HOURLY_USD) : null}
          maxLength={20}
        />
      )}
      <div className="form-row">
        <Choice
          label={tokenDialogText.accounts}
          options={accountChoices}
          chosen={scope}
          onChoose={setScope}
        />
        <Choice label={tokenDialogText.expiry} options={lifetimes} chosen={lifetime} onChoose={setLifetime} />
      </div>
      {scope === 'chosen' && (
        <div
          className={`token-scopes${hasTried && isAccountMissing ? ' invalid' : ''}`}
          role="group"
          aria-label={tokenDialogText.chooseAccounts}
        >
          {offered.map(({ entry }) => (
            <Tick
              key={entry.id}
              name={entry.name}
              isSelected={chosen.has(entry.id)}
              onChange={(isSelected) =>
                setChosen((before) => {
                  const next = new Set(before)
                  if (isSelected) next.add(entry.id)
                  else next.delete(entry.id)
                  return next
                })
              }
            >
              {providerName(entry.provider)}
            </Tick>
          ))}
          {hasTried && isAccountMissing && (
            <p className="form-problem" role="alert">
              {tokenDialogText.noAccount}
            </p>
          )}
        </div>
      )}
    </>
  )
}
