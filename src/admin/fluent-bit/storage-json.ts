import type { AgentStatus, ChunkCounts, InputStatus } from '../../observe/status.js'

/** `/api/v1/storage`. What inputs share here, the memory of their lane, is each one's limit. */
export function storageJson({ inputs, lanes }: AgentStatus): object {
  const chunks = Object.values(lanes).map((lane) => lane.chunks)
  return {
    storage_layer: { chunks: layerOf(chunks) },
    input_chunks: Object.fromEntries(
      Object.entries(inputs).map(([id, input]) => [id, inputOf(input, lanes[input.lane]?.memoryLimitBytes ?? 0)]),
    ),
  }
}

function layerOf(all: readonly ChunkCounts[]): object {
  const sum = (figure: keyof ChunkCounts): number => all.reduce((total, counts) => total + counts[figure], 0)
  const [memory, both, disk] = [sum('memory'), sum('both'), sum('disk')]
  return {
    total_chunks: memory + disk - both,
    mem_chunks: memory - both,
    fs_chunks: disk,
    fs_chunks_up: both,
    fs_chunks_down: disk - both,
  }
}

function inputOf({ hasRoom, chunks }: InputStatus, limitBytes: number): object {
  const { memory, bytes, busy, busyBytes, both, disk } = chunks
  return {
    status: { overlimit: !hasRoom, mem_size: sizeText(bytes), mem_limit: sizeText(limitBytes) },
    chunks: {
      total: memory + disk - both,
      up: memory,
      down: disk - both,
      busy,
      busy_size: sizeText(busyBytes),
    },
  }
}

const units = ['b', 'K', 'M', 'G', 'T', 'P'] as const

/** As Fluent Bit writes sizes for people: `512b`, `1.5K`; units are powers of 1024. */
export function sizeText(bytes: number): string {
  let [size, unit] = [bytes, 0]
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024
  return unit === 0 ? `${size}b` : `${size.toFixed(1)}${units[unit]}`
}
