/** What a start of the app asks of the one that runs, beside showing itself. */
export type LaunchCommand = 'pause-alerts' | 'quit'

const COMMANDS: readonly LaunchCommand[] = ['pause-alerts', 'quit']

/**
 * The command among the arguments of a program, such as `--quit`; null without one. The menu of the app's icon uses them:
 * see resources/linux/podkeeper.desktop. What follows two dashes comes from others, and is none.
 */
export function findLaunchCommand(args: readonly string[]): LaunchCommand | null {
  const end = args.indexOf('--')
  const switches = end === -1 ? args : args.slice(0, end)
  return COMMANDS.find((name) => switches.includes(`--${name}`)) ?? null
}
