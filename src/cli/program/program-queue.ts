import { Argument, type Command, InvalidArgumentError, Option } from 'commander'
import { SECOND_MS } from '../../core/base/time/time'
import { type ExportFormat, exportFormats } from '../commands/arguments'
import type { JobChoices } from '../commands/queue/to-spec'
import type { Commands, GlobalOptions, QueueRequest } from './command-types'
import { parseDurationMs } from '../../core/base/text/parse-duration'
import { afterSuccessChoices, jobPriorities } from '../../core/queue/jobs/job-choices'

/** "90m" or "2d" in seconds. */
function seconds(text: string): number {
  const durationMs = parseDurationMs(text)
  if (durationMs !== null && durationMs > 0) return durationMs / SECOND_MS
  throw new InvalidArgumentError('It must be a number with s, m, h or d, such as 90m.')
}

function price(text: string): number {
  const usd = Number(text)
  if (/^\d{1,4}(\.\d{1,4})?$/.test(text) && usd >= 0.01) return usd
  throw new InvalidArgumentError('It must be an amount in USD, such as 2.50.')
}

function count(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number.')
}

const collect = (text: string, before: readonly string[] = []): readonly string[] => [...before, text]

const ADD_HELP = `
Several words are run as they are; a single one is a shell command, as with ssh. The job waits until it is started: with
podkeeper queue run, by a person in the app, or on a pod with auto-schedule on. It runs on the pod without a terminal and
continues when this computer is off. Values of variables never appear in the queue's journal or in an argument.

Examples:
  podkeeper queue add --gpu H100 -- python train.py --lr 3e-4
  podkeeper queue add --vram 24 --retries 1 --env HF_TOKEN -- 'cd /workspace/app && ./run.sh'
  podkeeper queue add --after train --results 'out/*.json' --to ./results --on-success stop -- python eval.py`

