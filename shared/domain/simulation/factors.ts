import { GICS_SECTORS, type GicsSector } from '../universe/default-instruments.ts'
import { clamp, decay, INTRADAY_VARIANCE, limitMoves, OVERNIGHT_VARIANCE, tailScale } from './candle.ts'
import { type Random, randomStream } from './random.ts'

/** What moves everything at once, a row a session. Returns are logs; volatilities are a year's, as fractions. */
export interface Factors {
  readonly seed: number
  readonly at: Float64Array
  /** 1 in a stressed regime, 0 in a calm one. */
  readonly stressed: Uint8Array
  readonly volatility: Float64Array
  /** How much wilder than usual everything else is. */
  readonly turbulence: Float64Array
  readonly overnight: Float64Array
  readonly intraday: Float64Array
  readonly vix: Float64Array // close, percent a year
  readonly sectors: Readonly<Record<GicsSector, SectorFactor>>
}

/** The part of a sector's way that the market's does not explain. */
export interface SectorFactor {
  readonly overnight: Float64Array
  readonly intraday: Float64Array
}

export const SESSIONS_PER_YEAR = 252

const USUAL_VOLATILITY = 0.14

/** Chances a session of changing regime: calm lasts about 180 sessions, stress about 35. */
const CALM_TO_STRESS = 1 / 180
const STRESS_TO_CALM = 1 / 35
const REGIMES = {
  calm: { volatility: 0.115, pull: 0.04, drift: 0.15 },
  stress: { volatility: 0.3, pull: 0.12, drift: -0.12 },
} as const

/** A year's volatility of a sector beyond the market's, in usual times. */
export const SECTOR_VOLATILITY = 0.07
/** A year's drift of a sector in an average mood; moods last months, so sectors have momentum. */
const SECTOR_MOOD_DRIFT = 0.04
const SECTOR_MOOD = decay(160)

/**
 * The market factor with its regimes, the volatility index and the sectors, over the sessions given.
 *
 * A two-state Markov chain (calm, stressed) sets where volatility is drawn to; log volatility follows with noise and rises when the
 * market falls, so that wild days cluster. Drift is +15 % a year in calm, −12 % in stress. The volatility index chases volatility plus
 * a premium, jumps when the market falls, and never moves more than 22 % of its level a day.
 */
export function simulateFactors(seed: number, at: Float64Array): Factors {
  const random = randomStream(seed, 'market')
  const rows = at.length
  const stressed = new Uint8Array(rows)
  const [volatility, turbulence, overnight, intraday, vix] = Array.from({ length: 5 }, () => new Float64Array(rows))

  let inStress = false
  let logVolatility = Math.log(REGIMES.calm.volatility)
  let level = 15
  for (let row = 0; row < rows; row++) {
    inStress = random.uniform() < (inStress ? STRESS_TO_CALM : CALM_TO_STRESS) ? !inStress : inStress
    const regime = inStress ? REGIMES.stress : REGIMES.calm
    logVolatility += regime.pull * (Math.log(regime.volatility) - logVolatility) + 0.05 * random.normal()
    logVolatility = clamp(logVolatility, Math.log(0.06), Math.log(0.65))
    const year = Math.exp(logVolatility)

    const moves = limitMoves(
      drawMoves(random, year / Math.sqrt(SESSIONS_PER_YEAR), regime.drift / SESSIONS_PER_YEAR),
      -0.12,
      0.1,
    )
    const total = moves.overnight + moves.intraday
    const chase = 0.3 * Math.log((100 * year + 3.5) / level) - 3.2 * total + 0.03 * random.normal()
    level = clamp(level * Math.exp(clamp(chase, -0.2, 0.2)), 9, 80)
    logVolatility -= 1.5 * total

    stressed[row] = inStress ? 1 : 0
    volatility[row] = year
    turbulence[row] = (year / USUAL_VOLATILITY) ** 0.4
    overnight[row] = moves.overnight
    intraday[row] = moves.intraday
    vix[row] = level
  }

  const sectors = Object.fromEntries(GICS_SECTORS.map((sector) => [sector, simulateSector(seed, sector, turbulence)]))
  return {
    seed,
    at,
    stressed,
    volatility,
    turbulence,
    overnight,
    intraday,
    vix,
    sectors: sectors as Record<GicsSector, SectorFactor>,
  }
}

function simulateSector(seed: number, sector: GicsSector, turbulence: Float64Array): SectorFactor {
  const random = randomStream(seed, 'sector', sector)
  const overnight = new Float64Array(turbulence.length)
  const intraday = new Float64Array(turbulence.length)
  let mood = random.normal()
  for (let row = 0; row < turbulence.length; row++) {
    mood = SECTOR_MOOD * mood + Math.sqrt(1 - SECTOR_MOOD ** 2) * random.normal()
    const deviation = (SECTOR_VOLATILITY * turbulence[row]) / Math.sqrt(SESSIONS_PER_YEAR)
    const moves = drawMoves(random, deviation, (SECTOR_MOOD_DRIFT * mood) / SESSIONS_PER_YEAR)
    overnight[row] = moves.overnight
    intraday[row] = moves.intraday
  }
  return { overnight, intraday }
}

/** A fat-tailed day of this standard deviation; the drift falls into the session. */
export function drawMoves(random: Random, deviation: number, drift: number) {
  const wild = deviation * tailScale(random)
  return {
    overnight: wild * Math.sqrt(OVERNIGHT_VARIANCE) * random.normal(),
    intraday: drift + wild * Math.sqrt(INTRADAY_VARIANCE) * random.normal(),
  }
}
