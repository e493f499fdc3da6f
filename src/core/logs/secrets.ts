import { type Environment, RUN_ID_VARIABLE } from '../pods/pod-request'
import { cleanText } from './clean-line'

const SECRET_NAME =
  /key|secret|token|passw|passphrase|credential|auth|pwd|private|cookie|session|signature|webhook|dsn/i
const PUBLIC_NAMES: ReadonlySet<string> = new Set([
  RUN_ID_VARIABLE,
  'PUBLIC_KEY',
  'SSH_PUBLIC_KEY',
  'PWD',
  'OLDPWD',
])
/** Switches, which are no secrets whatever their names. */
const SWITCH = /^(true|false|yes|no|on|off|none|null|auto|default|enabled?|disabled?|\d{1,5})$/i
const MIN_NAMED_CHARS = 4
/** Parts of a secret of several lines, which would else hide common words. */
const MIN_LINE_CHARS = 8
/** Letters and digits in one run, as keys have them. */
const RANDOM = /[A-Za-z0-9_+/=-]{20,}/g
const REFERENCE = /^\s*\{\{.*\}\}\s*$/
const MAX_SECRETS = 1_000

/**
 * What must not be shown of a pod's log: values of variables whose names say that they are secret, and of others what
 * looks like a key, and passwords within addresses. Also in their JSON and URL-encoded forms. The values behind
 * references to secrets are not known here. Longest first.
 */
export function secretsOf(environment: Environment): readonly string[] {
  const found = new Set<string>()
  for (const [name, value] of Object.entries(environment)) {
    if (PUBLIC_NAMES.has(name) || REFERENCE.test(value) || SWITCH.test(value.trim())) continue
    const secrets =
      SECRET_NAME.test(name) && value.trim().length >= MIN_NAMED_CHARS ? linesOf(value) : parts(value)
    for (const secret of secrets) for (const form of formsOf(secret)) found.add(form)
  }
  return [...found]
    .filter((text) => text.length >= MIN_NAMED_CHARS)
    .sort((a, b) => b.length - a.length)
    .slice(0, MAX_SECRETS)
}

/** A secret of several lines is printed line by line. */
function linesOf(value: string): readonly string[] {
  const lines = value.trim().split(/[\r\n]+/)
  return lines.length === 1 ? lines : lines.filter((line) => line.trim().length >= MIN_LINE_CHARS)
}

function parts(value: string): readonly string[] {
  const random = (value.match(RANDOM) ?? []).filter((text) => /\d/.test(text) && /[A-Za-z]/.test(text))
  const passwords = [...value.matchAll(/\/\/[^\s/@:]*:([^\s/@]{4,})@/g)].map((match) => match[1] ?? '')
  return [...random.filter(isKeyLike), ...passwords]
}

/** Unlike paths and names of models, which have short words between their separators. */
function isKeyLike(text: string): boolean {
  const words = text.split(/[-_/=+]+/).filter((word) => word !== '')
  return words.length === 1 || words.some((word) => word.length > 12)
}

function formsOf(secret: string): readonly string[] {
  const inJson = JSON.stringify(secret).slice(1, -1)
  return [secret, inJson, percentEncoded(secret)].map(cleanText)
}

function percentEncoded(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    return text
  }
}
