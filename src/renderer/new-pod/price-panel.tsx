import './price-panel.css'
import type { ReactNode } from 'react'
import { formatUsd } from '../../core/base/text/format'
import { DAY_MS } from '../../core/base/time/time'
import { budgetLastsMs } from '../../core/creation/form/form-money'
import { storageSentences } from '../../core/creation/form/form-storage'
import { diskPerHourUsd } from '../../core/creation/pod-price'
import { storagePerHourUsd } from '../../core/pods/storage-rates'
import { isIdle } from '../../core/view/pod-state'
import { runwayText } from '../money/spend-text'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { burnRateOf } from '../state/arrange/pod-order'
import { Button } from '../ui/button'
import { Icon } from '../ui/icon'
import { SwitchRow } from './fields/fields'
import { useNewPod } from './state/new-pod-context'
import { idleText, spentAtText, stoppedDiskText, upToText } from './new-pod-text'
import { pricePanelText } from './price-panel-text'

/** What the pod costs, what that leaves, and what survives. */
export function PricePanel({ children }: { readonly children: ReactNode }) {
  const { evaluated } = useNewPod()
  const { money, warnings } = evaluated
  const [first] = money.choices
  return (
    <section className="new-card new-price" aria-labelledby="new-price">
      <h2 id="new-price">{pricePanelText.title}</h2>
      <p className="new-total" role="status">
        {first === undefined
          ? '–'
          : first.perHourUsd === null
            ? pricePanelText.unknown
            : formatUsd(first.perHourUsd)}
        {first !== undefined && first.perHourUsd !== null && <span>{pricePanelText.perHour}</span>}
      </p>
      {first === undefined ? <p className="new-hint">{pricePanelText.chooseFirst}</p> : <PriceParts />}
      {first !== undefined && first.perHourUsd !== null && <Afterwards perHourUsd={first.perHourUsd} />}
      <AfterStop />
      <IdleNote perHourUsd={first?.perHourUsd ?? null} />
      <BudgetSwitch />
      {warnings.length > 0 && (
        <ul className="new-warnings" aria-label={pricePanelText.warnings}>
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      {children}
    </section>
  )
}

/** The sum of the first choice, by its parts. */
function PriceParts() {
  const { evaluated } = useNewPod()
  const { disks, money } = evaluated
  const [first] = money.choices
  if (first === undefined || first.perHourUsd === null) return null
  const { containerDiskGb, storage } = disks
  const disksUsd = diskPerHourUsd(disks)
  const containerUsd = storagePerHourUsd(containerDiskGb, 'containerRunning')
  return (
    <dl className="new-parts">
      <dt>{first.label}</dt>
      <dd>{formatUsd(first.perHourUsd - disksUsd)}</dd>
      <dt>{pricePanelText.containerDisk(containerDiskGb)}</dt>
      <dd>{formatUsd(containerUsd)}</dd>
      {storage.kind === 'persistent' && (
        <>
          <dt>{pricePanelText.disk(storage.sizeGb)}</dt>
          <dd>{formatUsd(disksUsd - containerUsd)}</dd>
        </>
      )}
    </dl>
  )
}

/** Balance and budget, before and after. */
function Afterwards({ perHourUsd }: { readonly perHourUsd: number }) {
  const { context, evaluated, account, catalog } = useNewPod()
  const { spending } = context
  const { money } = evaluated
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const totalUsd = spending.burn.perHourUsd + perHourUsd
  const limitUsd = catalog.view?.catalog.limits?.spendPerHourUsd ?? null
  const monthEndsAtMs = account.money?.monthEndsAtMs ?? 0
  const before = budgetLastsMs(spending, 0)
  const spentAt = (lastsMs: number | null): string | null =>
    lastsMs === null ? null : spentAtText(lastsMs, nowMs, monthEndsAtMs)
  const budgetUsd = account.money?.budget.monthlyUsd ?? null
  const maxHours = evaluated.plan?.rules.maxHours ?? null
  return (
    <>
      <h3>{pricePanelText.atRate(totalUsd, spending.burn.isAtLeast)}</h3>
      <dl className="new-after">
        {money.balanceLastsMs !== null && (
          <Changed
            label={pricePanelText.balanceLasts}
            before={account.runwayMs === null ? null : runwayText(account.runwayMs)}
            after={runwayText(money.balanceLastsMs)}
            isBad={money.balanceLastsMs < DAY_MS}
          />
        )}
        {spending.balance.kind !== 'known' && (
          <Changed
            label={pricePanelText.balance}
            before={null}
            after={pricePanelText.unknown}
            isBad={false}
          />
        )}
        {budgetUsd !== null && spentAt(money.budgetLastsMs) !== null && (
          <Changed
            label={pricePanelText.budgetSpent(budgetUsd)}
            before={spentAt(before)}
            after={spentAt(money.budgetLastsMs) ?? ''}
            isBad
          />
        )}
        {limitUsd !== null && (
          <Changed
            label={pricePanelText.spendLimit}
            before={null}
            after={pricePanelText.ofLimit(totalUsd, limitUsd)}
            isBad={totalUsd > limitUsd}
          />
        )}
        {maxHours !== null && money.upToMaxHoursUsd !== null && (
          <Changed
            label={pricePanelText.byMaxHours}
            before={null}
            after={upToText(maxHours, money.upToMaxHoursUsd)}
            isBad={false}
          />
        )}
      </dl>
    </>
  )
}

interface ChangedProps {
  readonly label: string
  readonly before: string | null
  readonly after: string
  readonly isBad: boolean
}

function Changed({ label, before, after, isBad }: ChangedProps) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {before !== null && before !== after && (
          <del>
            <span className="unseen">{pricePanelText.now} </span>
            {before}
            <span className="unseen">{pricePanelText.thenAfter} </span>
          </del>
        )}
        <b className={isBad ? 'bad-text' : undefined}>{after}</b>
      </dd>
    </>
  )
}

