import './settings.css'
import type { SettingGroup } from '../../core/setting-list'
import { settingGroups, settingList, settingNames } from '../../core/setting-list'
import { KeySection } from './key-section'
import { SettingRow } from './setting-row'
import { TransferSection } from './transfer-section'
import { useSettings } from './use-settings'

const groups = Object.entries(settingGroups) as [SettingGroup, string][]

/** Every setting, in groups. A change holds at once, and is on disk when it shows. */
export function SettingsPage() {
  const view = useSettings()
  return (
    <section className="settings" aria-label="Settings">
      <h1>Settings</h1>
      {view !== null && (
        <>
          {groups.map(([group, title]) => (
            <section key={group} className="setting-group" aria-labelledby={`settings-${group}`}>
              <h2 id={`settings-${group}`}>{title}</h2>
              {settingNames
                .filter((name) => settingList[name].group === group)
                .map((name) => (
                  <SettingRow key={name} name={name} view={view} />
                ))}
            </section>
          ))}
          <KeySection />
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
