// Makes the charts of a page interactive: values under the pointer, a range by dragging, all of it by a double click. Each chart is there
// already as a drawing; without this script, or when its numbers cannot be had, that is what stays.

;(() => {
  const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
  const HEIGHT = 280
  const DASHES = [[], [7, 4], [2, 3]]

  for (const place of document.querySelectorAll('[data-series]')) enhance(place)

  async function enhance(place) {
    const drawing = place.querySelector('svg.plot')
    if (!drawing) return
    const response = await fetch(place.dataset.series, { headers: { accept: 'application/json' } })
    if (!response.ok) return
    const numbers = await response.json()
    if (numbers.at.length < 2) return

    const explorer = document.createElement('div')
    explorer.className = 'explorer'
    let chart
    const draw = () => {
      chart?.destroy()
      chart = new uPlot(optionsOf(numbers, widthOf(place)), columnsOf(numbers), explorer)
    }
    drawing.before(explorer)
    draw()
    // The drawing still says in words what there is to see.
    drawing.style.display = 'none'
    place.querySelector('.legend')?.remove()
    explorer.setAttribute('role', 'img')
    explorer.setAttribute('aria-label', drawing.querySelector('desc')?.textContent ?? numbers.title)

    new ResizeObserver(() => {
      if (Math.abs(chart.width - widthOf(place)) > 1) chart.setSize({ width: widthOf(place), height: HEIGHT })
    }).observe(place)
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw)
  }

  function widthOf(place) {
    return Math.max(240, Math.floor(place.clientWidth))
  }

  function columnsOf({ at, series, bands }) {
    return [at, ...series.map(({ values }) => values), ...bands.flatMap(({ high, low }) => [high, low])]
  }

  function optionsOf({ unit, series, bands, at }, width) {
    const styles = getComputedStyle(document.documentElement)
    const colour = (name) => styles.getPropertyValue(name).trim()
    const written = (value) => (value === null || value === undefined ? '–' : text(value, unit))
    const axis = { stroke: colour('--muted'), grid: { stroke: colour('--grid'), width: 1 }, ticks: { show: false } }
    const lines = series.map(({ label, area }, i) => ({
      label,
      stroke: colour(`--series-${i + 1}`),
      width: 1.75,
      dash: DASHES[i % DASHES.length],
      fill: area ? `${colour(`--series-${i + 1}`)}2e` : undefined,
      // To zero where it is in the plot, else to the edge nearer to it: a drawdown hangs.
      fillTo: (_, __, low, high) => Math.max(low, Math.min(0, high)),
      points: { show: false },
      value: (_, value) => written(value),
    }))
    const edges = bands.flatMap(({ label }, i) =>
      ['high', 'low'].map((edge) => ({
        label: `${label}, ${edge}`,
        stroke: `${colour(`--series-${series.length + i + 1}`)}66`,
        width: 1,
        points: { show: false },
        value: (_, value) => written(value),
      })),
    )
    // Without a pointer the legend says how it ended.
    const showLast = (plot) => plot.cursor.idx ?? plot.setLegend({ idx: at.length - 1 })
    return {
      width,
      height: HEIGHT,
      hooks: { ready: [showLast], setCursor: [showLast] },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
      scales: { x: { time: true, min: at[0], max: at[at.length - 1] } },
      series: [
        { label: 'Session', value: (_, seconds) => (seconds === null ? '–' : day(seconds)) },
        ...lines,
        ...edges,
      ],
      bands: bands.map((_, i) => ({
        series: [series.length + 1 + 2 * i, series.length + 2 + 2 * i],
        fill: `${colour(`--series-${series.length + i + 1}`)}2e`,
      })),
      axes: [
        { ...axis, space: 84, values: (_, ticks, __, ___, step) => ticks.map((seconds) => tick(seconds, step)) },
        { ...axis, size: 64, values: (_, ticks) => ticks.map(written) },
      ],
    }
  }

  function day(seconds) {
    return new Date(seconds * 1000).toISOString().slice(0, 10)
  }

  function tick(seconds, step) {
    const [year, month, date] = day(seconds).split('-')
    if (step >= 300 * 86_400) return year
    if (step >= 27 * 86_400) return `${MONTHS[month - 1]} ${year}`
    return `${Number(date)} ${MONTHS[month - 1]}`
  }

  function text(value, unit) {
    const scaled = unit === 'percent' ? value * 100 : value
    const digits = Math.abs(scaled) >= 10_000 ? 0 : 2
    const grouped = Math.abs(scaled)
      .toFixed(digits)
      .replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, '\u202f')
    return `${scaled < 0 ? '−' : ''}${grouped}${unit === 'percent' ? '%' : ''}`
  }
})()
