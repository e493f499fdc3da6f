import '../ui/styles/data-table.css'
import type { GpuProcess, GpuReading, LiveGpu } from '../../core/gpus/gpu-reading'
import {
  commandText,
  gpuName,
  gpusOfText,
  gpuTableText,
  memoryText,
  powerText,
  processMemoryText,
  temperatureText,
  userText,
  utilText,
} from './gpus-text'

/** One reading as two tables. They change in place and are never announced. */
export function GpuTables({ reading }: { readonly reading: GpuReading }) {
  const { gpus, processes, leftOutCount, unreadLines } = reading
  return (
    <>
      <div className="table-room" role="region" aria-label={gpuTableText.gpus} tabIndex={0}>
        <table className="data-table" aria-label={gpuTableText.gpus}>
          <thead>
            <tr>
              <th scope="col">{gpuTableText.gpu}</th>
              <th scope="col">{gpuTableText.use}</th>
              <th scope="col" className="number">
                {gpuTableText.memory}
              </th>
              <th scope="col" className="number">
                {gpuTableText.temperature}
              </th>
              <th scope="col" className="number">
                {gpuTableText.power}
              </th>
            </tr>
          </thead>
          <tbody>
            {gpus.map((gpu) => (
              <GpuRow key={gpu.index} gpu={gpu} />
            ))}
          </tbody>
        </table>
      </div>
      {processes === null || processes.length === 0 ? (
        <p className="cap">{processes === null ? gpuTableText.processesUnknown : gpuTableText.noProcesses}</p>
      ) : (
        <div className="table-room" role="region" aria-label={gpuTableText.processes} tabIndex={0}>
          <table className="data-table" aria-label={gpuTableText.processes}>
            <thead>
              <tr>
                <th scope="col" className="number">
                  {gpuTableText.pid}
                </th>
                <th scope="col">{gpuTableText.user}</th>
                <th scope="col">{gpuTableText.gpu}</th>
                <th scope="col" className="number">
                  {gpuTableText.gpuMemory}
                </th>
                <th scope="col">{gpuTableText.command}</th>
              </tr>
            </thead>
            <tbody>
              {processes.map((process) => (
                <ProcessRow key={process.pid} process={process} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {leftOutCount > 0 && <p className="cap">{gpuTableText.more(leftOutCount)}</p>}
      {unreadLines > 0 && <p className="cap">{gpuTableText.unread(unreadLines)}</p>}
    </>
  )
}

function GpuRow({ gpu }: { readonly gpu: LiveGpu }) {
  return (
    <tr>
      <th scope="row">
        {gpu.index} <bdi className="cap name">{gpuName(gpu)}</bdi>
      </th>
      <td className="use">
        {gpu.utilPercent !== null && (
          <span className="track" aria-hidden="true">
            <span className="fill" style={{ width: `${gpu.utilPercent}%` }} />
          </span>
        )}
        {utilText(gpu)}
      </td>
      <td className="number">{memoryText(gpu)}</td>
      <td className="number">{temperatureText(gpu)}</td>
      <td className="number">{powerText(gpu)}</td>
    </tr>
  )
}

function ProcessRow({ process }: { readonly process: GpuProcess }) {
  const command = commandText(process)
  return (
    <tr>
      <th scope="row" className="number">
        {process.pid}
      </th>
      <td>
        <bdi>{userText(process)}</bdi>
      </td>
      <td>{gpusOfText(process)}</td>
      <td className="number">{processMemoryText(process)}</td>
      <td className="command" title={command}>
        <bdi>{command}</bdi>
      </td>
    </tr>
  )
}
