import { fail, ok, type Result } from '../../base/result'
import { type Environment, parseVariable, RUN_ID_VARIABLE } from '../../pods/pod-request'
import { secretNameIn } from '../create-plan'

/* Fields of several lines. Errors name the line, and never a value. */

export interface LineProblem {
  /** 1 is the first. */
  readonly line: number
  readonly message: string
}

/** Of Runpod, with the variable that names the request. */
export const MAX_VARIABLES = 50 - 1
const MAX_VALUE_CHARS = 32_000
const MAX_PORTS = 50

/** Parses lines of `NAME=value`. Empty lines and comments are skipped. */
export function parseVariableLines(
  text: string,
  secretNames: readonly string[] | null,
): Result<Environment, LineProblem> {
  const entries = new Map<string, string>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const problem = (message: string) => fail({ line: index + 1, message })
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue
    const variable = parseVariable(line)
    if (variable === null) return problem('Enter variables as NAME=value.')
    const { name, value } = variable
    if (name === RUN_ID_VARIABLE) return problem(`${name} is set by Podkeeper.`)
    if (entries.has(name)) return problem(`${name} is set twice.`)
    if (value.length > MAX_VALUE_CHARS) return problem(`The value of ${name} is too long.`)
    const secretName = secretNameIn(value)
    if (secretName !== null && secretNames?.includes(secretName) === false)
      return problem(`Your account has no secret called ${secretName}.`)
    if (entries.size === MAX_VARIABLES) return problem(`A pod can have ${MAX_VARIABLES} variables.`)
    entries.set(name, value)
  }
  return ok(Object.fromEntries(entries))
}

/** Parses ports such as "8888/http", one per line or with commas between them. */
export function parsePortLines(text: string): Result<readonly string[], LineProblem> {
  const ports: string[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    for (const part of line.split(',').map((each) => each.trim())) {
      if (part === '') continue
      const problem = (message: string) => fail({ line: index + 1, message })
      const [, number, protocol] = /^(\d{1,5})\/(tcp|http|udp)$/.exec(part.toLowerCase()) ?? []
      if (number === undefined || Number(number) < 1 || Number(number) > 65_535)
        return problem('Enter ports as a number from 1 to 65535 and a protocol, such as 8888/http or 22/tcp.')
      const port = `${Number(number)}/${protocol}`
      if (ports.includes(port)) return problem(`${port} is listed twice.`)
      if (ports.length === MAX_PORTS) return problem(`A pod can have ${MAX_PORTS} ports.`)
      ports.push(port)
    }
  }
  return ok(ports)
}

/** A whole number as typed; null if it is none. */
export function wholeNumberIn(text: string): number | null {
  return /^\d{1,6}$/.test(text.trim()) ? Number(text.trim()) : null
}

/** A positive amount as typed; null if it is none. */
export function amountIn(text: string): number | null {
  const amount = /^\d{1,7}(\.\d{1,4})?$/.test(text.trim()) ? Number(text.trim()) : 0
  return amount > 0 ? amount : null
}
