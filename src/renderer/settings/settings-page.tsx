import '../ui/settings.css'
import { useEffect } from 'react'
import { type SettingGroup, settingGroups } from '../../core/settings/definitions/setting-types'
import { settingList, settingNames } from '../../core/settings/definitions/setting-list'
import { AutoStopSection } from '../guard/auto-stop-section'
import { AccountsSection } from '../accounts/accounts-section'
import { SettingRow } from './setting-row'
import { settingRowId } from '../state/setting-row-id'
import { TransferSection } from './transfer-section'
import { useSnapshotStore } from '../state/window-context'
import { useSettings } from '../state/use-settings'

const groups = Object.entries(settingGroups) as [SettingGroup, string][]

/** Every setting, in groups. Changes apply at once, and a shown value has been saved to disk. */
export function SettingsPage() {
  const view = useSettings()
  useFocusedSetting(view !== null)
  return (
    <section className="settings" aria-label="Settings">
      <h1>Settings</h1>
      {view !== null && (
        <>
          {groups.map(([group, title]) => (
            <section key={group} className="setting-group" aria-labelledby={`settings-${group}`}>
              <h2 id={`settings-${group}`}>{title}</h2>
              {group === 'auto-stop' && <AutoStopSection afterMin={view.settings.autoStopAfterMin} />}
              {settingNames
                .filter((name) => settingList[name].group === group)
                .map((name) => (
                  <SettingRow key={name} name={name} view={view} />
                ))}
            </section>
          ))}
          <AccountsSection />
          <TransferSection />
          <p className="settings-file">
            All of this lies in <code>{view.path}</code>. What you change in that file counts as well, at the
            next look at your pods.
          </p>
        </>
      )}
    </section>
  )
}

/** Scrolls to the requested setting and focuses it. */
function useFocusedSetting(hasRows: boolean): void {
  const pageTarget = useSnapshotStore((state) => state.pageTarget)
  useEffect(() => {
    if (pageTarget === null || !hasRows) return
    const row = document.getElementById(settingRowId(pageTarget.id))
    row?.scrollIntoView({ block: 'center' })
    row?.querySelector<HTMLElement>('input, button')?.focus({ preventScroll: true })
  }, [pageTarget, hasRows])
}
