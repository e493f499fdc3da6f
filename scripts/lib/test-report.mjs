import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { descendantSeconds, grandchildrenSeconds, processorTime } from './processor-time.mjs'
import { root } from './project.mjs'

/**
 * A vitest reporter that writes a JSON report to the file in PODKEEPER_TEST_REPORT: for each test file its
 * path, the seconds from the start of its process to the end of its hooks, the `processorSeconds` that it used with the
 * programs that it started (null where unknown), the `unwaitedSeconds` of it that no process waited for, its errors outside of tests, and its tests with name, state (`passed`, `failed`, `skipped` or `pending`) and errors. At the end it prints
 * what the windows of the app showed when tests failed.
 */
export default class TestReport {
  #startedAtMs = new Map()
  #seconds = new Map()
  #browserSeconds = new Map()
  #counted = secondsWithBrowser()

  onTestModuleQueued({ moduleId }) {
    this.#startedAtMs.set(moduleId, performance.now())
  }

  onTestModuleEnd({ moduleId, project }) {
    const startedAtMs = this.#startedAtMs.get(moduleId) ?? performance.now()
    this.#seconds.set(moduleId, (performance.now() - startedAtMs) / 1_000)
    if (!isInBrowser(project)) return
    const counted = secondsWithBrowser()
    this.#browserSeconds.set(moduleId, counted - this.#counted)
    this.#counted = counted
  }

  onTestRunEnd(modules, unhandledErrors) {
    // The processes of the browser, for whose end nobody waits, are counted with the last of its files.
    const last = modules.findLast(({ project }) => isInBrowser(project))
    const files = modules.map((module) => ({
      path: relative(root, module.moduleId),
      seconds: this.#seconds.get(module.moduleId) ?? 0,
      processorSeconds: module.meta().processorSeconds ?? this.#browserSeconds.get(module.moduleId) ?? null,
      unwaitedSeconds:
        module === last ? grandchildrenSeconds(process.pid) : (module.meta().unwaitedSeconds ?? 0),
      hasFailed: module.state() === 'failed',
      errors: messages(module.errors()),
      tests: [...module.children.allTests()].map((test) => ({
        name: test.fullName,
        state: test.result().state,
        errors: messages(test.result().errors),
      })),
    }))
    if (unhandledErrors.length > 0)
      files.push({
        path: 'unhandled errors',
        seconds: 0,
        processorSeconds: null,
        hasFailed: true,
        errors: messages(unhandledErrors),
        tests: [],
      })
    for (const module of modules)
      for (const record of module.meta().failureRecords ?? [])
        console.log(`\nWhen this failed in ${relative(root, module.moduleId)}: ${record}`)
    writeFileSync(process.env.PODKEEPER_TEST_REPORT, JSON.stringify(files))
  }
}

/** Files of this project run one at a time, in a browser below this process. */
const isInBrowser = ({ name }) => name.startsWith('browser')

function secondsWithBrowser() {
  const time = processorTime()
  return time === null ? 0 : time.ownS + time.childrenS + descendantSeconds(process.pid)
}

const messages = (errors = []) => errors.map(({ message }) => message)
