import { Header, Menu, MenuSection } from 'react-aria-components'
import type { PodKey } from '../../../core/pods/pod'
import { plainName } from '../../../core/pods/pod-name'
import type { ScheduleRules } from '../../../core/queue/jobs/job-codec'
import { queueNotChanged, scheduleNotChanged } from '../../pod-model/text/job-text'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { withAccount, withPod } from '../../state/schedule-rules'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { CheckItem, MenuButton } from '../../ui/controls/menu-button'
import { autoScheduleOffText, labels, scheduleLabel } from '../queue-page-text'

const PAUSE = 'pause'

/** Where jobs may start on their own. The app's own window asks before more is allowed. */
export function ScheduleMenu({ rules }: { readonly rules: ScheduleRules }) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const accounts = useSnapshotStore(({ wholeSnapshot }) => wholeSnapshot?.accounts) ?? []
  const podsByKey = useSnapshotStore((state) => state.podsByKey)
  const set = (failure: string, next: ScheduleRules): void =>
    runOnce(() => snapshotStore.runRequest(failure, bridge.setSchedule(next)))
  const toggle = (key: string): void => {
    if (key === PAUSE) set(queueNotChanged, { ...rules, isPaused: !rules.isPaused })
    else if (accounts.some(({ entry }) => entry.id === key))
      set(scheduleNotChanged, withAccount(rules, key, !rules.accountIds.includes(key)))
    else set(scheduleNotChanged, withPod(rules, key as PodKey, !rules.podKeys.some((one) => one === key)))
  }
  const chosen = [...rules.accountIds, ...rules.podKeys, ...(rules.isPaused ? [PAUSE] : [])]
  const label = scheduleLabel(rules)
  return (
    <MenuButton text={label} placement="bottom end" popoverClass="schedule-menu">
      <p className="cap">{autoScheduleOffText}</p>
      <Menu
        className="menu"
        aria-label={label}
        selectionMode="multiple"
        selectedKeys={chosen}
        onAction={(key) => toggle(String(key))}
      >
        <MenuSection className="menu-section">
          <Header className="menu-header">{labels.accounts}</Header>
          {accounts.map(({ entry }) => (
            <CheckItem key={entry.id} id={entry.id} text={entry.name} />
          ))}
        </MenuSection>
        {rules.podKeys.length > 0 && (
          <MenuSection className="menu-section">
            <Header className="menu-header">{labels.pods}</Header>
            {rules.podKeys.map((key) => (
              <CheckItem key={key} id={key} text={plainName(podsByKey.get(key)?.name ?? key)} />
            ))}
          </MenuSection>
        )}
        <CheckItem id={PAUSE} text={labels.pause} />
      </Menu>
    </MenuButton>
  )
}
