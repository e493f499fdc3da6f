import { Argument, type Command } from 'commander'
import { autoStopModes, type AutoStopName } from './commands/control/auto-stop'
import { keepChoices, type KeepName } from './commands/control/keep'
import { type RulesVerb, rulesVerbs } from './commands/control/rules'
import { type SettingsVerb, settingsVerbs } from './commands/control/settings'
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
    .argument('<pod>', 'its name or id')
    .addArgument(new Argument('<how-long>', 'off ends it').choices(Object.keys(keepChoices)))
    .option('--json', 'print the result for programs')
    .addHelpText('after', KEEP_HELP)
    .action(async (pod: string, choice: KeepName, _options: unknown, command: Command) =>
      exit(await commands.keep(pod, choice, command.optsWithGlobals())),
    )

  program
    .command('rules')
    .description('show or change the rules of a pod: when it is stopped, and its budget')
    .argument('<pod>', 'its name or id')
    .addArgument(new Argument('[verb]', 'what to do').choices(rulesVerbs).default('get'))
    .argument('[name=value...]', 'the rules to set')
    .option('--confirm-name <name>', 'its name, in place of typing it when asked')
    .option(
      '--allow-data-loss',
      'let an automatic stop lose data of this pod, in place of answering when asked',
    )
    .option('--json', 'print the rules for programs')
    .addHelpText('after', RULES_HELP)
    .action(
      async (pod: string, verb: RulesVerb, assignments: string[], _options: unknown, command: Command) =>
        exit(await commands.rules(pod, verb, assignments, command.optsWithGlobals())),
    )

  program
    .command('auto-stop')
    .description('show or choose which pods are stopped automatically once quiet')
    .addArgument(new Argument('[pods]', 'which pods').choices(Object.keys(autoStopModes)))
    .option('--json', 'print the choice for programs')
    .addHelpText('after', AUTO_STOP_HELP)
    .action(async (mode: AutoStopName | undefined, _options: unknown, command: Command) =>
      exit(await commands.autoStop(mode, command.optsWithGlobals())),
    )

  program
    .command('settings')
    .description('show or change the settings of the app and the command line')
    .addArgument(new Argument('[verb]', 'what to do').choices(settingsVerbs).default('list'))
    .argument('[name]', 'a setting, as in config.json')
    .argument('[value]', 'its new value; default resets it')
    .option('--json', 'print the result for programs')
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
    .description('show the automatic stops that come next, and what holds each')
    .option('--json', 'print them for programs')
    .addHelpText('after', NEXT_HELP)
    .action(async (_options: unknown, command: Command) =>
      exit(await commands.next(command.optsWithGlobals())),
    )
}

const KEEP_HELP = `
It holds alerts, automatic stops, maximum hours and a budget that stops, until the time is over or until off. morning is
the next 9:00 AM that is at least an hour away.

Examples:
  podkeeper keep llama-70b-sft 4h
  podkeeper keep llama-70b-sft off`

const RULES_HELP = `
The rules are named as in config.json; default gives one back to the account:
  isAutoStopped       true or false: stopped automatically once quiet
  idleAlertAfterMin   minutes until the idle alert
  autoStopAfterMin    minutes of quiet until it is stopped
  maxHours            hours from its start until it is stopped
  atMaxHours          stop, or terminate: then the pod's name is asked for
  monthlyBudgetUsd    USD a month (UTC) until you are told
  atBudget            stop: stopped once its budget is spent
  mayLoseData         true: an automatic stop may lose data
  isLowCpuIdle        true: CPU below 3% counts as idle

Examples:
  podkeeper rules llama-70b-sft
  podkeeper rules llama-70b-sft set maxHours=12 monthlyBudgetUsd=50
  podkeeper rules llama-70b-sft set isAutoStopped=default`

const AUTO_STOP_HELP = `
Each pod is warned of twice before. New pods are not selected. How long a pod must be quiet is a setting, autoStopAfterMin.
A pod of which nothing surely survives a stop is stopped only if its rule mayLoseData is true.

Examples:
  podkeeper auto-stop selected
  podkeeper rules llama-70b-sft set isAutoStopped=true`

const SETTINGS_HELP = `
The address of Runpod's API is set in the app only, since it decides where the key is sent.

Examples:
  podkeeper settings
  podkeeper settings get idleAlertAfterMin
  podkeeper settings set areAutoStopsPaused true
  podkeeper settings set monthlyBudgetUsd 600
  podkeeper settings set undoS default`

const NEXT_HELP = `
The app or podkeeper watch is asked where one runs. Otherwise the pods are read once, which cannot tell how long one has been
quiet, and nothing is stopped until one of them runs.

Examples:
  podkeeper next
  podkeeper next --json | jq -r '.stops[] | select(.stopAt) | .stopAt + " " + .pod.name'`
