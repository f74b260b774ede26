/* Draws the report from the data in the page. uPlot, page.js and lock-timeline.js come before this file. */
(() => {
  const { add, chart, count, nameLines, origin, sample, switches, time } = page;
  const { command, about, designs, timelines } = JSON.parse(document.getElementById('data').textContent);

  const heading = () => {
    add('h1', 'Simulation of dirty logging');
    origin(command, about);
  };

  const tableOfFigures = () => {
    add('h2', 'Figures');
    add(
      'p',
      'Latency of guest writes: median (p50), 99.9th percentile, longest (max); longest hold of mmu_lock and longest wait ' +
        'for it; mean duration of a call of GET_DIRTY_LOG and of CLEAR_DIRTY_LOG. Of several runs, total and downtime are ' +
        'means; faults and rounds are sums.',
    );
    const columns = [
      ['write p50', ({ vcpuWriteNs }) => time(vcpuWriteNs.p50)],
      ['p99.9', ({ vcpuWriteNs }) => time(vcpuWriteNs.p999)],
      ['max', ({ vcpuWriteNs }) => time(vcpuWriteNs.max)],
      ['held, max', ({ mmuLockHoldNs }) => time(mmuLockHoldNs.max)],
      ['waited, max', ({ mmuLockWaitNs }) => time(mmuLockWaitNs.max)],
      ['GET, mean', ({ getDirtyLogNs }) => time(getDirtyLogNs.mean)],
      ['CLEAR, mean', ({ clearDirtyLogNs: { count: calls, mean } }) => (calls === 0 ? '-' : time(mean))],
      ['faults', ({ faults }) => count(faults)],
      ['rounds', ({ rounds }) => count(rounds)],
      ['total', ({ totalNs }) => time(totalNs)],
      ['downtime', ({ downtimeNs, converged }) => (converged === null ? '-' : time(downtimeNs))],
    ];
    const table = add('table', undefined, Object.assign(add('div'), { className: 'scroll' }));
    const head = add('tr', undefined, add('thead', undefined, table));
    for (const name of ['design', ...columns.map(([title]) => title)]) add('th', name, head);
    const body = add('tbody', undefined, table);
    for (const figures of designs) {
      const row = add('tr', undefined, body);
      const name = add('td', undefined, row);
      name.append(figures.label);
      sample(figures.label, name);
      for (const [, show] of columns) add('td', show(figures), row);
    }
    for (const { label: design, converged, convergence, endedEarly, violation } of designs) {
      if (converged !== null) add('p', `${design}: ${convergence}`);
      if (endedEarly) add('p', `${design}: partial figures, the run ended early (${endedEarly}).`).className = 'warn';
      if (violation) {
        add('p', `${design}: ${violation.property} was violated at ${time(violation.atNs)}.`).className = 'warn';
      }
    }
  };

  /** A logarithmic axis with a grid line and a label per decade. */
  const isDecade = (value) => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;
  const filter = (_, splits) => splits.map((value) => (isDecade(value) ? value : null));
  const logarithmic = (show) => ({
    grid: { filter },
    ticks: { filter },
    values: (_, splits) => splits.map((value) => (isDecade(value) ? show(value) : '')),
  });
  const timeAxis = logarithmic(time);
  const shareAxis = { size: 80, ...logarithmic((share) => `${Number((share * 100).toPrecision(3))} %`) };

  const latencies = (title, description, figure) => {
    const shown = designs.filter(({ cdf }) => cdf[figure].length > 0);
    if (shown.length === 0) return;
    add('h2', title);
    add('p', description);
    const curves = shown.map(({ cdf }) => cdf[figure].filter(({ ns }) => ns > 0));
    const xs = [...new Set(curves.flatMap((points) => points.map(({ ns }) => ns)))].sort((a, b) => a - b);
    const ys = curves.map((points) => {
      let at = 0;
      let fraction = 0;
      const last = points.at(-1)?.ns ?? 0;
      return xs.map((ns) => {
        while (at < points.length && points[at].ns <= ns) fraction = points[at++].fraction;
        const slower = 1 - fraction;
        return ns > last || slower <= 0 ? null : slower;
      });
    });
    chart(
      {
        names: [undefined, ...shown.map(({ label }) => label)],
        height: 340,
        scales: { x: { time: false, distr: 3 }, y: { distr: 3 } },
        axes: [timeAxis, shareAxis],
        series: [
          { label: 'latency above', value: (_, ns) => (ns === null ? '' : time(ns)) },
          ...shown.map(({ label }) => ({
            label,
            paths: uPlot.paths.stepped({ align: 1 }),
            points: { show: false },
            value: (_, share) => (share === null ? '' : `${Number((share * 100).toPrecision(3))} %`),
          })),
        ],
      },
      [xs, ...ys],
    );
  };

  /** Returns the name of the line of figures over the values of a swept parameter. */
  const lineOver =
    (name) =>
    ({ design, swept }) =>
      [
        design,
        ...Object.entries(swept).flatMap(([other, value]) => (other === name ? [] : [`${other}=${value}`])),
      ].join(' ');

  /**
   * Draws figures over the values of a swept parameter: the longest write, the mean GET, the sum of all CLEARs. A line
   * per design and values of the other parameters. The times of all three have one scale.
   */
  const overSweep = (name) => {
    const values = [...new Set(designs.map(({ swept }) => swept[name]))];
    const others = lineOver(name);
    const lines = [...new Set(designs.map(others))];
    const figures = [
      ['Write, longest', ({ vcpuWriteNs }) => vcpuWriteNs.max],
      ['GET_DIRTY_LOG, mean', ({ getDirtyLogNs }) => getDirtyLogNs.mean],
      ['CLEAR_DIRTY_LOG, total', ({ clearDirtyLogNs: { mean, count: calls } }) => mean * calls],
    ];
    const all = figures.flatMap(([, numberOf]) => designs.map(numberOf)).filter((ns) => ns > 0);
    const range = () => [
      10 ** Math.floor(Math.log10(Math.min(...all))),
      10 ** Math.ceil(Math.log10(Math.max(...all) * 1.01)),
    ];
    for (const [title, numberOf] of figures) {
      if (designs.every((one) => numberOf(one) === 0)) continue;
      add('h3', `${title}, by ${name}`);
      const ys = lines.map((line) =>
        values.map((value) => {
          const one = designs.find((figures) => others(figures) === line && figures.swept[name] === value);
          return one && numberOf(one) > 0 ? numberOf(one) : null;
        }),
      );
      chart(
        {
          names: [undefined, ...lines],
          height: 260,
          scales: { x: { time: false, range: [-0.2, values.length - 0.8] }, y: { distr: 3, range } },
          axes: [
            { splits: values.map((_, n) => n), values: (_, ticks) => ticks.map((n) => values[n]) },
            { size: 80, ...timeAxis },
          ],
          series: [
            { label: name, value: (_, n) => values[n] ?? '' },
            ...lines.map((label) => ({
              label,
              points: { show: true, size: 6 },
              value: (_, ns) => (ns === null ? '' : time(ns)),
            })),
          ],
        },
        [values.map((_, n) => n), ...ys],
      );
    }
  };

  /** Draws a figure of each call of GET_DIRTY_LOG in the first run, over time. */
  const byRound = (title, description, numberOf, show) => {
    const shown = designs.filter(({ history }) => history.length > 0);
    if (shown.length === 0) return;
    add('h2', title);
    add('p', description);
    const first = shown.map(({ history }) => history.filter(({ run }) => run === 0));
    const xs = [...new Set(first.flatMap((all) => all.map(({ atNs }) => atNs / 1e9)))].sort((a, b) => a - b);
    const ys = first.map((all) => {
      const at = new Map(all.map((round) => [round.atNs / 1e9, numberOf(round)]));
      return xs.map((x) => at.get(x) ?? null);
    });
    chart(
      {
        names: [undefined, ...shown.map(({ label }) => label)],
        height: 280,
        scales: { x: { time: false }, y: { range: (_, __, max) => [0, max * 1.05] } },
        axes: [
          { values: (_, ticks) => ticks.map((s) => `${s} s`) },
          { size: 90, values: (_, ticks) => ticks.map(show) },
        ],
        series: [
          { label: 'time', value: (_, s) => (s === null ? '' : `${s.toFixed(3)} s`) },
          ...shown.map(({ label }) => ({
            label,
            spanGaps: true,
            points: { show: true, size: 5 },
            value: (_, n) => (n === null ? '' : show(n)),
          })),
        ],
      },
      [xs, ...ys],
    );
  };

  const sweeps = Object.keys(designs[0]?.swept ?? {});
  const lines = [...designs.map(({ label }) => label), ...sweeps.flatMap((name) => designs.map(lineOver(name)))];
  nameLines(lines);
  heading();
  tableOfFigures();
  if (lines.length > 1) switches([...new Set(lines)], page.main);
  if (sweeps.length > 0) add('h2', 'Sweep');
  for (const name of sweeps) overSweep(name);
  latencies('Write latency', 'Share of guest writes with a higher latency.', 'vcpuWriteNs');
  byRound('GET_DIRTY_LOG', 'Duration of each call (first run).', ({ getNs }) => getNs, time);
  if (designs.some(({ converged }) => converged !== null)) {
    const description = 'Pages left to send after each log was merged (first run).';
    byRound('Dirty pages by round', description, ({ dirtyPages }) => dirtyPages, count);
  }
  if (Object.keys(timelines).length > 0) {
    add('h2', 'Holders of mmu_lock and waiting actors');
    add(
      'p',
      'Above: the whole first run. Below: the moments around its longest wait; solid: holds the lock, pale: waits. ' +
        'The charts of shares have one scale; the moments of each design have their own.',
    );
    lockTimelines(timelines);
  }
})();
