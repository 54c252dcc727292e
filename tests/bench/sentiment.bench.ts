/**
 * What scoring headlines costs with the embedded model: headlines a second on one core (features and inference), how much of it is features,
 * and from the start of a process to its first score with the memory it then holds. The figures of a process are those of a bundle as a
 * function runs it, beside an empty process of the same Node.
 *
 *     npm run bench sentiment
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { parseCsv } from '../../shared/adapters/csv/csv-table.ts'
import { onnxLinearClassifier } from '../../shared/adapters/onnx/linear-sentiment-classifier.ts'
import { sentimentFeatures } from '../../shared/domain/sentiment/features.ts'

const HEADLINES = 20_000
const RUNS = 5
const MODEL = fileURLToPath(new URL('../../models/sentiment/sentiment-linear.onnx', import.meta.url))
const ADAPTER = fileURLToPath(new URL('../../shared/adapters/onnx/linear-sentiment-classifier.ts', import.meta.url))
const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url))

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) / 2]
}

/** Seconds of this process's processor time: what else runs on the machine does not count. */
async function processorSeconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

async function perSecond(work: () => unknown): Promise<number> {
  const seconds: number[] = []
  for (let run = 0; run <= RUNS; run++) {
    const took = await processorSeconds(work)
    if (run > 0) seconds.push(took)
  }
  return HEADLINES / median(seconds)
}

const probe = readFileSync(new URL('../reference/sentiment-probe.csv', import.meta.url))
const statements = parseCsv(probe, 'sentiment-probe.csv', { required: ['text'] })
// Every headline differs, as it would in use: nothing is answered from what was asked before.
const headlines = Array.from({ length: HEADLINES }, (_, i) => `${statements.text('text')(i % statements.rows)} ${i}`)

console.log(`Node ${process.version}, processor time on one core of ${cpus()[0].model}`)
const classifier = await onnxLinearClassifier(readFileSync(MODEL), MODEL)
const all = await perSecond(() => classifier.classify(headlines))
const features = await perSecond(() => headlines.map(sentimentFeatures))
console.log(`scored     ${Math.round(all).toLocaleString('en')} headlines/s (to reach: 10,000)`)
console.log(`features   ${Math.round(features).toLocaleString('en')} headlines/s`)

const folder = mkdtempSync(join(tmpdir(), 'edgefund-sentiment-bench-'))
try {
  symlinkSync(MODULES, join(folder, 'node_modules'))
  const bundle = join(folder, 'first-score.mjs')
  buildSync({
    stdin: {
      contents: `
        import { readFileSync } from 'node:fs'
        import { onnxLinearClassifier } from ${JSON.stringify(ADAPTER)}
        const model = ${JSON.stringify(MODEL)}
        const classifier = await onnxLinearClassifier(readFileSync(model), model)
        await classifier.classify(['Operating profit rose to EUR 21.4 mn from EUR 16.9 mn'])
        console.log(JSON.stringify({ ms: performance.now(), bytes: process.memoryUsage().rss }))`,
      resolveDir: folder,
    },
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['onnxruntime-node'],
  })
  const started = Array.from({ length: RUNS }, (): { ms: number; bytes: number } =>
    JSON.parse(execFileSync(process.execPath, [bundle], { encoding: 'utf8' })),
  )
  const empty = Number(execFileSync(process.execPath, ['-p', 'process.memoryUsage().rss'], { encoding: 'utf8' }))
  const coldStart = median(started.map(({ ms }) => ms))
  const memory = median(started.map(({ bytes }) => bytes)) / 2 ** 20
  console.log(`cold start ${coldStart.toFixed(0)} ms from the process's start to its first score (to reach: 400)`)
  console.log(
    `memory     ${memory.toFixed(0)} MiB then resident, of which an empty process ${(empty / 2 ** 20).toFixed(0)} (to reach: 150)`,
  )
} finally {
  rmSync(folder, { recursive: true })
}