function AfterStop() {
  const { form, template, evaluated } = useNewPod()
  const { storage } = evaluated.disks
  return (
    <>
      <h3>{pricePanelText.afterStop}</h3>
      <p className="new-text">
        {storageSentences(storage, template)[0]}{' '}
        {storage.kind === 'persistent' && stoppedDiskText(storage.sizeGb)}{' '}
        {form.hardware === 'gpu' && pricePanelText.gpuMayBeLost}
      </p>
    </>
  )
}

/** Idle pods that cost more than the new one would. */
function IdleNote({ perHourUsd }: { readonly perHourUsd: number | null }) {
  const { snapshotStore } = useWindow()
  const { accountId } = useNewPod()
  const pods = useSnapshotStore(({ wholeSnapshot }) => wholeSnapshot?.pods)
  const idle = (pods ?? []).filter((pod) => pod.accountId === accountId && isIdle(pod))
  const text = idleText(idle.length, burnRateOf(idle).perHourUsd, perHourUsd)
  if (text === null) return null
  return (
    <div className="new-note-box">
      <Icon name="moon" size={14} />
      <p>{text}</p>
      <Button
        kind="bare"
        onPress={() => {
          snapshotStore.setView({ filter: 'idle', search: '' })
          snapshotStore.showPage('pods')
        }}
      >
        {pricePanelText.reviewIdle}
      </Button>
    </div>
  )
}

/** Offered once a budget is used up. */
function BudgetSwitch() {
  const { form, problems, change } = useNewPod()
  const problem = problems.find(({ field }) => field === 'mayExceedBudget')
  if (!form.mayExceedBudget && problem === undefined) return null
  return (
    <SwitchRow
      label={pricePanelText.createAnyway}
      isOn={form.mayExceedBudget}
      onChange={(isOn) => change({ mayExceedBudget: isOn })}
      hint={problem === undefined ? undefined : problem.message}
    />
  )
}
