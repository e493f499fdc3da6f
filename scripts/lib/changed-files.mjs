import { existsSync } from 'node:fs'
import { inProject } from './project.mjs'
import { run } from './run.mjs'
import { UserError } from './log.mjs'

/**
 * Paths of the files that differ from the last commit, with new ones and without deleted ones. Throws a `UserError`
 * outside of a git checkout.
 */
export async function changedFiles() {
  const [changed, added] = await Promise.all([
    paths(['diff', '--name-only', '-z', 'HEAD']),
    paths(['ls-files', '--others', '--exclude-standard', '-z']),
  ])
  return [...new Set([...changed, ...added])].filter((path) => existsSync(inProject(path))).toSorted(byName)
}

async function paths(args) {
  const { code, output } = await run('git', args, { cwd: inProject() })
  if (code !== 0) throw new UserError(`git could not say what has changed:\n${output.trim()}`)
  return output.split('\0').filter((path) => path !== '')
}

const byName = (a, b) => a.localeCompare(b)
