import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { runProgram } from '../../../src/cli/run-program'
import type { CliStart, StartedCli } from './started-cli'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

/** How long a run may take to end after its test. */
const END_WITHIN_MS = 30_000

/** Runs a command in this process. It gets the streams, environment and signals of its own that a program would get. */
export function runInProcess({ args, env, input, terminatedAt, buildFolder }: CliStart): StartedCli {
  const events = new EventEmitter()
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  let exitCode: number | null = null

  function kill(signal: NodeJS.Signals): boolean {
    if (exitCode !== null) return false
    // It would end the real program at once, which a function cannot be made to do.
    if (events.listenerCount(signal) === 0)
      throw new Error(`${args.join(' ')} does not handle ${signal} now; only a real program can get it.`)
    return events.emit(signal)
  }

  if (terminatedAt !== undefined) {
    const write = stdout.write.bind(stdout) as (text: string) => boolean
    stdout.write = (text: string) => {
      const isFlushed = write(text)
      if (terminatedAt.test(text)) kill('SIGTERM')
      return isFlushed
    }
  }
  if (input !== undefined) stdin.end(input)
  const drained = Promise.all(
    [stdout, stderr].map((stream) => new Promise((resolve) => stream.once('close', resolve))),
  )
  const closed = runProgram(version, {
    args,
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    stdin,
    stdout,
    stderr,
    events,
    suspend() {
      throw new Error('Only a real program has a terminal that it can be suspended in.')
    },
    programPath: '/usr/bin/podkeeper',
    buildFolder: buildFolder ?? '/nowhere',
    showNotification: () => Promise.resolve('failed'),
    telegramOrigin: env['PODKEEPER_TEST_TELEGRAM'],
  }).then(async (code) => {
    exitCode = code
    if (events.eventNames().length > 0)
      throw new Error(`${args.join(' ')} ended and still handles ${events.eventNames().join(', ')}.`)
    for (const stream of [stdout, stderr]) stream.end()
    await drained
    return code
  })
  return {
    child: {
      pid: process.pid,
      get exitCode() {
        return exitCode
      },
      kill,
    },
    stdin,
    stdout,
    stderr,
    closed,
    async end() {
      if (exitCode === null && events.listenerCount('SIGTERM') > 0) kill('SIGTERM')
      if (!stdin.writableEnded) stdin.end()
      // Whoever read them may have stopped.
      for (const stream of [stdout, stderr]) stream.resume()
      let timer: NodeJS.Timeout | undefined
      const isTooLate = new Promise<never>((_resolve, reject) => {
        const late = new Error(`${args.join(' ')} did not end with its test.`)
        timer = setTimeout(() => reject(late), END_WITHIN_MS)
      })
      await Promise.race([closed, isTooLate])
      clearTimeout(timer)
    },
  }
}
