import type { AccountId } from '../../core/pods/pod'
import type { Snapshot } from '../../core/view/snapshot'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Message } from '../ui/message'
import { sameAccountText } from './connect-text'

/**
 * Asks whether a rotated key belongs to the same account, where Runpod does not tell. Renders nothing while that is not
 * asked.
 */
export function AccountQuestion() {
  const accountsJson = useSnapshotStore(({ snapshot }) =>
    JSON.stringify(snapshot === null ? [] : questionedAccounts(snapshot)),
  )
  const accounts = JSON.parse(accountsJson) as ReturnType<typeof questionedAccounts>
  return accounts.map((account) => <Question key={account.id} {...account} />)
}

/** The accounts that may be earlier ones. `name`: null where there is one account. */
function questionedAccounts({ account, accounts }: Snapshot) {
  const isOne = accounts.length < 2
  const parts = accounts.length === 0 ? [{ account, entry: null }] : accounts
  return parts.flatMap((part) => {
    const earlierKeyEnding = part.account?.earlierKeyEnding
    if (part.account === null || earlierKeyEnding === undefined) return []
    return [{ id: part.account.id, name: isOne ? null : (part.entry?.name ?? null), earlierKeyEnding }]
  })
}

function Question({
  id,
  name,
  earlierKeyEnding,
}: {
  readonly id: AccountId
  readonly name: string | null
  readonly earlierKeyEnding: string
}) {
  const { bridge, snapshotStore } = useWindow()
  const answer = (isSameAccount: boolean) =>
    void snapshotStore.runRequest(
      sameAccountText.couldNotSave,
      bridge.answerAccountQuestion(id, isSameAccount),
    )
  return (
    <Message
      tone="idle"
      isStacked
      actions={
        <>
          <Button kind="primary" onPress={() => answer(true)}>
            {sameAccountText.same}
          </Button>
          <Button onPress={() => answer(false)}>{sameAccountText.another}</Button>
        </>
      }
    >
      <b>{sameAccountText.question(name)}</b> {sameAccountText.explanation(earlierKeyEnding)}
    </Message>
  )
}
