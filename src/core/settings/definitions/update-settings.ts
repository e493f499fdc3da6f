import { toggleSetting } from './setting-types'

/** See docs/product-rules.md#17-updates. */
export const updateSettings = {
  areUpdatesChecked: toggleSetting(
    'about',
    'Check for updates',
    true,
    'Once a day. Where the app updates itself, a newer version is installed when you quit',
    'update upgrade version release new',
  ),
} as const
