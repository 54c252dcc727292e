const LOWEST = 0.2
const HIGHEST = 5
const STEPS = 60
const GOLDEN = (Math.sqrt(5) - 1) / 2

/**
 * The temperature by which logits are divided so that their softmax fits what came true best: the least mean −ln P(target), by
 * golden-section search between 0.2 and 5. Below 1 the model was too modest, above 1 too sure. Logits and targets row by row.
 * Meant for logits of texts the model has not seen.
 * @see Guo, Pleiss, Sun, Weinberger (2017), "On Calibration of Modern Neural Networks", ICML.
 */
export function bestTemperature(logits: Float64Array, targets: Float64Array, classes: number): number {
  const loss = (logTemperature: number) => logLoss(logits, targets, classes, Math.exp(-logTemperature))
  let low = Math.log(LOWEST)
  let high = Math.log(HIGHEST)
  let left = high - GOLDEN * (high - low)
  let right = low + GOLDEN * (high - low)
  let leftLoss = loss(left)
  let rightLoss = loss(right)
  for (let step = 0; step < STEPS; step++) {
    if (leftLoss <= rightLoss) {
      high = right
      right = left
      rightLoss = leftLoss
      left = high - GOLDEN * (high - low)
      leftLoss = loss(left)
    } else {
      low = left
      left = right
      leftLoss = rightLoss
      right = low + GOLDEN * (high - low)
      rightLoss = loss(right)
    }
  }
  return Math.exp((low + high) / 2)
}

function logLoss(logits: Float64Array, targets: Float64Array, classes: number, sharpness: number): number {
  let loss = 0
  for (let row = 0; row < logits.length; row += classes) {
    let most = Number.NEGATIVE_INFINITY
    for (let c = 0; c < classes; c++) most = Math.max(most, sharpness * logits[row + c])
    let sum = 0
    for (let c = 0; c < classes; c++) sum += Math.exp(sharpness * logits[row + c] - most)
    for (let c = 0; c < classes; c++) loss -= targets[row + c] * (sharpness * logits[row + c] - most - Math.log(sum))
  }
  return loss / (logits.length / classes)
}
