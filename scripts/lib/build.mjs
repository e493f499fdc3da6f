import { inProject } from './project.mjs'
import { runNpm, tail } from './run.mjs'
import { Refusal } from './say.mjs'

/** Builds the app into out/. Always: it takes two seconds, and a stale build costs more. */
export async function buildApp() {
  const { code, output } = await runNpm(['run', '--silent', 'build'], { cwd: inProject() })
  if (code !== 0) throw new Refusal(`The build failed:\n${tail(output)}`)
}
