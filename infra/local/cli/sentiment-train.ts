import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Command } from 'commander'
import { readCsv } from '../../../shared/adapters/csv/csv-table.ts'
import { linearSentimentBytes } from '../../../shared/adapters/onnx/linear-sentiment-file.ts'
import { SENTIMENT_LABELS, sentimentLabel } from '../../../shared/domain/sentiment/sentiment.ts'
import { type LabelledText, withoutRepetitions } from '../../../shared/domain/sentiment/training/labelled-text.ts'
import {
  FEWEST_OF_A_LABEL,
  type TrainingReport,
  trainSentiment,
} from '../../../shared/domain/sentiment/training/train.ts'
import { InputError } from '../../../shared/ports/errors.ts'
import type { Context } from './context.ts'
import { bytes, duration } from './human.ts'
import type { Io } from './output.ts'
import { printJson, printTable } from './output.ts'
import { cardWithFigures, FIGURE_COLUMNS, figureRows } from './sentiment-card.ts'

const NAME = 'sentiment-linear'
const MODEL_FILE = `${NAME}.onnx`
const CARD_FILE = 'MODEL_CARD.md'

const HELP = `
--data   CSVs with the columns text,label[,source]; labels are negative, neutral and positive. Without a column "source", each file
         is a source. Texts that repeat others are left out, and those that repeat with another label altogether.

Everything that is chosen (the penalty, the temperature) is chosen by cross-validation on these texts; nothing else is looked at. The
same data and seed give the same model, byte for byte. Prints how good it is on texts it had not seen, a row for each source and penalty:
"across" is a source's texts by a model of the other sources. Writes ${MODEL_FILE} and ${CARD_FILE} into --out; of a card that is
there already, only what stands between its marks for figures is replaced.

Example:
  edgefund sentiment train --data headlines.csv.gz --out models/sentiment`

interface TrainFlags {
  readonly data?: readonly string[]
  readonly out: string
  readonly folds: string
  readonly seed: string
}

/** Adds `sentiment train`. */
export function registerSentimentTrain(sentiment: Command, { io, interrupted }: Context): void {
  sentiment
    .command('train')
    .summary('train the embedded model on labelled headlines')
    .description('Trains a linear sentiment model on labelled headlines and writes it with its card.')
    .option('--data <FILE...>', 'labelled headlines')
    .requiredOption('--out <DIR>', 'where the model and its card are written')
    .option('--folds <N>', 'parts of the cross-validation', '5')
    .option('--seed <N>', 'of the folds', '1')
    .addHelpText('after', HELP)
    .action(async ({ data, out, ...flags }: TrainFlags) => {
      if (data === undefined) {
        throw new InputError(
          'sentiment train has no --data; expected CSVs with the columns text,label (none come with edgefund)',
        )
      }
      const folds = wholeNumber('--folds', flags.folds, 2, 20)
      const seed = wholeNumber('--seed', flags.seed, 0, 2 ** 32 - 1)
      const texts = withoutRepetitions((await Promise.all(data.map(readLabelled))).flat())
      checkEnough(texts, Math.max(FEWEST_OF_A_LABEL, folds))

      const started = performance.now()
      const { model, report } = await train(texts, { folds, seed }, io(), interrupted)
      const trainingData = trainingDataHash(texts)
      const file = linearSentimentBytes(model, { name: NAME, version: trainingData.slice(0, 12), trainingData })
      await mkdir(out, { recursive: true })
      await writeFile(join(out, MODEL_FILE), file)
      await writeFile(
        join(out, CARD_FILE),
        cardWithFigures(await existing(join(out, CARD_FILE)), { report, trainingData, texts }),
      )
      print(io(), report)
      const seconds = (performance.now() - started) / 1_000
      io().stderr(`${join(out, MODEL_FILE)}, ${bytes(file.length)}, ${texts.length} texts, ${duration(seconds)}\n`)
    })
}

async function train(
  texts: readonly LabelledText[],
  options: { readonly folds: number; readonly seed: number },
  { stderr }: Io,
  interrupted: AbortSignal,
) {
  const steps = trainSentiment(texts, options)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    stderr(`${step.value.done + 1} of ${step.value.total}: ${step.value.doing}\n`)
    // Ctrl-C is only heard between steps.
    await setImmediate()
    interrupted.throwIfAborted()
  }
}

/** Reads a CSV of labelled headlines; without a column `source`, the file is the source. */
export async function readLabelled(file: string): Promise<LabelledText[]> {
  const table = await readCsv(file, { required: ['text', 'label'], optional: ['source'] })
  const text = table.text('text')
  const label = table.text('label')
  const source = table.has('source') ? table.text('source') : () => basename(file)
  return Array.from({ length: table.rows }, (_, row) => {
    const found = sentimentLabel(label(row))
    if (found !== undefined) return { text: text(row), label: found, source: source(row) }
    throw new InputError(
      `${table.file}, line ${table.line(row)}: label "${label(row)}", expected ${SENTIMENT_LABELS.join(', ')}`,
    )
  })
}

function checkEnough(texts: readonly LabelledText[], fewest: number): void {
  for (const label of SENTIMENT_LABELS) {
    const count = texts.filter((text) => text.label === label).length
    if (count < fewest) throw new InputError(`--data has ${count} different ${label} texts, expected ${fewest} or more`)
  }
}

/** SHA-256 of the texts with their labels and sources, in order, a line of JSON each. */
export function trainingDataHash(texts: readonly LabelledText[]): string {
  const hash = createHash('sha256')
  for (const { text, label, source } of texts) hash.update(`${JSON.stringify([text, label, source])}\n`)
  return hash.digest('hex')
}

async function existing(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function print(io: Io, report: TrainingReport): void {
  if (!io.json) {
    printTable(io, FIGURE_COLUMNS, figureRows(report))
    return
  }
  const { bySource, acrossSources, ...rest } = report
  printJson(io, { ...rest, bySource: Object.fromEntries(bySource), acrossSources: Object.fromEntries(acrossSources) })
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new InputError(`${flag} "${text}", expected a whole number from ${least} to ${most}`)
}
