import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { inProject } from './project.mjs'

/** How long each test file took when it last ran on this computer, in seconds, by its path in the checkout. */
const RECORD = inProject('.cache/test-seconds.json')

export function readTestSeconds() {
  try {
    return JSON.parse(readFileSync(RECORD, 'utf8'))
  } catch {
    return {}
  }
}

/** Adds the `files` of a report; those that did not run keep what was recorded of them. */
export function recordTestSeconds(files) {
  const ran = Object.fromEntries(files.map(({ path, seconds }) => [path, Number(seconds.toFixed(1))]))
  mkdirSync(dirname(RECORD), { recursive: true })
  writeFileSync(RECORD, JSON.stringify({ ...readTestSeconds(), ...ran }, null, 2))
}
