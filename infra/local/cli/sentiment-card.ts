import type { SentimentFigures } from '../../../shared/domain/sentiment/metrics.ts'
import type { LabelledText } from '../../../shared/domain/sentiment/training/labelled-text.ts'
import type { TrainingReport } from '../../../shared/domain/sentiment/training/train.ts'
import type { Cell } from './output.ts'

/** How a table of figures is headed. */
export const FIGURE_COLUMNS = [
  'on',
  'source',
  'texts',
  'accuracy',
  'macro_f1',
  'wrong_sign',
  'log_loss',
  'calibration_error',
] as const

const BEGIN = '<!-- figures: written by `edgefund sentiment train` -->'
const END = '<!-- end of figures -->'

/** A report as rows: cross-validation of every penalty, then of the chosen one by source, then across sources. */
export function figureRows({ choices, penalty, bySource, acrossSources }: TrainingReport): Cell[][] {
  const row = (on: string, source: string, f: SentimentFigures): Cell[] => [
    on,
    source,
    f.texts,
    ...[f.accuracy, f.macroF1, f.wrongSign, f.logLoss, f.calibrationError].map((value) => Number(value.toFixed(4))),
  ]
  return [
    ...choices.map((choice) =>
      row(`penalty ${choice.penalty}${choice.penalty === penalty ? ' (chosen)' : ''}`, 'all', choice.figures),
    ),
    ...[...bySource].map(([source, figures]) => row('chosen penalty', source, figures)),
    ...[...acrossSources].map(([source, figures]) => row('across', source, figures)),
  ]
}

export interface Trained {
  readonly report: TrainingReport
  readonly trainingData: string
  readonly texts: readonly LabelledText[]
}

/** The model card with these figures: a new one, or one that is there with what stands between its marks replaced. */
export function cardWithFigures(card: string | undefined, trained: Trained): string {
  const figures = `${BEGIN}\n${figuresText(trained)}\n${END}`
  const from = card?.indexOf(BEGIN) ?? -1
  const to = card?.indexOf(END) ?? -1
  if (card !== undefined && from >= 0 && to > from) return card.slice(0, from) + figures + card.slice(to + END.length)
  return `# Sentiment model\n\nA linear model of financial headlines: negative, neutral or positive.\n\n${figures}\n`
}

function figuresText({ report, trainingData, texts }: Trained): string {
  const sources = [...new Set(texts.map(({ source }) => source))].sort()
  const counts = sources.map((source) => {
    const of = texts.filter((text) => text.source === source)
    const count = (label: string) => of.filter((text) => text.label === label).length
    return [source, count('negative'), count('neutral'), count('positive'), of.length]
  })
  return [
    `Trained on ${texts.length} texts (SHA-256 of the rows: \`${trainingData}\`).`,
    table(['source', 'negative', 'neutral', 'positive', 'all'], counts),
    `Cross-validation, on texts that the model had not seen; temperature ${report.temperature.toFixed(3)}. "across": a source's texts by a model of the others.`,
    table(FIGURE_COLUMNS, figureRows(report)),
  ].join('\n\n')
}

function table(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  return lines.join('\n')
}
