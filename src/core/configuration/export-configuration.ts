import { type Channel, newChannel } from '../channels/channel'
import { noGroupRules } from '../pod-rules/pod-rules'
import { changedIn, settingNames } from '../settings/definitions/setting-list'
import { defaultSettings } from '../settings/settings'
import { autoStopNames, type Configuration, CONFIGURATION_VERSION } from './configuration'
import type { CurrentConfiguration } from './configuration-plan'

/**
 * What can be applied elsewhere, or here again without a change. It has no secrets, and none of what has its default.
 */
export function exportConfiguration({
  settings,
  accounts,
  channels,
  tokens,
  heartbeat,
}: CurrentConfiguration): Configuration {
  const changedSettings = settingNames.filter(
    (name) => changedIn(name) === null && settings[name] !== defaultSettings[name],
  )
  const nameOf = (id: string): string => accounts.find((each) => each.id === id)?.name ?? id
  const exportedAccounts = accounts.flatMap(({ name, rules, keptBy }) => {
    if (keptBy !== undefined) return []
    const { allPods, patterns } = rules.groupRules ?? noGroupRules
    const mode = Object.entries(autoStopNames).find(([, each]) => each === rules.autoStop)?.[0]
    const account = {
      ...(mode !== undefined && { autoStop: mode as keyof typeof autoStopNames }),
      ...(Object.keys(allPods).length > 0 && { allPods }),
      ...(patterns.length > 0 && { rules: patterns }),
    }
    return Object.keys(account).length === 0 ? [] : [[name, account] as const]
  })
  return {
    podkeeper: CONFIGURATION_VERSION,
    ...(changedSettings.length > 0 && {
      settings: Object.fromEntries(changedSettings.map((name) => [name, settings[name]])),
    }),
    ...(exportedAccounts.length > 0 && { accounts: Object.fromEntries(exportedAccounts) }),
    ...(channels.length > 0 && { channels: channels.map(exportChannel) }),
    ...(tokens.length > 0 && {
      tokens: tokens.map(({ name, scopes, accountIds, maxHourlyUsd, podNames }) => ({
        name,
        scopes,
        ...(accountIds !== null && { accounts: accountIds.map(nameOf) }),
        ...(podNames !== null && { pods: podNames }),
        ...(maxHourlyUsd !== null && { maxHourlyUsd }),
      })),
    }),
    ...(heartbeat !== null && { heartbeat: { everyMinutes: heartbeat.everyMinutes } }),
  }
}

function exportChannel(channel: Channel): NonNullable<Configuration['channels']>[number] {
  const { name, kind, isOn, route, kindRoutes, quietHours, groupMinutes, maxPerHour } = channel
  const usual = newChannel('', kind, name, '')
  return {
    name,
    kind,
    ...(isOn !== usual.isOn && { on: isOn }),
    ...(route !== usual.route && { route }),
    ...(Object.keys(kindRoutes).length > 0 && { routes: kindRoutes }),
    ...(quietHours !== null && {
      quietHours: {
        from: quietHours.quietHoursFrom ?? '',
        to: quietHours.quietHoursTo ?? '',
        timeZone: quietHours.timeZone,
        holdsCritical: quietHours.holdsCritical,
      },
    }),
    ...(groupMinutes !== usual.groupMinutes && { groupMinutes }),
    ...(maxPerHour !== usual.maxPerHour && { maxPerHour }),
  }
}
