import { spawn } from 'node:child_process'
import { takeProcessorSecondsOfChild } from './processor-time.mjs'

/**
 * Runs a program and collects its output. Never rejects: `code` is null when the program could not be started
 * (`output` has the reason), was killed, or exceeded `timeoutMs`. `processorSeconds` is what it used with the programs
 * that it waited for, null where unknown. `isShown` also prints the output as it arrives.
 */
export function run(command, args, { cwd, env, timeoutMs, isShown = false, shell = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, shell, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let isTimedOut = false
    let processorSeconds = null
    const keep = (stream) => (chunk) => {
      output += chunk
      if (isShown) stream.write(chunk)
    }
    child.stdout.setEncoding('utf8').on('data', keep(process.stdout))
    child.stderr.setEncoding('utf8').on('data', keep(process.stderr))
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            isTimedOut = true
            child.kill('SIGKILL')
          }, timeoutMs)
    child.on('error', (error) => {
      clearTimeout(timer)
      resolve({ code: null, output: `${command}: ${error.message}`, isTimedOut, processorSeconds })
    })
    child.on('exit', () => (processorSeconds = takeProcessorSecondsOfChild()))
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code, output, isTimedOut, processorSeconds })
    })
  })
}

/**
 * Runs npm, preferably the one that called this script, without the variables that it set for this script.
 */
export function runNpm(args, options = {}) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(package|lifecycle|config_local_prefix|command|node_execpath)/.test(name),
    ),
  )
  const npm = process.env.npm_execpath
  return npm?.endsWith('.js')
    ? run(process.execPath, [npm, ...args], { env, ...options })
    : run('npm', args, { env, shell: process.platform === 'win32', ...options })
}

/** The last lines of a program's output, for an error message. */
export const tail = (output, lineCount = 40) => output.trimEnd().split('\n').slice(-lineCount).join('\n')