/** The commands about the queue of jobs. */
export function addQueue(
  program: Command,
  commands: Pick<Commands, 'queue' | 'labQueue' | 'trust'>,
  exit: (code: number) => void,
): void {
  const queue = program
    .command('queue')
    .description('jobs that wait for idle pods: add, list and run them, read their logs and results')

  const run = async (request: QueueRequest, command: Command): Promise<void> =>
    exit(await commands.queue(request, command.optsWithGlobals<GlobalOptions & { json?: true }>()))

  queue
    .command('add')
    .description('add a job')
    .argument('<command...>', 'command, after --')
    .option('--name <name>', 'name (default: from the command)')
    .option('--gpu <type>', 'GPU type, such as H100')
    .option('--gpus <number>', 'at least this many GPUs; 0 for none (default: 1)', count)
    .option('--vram <gb>', 'at least this much memory per GPU', count)
    .option('--label <text>', 'only pods with this text in their name')
    .option('--cwd <folder>', 'working directory on the pod')
    .option('--env <variable>', 'NAME=value, or NAME for the value in your environment', collect)
    .option('--env-file <file>', 'file with lines NAME=value')
    .option('--file <path>', 'file on this computer to upload', collect)
    .option('--results <pattern>', 'files to fetch, relative to the working directory', collect)
    .option('--to <folder>', 'folder for the results, once the job has passed')
    .addOption(new Option('--priority <priority>', 'priority (default: normal)').choices(jobPriorities))
    .option('--estimate <time>', 'how long it takes, such as 90m', seconds)
    .option('--max-time <time>', 'end the job after this time (default: 24h)', seconds)
    .option('--retries <number>', 'how often to start it again after a failure (default: 0)', count)
    .option('--after <job>', 'only once this job has passed', collect)
    .addOption(
      new Option('--on-success <what>', 'what to do with the pod after success (default: keep)').choices(
        afterSuccessChoices,
      ),
    )
    .option('--share', 'use only the GPUs it needs, so that others may run beside it')
    .option('--hold', 'wait until it is released')
    .option('--json', 'print JSON')
    .addHelpText('after', ADD_HELP)
    .action(async (words: string[], _options: unknown, command: Command) =>
      run({ verb: 'add', words, choices: command.opts<JobChoices>() }, command),
    )

  queue
    .command('list')
    .description('show the queue')
    .option('--lab', "show the experiments that wait in the labs' own queues instead")
    .option('--json', 'print JSON')
    .action(async ({ lab }: { lab?: true }, command: Command) =>
      lab ? exit(await commands.labQueue(command.optsWithGlobals())) : run({ verb: 'list' }, command),
    )

  queue
    .command('log')
    .description('print what a job printed')
    .argument('<job>', 'job name or id')
    .option('-f, --follow', 'keep printing until the job is over')
    .option('--json', 'print one JSON object per line')
    .action(async (job: string, options: { follow?: true }, command: Command) =>
      run({ verb: 'log', job, isFollowing: options.follow === true }, command),
    )

  const changes = {
    cancel: 'cancel a job; one that runs gets TERM, and KILL after 15 s',
    retry: 'put an ended job back in the queue',
    hold: 'keep a job from being started',
    release: 'release a job that is on hold',
    remove: 'remove a job that is not running',
  } as const
  for (const verb of ['cancel', 'retry', 'hold', 'release', 'remove'] as const)
    queue
      .command(verb)
      .description(changes[verb])
      .argument('<job>', 'job name or id')
      .option('--json', 'print JSON')
      .action(async (job: string, _options: unknown, command: Command) => run({ verb, job }, command))

  queue
    .command('move')
    .description('change the order of waiting jobs')
    .argument('<job>', 'job name or id')
    .addOption(new Option('--first', 'before all others of its priority').conflicts(['last', 'before']))
    .addOption(new Option('--last', 'after all others of its priority').conflicts(['first', 'before']))
    .option('--before <job>', 'before this job, with its priority')
    .option('--json', 'print JSON')
    .action(async (job: string, options: { last?: true; before?: string }, command: Command) =>
      run(
        {
          verb: 'move',
          job,
          to: options.before === undefined ? (options.last ? 'last' : 'first') : { before: options.before },
        },
        command,
      ),
    )

  queue
    .command('run')
    .description('start a waiting job now')
    .argument('<job>', 'job name or id')
    .argument('[pod]', 'pod name or id (default: the first idle pod that it fits)')
    .option('--json', 'print JSON')
    .action(async (job: string, pod: string | undefined, _options: unknown, command: Command) =>
      run({ verb: 'run', job, pod: pod ?? null }, command),
    )

  queue
    .command('results')
    .description('fetch the results of a job into a new folder')
    .argument('<job>', 'job name or id')
    .option('--to <folder>', 'folder in which to create it', '.')
    .option('--json', 'print JSON')
    .action(async (job: string, options: { to: string }, command: Command) =>
      run({ verb: 'results', job, folder: options.to }, command),
    )

  queue
    .command('export')
    .description('write waiting jobs as task files of SkyPilot or dstack; changes nothing here')
    .argument('[jobs...]', 'job names or ids (default: all that wait)')
    .addOption(
      new Option('--format <engine>', 'for which engine').choices(exportFormats).makeOptionMandatory(),
    )
    .option('--preset <name>', 'image, GPUs and price of this preset (default: the one that may create pods)')
    .option('--to <folder>', 'folder for the files', '.')
    .action(
      async (
        jobs: string[],
        { format, preset, to }: { format: ExportFormat; preset?: string; to: string },
        command: Command,
      ) => run({ verb: 'export', jobs, format, preset: preset ?? null, folder: to }, command),
    )

  queue
    .command('trust')
    .description('accept the host key of a pod, so that jobs can run there without the app')
    .argument('<pod>', 'pod name or id')
    .option('--fingerprint <fingerprint>', 'accept only this key, such as SHA256:…')
    .option('--json', 'print JSON')
    .action(async (pod: string, _options: unknown, command: Command) =>
      exit(await commands.trust(pod, command.optsWithGlobals())),
    )

  queue
    .command('auto')
    .description('show or change where jobs start automatically on idle pods')
    .addArgument(new Argument('[state]', 'on or off').choices(['on', 'off']))
    .argument('[pod]', 'pod name or id; or an account with --account')
    .option('--start', 'start the pod for a job while it is stopped')
    .option('--preset <name>', 'create a pod of this preset for a job, one at a time')
    .option('--max-price <usd>', 'what such a pod may cost per hour', price)
    .option('--accept-new-key', 'accept the host key that such a pod shows first, for jobs')
    .option('--json', 'print JSON')
    .action(
      async (
        state: string | undefined,
        pod: string | undefined,
        options: { start?: true; preset?: string; maxPrice?: number; acceptNewKey?: true },
        command: Command,
      ) => {
        const { account } = command.optsWithGlobals<GlobalOptions>()
        if (state === 'on' && pod === undefined && account === undefined)
          command.error('error: specify a pod, or an account with --account')
        return run(
          {
            verb: 'auto',
            isOn: state === undefined ? null : state === 'on',
            pod: pod ?? null,
            startsPod: options.start === true,
            presetName: options.preset ?? null,
            maxPerHourUsd: options.maxPrice ?? null,
            acceptsNewKey: options.acceptNewKey === true,
          },
          command,
        )
      },
    )

  for (const verb of ['pause', 'resume'] as const)
    queue
      .command(verb)
      .description(verb === 'pause' ? 'start and suggest nothing; running jobs continue' : 'end the pause')
      .option('--json', 'print JSON')
      .action(async (_options: unknown, command: Command) => run({ verb }, command))
}
