import { settingList, type SettingName } from './definitions/setting-list'
import { type SettingRow, settingRows } from './definitions/setting-rows'
import {
  type Setting,
  type SettingGroup,
  settingGroups,
  type SettingSection,
  settingSections,
} from './definitions/setting-types'

/** Parts of the page that are not settings of the list. */
export type PanelName =
  | 'auto-stop-mode'
  | 'test-notification'
  | 'channels'
  | 'snippets'
  | 'accounts'
  | 'pods-api-state'
  | 'api-tokens'
  | 'about'
  | 'transfer'
  | 'file'
  | 'quit'

/** What the page shows and the search finds: a row of settings, or a panel. */
export type SettingsItem = { readonly label: string; readonly help: string; readonly keywords: string } & (
  | { readonly kind: 'row'; readonly id: string; readonly row: SettingRow }
  | { readonly kind: 'panel'; readonly id: PanelName }
)

/** Items under a heading, in the order of the page. */
export interface SettingsBlock {
  readonly id: string
  readonly section: SettingSection
  readonly title: string
  readonly items: readonly SettingsItem[]
}

const panel = (id: PanelName, label: string, help: string, keywords: string): SettingsItem => ({
  kind: 'panel',
  id,
  label,
  help,
  keywords,
})

function rowsOf(group: SettingGroup): SettingsItem[] {
  return settingRows(group).map((row) => {
    const settings = row.names.map((name): Setting => settingList[name])
    const words = settings.map((setting) => [
      setting.label,
      setting.help,
      setting.keywords,
      ...(setting.kind === 'choice' ? Object.values(setting.options) : []),
    ])
    const { label, help } = row
    return { kind: 'row', id: row.names[0] ?? '', row, label, help, keywords: words.flat().join(' ') }
  })
}

const backup: SettingsBlock = {
  id: 'backup',
  section: 'general',
  title: 'Settings file and app',
  items: [
    panel(
      'transfer',
      'Export and import',
      'Settings only, never keys or accounts',
      'backup save json move copy',
    ),
    panel('file', 'Settings file', 'Changes to it apply at the next poll', 'config.json path data folder'),
    panel('quit', 'Quit Podkeeper', 'Nothing is watched while it doesn’t run', 'exit close end'),
  ],
}

const channels: SettingsBlock = {
  id: 'channels',
  section: 'alerts',
  title: 'Phone and chat',
  items: [
    panel(
      'channels',
      'Alerts on the phone and in chat',
      'Add ntfy, Slack, Discord or a webhook',
      'channel push notification mobile alertmanager prometheus message quiet hours',
    ),
  ],
}

const snippets: SettingsBlock = {
  id: 'snippets',
  section: 'terminal',
  title: 'Snippets',
  items: [
    panel(
      'snippets',
      'Snippets',
      'Saved commands, inserted into a terminal for you to run',
      'macro alias template shortcut',
    ),
  ],
}

const accounts: SettingsBlock = {
  id: 'accounts',
  section: 'accounts',
  title: 'Accounts and API keys',
  items: [
    panel(
      'accounts',
      'Accounts and API keys',
      'Add, rename, pause and remove accounts',
      'runpod hubify lab token paste replace delete budget color login server team shared connect',
    ),
  ],
}

const podsApi: readonly SettingsBlock[] = [
  {
    id: 'pods-api',
    ...settingGroups['pods-api'],
    items: [
      ...rowsOf('pods-api'),
      panel('pods-api-state', 'Address', 'Where the Pods API is served', 'state url server port'),
    ],
  },
  {
    id: 'api-tokens',
    section: settingGroups['pods-api'].section,
    title: 'Tokens',
    items: [
      panel(
        'api-tokens',
        'Tokens of the Pods API',
        'Create and revoke them',
        'secret key scope permission bearer access expiry mcp',
      ),
    ],
  },
]

/** Panels at the top of a group. */
const groupPanels: { readonly [G in SettingGroup]?: SettingsItem } = {
  'auto-stop': panel(
    'auto-stop-mode',
    'Auto-stop idle pods',
    'Off, selected pods or all pods',
    'automatic stop shutdown choose time of day evening night',
  ),
  about: panel('about', 'Podkeeper', 'Its version, and whether there is a newer one', 'about version update'),
  'alert-kinds': panel(
    'test-notification',
    'Test notification',
    'See whether your system shows alerts',
    'send try alert check sound',
  ),
}

const group = (id: SettingGroup): SettingsBlock => ({
  id,
  ...settingGroups[id],
  items: [groupPanels[id] ?? [], rowsOf(id)].flat(),
})

/** All of the page in order. */
export const settingsBlocks: readonly SettingsBlock[] = [
  ...(Object.keys(settingGroups) as SettingGroup[])
    .filter((id) => id !== 'ssh')
    .flatMap((id) => {
      if (id === 'pods-api') return podsApi
      if (id === 'alert-kinds') return [channels, group(id)]
      return id === 'terminal-use' ? [group(id), snippets] : [group(id)]
    }),
  backup,
  accounts,
  group('ssh'),
]

/** The section that has an item or a setting of this id; null when there is none. */
export function sectionOf(id: string): SettingSection | null {
  const has = (item: SettingsItem): boolean =>
    item.id === id || (item.kind === 'row' && item.row.names.some((name) => name === id))
  return settingsBlocks.find(({ items }) => items.some(has))?.section ?? null
}

export const wordsOf = (query: string): string[] => query.toLowerCase().split(/\s+/).filter(Boolean)

/** What finds a setting that has a button to reset it. */
const RESET_WORDS = 'reset restore default changed modified'

/**
 * Null unless each word begins a word of the item or its headings; more where all do in its label, above all of a
 * panel.
 */
function scoreOf(
  words: readonly string[],
  item: SettingsItem,
  { title, section }: SettingsBlock,
  isChanged: boolean,
): number | null {
  const label = item.label.toLowerCase()
  if (words.every((word) => beginsWord(label, word))) return item.kind === 'panel' ? 3 : 2
  const resetWords = isChanged ? RESET_WORDS : ''
  const all =
    `${label} ${item.help} ${item.keywords} ${resetWords} ${title} ${settingSections[section]}`.toLowerCase()
  return words.every((word) => beginsWord(all, word)) ? 1 : null
}

/** Whether a word of `text` begins with `word`. */
export function beginsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1))) return true
  return false
}

/**
 * The blocks with the items that match, those that match by their label first. "Reset" and the like match the
 * `changed` settings, which are not at their defaults.
 */
export function searchSettings(query: string, changed: ReadonlySet<SettingName>): readonly SettingsBlock[] {
  const words = wordsOf(query)
  const isChanged = (item: SettingsItem): boolean =>
    item.kind === 'row' && item.row.names.some((name) => changed.has(name))
  const found = settingsBlocks.flatMap((block) => {
    const scored = block.items.flatMap((item) => {
      const score = scoreOf(words, item, block, isChanged(item))
      return score === null ? [] : [{ item, score }]
    })
    if (scored.length === 0) return []
    const best = Math.max(...scored.map(({ score }) => score))
    const items = scored.sort((a, b) => b.score - a.score).map(({ item }) => item)
    return [{ block: { ...block, items }, best }]
  })
  return found.sort((a, b) => b.best - a.best).map(({ block }) => block)
}
