import { toggleSetting } from './setting-types'

/** See docs/product-rules.md#17-updates. */
export const updateSettings = {
  areUpdatesChecked: toggleSetting(
    'about',
    'Check for updates',
    true,
    'Once a day; nothing is installed',
    'update upgrade version release new',
  ),
} as const
