import {
  type AccountChanges,
  accountColors,
  MAX_ACCOUNT_NAME,
  providerName,
} from '../../core/settings/account-record'
import { keyStorageText } from '../../core/view/key-storage-text'
import type { AccountEntry, AccountPart } from '../../core/view/snapshot'
import type { KeyCheckResult } from '../../shared/account-requests'
import { verdictText } from '../connect/verdict-text'
import { AUTO_SCHEDULE, autoScheduleHelp, scheduleNotChanged } from '../pod-model/job-text'
import { withAccount } from '../state/schedule-rules'
import { useQueue } from '../state/use-queue'
import { useSingleFlight } from '../state/use-single-flight'
import { useWindow } from '../state/window-context'
import { AccountBadge } from '../ui/account-badge'
import { Button } from '../ui/button'
import { Choice } from '../ui/controls/choice'
import { Toggle } from '../ui/controls/toggle'
import { TypedField } from '../ui/controls/typed-field'
import { LabRows } from './lab-rows'
import { BudgetField } from '../money/budget-field'
import { accountStateText, isInTrouble } from './accounts-text'

interface AccountRowProps {
  readonly part: AccountPart
  readonly isOnly: boolean
  /** Null where it cannot be moved. */
  readonly onUp: (() => void) | null
  readonly onDown: (() => void) | null
  /** Shows a sentence below the accounts. */
  readonly onMessage: (text: string) => void
}

/** One account: its key and state, what a person calls it, and its budgets where there are others. */
export function AccountRow({ part, isOnly, onUp, onDown, onMessage }: AccountRowProps) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const { entry, account } = part
  const { id, name } = entry
  const provider = providerName(entry.provider)
  const change = async (changes: AccountChanges): Promise<string | null> => {
    const answer = await bridge.changeAccount(id, changes)
    return answer.ok ? null : answer.error.message
  }
  const run = (title: string, changes: AccountChanges) =>
    runOnce(() => snapshotStore.runRequest(title, bridge.changeAccount(id, changes)))
  const test = () =>
    runOnce(async () => {
      onMessage(`Checking with ${provider}…`)
      const verdict = await snapshotStore.runRequest('Couldn’t test the key', bridge.testKey(id))
      onMessage(verdict === null ? '' : keyTestText(verdict, entry, account?.isMonitorOnly === true))
    })
  const remove = () =>
    runOnce(async () => {
      const isRemoved = await snapshotStore.runRequest(
        'Couldn’t remove the account',
        bridge.removeAccount(id),
      )
      if (isRemoved === true)
        onMessage(
          `${name} removed, and its key deleted from this computer. The key stays valid until you delete it in ${provider}.`,
        )
    })
  return (
    <div className="account-row" role="group" aria-label={`Account ${name}`}>
      <div className="account-head">
        <AccountBadge entry={entry} />
        <b>{name}</b>
        <span className={!entry.isPaused && isInTrouble(part) ? 'cap negative' : 'cap'}>
          {accountStateText(part)}
        </span>
        <span className="account-moves">
          {onUp !== null && <Button kind="bare" icon="up" label={`Move ${name} up`} onPress={onUp} />}
          {onDown !== null && (
            <Button kind="bare" icon="chevron" label={`Move ${name} down`} onPress={onDown} />
          )}
        </span>
      </div>
      <p>{keyText(part)}</p>
      <TypedField
        label="Name"
        help="Shown in Podkeeper only"
        kind="text"
        unit={null}
        placeholder=""
        value={name}
        validate={(draft) =>
          draft.trim() === '' || draft.trim().length > MAX_ACCOUNT_NAME
            ? `Use 1 to ${MAX_ACCOUNT_NAME} characters.`
            : null
        }
        onCommit={(draft) => change({ name: draft.trim() })}
      />
      {!isOnly && (
        <>
          <Choice
            label="Color"
            options={accountColors.map((color) => ({ id: color, label: colorLabel(color) }))}
            chosen={entry.color}
            onChoose={(color) => run('Couldn’t change the color', { color })}
          />
          <BudgetField
            label="Monthly budget"
            help="In USD, for this account alone (UTC). Alerts come at the same percentages as for all accounts."
            budgetUsd={entry.monthlyBudgetUsd}
            onCommit={(monthlyBudgetUsd) => change({ monthlyBudgetUsd })}
          />
          <BudgetField
            label="Daily budget"
            help="In USD, for this account alone (UTC)"
            budgetUsd={entry.dailyBudgetUsd}
            onCommit={(dailyBudgetUsd) => change({ dailyBudgetUsd })}
          />
        </>
      )}
      <AutoScheduleToggle entry={entry} />
      {entry.lab !== undefined && <LabRows part={part} onMessage={onMessage} />}
      <div className="actions">
        {account !== null && (
          <Button label={`Test key of ${name}`} onPress={test}>
            Test key
          </Button>
        )}
        {entry.isPaused ? (
          <Button
            label={`Resume watching ${name}`}
            onPress={() => run('Couldn’t resume watching', { isPaused: false })}
          >
            Resume watching
          </Button>
        ) : (
          <Button
            label={`Pause ${name}`}
            onPress={() => run('Couldn’t pause the account', { isPaused: true })}
          >
            Pause
          </Button>
        )}
        <Button label={`Remove ${name}…`} onPress={remove}>
          Remove…
        </Button>
      </div>
      {entry.isPaused && (
        <p className="hint">
          While paused, its pods aren’t watched or stopped, and its costs aren’t counted.
        </p>
      )}
    </div>
  )
}

/** Off unless a person turned it on, which the app's own window asks about. */
function AutoScheduleToggle({ entry: { id, name, lab } }: { readonly entry: AccountEntry }) {
  const { bridge, snapshotStore } = useWindow()
  const queue = useQueue()
  if (queue === null) return null
  const { rules } = queue
  return (
    <Toggle
      label={`${AUTO_SCHEDULE} of ${name}`}
      help={lab === undefined ? autoScheduleHelp.account : autoScheduleHelp.lab}
      isOn={rules.accountIds.includes(id)}
      onChange={(isOn) =>
        void snapshotStore.runRequest(scheduleNotChanged, bridge.setSchedule(withAccount(rules, id, isOn)))
      }
    />
  )
}

const colorLabel = (color: string): string => color.charAt(0).toUpperCase() + color.slice(1)

function keyText({ entry, account }: AccountPart): string {
  const keyName = `Key ending in ${entry.keyEnding ?? '…'}, for ${entry.host}.`
  return account === null
    ? keyName
    : `${keyName} ${keyStorageText(account.keyStorage, account.sessionOnlyReason)}`
}

function keyTestText(
  verdict: KeyCheckResult,
  { provider, lab }: AccountEntry,
  isMonitorOnly: boolean,
): string {
  if (verdict.kind !== 'accepted') return verdictText(verdict)
  const name = providerName(provider)
  const permissionText = isMonitorOnly
    ? ` It’s probably read-only: ${name} has refused every action so far.`
    : ` Whether it can start and stop pods shows with the first action, because ${name} doesn’t say in advance.`
  const balance = verdict.balanceUsd === null && lab === undefined ? ' It can’t read the balance.' : ''
  return `${verdictText({ ...verdict, storage: 'session-only' })}${balance}${permissionText}`
}
