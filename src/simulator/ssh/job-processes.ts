import type { World } from '../world/world'
import { writeFile } from './commands/file-commands'
import { resolvePath } from './machine/files'
import type { Machine } from './machine/machine'
import type { JobCommand, SimulatedJobs } from './machine/pod-jobs'
import { type Console, Shell } from './commands/shell'

/** What runs a job: a command of the simulated shell, in one container. */
interface JobProcess {
  readonly machine: Machine
  readonly controller: AbortController
  readonly done: Promise<void>
}

const TERMINATED = 143

/** The jobs that run in simulated pods now. A pod with a job uses its GPUs, and a container takes its jobs with it. */
export class JobProcesses implements SimulatedJobs {
  readonly #world: World
  readonly #running = new Map<string, JobProcess>()

  constructor(world: World) {
    this.#world = world
    world.onChange(() => this.#endLostJobs())
  }

  isRunning(machine: Machine, id: string): boolean {
    return this.#running.has(keyOf(machine, id))
  }

  start(machine: Machine, job: JobCommand): void {
    const controller = new AbortController()
    const key = keyOf(machine, job.id)
    const done = this.#run(machine, job, controller).finally(() => {
      this.#running.delete(key)
      this.#updateWork(machine)
    })
    this.#running.set(key, { machine, controller, done })
    this.#updateWork(machine)
  }

  async end(machine: Machine, id: string): Promise<void> {
    const process = this.#running.get(keyOf(machine, id))
    process?.controller.abort()
    await process?.done
  }

  close(): void {
    for (const { controller } of this.#running.values()) controller.abort()
  }

  async #run(machine: Machine, job: JobCommand, controller: AbortController): Promise<void> {
    const { signal } = controller
    const startedAtS = Math.floor(machine.dateMs() / 1_000)
    const put = (name: string, text: string, isAppend = false): void => {
      const { files } = machine
      if (files !== null)
        writeFile({ files, shell: { folder: '/' } }, `${job.directory}/${name}`, text, isAppend)
    }
    const log = (text: string): Promise<void> => Promise.resolve(put('log', text, true))
    const console: Console = {
      size: () => ({ columns: 80, rows: 24 }),
      key: () => Promise.resolve('q'),
      write: log,
      writeError: log,
    }
    put('pid', `41 1 simulated ${startedAtS} 0\n`)
    put('log', '')
    let isLate = false
    const limit = setTimeout(
      () => {
        isLate = true
        controller.abort()
      },
      Math.min(2_147_483_647, machine.realMs(job.maxSeconds * 1_000)),
    ).unref()
    const shell = new Shell(machine, console, this)
    shell.state.folder = resolvePath('/', job.workingDirectory)
    for (const [name, value] of job.environment) shell.state.variables.set(name, value)
    let code = 0
    for (const line of job.command.split('\n')) {
      if (line.trim() === '' || line.startsWith('#')) continue
      code = await shell.run(line, signal)
      if (shell.exitCode !== null || signal.aborted) break
    }
    clearTimeout(limit)
    const exitCode = signal.aborted ? TERMINATED : (shell.exitCode ?? code)
    put('exit_code', `${exitCode} ${Number(isLate)} ${Math.floor(machine.dateMs() / 1_000)}\n`)
  }

  #endLostJobs(): void {
    for (const { machine, controller } of this.#running.values()) {
      if (machine.pod() === null) controller.abort()
    }
  }

  #updateWork(machine: Machine): void {
    const isWorking = [...this.#running.values()].some((each) => each.machine.isSameContainer(machine))
    if (machine.pod() !== null) this.#world.setWork(machine.podId, isWorking)
  }
}

const keyOf = (machine: Machine, id: string): string => `${machine.containerKey}/${id}`
