import { aboutText } from './about-text'
import { SettingRow, type SettingRowProps } from './setting-row'
import { useUpdates } from './use-updates'

/** Whether updates are checked, which a build without a key to verify them can't do. */
export function UpdateRow(props: SettingRowProps) {
  const unavailable = useUpdates()?.state.unavailable ?? null
  return <SettingRow {...props} whyNot={unavailable === 'no-key' ? aboutText.noKey : null} />
}
