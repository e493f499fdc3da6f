import { Argument, type Command } from 'commander'
import {
  type AutoStopName,
  autoStopModes,
  keepChoices,
  type KeepName,
  type RulesVerb,
  rulesVerbs,
  type SettingsVerb,
  settingsVerbs,
} from '../commands/arguments'
import type { Commands } from './command-types'

/** The commands that show and change when pods are stopped, and the settings. */
export function addRules(
  program: Command,
  commands: Pick<Commands, 'keep' | 'rules' | 'autoStop' | 'settings' | 'next'>,
  exit: (code: number) => void,
): void {
  program
    .command('keep')
    .description('keep a pod running: no alerts and no automatic stops for a while')
    .argument('<pod>', 'pod name or id')
    .addArgument(new Argument('<how-long>', 'how long; off ends it').choices(Object.keys(keepChoices)))
    .option('--json', 'print JSON')
    .addHelpText('after', KEEP_HELP)
    .action(async (pod: string, choice: KeepName, _options: unknown, command: Command) =>
      exit(await commands.keep(pod, choice, command.optsWithGlobals())),
    )

  program
    .command('rules')
    .description("show or change a pod's rules: when it is stopped, and its budget")
    .argument('<pod>', 'pod name or id')
    .addArgument(new Argument('[verb]', 'action').choices(rulesVerbs).default('get'))
    .argument('[name=value...]', 'rules to set')
    .option('--confirm-name <name>', 'confirm with the pod name instead of typing it')
    .option('--allow-data-loss', "let automatic stops lose this pod's data, without asking")
    .option('--json', 'print JSON')
    .addHelpText('after', RULES_HELP)
    .action(
      async (pod: string, verb: RulesVerb, assignments: string[], _options: unknown, command: Command) =>
        exit(await commands.rules(pod, verb, assignments, command.optsWithGlobals())),
    )

  program
    .command('auto-stop')
    .description('show or choose which quiet pods are stopped automatically')
    .addArgument(new Argument('[pods]', 'pods to stop automatically').choices(Object.keys(autoStopModes)))
    .option('--json', 'print JSON')
    .addHelpText('after', AUTO_STOP_HELP)
    .action(async (mode: AutoStopName | undefined, _options: unknown, command: Command) =>
      exit(await commands.autoStop(mode, command.optsWithGlobals())),
    )

  program
    .command('settings')
    .description('show or change settings of the app and the command line')
    .addArgument(new Argument('[verb]', 'action').choices(settingsVerbs).default('list'))
    .argument('[name]', 'setting name, as in config.json')
    .argument('[value]', 'new value; default resets it')
    .option('--json', 'print JSON')
    .addHelpText('after', SETTINGS_HELP)
    .action(
      async (
        verb: SettingsVerb,
        name: string | undefined,
        value: string | undefined,
        _options: unknown,
        command: Command,
      ) => exit(await commands.settings(verb, name, value, command.optsWithGlobals())),
    )

  program
    .command('next')
    .description('show the next automatic stops, and what puts each on hold')
    .option('--json', 'print JSON')
    .addHelpText('after', NEXT_HELP)
    .action(async (_options: unknown, command: Command) =>
      exit(await commands.next(command.optsWithGlobals())),
    )
}

const KEEP_HELP = `
Puts alerts, automatic stops, maximum hours and a budget stop on hold, until the time is over or you use off. morning is the
next 9:00 AM that is at least an hour away.

Examples:
  podkeeper keep llama-70b-sft 4h
  podkeeper keep llama-70b-sft off`

const RULES_HELP = `
Rules are named as in config.json. Use default to follow the account's setting again:
  isAutoStopped       true or false: stop automatically when quiet
  idleAlertAfterMin   idle minutes before the alert
  autoStopAfterMin    quiet minutes before the stop
  maxHours            hours from its start until it is stopped
  atMaxHours          stop, or terminate (asks for the pod's name)
  stopAt              time of day to stop it unless it is in use: 20:00, "20:00 mon-fri",
                      "20:00 fri,sat Europe/Berlin"; without a time zone, that of this computer;
                      never: not at the time that the account has for all pods
  startAt             when to start it once: 09:00, "09:00 mon Europe/Berlin", or 2026-12-08T09:00+01:00; needs
                      startMaxPerHourUsd and maxHours, and is dropped if it is 15 min late
  startMaxPerHourUsd  USD per hour, with its disks, above which startAt starts nothing
  monthlyBudgetUsd    monthly budget in USD (UTC) before you are notified
  atBudget            stop: stop when its budget is spent
  mayLoseData         true: automatic stops may lose data
  isLowCpuIdle        true: CPU below 3% counts as idle

Examples:
  podkeeper rules llama-70b-sft
  podkeeper rules llama-70b-sft set maxHours=12 monthlyBudgetUsd=50
  podkeeper rules llama-70b-sft set stopAt="20:00 mon-fri"
  podkeeper rules llama-70b-sft set startAt=09:00 startMaxPerHourUsd=2.5 maxHours=8
  podkeeper rules llama-70b-sft set isAutoStopped=default`

const AUTO_STOP_HELP = `
You are warned twice before a pod is stopped. New pods are not selected. The setting autoStopAfterMin is how long a pod must
be quiet. If stopping a pod may lose all its data, it is stopped only if its rule mayLoseData is true. If you use several computers,
turn it on for only one of them.

Examples:
  podkeeper auto-stop selected
  podkeeper rules llama-70b-sft set isAutoStopped=true`

const SETTINGS_HELP = `
The Runpod API address can only be set in the app, because it decides where your key is sent.

Examples:
  podkeeper settings
  podkeeper settings get idleAlertAfterMin
  podkeeper settings set areAutoStopsPaused true
  podkeeper settings set monthlyBudgetUsd 600
  podkeeper settings set undoS default`

const NEXT_HELP = `
Asks the app or podkeeper watch, if one is running. Otherwise pods are read once, which can't tell how long one has been
quiet, and nothing is stopped until the app or a watch runs.

Examples:
  podkeeper next
  podkeeper next --json | jq -r '.stops[] | select(.stopAt) | .stopAt + " " + .pod.name'`
