import {
  Button as AriaButton,
  Header,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
} from 'react-aria-components'
import type { PodKey } from '../../core/pods/pod'
import type { ScheduleRules } from '../../core/queue/jobs/job-codec'
import { plainName } from '../../core/pods/pod-name'
import { queueNotChanged, scheduleNotChanged } from '../pod-model/job-text'
import { withAccount, withPod } from '../state/schedule-rules'
import { useSingleFlight } from '../state/use-single-flight'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Icon } from '../ui/icon'
import { autoScheduleOffText, labels, scheduleLabel } from './queue-page-text'

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
  const item = (id: string, text: string) => (
    <MenuItem key={id} id={id} className="menu-item" textValue={text}>
      {({ isSelected }) => (
        <>
          <bdi>{text}</bdi>
          {isSelected && <Icon name="check" size={14} />}
        </>
      )}
    </MenuItem>
  )
  return (
    <MenuTrigger>
      <AriaButton className="button">
        {label} <Icon name="chevron" size={14} />
      </AriaButton>
      <Popover className="menu-popover schedule-menu" placement="bottom end" offset={4}>
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
            {accounts.map(({ entry }) => item(entry.id, entry.name))}
          </MenuSection>
          {rules.podKeys.length > 0 && (
            <MenuSection className="menu-section">
              <Header className="menu-header">{labels.pods}</Header>
              {rules.podKeys.map((key) => item(key, plainName(podsByKey.get(key)?.name ?? key)))}
            </MenuSection>
          )}
          {item(PAUSE, labels.pause)}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
