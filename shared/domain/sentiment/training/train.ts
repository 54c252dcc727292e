import { FEATURE_RECIPE, TABLE_BITS } from '../features.ts'
import { type LinearSentimentModel, probabilitiesOf } from '../linear-model.ts'
import { type SentimentFigures, sentimentFigures } from '../metrics.ts'
import { SENTIMENT_LABELS } from '../sentiment.ts'
import { stratifiedFolds } from './folds.ts'
import { type LabelledText, targetsOf } from './labelled-text.ts'
import { CLASSES, fitLogistic, type LinearFit, scoresOf } from './logistic-regression.ts'
import { quantise } from './quantise.ts'
import { withoutSourceColumns, withSourceColumns } from './source-intercepts.ts'
import { featureRows, selectRows } from './sparse-rows.ts'
import { bestTemperature } from './temperature.ts'

export interface TrainingOptions {
  readonly folds: number
  readonly seed: number
  /** Strengths of the ridge penalty to choose from: each is the penalty times the number of texts. */
  readonly penalties?: readonly number[]
}

/** Figures of texts that the model had not seen. */
export interface TrainingReport {
  readonly texts: number
  /** Of all texts in cross-validation, each penalty at its best temperature. */
  readonly choices: readonly {
    readonly penalty: number
    readonly temperature: number
    readonly figures: SentimentFigures
  }[]
  /** The choice with the least loss. */
  readonly penalty: number
  readonly temperature: number
  /** In cross-validation, by source. */
  readonly bySource: ReadonlyMap<string, SentimentFigures>
  /** Of a source's texts, by a model that was trained on the other sources only: how well it carries over. */
  readonly acrossSources: ReadonlyMap<string, SentimentFigures>
}

export interface TrainingProgress {
  readonly done: number
  readonly total: number
  readonly doing: string
}

/** Fewest texts of a label that anything can be learned from. */
export const FEWEST_OF_A_LABEL = 10

/** On 16,777 headlines the loss is least in the middle. */
const PENALTIES = [1, 0.5, 0.25]

/** Some of the labels that people gave are mistaken. In cross-validation half a percent more accurate than none, twice as much no better. */
const DOUBT = 0.05

/**
 * Trains a linear sentiment model and tells how good it is by cross-validation on these texts alone: the penalty with the least loss,
 * the temperature that calibrates it, figures by source and across sources, and a last fit on all texts. The same texts, in the same
 * order, and seed give the same model to the bit. A generator, so that whoever runs it may show how far it is, or stop.
 * Texts are expected without repetitions. Refused are fewer than ten of a label, or fewer than the folds.
 */
export function* trainSentiment(
  texts: readonly LabelledText[],
  { folds, seed, penalties = PENALTIES }: TrainingOptions,
): Generator<TrainingProgress, { model: LinearSentimentModel; report: TrainingReport }> {
  checkTexts(texts, folds)
  const sources = [...new Set(texts.map(({ source }) => source))].sort()
  const across = sources.length > 1 ? sources : []
  const total = 1 + penalties.length * folds + across.length + 1
  let done = 0
  const progress = (doing: string): TrainingProgress => ({ done: done++, total, doing })

  yield progress('features')
  const { fit, scoreInto } = fitterOf(texts, sources)
  const everyRow = texts.map((_, row) => row)
  const foldOf = stratifiedFolds(texts, folds, seed)

  const choices = penalties.map((penalty) => ({ penalty, logits: new Float64Array(texts.length * CLASSES) }))
  for (let fold = 0; fold < folds; fold++) {
    const learned = everyRow.filter((row) => foldOf[row] !== fold)
    const asked = everyRow.filter((row) => foldOf[row] === fold)
    let before: Fitted | undefined
    for (const { penalty, logits } of choices) {
      yield progress(`fold ${fold + 1} of ${folds}, penalty ${penalty}`)
      before = fit(learned, penalty, before)
      scoreInto(logits, asked, before)
    }
  }
  const judged = choices.map(({ penalty, logits }) => {
    const temperature = bestTemperature(logits, targetsOf(texts), CLASSES)
    const tempered = logits.map((logit) => logit / temperature)
    return { penalty, temperature, tempered, figures: figuresOf(texts, tempered, everyRow) }
  })
  const chosen = judged.reduce((best, choice) => (choice.figures.logLoss < best.figures.logLoss ? choice : best))
  const { temperature, tempered } = chosen
  const rowsOf = (source: string) => everyRow.filter((row) => texts[row].source === source)

  const acrossSources = new Map<string, SentimentFigures>()
  for (const source of across) {
    yield progress(`${source} by the other sources`)
    const logits = new Float64Array(texts.length * CLASSES)
    const others = everyRow.filter((row) => texts[row].source !== source)
    scoreInto(logits, rowsOf(source), fit(others, chosen.penalty))
    const cooled = logits.map((logit) => logit / temperature)
    acrossSources.set(source, figuresOf(texts, cooled, rowsOf(source)))
  }

  yield progress('the model of all texts')
  const final = fit(everyRow, chosen.penalty).general
  const report: TrainingReport = {
    texts: texts.length,
    choices: judged.map(({ penalty, temperature, figures }) => ({ penalty, temperature, figures })),
    penalty: chosen.penalty,
    temperature,
    bySource: new Map(sources.map((source) => [source, figuresOf(texts, tempered, rowsOf(source))])),
    acrossSources,
  }
  return { model: quantise(final, FEATURE_RECIPE, temperature), report }
}

interface Fitted {
  /** With the sources' columns, for the next fit to begin from. */
  readonly particular: LinearFit
  readonly general: LinearFit
}

/** Fits and scores rows of these texts, whose features are computed once. */
function fitterOf(texts: readonly LabelledText[], sources: readonly string[]) {
  const rows = featureRows(texts)
  const sourceOf = texts.map(({ source }) => sources.indexOf(source))
  const withSources = withSourceColumns(rows, sourceOf, sources.length)
  return {
    fit(wanted: readonly number[], penalty: number, from?: Fitted): Fitted {
      const particular = fitLogistic(
        selectRows(withSources, wanted),
        targetsOf(
          wanted.map((row) => texts[row]),
          DOUBT,
        ),
        {
          tableSize: 2 ** TABLE_BITS,
          penalty: penalty / wanted.length,
          from: from?.particular,
        },
      )
      const seen = new Set(wanted.map((row) => sourceOf[row])).size
      return { particular, general: withoutSourceColumns(particular, sources.length, seen) }
    },
    scoreInto(logits: Float64Array, wanted: readonly number[], { general }: Fitted): void {
      const scores = scoresOf(selectRows(rows, wanted), general)
      wanted.forEach((row, i) => {
        logits.set(scores.subarray(i * CLASSES, (i + 1) * CLASSES), row * CLASSES)
      })
    },
  }
}

function figuresOf(texts: readonly LabelledText[], logits: Float64Array, wanted: readonly number[]): SentimentFigures {
  return sentimentFigures(
    wanted.map((row) => probabilitiesOf(logits.subarray(row * CLASSES, (row + 1) * CLASSES))),
    wanted.map((row) => texts[row].label),
  )
}

function checkTexts(texts: readonly LabelledText[], folds: number): void {
  const fewest = Math.max(FEWEST_OF_A_LABEL, folds)
  for (const label of SENTIMENT_LABELS) {
    const count = texts.filter((text) => text.label === label).length
    if (count < fewest) throw new RangeError(`${count} ${label} texts, expected ${fewest} or more`)
  }
}
